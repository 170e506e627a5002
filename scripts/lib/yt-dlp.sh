#!/usr/bin/env bash
# Installs yt-dlp for the tests, which run it against servers of their own on loopback.
#
#   scripts/lib/yt-dlp.sh [FOLDER]          default: <package root>/.tools/yt-dlp; prints the program's path
#
# Quick when it is there; otherwise 3 MB come through pip, checked against the sha256 below. The folder appears whole or
# not at all. The exit code is 0 where it is installed, 1 where it failed, and 2 where this Python is too old for it; the
# reason is on stderr. (For use against YouTube itself install "yt-dlp[default]": it brings what solves YouTube's
# challenges.)
#
# Licence: Unlicense; its text is in the package.
set -euo pipefail

readonly VERSION=2026.10.26
readonly SHA256=a05c5b5d8562f7e8a62f5334348b406af4930d56d3a65f8021d14af0e22339ae

say() { printf 'yt-dlp: %s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

main() {
    local root folder parent stage
    root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
    folder=${1:-$root/.tools/yt-dlp}
    if [ "$(cat "$folder/installed" 2>/dev/null)" != "$(expected)" ]; then
        python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { say "Python 3.11 or newer is needed"; exit 2; }
        python3 -m pip --version >/dev/null 2>&1 || fail "python3 with pip is needed (apt-get install python3-pip)"
        parent=$(dirname "$folder")
        mkdir -p "$parent" && stage=$(mktemp -d "$parent/.yt-dlp.XXXXXX") || fail "cannot write to $parent"
        # Its name is local to this function, and gone by the time of the trap.
        trap "rm -rf $(printf '%q' "$stage")" EXIT
        fill "$stage"
        [ ! -e "$folder" ] || mv -T "$folder" "$stage/replaced"
        # Of several that install at once the first wins.
        mv -T "$stage/yt-dlp" "$folder" 2>/dev/null || [ -f "$folder/installed" ] || fail "cannot rename into $folder"
        say "$VERSION installed in $folder"
    fi
    printf '%s\n' "$folder/yt-dlp"
}

# What the folder is for: this version, this Python.
expected() { printf '%s %s\n' "$SHA256" "$(python3 -c 'import sys; print(sys.executable)')"; }

fill() {
    local stage=$1
    say "downloading"
    printf 'yt-dlp==%s --hash=sha256:%s\n' "$VERSION" "$SHA256" >"$stage/requirements.txt"
    python3 -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --only-binary=:all: \
        --no-warn-script-location --root-user-action=ignore --target "$stage/yt-dlp/packages" \
        -r "$stage/requirements.txt" >&2 || fail "pip could not install it for $(python3 --version)"
    # Whoever runs it runs the Python that it was installed for.
    cat >"$stage/yt-dlp/yt-dlp" <<SCRIPT
#!/bin/sh
PYTHONPATH="\$(dirname "\$0")/packages" exec "$(python3 -c 'import sys; print(sys.executable)')" -m yt_dlp "\$@"
SCRIPT
    chmod +x "$stage/yt-dlp/yt-dlp"
    expected >"$stage/yt-dlp/installed"
}

main "$@"
