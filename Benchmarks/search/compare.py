"""Puts what search-benchmark measured beside hnswlib, usearch and bm25s on the same material, on one core.

    compare.py FOLDER REPORT.json [--quick]

The graph indexes get the 100,000 passage vectors only: building one over all 600,000 takes them tens of minutes.
--quick leaves them out.
"""
import json, sys, time
import numpy as np

FOLDER, REPORT = sys.argv[1:3]
UNITS_EACH, BATCH = 5, 16


def rows(name):
    return np.memmap(f"{FOLDER}/{name}.f32", np.float32, "r").reshape(-1, 384)


def percentiles(seconds):
    ms = np.sort(np.array(seconds)) * 1000
    return f"p50 {ms[len(ms) // 2]:8.2f} ms   p99 {ms[len(ms) * 99 // 100]:8.2f} ms"


def exact(queries, units, passages):
    """The ten best passages of each query in float32: by best unit, and by normalised unit and passage together."""
    by_unit, by_both = [], []
    for start in range(0, len(queries), BATCH):
        batch = queries[start : start + BATCH]
        best = np.concatenate([(batch @ part.T).reshape(len(batch), -1, UNITS_EACH).max(2)
                               for part in np.array_split(units, 10)], 1)
        own = batch @ passages.T
        for unit, passage in zip(best, own):
            scaled = [(v - v.min()) / (v.max() - v.min()) for v in (unit, passage)]
            by_unit.append(np.argsort(-unit)[:10])
            by_both.append(np.argsort(-(scaled[0] + scaled[1]))[:10])
    return by_unit, by_both


def recall(found, wanted):
    return np.mean([len(set(a[:10]) & set(map(int, b))) / 10 for a, b in zip(found, wanted)])


def timed(queries, search, rounds=3):
    seconds, found = [], []
    for turn in range(rounds + 1):
        for query in queries:
            began = time.perf_counter()
            result = search(query)
            if turn > 0:
                seconds.append(time.perf_counter() - began)
            if turn == rounds:
                found.append([int(i) for i in result])
    return seconds, found


def graphs(queries, passages):
    import hnswlib
    from usearch.index import Index

    wanted = [np.argsort(-row)[:10] for row in queries @ passages.T]
    labels = np.arange(len(passages))
    began = time.time()
    graph = hnswlib.Index("ip", 384)
    graph.init_index(len(passages), M=16, ef_construction=100)
    graph.add_items(passages, labels, num_threads=1)
    built = time.time() - began
    for ef in (100, 400):
        graph.set_ef(ef)
        seconds, found = timed(queries, lambda q: graph.knn_query(q, 10, num_threads=1)[0][0])
        print(f"  hnswlib, ef {ef}, 100,000 vectors        {percentiles(seconds)}   recall@10 {recall(found, wanted):.3f}"
              f"   built in {built:.0f} s")
    began = time.time()
    index = Index(ndim=384, metric="ip", dtype="i8", connectivity=16, expansion_add=100, expansion_search=400)
    index.add(labels, np.ascontiguousarray(passages), threads=1)
    built = time.time() - began
    seconds, found = timed(queries, lambda q: index.search(q, 10, threads=1).keys)
    print(f"  usearch i8, ef 400, 100,000 vectors     {percentiles(seconds)}   recall@10 {recall(found, wanted):.3f}"
          f"   built in {built:.0f} s")


def words():
    import bm25s, Stemmer

    stemmer = Stemmer.Stemmer("english")
    texts, questions = (open(f"{FOLDER}/{n}.txt").read().splitlines() for n in ("texts", "queries"))
    retriever = bm25s.BM25(k1=0.9, b=0.4)
    retriever.index(bm25s.tokenize(texts, stopwords="en", stemmer=stemmer, show_progress=False), show_progress=False)

    def search(question):
        tokens = bm25s.tokenize([question], stopwords="en", stemmer=stemmer, show_progress=False)
        return retriever.retrieve(tokens, k=10, show_progress=False)[0][0]

    seconds, _ = timed(questions, search, rounds=1)
    print(f"  bm25s, 100,000 passages                 {percentiles(seconds)}")


def main():
    report = json.load(open(REPORT))
    queries, units, passages = np.array(rows("queries")), rows("units"), np.array(rows("passages"))
    by_unit, by_both = exact(queries, units, passages)
    print(f"{report['passages']} passages, {report['units']} units, {len(queries)} questions, one core")
    print(f"  segments {report['segmentMegabytes']:.0f} MB, resident {report['residentMegabytes']:.0f} MB, "
          f"{report['loadMillisecondsPerSegment']:.3f} ms to load one")
    for name, times in sorted(report["times"].items()):
        print(f"  ours, {name:33} p50 {times['p50']:8.2f} ms   p99 {times['p99']:8.2f} ms")
    print(f"  ours, recall@10 against exact float32: best unit {recall(report['nearestByUnit'], by_unit):.4f}, "
          f"unit and passage {recall(report['nearestByBoth'], by_both):.4f}")
    words()
    if "--quick" not in sys.argv:
        graphs(queries, passages)


main()
