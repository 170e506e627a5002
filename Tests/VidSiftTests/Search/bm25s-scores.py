"""Writes bm25s-scores.json, the scores that KeywordScoringTests expects: pip install bm25s==0.3.16, then run this."""
import json, os, random
import bm25s

random.seed(5)
words = [f"w{i}" for i in range(120)]


def text(count):
    return " ".join(words[int(len(words) * random.random() ** 2)] for _ in range(count))


passages = [text(random.randint(1, 60)) for _ in range(49)] + ["w0 " * 30 + "w119"]
queries = [text(random.randint(1, 6)) for _ in range(24)] + ["w3 w3 w7", "unheard", "w119 unheard"]
cases = []
for k1, b in [(1.5, 0.75), (0.9, 0.4), (1.2, 0.0), (2.0, 1.0)]:
    retriever = bm25s.BM25(k1=k1, b=b)
    retriever.index([p.split() for p in passages], show_progress=False)
    scored = []
    for query in queries:
        known = [w for w in query.split() if w in retriever.vocab_dict]
        # Once for each occurrence: bm25s itself scores a repeated query word as often as it is given.
        scores = sum((retriever.get_scores([w]) for w in known), start=0 * retriever.get_scores(["w0"]))
        scored.append({"text": query, "scores": [round(float(s), 6) for s in scores]})
    cases.append({"k1": k1, "b": b, "passages": passages, "queries": scored})
json.dump(cases, open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "bm25s-scores.json"), "w"))
