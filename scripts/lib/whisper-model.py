"""Converts Whisper's weights from CTranslate2's format to whisper.cpp's, for the tests; needs nothing besides Python.

    python3 scripts/lib/whisper-model.py MODEL.BIN TEMPLATE OUTPUT

MODEL.BIN: 16-bit floats, as CTranslate2 keeps them. TEMPLATE: a model of the same size of whisper.cpp's own tests
(`for-tests-ggml-*.bin`), which has the sizes, the mel filters and the vocabulary, but no weights. OUTPUT is written anew,
byte for byte the same each time.
"""

import struct
import sys
from array import array

GGML_MAGIC = 0x67676D6C
SPECIFICATION = ("WhisperSpec", 3)
FLOAT16 = 4
# The numbers after the magic: vocabulary, audio context, state, heads and layers, the same of text, mels, type.
HEADER_NUMBERS = 11


def main(model_path, template_path, output_path):
    tensors = read_tensors(model_path)
    header, layers = read_header(template_path, tensors)
    with open(output_path, "wb") as output:
        output.write(header)
        for name, dimensions, data in renamed(tensors, *layers):
            write_tensor(output, name, dimensions, data)


def read_tensors(path):
    """name -> (dimensions, bytes), of those that are numbers."""
    tensors = {}
    with open(path, "rb") as file:

        def number(form):
            return struct.unpack(form, file.read(struct.calcsize(form)))[0]

        def text():
            return file.read(number("<H"))[:-1].decode()

        number("<I")
        specification = (text(), number("<I"))
        if specification != SPECIFICATION:
            sys.exit(f"{path} is {specification}, not {SPECIFICATION}")
        for _ in range(number("<I")):
            name = text()
            dimensions = [number("<I") for _ in range(number("<B"))]
            kind, size = number("<B"), number("<I")
            data = file.read(size)
            if kind == FLOAT16:
                tensors[name] = (dimensions, data)
    return tensors


def read_header(path, tensors):
    """What stands before the weights, and how many layers the encoder and the decoder have."""
    with open(path, "rb") as file:
        content = file.read()
    numbers = struct.unpack_from(f"<{HEADER_NUMBERS + 1}i", content)
    vocabulary, audio_context, state, _, encoder_layers, _, _, _, decoder_layers = numbers[1:10]
    if numbers[0] != GGML_MAGIC:
        sys.exit(f"{path} is no model of whisper.cpp")
    if tensors["decoder/embeddings/weight"][0] != [vocabulary, state]:
        sys.exit("the weights are of another size than the template")
    if tensors["encoder/position_encodings/encodings"][0] != [audio_context, state]:
        sys.exit("the weights are of another context than the template")
    position = 4 * (HEADER_NUMBERS + 1)
    mels, bins = struct.unpack_from("<2i", content, position)
    position += 8 + 4 * mels * bins
    (words,) = struct.unpack_from("<i", content, position)
    position += 4
    for _ in range(words):
        (length,) = struct.unpack_from("<i", content, position)
        position += 4 + length
    return content[:position], (encoder_layers, decoder_layers)


def renamed(tensors, encoder_layers, decoder_layers):
    """(name, dimensions, bytes) under OpenAI's names, which are whisper.cpp's."""

    def one(name, source):
        return (name, *tensors[source])

    def pair(name, source, parts=("weight", "bias")):
        return [one(f"{name}.weight", f"{source}/{parts[0]}"), one(f"{name}.bias", f"{source}/{parts[1]}")]

    def norm(name, source):
        return pair(name, source, ("gamma", "beta"))

    def split(names, source):
        """Several linear maps that are kept as one; a key has no bias (it is kept as zeros)."""
        (rows, columns), weight = tensors[f"{source}/weight"]
        bias = tensors[f"{source}/bias"][1]
        part = rows // len(names)
        for index, name in enumerate(names):
            yield f"{name}.weight", [part, columns], slice_of(weight, index, len(names))
            if not name.endswith(".key"):
                yield f"{name}.bias", [part], slice_of(bias, index, len(names))

    def block(name, source, is_decoder):
        attention = f"{source}/self_attention"
        yield from norm(f"{name}.attn_ln", f"{attention}/layer_norm")
        yield from split([f"{name}.attn.query", f"{name}.attn.key", f"{name}.attn.value"], f"{attention}/linear_0")
        yield from pair(f"{name}.attn.out", f"{attention}/linear_1")
        if is_decoder:
            attention = f"{source}/attention"
            yield from norm(f"{name}.cross_attn_ln", f"{attention}/layer_norm")
            yield from pair(f"{name}.cross_attn.query", f"{attention}/linear_0")
            yield from split([f"{name}.cross_attn.key", f"{name}.cross_attn.value"], f"{attention}/linear_1")
            yield from pair(f"{name}.cross_attn.out", f"{attention}/linear_2")
        yield from norm(f"{name}.mlp_ln", f"{source}/ffn/layer_norm")
        yield from pair(f"{name}.mlp.0", f"{source}/ffn/linear_0")
        yield from pair(f"{name}.mlp.2", f"{source}/ffn/linear_1")

    yield one("encoder.positional_embedding", "encoder/position_encodings/encodings")
    for convolution in ("conv1", "conv2"):
        yield one(f"encoder.{convolution}.weight", f"encoder/{convolution}/weight")
        dimensions, data = tensors[f"encoder/{convolution}/bias"]
        yield f"encoder.{convolution}.bias", dimensions + [1], data
    for layer in range(encoder_layers):
        yield from block(f"encoder.blocks.{layer}", f"encoder/layer_{layer}", False)
    yield from norm("encoder.ln_post", "encoder/layer_norm")
    yield one("decoder.positional_embedding", "decoder/position_encodings/encodings")
    yield one("decoder.token_embedding.weight", "decoder/embeddings/weight")
    for layer in range(decoder_layers):
        yield from block(f"decoder.blocks.{layer}", f"decoder/layer_{layer}", True)
    yield from norm("decoder.ln", "decoder/layer_norm")


def slice_of(data, index, count):
    size = len(data) // count
    return data[index * size : (index + 1) * size]


def write_tensor(output, name, dimensions, data):
    """whisper.cpp wants 32-bit floats for whatever is no matrix, and for the positions."""
    is_wide = len(dimensions) < 2 or dimensions[-1] == 1 or name.endswith("positional_embedding")
    if is_wide:
        data = array("f", struct.unpack(f"<{len(data) // 2}e", data)).tobytes()
    encoded = name.encode()
    output.write(struct.pack("<3i", len(dimensions), len(encoded), 0 if is_wide else 1))
    output.write(struct.pack(f"<{len(dimensions)}i", *reversed(dimensions)))
    output.write(encoded)
    output.write(data)


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
