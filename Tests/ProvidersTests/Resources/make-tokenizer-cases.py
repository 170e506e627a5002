#!/usr/bin/env python3
"""Writes tokenizer-cases.tsv: strings, and the token ids that the reference gives them.

    pip install tokenizers==0.23.3
    python3 make-tokenizer-cases.py VOCAB.txt > tokenizer-cases.tsv

One case a line: the string as escaped UTF-8 (\\\\ for a backslash, \\uXXXXXX for control, format, space and combining characters, so that the
file can be read), a tab, the ids between [CLS] and [SEP] in base 36, the first as it is and each following one as the
difference, separated by blanks. All strings are made here: from words written for this file, and at random (seeded).
"""
import random
import sys
import unicodedata

from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

MAXIMUM_TOKENS = 256

tokenizer = Tokenizer(models.WordPiece.from_file(sys.argv[1], unk_token="[UNK]", max_input_chars_per_word=100))
tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
tokenizer.enable_truncation(MAXIMUM_TOKENS - 2)

WORDS = """the a of and to in is you that it he was for on are as with his they I at be this have from or one had by word but
not what all were we when your can said there use an each which she do how their if will up other about out many then them
these so some her would make like him into time has look two more write go see number no way could people my than first
water been call who oil its now find long down day did get come made may part Python PostgreSQL JavaScript kubernetes
transformer backpropagation photosynthesis mitochondria eigenvalue Bayesian thermodynamics entrepreneurship deoxyribonucleic
antidisestablishmentarianism café naïve résumé Zürich façade jalapeño Ångström coöperate Übermensch smörgåsbord don't won't
it's we've they'll I'd y'all o'clock rock'n'roll state-of-the-art well-known e-mail co-founder um uh hmm okay yeah gonna
wanna kinda GPT-4 H2O CO2 x86-64 C++ C# .NET node.js README.md v1.2.3 3.14159 1,000,000 $19.99 50% 20°C 10:30 2024-05-17""".split()
FOREIGN = """Привет мир как дела сегодня ещё Йод ёлка Ελληνικά ΟΔΟΣ ὅτι ἀρχή γλῶσσα שלום עולם שָׁלוֹם مرحبا بالعالم مَرْحَبًا فارسی اردو
हिन्दी नमस्ते दुनिया क्षत्रिय বাংলা ভাষা தமிழ் తెలుగు ಕನ್ನಡ മലയാളം ไทย สวัสดี ລາວ မြန်မာ ខ្មែរ བོད་ ქართული Հայերեն አማርኛ
中文 漢字 你好世界 日本語 ひらがな カタカナ ﾊﾝｶｸ がぎぐげご 한국어 안녕하세요 각 대한민국 한글 Tiếng Việt nghiêng Türkçe İstanbul ısı
Łódź žluťoučký kůň Ærøskøbing þorn ðæt straße STRASSE Ǆ ǅ ǆ ﬁne ﬀ ﬃ ſ K Å Ω ℃ ™ ½ ¼ ² ³ ① Ⅷ ㎏ ㋿ ﷺ ａｂｃ １２３ ！？""".split()
EMOJI = "😀 😂 🥲 👍 👍🏽 👨‍👩‍👧‍👦 🏳️‍🌈 🇩🇪 🇯🇵 ❤️ ☺️ ✈️ 1️⃣ #️⃣ 🧑🏿‍🚀 🫠 🪿 ♥ ★ → ← ⇒ ∑ ∫ ≤ ≠ ∞ € £ ¥ ₹ ₿ § ¶ † ‡ • … – — ― ‘ ’ “ ” « » ‹ › „".split()
SPACES = [" ", "  ", "\t", "\n", "\r\n", "\u00a0", "\u2003", "\u3000", "\u2028", "\u200b", "\u200d", "\ufeff", "\u00ad", "\x00", "\x07", "\x7f", "\x85", "\ufffd", "\u202e", "\u2066"]
BLOCKS = [(0x20, 0x7E), (0x80, 0x24F), (0x250, 0x36F), (0x370, 0x52F), (0x530, 0x6FF), (0x700, 0xDFF), (0xE00, 0x11FF), (0x1200, 0x1CFF),
          (0x1D00, 0x1FFF), (0x2000, 0x2BFF), (0x2C00, 0x2FFF), (0x3000, 0x33FF), (0x3400, 0x9FFF), (0xA000, 0xABFF), (0xAC00, 0xD7A3),
          (0xE000, 0xF8FF), (0xF900, 0xFFFF), (0x10000, 0x11FFF), (0x12000, 0x1BFFF), (0x1CC00, 0x1FFFF), (0x20000, 0x3134F), (0xE0000, 0x10FFFF)]
MARKS = [chr(c) for c in (0x300, 0x301, 0x308, 0x30A, 0x316, 0x323, 0x327, 0x331, 0x334, 0x345, 0x483, 0x5B0, 0x5BC, 0x64B, 0x651, 0x93C, 0x94D,
                          0xE31, 0xE48, 0x302E, 0x3099, 0x1DC4, 0x20D0, 0x20DD, 0xFE00, 0xFE0F, 0xFE20, 0x1D165, 0x8D4, 0x1E000)]
SPEECH = ["[Music]", "[Applause]", "(laughs)", ">>", ">> HOST:", "♪ la la ♪", "JOHN:", "[00:12]", "<i>so</i>", "&amp;", "&nbsp;", "[CLS]", "[SEP]", "[MASK]", "[PAD]", "[UNK]", "##ing", "[unused5]"]
WEB = ["https://www.example.org/a/b?c=d&e=%20f#g", "http://localhost:8080/", "user.name+tag@example.co.uk", "C:\\Users\\x\\y.txt", "/usr/local/bin", "#hashtag", "@handle_1",
       "rm -rf *", "a=b+c*d/(e-f)", "f(x)=x^2", "`code`", "snake_case_name", "camelCaseName", "{\"a\":[1,2.5,null]}", "~/.bashrc", "$HOME", "0x7fffffff", "1e-9", "192.168.0.1", "+1 (555) 010-9999"]


def characters(draw):
    first, last = draw.choice(BLOCKS)
    code = draw.randint(first, last)
    return "" if 0xD800 <= code < 0xE000 else chr(code)


def sentence(draw, words, least, most):
    picked = [draw.choice(words) for _ in range(draw.randint(least, most))]
    text = " ".join(w.upper() if draw.random() < .05 else w.capitalize() if draw.random() < .1 else w for w in picked)
    return text + draw.choice(["", ".", "?", "!", ",", "...", " -"])


def transcript(draw):
    line = sentence(draw, WORDS, 4, 16)
    if draw.random() < .4:
        line = draw.choice(SPEECH) + " " + line
    if draw.random() < .2:
        line += " " + draw.choice(WEB)
    return line


def strings():
    draw = random.Random(20261123)
    yield from ["", " ", "\n", "a", "A", "É", "E\u0301", ".", "...", "x" * 99, "x" * 100, "x" * 101, "é" * 100, "中" * 300, "a " * 400, "!" * 300, "ab" * 300]
    yield from WORDS + FOREIGN + EMOJI + SPEECH + WEB
    yield from ("a" + s + "b" for s in SPACES)
    for first, last in BLOCKS:  # every block in steps, so that ends of ranges are met
        step = max(1, (last - first) // 90)
        for code in range(first, last + 1, step):
            if not 0xD800 <= code < 0xE000:
                yield "x" + chr(code) + "Y"
    for _ in range(3400):
        yield transcript(draw)
    for _ in range(1500):
        yield sentence(draw, WORDS + FOREIGN + EMOJI + WEB + SPEECH, 1, 8)
    for _ in range(900):
        yield "".join(draw.choice(FOREIGN + EMOJI + SPACES + MARKS) for _ in range(draw.randint(1, 6)))
    for _ in range(1200):
        yield "".join(draw.choice("abcdefghijklmnopqrstuvwxyzàéîõüABCDEFG") for _ in range(draw.randint(3, 24)))
    for _ in range(900):
        yield "".join(draw.choice("aeouncsAEOUNCSи") + "".join(draw.choice(MARKS) for _ in range(draw.randint(0, 3))) for _ in range(draw.randint(1, 6)))
    for _ in range(900):
        block = draw.choice(BLOCKS)
        yield "".join(chr(c) for c in (draw.randint(*block) for _ in range(draw.randint(1, 8))) if not 0xD800 <= c < 0xE000)
    for _ in range(700):
        yield "".join(characters(draw) for _ in range(draw.randint(1, 10)))
    for _ in range(500):
        yield str(draw.randint(0, 10 ** draw.randint(1, 15))) + draw.choice(["", "%", "kg", ".5", ",000", "th", "€", "²", ":30"])
    for _ in range(6):
        yield " ".join(transcript(draw) for _ in range(30))


def escaped(text):
    out = []
    for c in text:
        if c == "\\":
            out.append("\\\\")
        elif c != " " and (unicodedata.category(c)[0] in "CZM" or c == "\ufffd"):
            out.append(f"\\u{ord(c):06X}")
        else:
            out.append(c)
    return "".join(out)


def base36(n):
    digits, sign, n = "", "-" if n < 0 else "", abs(n)
    while n or not digits:
        digits, n = "0123456789abcdefghijklmnopqrstuvwxyz"[n % 36] + digits, n // 36
    return sign + digits


tokenizer.encode_special_tokens = True
for text in dict.fromkeys(strings()):
    ids = tokenizer.encode(text).ids
    print(escaped(text) + "\t" + " ".join(base36(b - a) for a, b in zip([0] + ids, ids)))
