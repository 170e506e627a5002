#!/usr/bin/env python3
"""Writes Sources/Providers/Embedding/WordPiece/CharacterRules.swift: what BERT's uncased tokenizer does to each character.

    pip install tokenizers==0.23.3
    python3 make-character-rules.py > ../../../Sources/Providers/Embedding/WordPiece/CharacterRules.swift

Every Unicode scalar is put through the reference's BertNormalizer and BertPreTokenizer, so that the rules are the
reference's own, whatever Unicode version Swift or Foundation has. (The reference's tables are older than theirs: of
marks and punctuation added since Unicode 8 or so it removes or splits none.) Hangul syllables are left out: they are
decomposed by arithmetic. No rule needs to look at a neighbour: see CharacterTable.swift.
"""
from tokenizers import normalizers, pre_tokenizers

normalizer = normalizers.BertNormalizer(clean_text=True, handle_chinese_chars=True, strip_accents=None, lowercase=True)
splitter = pre_tokenizers.BertPreTokenizer()


def kind(character):
    """How the reference splits around a character: word, space or isolated."""
    return {1: "word", 2: "space", 3: "isolated"}[len(splitter.pre_tokenize_str("x" + character + "x"))]


def rule(code):
    """(kind, scalars) of one code point; scalars is None when it stays as it is."""
    character = chr(code)
    output = normalizer.normalize_str("x" + character + "x")[1:-1]
    if output == "":
        return ("removed", None)
    ideograph = output[0] == " " and output[-1] == " " and len(output) == 3
    if ideograph:
        output = output[1]
    kinds = {"isolated"} if ideograph else {kind(c) for c in output}
    assert len(kinds) == 1, hex(code)
    what = kinds.pop()
    if what == "space":
        return ("space", None)
    return (what, None if output == character else tuple(map(ord, output)))


def runs():
    """(first, last, stride, action) in order; see CharacterTable.swift for the notation."""
    rules = {c: rule(c) for c in range(0x110000) if not (0xD800 <= c < 0xE000 or 0xAC00 <= c <= 0xD7A3)}
    rules = {c: r for c, r in rules.items() if r != ("word", None)}
    done = set()
    for code in sorted(rules):
        if code in done:
            continue
        what, scalars = rules[code]
        if scalars is not None and len(scalars) > 1:
            assert what == "word"
            yield code, code, 1, "=" + "+".join(f"{s:X}" for s in scalars)
            done.add(code)
            continue
        best = (code, 1, None)
        for stride in (1, 2):
            for step in ((0, stride) if scalars else (0,)):
                last = code
                while True:
                    n = last + stride
                    wanted = None if scalars is None else (scalars[0] + (n - code) // stride * step,)
                    if n in done or rules.get(n) != (what, wanted):
                        break
                    last = n
                if (last - code) // stride > (best[0] - code) // best[1]:
                    best = (last, stride, step)
        last, stride, step = best
        done.update(range(code, last + 1, stride))
        if what == "removed":
            action = "-"
        elif what == "space":
            action = "_"
        else:
            mark = {"isolated": "!", "word": "="}[what]
            action = mark + ("" if scalars is None else f"{scalars[0]:X}")
            action += "*" if scalars is not None and step == 0 and last != code else ""
        yield code, last, stride, action


def text(first, last, stride, action):
    span = f"{first:X}" if first == last else f"{first:X}-{last:X}"
    return span + ("/2" if stride == 2 and first != last else "") + action


print("// Made by Tests/ProvidersTests/Resources/make-character-rules.py; not to be edited.")
print("// The notation is that of CharacterTable.swift.")
print("extension CharacterTable {")
print("    /// What BERT's uncased normaliser does to each character that it does not leave as it is.")
print('    static let bertUncasedRules: StaticString = """')
line = "       "
for run in runs():
    word = text(*run)
    if len(line) + 1 + len(word) > 116:
        print(line + " \\")
        line = "       "
    line += " " + word
print(line)
print('        """')
print("}")
