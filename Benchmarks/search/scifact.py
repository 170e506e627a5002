"""SciFact (train queries): nDCG@10 of ours, of bm25s, and of the same model in Python.

    scifact.py prepare FIXTURES MODEL_FOLDER OUT_FOLDER      texts and vectors
    scifact.py score FIXTURES OUT_FOLDER < LINES             LINES from: search-benchmark scifact OUT_FOLDER
"""
import collections, json, math, os, sys
import numpy as np


def load(fixtures):
    root = f"{fixtures}/retrieval/scifact"
    documents = [json.loads(line) for line in open(f"{root}/corpus.jsonl")]
    wanted = collections.defaultdict(dict)
    for line in list(open(f"{root}/qrels/train.tsv"))[1:]:
        query, document, grade = line.split("\t")
        wanted[query][document] = int(grade)
    queries = [q for q in map(json.loads, open(f"{root}/queries.jsonl")) if q["_id"] in wanted]
    return documents, queries, wanted


def prepare(fixtures, model, out):
    from embedder import Embedder

    os.makedirs(out, exist_ok=True)
    documents, queries, _ = load(fixtures)
    texts = [" ".join((d["title"] + " " + d["text"]).split()) for d in documents]
    asked = [" ".join(q["text"].split()) for q in queries]
    embed = Embedder(model, out)
    for name, rows in (("documents", texts), ("queries", asked)):
        open(f"{out}/{name}.txt", "w").write("\n".join(rows) + "\n")
        embed(rows, name).tofile(f"{out}/{name}.f32")


def ndcg(ranked, grades):
    gain = sum(grades.get(d, 0) / math.log2(i + 2) for i, d in enumerate(ranked[:10]))
    best = sum(g / math.log2(i + 2) for i, g in enumerate(sorted(grades.values(), reverse=True)[:10]))
    return gain / best


def score(fixtures, out):
    import bm25s, Stemmer

    documents, queries, wanted = load(fixtures)
    ids = [d["_id"] for d in documents]
    figures = collections.defaultdict(list)

    def add(name, number, ranked):
        figures[name].append(ndcg([ids[i] for i in ranked], wanted[queries[number]["_id"]]))

    for line in sys.stdin:
        row = json.loads(line)
        add("ours, " + row["mode"], row["query"], row["documents"])
    rows = np.fromfile(f"{out}/documents.f32", np.float32).reshape(-1, 384)
    asked = np.fromfile(f"{out}/queries.f32", np.float32).reshape(-1, 384)
    for number, cosines in enumerate(asked @ rows.T):
        add("the model in float32 (numpy)", number, np.argsort(-cosines)[:10])
    stemmer = Stemmer.Stemmer("english")
    texts, questions = (open(f"{out}/{n}.txt").read().splitlines() for n in ("documents", "queries"))
    for k1, b in ((1.5, 0.75), (0.9, 0.4)):
        retriever = bm25s.BM25(k1=k1, b=b)
        tokens = bm25s.tokenize(texts, stopwords="en", stemmer=stemmer, show_progress=False)
        retriever.index(tokens, show_progress=False)
        tokens = bm25s.tokenize(questions, stopwords="en", stemmer=stemmer, show_progress=False)
        found, _ = retriever.retrieve(tokens, k=10, show_progress=False)
        for number, ranked in enumerate(found):
            add(f"bm25s, k1 {k1}, b {b}", number, ranked)
    print(f"SciFact, {len(queries)} train queries, nDCG@10")
    for name, values in figures.items():
        print(f"  {name:34} {np.mean(values):.4f}")


{"prepare": prepare, "score": score}[sys.argv[1]](*sys.argv[2:])
