"""Makes the benchmark's material from real transcripts: texts, their vectors, questions.

    collect.py FIXTURES MODEL_FOLDER OUT_FOLDER

Units are 12 s of speech, one every 5 s; passages 60 s, one every 24 s: about 30,000 and 6,000 distinct texts of 40 h,
each embedded alone by all-MiniLM-L6-v2 (int8, OpenVINO). They are then grown to 500,000 and 100,000:
a copy of a passage takes the words of the same video 0 to 12 s later (a chunk at another offset), and its vectors are
the real ones mixed with those of the next chunk (as if the chunk began at another offset: 0 to 1 of the way) and moved
by a fifth of the difference of two real vectors of the same kind, then brought to unit length.
"""
import bisect, glob, json, os, re, sys
import numpy as np

from embedder import Embedder

FIXTURES, MODEL, OUT = sys.argv[1:4]
UNIT, UNIT_STEP, PASSAGE, PASSAGE_STEP = 12, 5, 60, 24
PASSAGES, UNITS_EACH, DIMENSIONS, QUESTIONS = 100_000, 5, 384, 400


def seconds(stamp):
    total = 0.0
    for part in stamp.replace(",", ".").split(":"):
        total = total * 60 + float(part)
    return total


def timed_words(path):
    """(second, word) of one SRT or VTT file; a rolling caption's repeated lines are left out."""
    words, shown = [], []
    for block in re.split(r"\n\s*\n", open(path, encoding="utf-8-sig").read().replace("\r", "")):
        match = re.search(r"([\d:.,]+)\s*-->\s*([\d:.,]+)[^\n]*\n(.*)", block, re.S)
        if not match:
            continue
        lines = [re.sub(r"<[^>]*>", "", line).strip() for line in match[3].split("\n")]
        new = " ".join(line for line in lines if line and line not in shown).split()
        shown = lines
        start, end = seconds(match[1]), seconds(match[2])
        words += [(start + (end - start) * i / len(new), word) for i, word in enumerate(new)]
    return sorted(words, key=lambda pair: pair[0])


def windows(words, length, step):
    """Texts of windows in time: [(second, text)]."""
    result, first, last = [], 0, 0
    for start in np.arange(0, words[-1][0], step):
        while first < len(words) and words[first][0] < start:
            first += 1
        last = max(first, last)
        while last < len(words) and words[last][0] < start + length:
            last += 1
        if last - first >= 4:
            result.append((float(start), " ".join(word for _, word in words[first:last])))
    return result


def unit_length(rows):
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def moved(rows, following, numbers):
    """Copies of rows, each at another offset and moved along a real difference."""
    count = len(following)
    share = numbers.random((count, 1), np.float32)
    one, other = numbers.integers(0, len(rows), (2, count))
    mixed = rows[following[:, 0]] * (1 - share) + rows[following[:, 1]] * share
    return unit_length(unit_length(mixed) + 0.2 * (rows[one] - rows[other]))


def questions():
    own = [json.loads(line)["question"] for line in open(f"{FIXTURES}/qa/own_qa.jsonl")]
    tutorial = [json.loads(line)["question"] for line in open(f"{FIXTURES}/qa/tutorialvqa/qa.jsonl")]
    return own + tutorial[:: len(tutorial) // (QUESTIONS - len(own)) + 1]


def main():
    os.makedirs(OUT, exist_ok=True)
    paths = sorted(glob.glob(f"{FIXTURES}/transcripts/*/*.en.srt") + glob.glob(f"{FIXTURES}/transcripts/*/*.vtt")
                   + [p for p in glob.glob(f"{FIXTURES}/transcripts/scotus/*.srt") if not p.endswith(".en.srt")])
    videos = [words for words in map(timed_words, paths) if words]
    unit_texts, passage_texts, passages = [], [], []
    for words in videos:
        units = windows(words, UNIT, UNIT_STEP)
        base = len(unit_texts)
        unit_texts += [text for _, text in units]
        starts = [second for second, _ in units]
        chunks = windows(words, PASSAGE, PASSAGE_STEP)
        for index, (second, text) in enumerate(chunks):
            inside = [base + i for i, start in enumerate(starts) if second <= start <= second + PASSAGE - UNIT]
            if len(inside) >= UNITS_EACH:
                passages.append((len(passage_texts) + index, index + 1 < len(chunks), inside, words, second))
        passage_texts += [text for _, text in chunks]
    print(f"{len(videos)} videos, {len(unit_texts)} units, {len(passage_texts)} passages", file=sys.stderr)
    embed = Embedder(MODEL, OUT)
    asked = questions()
    query_rows = embed(asked, "queries")
    passage_rows = embed(passage_texts, "passages")
    unit_rows = embed(unit_texts, "units")
    grow(passages, passage_rows, unit_rows)
    query_rows.tofile(f"{OUT}/queries.f32")
    open(f"{OUT}/queries.txt", "w").write("\n".join(q.replace("\n", " ") for q in asked) + "\n")


def grow(passages, passage_rows, unit_rows):
    numbers = np.random.default_rng(1)
    pairs, unit_pairs, texts = [], [], []
    for index in range(PASSAGES):
        row, has_next, inside, words, second = passages[index % len(passages)]
        pairs.append((row, row + has_next))
        step = max(1, len(inside) // UNITS_EACH)
        for unit in inside[: step * UNITS_EACH : step]:
            unit_pairs.append((unit, min(unit + 1, inside[-1])))
        begin = second + numbers.random() * 12
        first, last = (bisect.bisect_left(words, edge, key=lambda pair: pair[0]) for edge in (begin, begin + PASSAGE))
        texts.append(" ".join(word for _, word in words[first:last]) or "-")
    moved(unit_rows, np.array(unit_pairs), numbers).tofile(f"{OUT}/units.f32")
    moved(passage_rows, np.array(pairs), numbers).tofile(f"{OUT}/passages.f32")
    open(f"{OUT}/texts.txt", "w").write("\n".join(texts) + "\n")


main()
