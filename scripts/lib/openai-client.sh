#!/usr/bin/env bash
# Installs OpenAI's own Python client for the tests of /v1.
#
#   scripts/lib/openai-client.sh [FOLDER]          default: <package root>/.tools/openai-client
#
# Quick when it is there; otherwise 6 MB come through pip, each file checked against the sha256 below. The folder appears
# whole or not at all, and is for `python3` as it is now: another version gets another one. The exit code is 0 where it is
# installed and 1 where it is not; the reason is on stderr.
set -euo pipefail

# What pip may install. Of two packages there is one file a version of CPython (3.11 to 3.14, x86-64).
requirements() {
    cat <<'LIST'
openai==3.51.0 --hash=sha256:802b7e8c6ff8cf4d59a2a163126c10ce472adf0409ac41fdaadd47c9b4ed091a
annotated-types==0.8.0 --hash=sha256:f072f4d804ea359e4eaf198b1af7a8b0943881a87f31bb764f8bf219bb9419e0
anyio==4.16.0 --hash=sha256:c66ae634e0b8228396b801741beb3294326d4b6102f7bba4041c0dfb58c29026
h11==0.16.0 --hash=sha256:63cf8bbe7522de3bf65932fda1d9c2772064ffb3dae62d55932da54b31cb6c86
httpcore2==2.16.2 --hash=sha256:16051ae2a42f776007543f32de9349a317b23d2cbb4e1456b4bac0e88b87419a
httpx2==2.16.2 --hash=sha256:f05c13aade4c45dbf1c9060647a1058f0acad62398fad96e741269edb33d46f5
idna==3.20 --hash=sha256:ab7ae7122974553370f0bdb919e1a960b2cd1bc1ef0276416d896db81c14582c
jiter==0.19.0 --hash=sha256:cc4a2b70ecd4f102583344c1f8cc5dc11618665b1889286bb3b4279c19b337dd --hash=sha256:0956b5f58b804221dfb929c120e6d4032138fed20c1cc0ef683a2d1326255e46 --hash=sha256:3b27d6bec319dc17cdced13e495f90ce066676ca296fc56f2dd2128f6a7599ed --hash=sha256:def1f12b5cef4f53c30ec89d1644c6c5500b343f1ec5e9ac8010dad8c0a41d7b
pydantic==2.14.4 --hash=sha256:653a2ad9f6d8858529c77c72717d0ea991d6c6837fe683246b2f4b2bbfc3fadc
pydantic-core==2.50.5 --hash=sha256:488319076ec92908b91fc6265ce761f1d78748f69f85518564fd16bf333e1b70 --hash=sha256:470bbc2495367f60d3ca849a8039e4c164701d10637e7743f4427d92651bdb6d --hash=sha256:cbfde3ad127786f1dea1a6cd89a5eb824a16203f24743ad2b4e07506f43bc844 --hash=sha256:88b543705849d0c59343f97c38296dbf59eb7b3c9565bd4fe1ed638ba38da5ed
sniffio==1.3.1 --hash=sha256:2f6da418d1f1e0fddd844478f41680e794e6051915791a034ff65e5f100525a2
truststore==0.10.5 --hash=sha256:9aaaedaefaf06d8b206278cf8b5012bc897f485a874503501e12d776df78951c
typing-extensions==4.16.0 --hash=sha256:481caa481374e813c1b176ada14e97f1f67a4539ce9cfeb3f350d78d6370c2e8
typing-inspection==0.4.5 --hash=sha256:bc210535442b39e1bf2805e0c7a17dfd6a4ace760c84c7f7d16245d23a6b1c39
LIST
}

say() { printf 'openai client: %s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

# What the folder is for: these packages, this Python.
expected() {
    requirements
    python3 -c 'import sys; print(sys.implementation.cache_tag)'
}

main() {
    local root folder parent stage
    root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
    folder=${1:-$root/.tools/openai-client}
    python3 -m pip --version >/dev/null 2>&1 || fail "python3 with pip is needed (apt-get install python3-pip)"
    if [ -f "$folder/installed" ] && [ "$(cat "$folder/installed")" = "$(expected)" ]; then return; fi
    parent=$(dirname "$folder")
    mkdir -p "$parent" && stage=$(mktemp -d "$parent/.openai-client.XXXXXX") || fail "cannot write to $parent"
    # Its name is local to this function, and gone by the time of the trap.
    trap "rm -rf $(printf '%q' "$stage")" EXIT
    requirements >"$stage/requirements.txt"
    say "downloading"
    python3 -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --only-binary=:all: \
        --no-warn-script-location --root-user-action=ignore --target "$stage/client" -r "$stage/requirements.txt" ||
        fail "pip could not install it for $(python3 --version)"
    # Whoever uses it runs the Python that it was installed for.
    python3 -c 'import sys; print(sys.executable, end="")' >"$stage/client/python"
    expected >"$stage/client/installed"
    [ ! -e "$folder" ] || mv -T "$folder" "$stage/replaced"
    mv -T "$stage/client" "$folder" || fail "cannot rename into $folder"
    say "installed in $folder"
}

main "$@"
