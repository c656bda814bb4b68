"""What an encoder adds to words: nDCG@10 and recall of BM25, of the encoder alone, and of the two fused on scores.

    python -m bench.encoder_quality DATA [--weights FILE] [--dimension 256] [--shares 1,1.25] [--sets a,b] [--json]

DATA holds ``papers.jsonl.gz`` and ``bench/<set>/`` with queries.jsonl, qrels.tsv and, where the set has papers of its
own, corpus.jsonl.gz (extra_docs.jsonl.gz: besides the papers). The words half is BM25 by tantivy, English stems, title
once more at 0.3, function words left out. Fused is BM25 divided by the best BM25 of the query, plus a share times the
cosine, over the best 1,000 of either.
"""

import argparse
import json
import re
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import tantivy
from numpy.typing import NDArray

from bench.measuring import lines
from broadsheet.ranking import measures as rules
from broadsheet.search import judged
from broadsheet.search.encoders.static import Static
from broadsheet.search.function_words import FUNCTION_WORDS

SETS = "autoscholar-dev,scitldr,cranfield,cisi,nfcorpus-processed"
DEPTH = 1000
Paper = tuple[str, str, str]  # id, title, text
Ranked = tuple[NDArray[np.int64], NDArray[np.float32]]  # places in the corpus, best first, and their scores


def corpus(data: Path, name: str) -> list[Paper]:
    """Only titles and abstracts: summaries would leak the answers of scitldr."""
    own = data / "bench" / name / "corpus.jsonl.gz"
    if own.exists():
        return [(paper["_id"], paper["title"], paper["text"]) for paper in lines(own)]
    extra = own.with_name("extra_docs.jsonl.gz")
    papers = [(paper["id"], paper["title"], paper["abstract"]) for paper in lines(data / "papers.jsonl.gz")]
    return papers + [
        (paper["_id"], paper["title"], paper["text"]) for paper in (lines(extra) if extra.exists() else ())
    ]


def asked_of(data: Path, name: str, papers: list[Paper]) -> list[tuple[str, dict[int, int]]]:
    """The queries of a set that any of ``papers`` answers, with the places of those papers and their grades."""
    place_of = {paper: place for place, (paper, _, _) in enumerate(papers)}
    held = judged.read(data / "bench" / name)
    found = []
    for query, text in held.queries.items():
        answers = held.gains.get(query, {}).items()
        grades = {place_of[paper]: grade for paper, grade in answers if grade and paper in place_of}
        if grades:
            found.append((text, grades))
    return found


def words_engine(papers: list[Paper]) -> tantivy.Index:
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("place", stored=True)
    for field in ("title", "text"):
        builder.add_text_field(field, tokenizer_name="en_stem")
    index = tantivy.Index(builder.build())
    writer = index.writer(200_000_000, 1)
    for place, (_, title, text) in enumerate(papers):
        writer.add_document(tantivy.Document(place=place, title=title, text=f"{title} {text}"))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    return index


def by_words(index: tantivy.Index, searcher: tantivy.Searcher, text: str) -> Ranked:
    asked = re.findall(r"[^\W_]+", text.lower())
    asked = [word for word in asked if word not in FUNCTION_WORDS] or asked
    query, _ = index.parse_query_lenient(" ".join(asked), ["title", "text"], {"title": 0.3, "text": 1.0})
    hits = searcher.search(query, DEPTH).hits
    places = [searcher.doc(address)["place"][0] for _, address in hits]
    return np.array(places, np.int64), np.array([score for score, _ in hits], np.float32)


def fuse(by_word: Ranked, cosine: NDArray[np.float32], near: NDArray[np.int64], share: float) -> NDArray[np.int64]:
    places, scores = by_word
    candidates = np.union1d(places, near)
    total = share * cosine[candidates]
    total[np.searchsorted(candidates, places)] += scores / scores.max(initial=1e-9)
    best: NDArray[np.int64] = candidates[np.argsort(-total, kind="stable")]
    return best


def measures(ranking: NDArray[np.int64], grades: dict[int, int]) -> tuple[float, float, float]:
    """nDCG@10, recall@10 and recall@100, as `broadsheet evaluate` measures them."""
    ranked = ranking.tolist()
    return rules.ndcg(ranked, grades, 10), rules.recall(ranked, grades, 10), rules.recall(ranked, grades, 100)


def quality(data: Path, name: str, encoder: Static, shares: list[float]) -> dict[str, dict[str, float]]:
    papers = corpus(data, name)
    vectors = encoder.encode([f"{title} {text}" for _, title, text in papers])
    index = words_engine(papers)
    searcher = index.searcher()
    rows: dict[str, list[tuple[float, float, float]]] = defaultdict(list)
    for text, grades in asked_of(data, name, papers):
        by_word = by_words(index, searcher, text)
        cosine = vectors @ encoder.encode_query(text)
        near = np.argpartition(-cosine, min(DEPTH, len(cosine) - 1))[:DEPTH]
        near = near[np.argsort(-cosine[near])]
        rows["words"].append(measures(by_word[0], grades))
        rows["meaning"].append(measures(near, grades))
        for share in shares:
            rows[f"hybrid {share:g}"].append(measures(fuse(by_word, cosine, near, share), grades))
    keys = ("ndcg@10", "recall@10", "recall@100")
    return {
        mode: dict(zip(keys, np.mean(found, axis=0).round(4).tolist(), strict=True)) for mode, found in rows.items()
    }


def speed(data: Path, encoder: Static) -> dict[str, float]:
    texts = [f"{title} {text}" for _, title, text in corpus(data, "cisi")] * 4
    queries = [query["text"] for query in lines(data / "bench" / "autoscholar-dev" / "queries.jsonl")]
    started = time.perf_counter()
    encoder.encode(texts)
    middle = time.perf_counter()
    for query in queries:
        encoder.encode_query(query)
    done = time.perf_counter()
    letters = sum(map(len, texts)) / len(texts)
    return {
        "abstracts_a_second": round(len(texts) / (middle - started)),
        "letters_an_abstract": round(letters),
        "ms_a_query": round((done - middle) / len(queries) * 1e3, 4),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--weights", type=Path, help="a weights file; without it, the shipped one")
    parser.add_argument("--dimension", type=int, default=256)
    parser.add_argument("--shares", default="1,1.25", help="weights of the cosine, with commas (default 1,1.25)")
    parser.add_argument("--sets", default=SETS)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    encoder = Static(asked.weights, asked.dimension)
    report: dict[str, Any] = {"version": encoder.version, "dimension": encoder.dimension}
    report["speed"] = speed(asked.data, encoder)
    shares = [float(share) for share in asked.shares.split(",")]
    report["sets"] = {name: quality(asked.data, name, encoder, shares) for name in asked.sets.split(",")}
    if asked.json:
        print(json.dumps(report, indent=1))
        return
    print(f"static {encoder.version}, {encoder.dimension} dimensions: {report['speed']}")
    for name, modes in report["sets"].items():
        for mode, found in modes.items():
            print(f"{name:20} {mode:12}" + "".join(f"  {key} {value:.4f}" for key, value in found.items()))


if __name__ == "__main__":
    main()
