"""The design of arxiv-sanity-lite, written afresh: a search reads every paper, a recommendation fits a new SVM.

Kinder than the original in one thing: papers are held in memory, where it reads them from a file at each request.
"""

import pickle
import statistics
import time

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

from bench.race.protocol import Answer, Ask, Contender

_SEEDS = 5


class ScanAndRefit(Contender):
    name = "scan + refit"
    design = "each word counted in each paper's authors (10), title (20) and abstract (1, at most 3); TF-IDF and a LinearSVC a request"
    can = frozenset({"words"})
    by_hand = frozenset({"filters"})
    holds_text = True
    largest = 1_000_000
    why_largest = "a search of 1,000,000 papers takes seconds already"
    most_judged = 100

    def build(self) -> None:
        held = [
            (one.paper, one.title, one.abstract, " ".join(one.authors), one.year or 0, one.topics)
            for one in self.corpus.documents()
        ]
        with (self.folder / "papers.pickle").open("wb") as file:
            pickle.dump(held, file, protocol=5)
        maker = TfidfVectorizer(
            strip_accents="unicode", stop_words="english", token_pattern=r"(?u)\b[a-zA-Z_][a-zA-Z0-9_]+\b",
            max_features=20_000, sublinear_tf=True, max_df=0.1, min_df=5, dtype=np.float32,
        )  # fmt: skip
        sparse.save_npz(
            self.folder / "features.npz",
            maker.fit_transform(f"{one[1]} {one[2]}" for one in held),
            compressed=False,
        )

    def open(self) -> None:
        with (self.folder / "papers.pickle").open("rb") as file:
            self._papers = pickle.load(file)
        self._features = sparse.load_npz(self.folder / "features.npz")

    def search(self, ask: Ask) -> Answer:
        words = ask.text.lower().split()
        found = []
        for number, title, abstract, authors, year, topics in self._papers:
            if year < ask.first_year or (ask.topic and ask.topic not in topics):
                continue
            title, abstract, authors = title.lower(), abstract.lower(), authors.lower()
            score = sum(
                10.0 * (word in authors) + 20.0 * (word in title) + min(3, abstract.count(word)) for word in words
            )
            if score:
                found.append((score, number))
        found.sort(reverse=True)
        return Answer([number for _, number in found[: ask.k]])

    def extras(self) -> dict[str, float]:
        """A recommendation from five papers: a linear SVM fitted to all papers, then all papers scored by it."""
        took = []
        draw = np.random.default_rng(2)
        for _ in range(5):
            started = time.perf_counter()
            wanted = np.zeros(len(self._papers), int)
            wanted[draw.integers(0, min(10_000, len(self._papers)), _SEEDS)] = 1
            model = LinearSVC(class_weight="balanced", max_iter=10_000, tol=1e-6, C=0.01)
            scores = model.fit(self._features, wanted).decision_function(self._features)
            np.argsort(-scores)[:20]
            took.append((time.perf_counter() - started) * 1000)
        return {"more like five papers, ms": statistics.median(took)}
