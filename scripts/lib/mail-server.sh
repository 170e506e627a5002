#!/usr/bin/env bash
# Installs a real mail server for the tests: aiosmtpd, which scripts/lib/mail-server.py starts.
#
#   scripts/lib/mail-server.sh [FOLDER]          default: <package root>/.tools/mail-server; prints the folder
#
# Quick when it is there; otherwise a few hundred kB come through pip, each file checked against the sha256 below. The
# folder appears whole or not at all. The exit code is 0 where it is installed and 1 where it is not; the reason is on stderr.
#
# Licences: aiosmtpd and atpublic are Apache-2.0, attrs is MIT; their texts are kept in the folder.
set -euo pipefail

# What pip may install: one file each, for every Python.
requirements() {
    cat <<'LIST'
aiosmtpd==1.4.6 --hash=sha256:72c99179ba5aa9ae0abbda6994668239b64a5ce054471955fe75f581d2592475
atpublic==9.0.0 --hash=sha256:449c3c4f0c74df79749d6fe225ba55e2a2fce34b303f0329211e4d6989ed6f6e
attrs==26.1.0 --hash=sha256:c647aa4a12dfbad9333ca4e71fe62ddc36f4e63b2d260a37a8b83d2f043ac309
LIST
}

say() { printf 'mail server: %s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

main() {
    local root folder parent stage
    root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
    folder=${1:-$root/.tools/mail-server}
    if [ ! -f "$folder/installed" ] || [ "$(cat "$folder/installed")" != "$(requirements)" ]; then
        python3 -m pip --version >/dev/null 2>&1 || fail "python3 with pip is needed (apt-get install python3-pip)"
        parent=$(dirname "$folder")
        mkdir -p "$parent" && stage=$(mktemp -d "$parent/.mail-server.XXXXXX") || fail "cannot write to $parent"
        # Its name is local to this function, and gone by the time of the trap.
        trap "rm -rf $(printf '%q' "$stage")" EXIT
        requirements >"$stage/requirements.txt"
        say "downloading"
        python3 -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --only-binary=:all: \
            --no-warn-script-location --root-user-action=ignore --target "$stage/server" -r "$stage/requirements.txt" >&2 ||
            fail "pip could not install it for $(python3 --version)"
        requirements >"$stage/server/installed"
        [ ! -e "$folder" ] || mv -T "$folder" "$stage/replaced"
        # Of several that install at once the first wins.
        mv -T "$stage/server" "$folder" 2>/dev/null || [ -f "$folder/installed" ] || fail "cannot rename into $folder"
    fi
    printf '%s\n' "$folder"
}

main "$@"
