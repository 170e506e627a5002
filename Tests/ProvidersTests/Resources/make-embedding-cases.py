#!/usr/bin/env python3
"""Writes embedding-cases.tsv: 200 texts, and the vectors that the same model gives in Python.

    pip install openvino==2026.4.1 onnxruntime==1.32.0 tokenizers==0.23.3 numpy
    python3 make-embedding-cases.py .tools/embedding > embedding-cases.tsv

The vectors are OpenVINO's own Python binding's, one text at a time, in f32, without rounding of activations, with the
reference tokenizer; mean over the tokens, scaled to length 1. ONNX Runtime's are made too, and the lowest cosine between
the two is printed on stderr.
One case a line: the text, a tab, 384 little-endian int16 in base64 (the number times 32767). All texts are made here.
"""
import base64
import random
import sys

import numpy as np
import onnxruntime
import openvino
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

SUBJECTS = """a gardener|the night train|our compiler|a retired pilot|the second experiment|my grandmother's recipe|the city council|
a sleeping volcano|the database index|every honest witness|a jazz quartet|the immune system|an old lighthouse|the new vaccine|a swarm of bees|
the chess engine|their first album|a distant galaxy|the tax reform|one small bakery""".replace("\n", "").split("|")
VERBS = """slowly changes|cannot explain|depends on|was built beside|argues against|finally repaired|quietly replaced|measured|forgot about|
sings to|protects|competes with|learned from|is older than|paid for|translates|hides inside|grows around|predicted|laughed at""".replace("\n", "").split("|")
OBJECTS = """the river in spring|a thousand lines of code|the price of bread|what nobody else had seen|the temperature of the ocean|a broken clock|
three competing theories|the language of whales|an empty theatre|the morning news|a very large hash table|the roots of the oak|
a treaty signed in 1848|the colour blue|her brother's bicycle|the rate of interest|a field of 200 turbines|the last page|protein folding|an ordinary Tuesday""".replace("\n", "").split("|")
OTHERS = ["Der Zug fährt heute nicht.", "Où est la bibliothèque ?", "Это простой пример.", "今日は天気がいいですね。", "你好，世界", "안녕하세요 여러분",
          "مرحبا بالعالم", "שלום לכולם", "नमस्ते दुनिया", "👩🏽‍🚀🚀 to the moon!!! 🌕", "E = mc²", "SELECT * FROM videos WHERE id = 42;",
          "a", "?", "OK.", "42", "don't", "naïve café", "https://www.example.org/watch?v=abc&t=42s", "[Music]", ""]


def texts():
    draw = random.Random(384)

    def clause():
        return f"{draw.choice(SUBJECTS)} {draw.choice(VERBS)} {draw.choice(OBJECTS)}"

    made = list(OTHERS)
    for length in [1] * 70 + [2] * 40 + [4] * 30 + [8] * 20 + [14] * 14 + [24] * 3 + [60] * 2:
        clauses = [clause() for _ in range(length)]
        made.append(". ".join(c[0].upper() + c[1:] for c in clauses) + ".")
    return made


def main(folder):
    tokenizer = Tokenizer(models.WordPiece.from_file(folder + "/vocab.txt", unk_token="[UNK]", max_input_chars_per_word=100))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 101), ("[SEP]", 102)])
    tokenizer.enable_truncation(256)
    tokenizer.encode_special_tokens = True
    compiled = openvino.Core().compile_model(folder + "/model.onnx", "CPU", {"INFERENCE_PRECISION_HINT": "f32", "DYNAMIC_QUANTIZATION_GROUP_SIZE": "0"})
    session = onnxruntime.InferenceSession(folder + "/model.onnx")
    lowest = 1.0
    for text in texts():
        ids = np.array([tokenizer.encode(text).ids], dtype=np.int64)
        inputs = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        ours, other = (unit(output.mean(axis=1)[0]) for output in (compiled(inputs)[0], session.run(None, inputs)[0]))
        lowest = min(lowest, float(ours @ other))
        print(text + "\t" + base64.b64encode(np.round(ours * 32767).astype("<i2").tobytes()).decode())
    print(f"lowest cosine between OpenVINO and ONNX Runtime: {lowest:.6f}", file=sys.stderr)


def unit(vector):
    return vector.astype(np.float64) / np.linalg.norm(vector.astype(np.float64))


main(sys.argv[1])
