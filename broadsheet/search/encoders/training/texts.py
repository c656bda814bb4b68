"""Papers files -> the words of titles and sentences, as flat arrays of rows that training samples from."""

import gzip
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import orjson
from numpy.typing import NDArray

from broadsheet.search.encoders.words import LONGEST, pieces, words

# Records whose words may go into weights that ship: metadata free to reuse. The others are for measuring only.
FREE_SOURCES = ("arxiv", "hf-daily", "acl-anthology")
BUCKETS = 8192
SEEN_IN = 5  # a word in fewer texts is spelt in pieces: its own vector would be noise
SPELT_ANYWAY = 0.015  # share of known words spelt in pieces, so that pieces learn from words with good neighbours
SHORTEST_SENTENCE = 20  # characters

_SENTENCE_END = re.compile(r'(?<=[.!?])\s+(?=[A-Z0-9"\\$(])')


class BadPapersError(ValueError):
    """A papers file cannot be read, or holds nothing to train on."""


@dataclass(frozen=True)
class Text:
    title: str
    sentences: tuple[str, ...]
    id: str = ""


@dataclass(frozen=True)
class Corpus:
    """Every text in a row: text t owns sentences ``texts[t] : texts[t + 1]`` (the first is its title), sentence s
    owns ``rows[sentences[s] : sentences[s + 1]]``. A row counts ``weights`` times: once, or a share for a piece."""

    vocabulary: list[str]
    frequency: NDArray[np.int64]  # [len(vocabulary) + BUCKETS], texts that hold the row
    rows: NDArray[np.int32]
    weights: NDArray[np.float32]
    sentences: NDArray[np.int64]
    texts: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.texts) - 1


def read(paths: Iterable[Path]) -> Iterator[Text]:
    """The free texts of files of papers, one JSON object a line (``.gz`` or plain).

    Raises:
        BadPapersError: naming the file and line that cannot be read.
    """
    for path in paths:
        with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                try:
                    paper = orjson.loads(line)
                    source, title, abstract = str(paper["source"]), str(paper["title"]), str(paper["abstract"])
                except (orjson.JSONDecodeError, KeyError, TypeError) as wrong:
                    raise BadPapersError(
                        f"{path}, line {number}: not a paper ({wrong}); mend or drop it"
                    ) from wrong
                if source.startswith(FREE_SOURCES):
                    cut = [part for part in _SENTENCE_END.split(abstract) if len(part) > SHORTEST_SENTENCE]
                    yield Text(title, tuple(cut or [abstract]), str(paper.get("id", "")))


def corpus(texts: Sequence[Text], rng: np.random.Generator) -> Corpus:
    """Choose the vocabulary by the number of texts that hold a word, and lay all texts out as rows."""
    seen: Counter[str] = Counter()
    for text in texts:
        seen.update(set(words(" ".join((text.title, *text.sentences)))))
    kept = [(word, count) for word, count in seen.items() if count >= SEEN_IN and len(word) <= LONGEST]
    vocabulary = [word for word, _ in sorted(kept, key=lambda entry: (-entry[1], entry[0]))]
    if not vocabulary:
        raise BadPapersError(f"no word is in {SEEN_IN} free texts: too little to train on ({len(texts)} texts)")
    row = {word: at for at, word in enumerate(vocabulary)}
    spelling: dict[str, list[int]] = {}
    rows: list[NDArray[np.int32]] = []
    weights: list[NDArray[np.float32]] = []
    sentences, owners = [0], [0]
    frequency = np.zeros(len(vocabulary) + BUCKETS, np.int64)
    for text in texts:
        at: list[int] = []
        share: list[float] = []
        ends: list[int] = []
        for sentence in (text.title, *text.sentences):
            found = words(sentence)
            for word, chance in zip(found, rng.random(len(found)).tolist(), strict=True):
                known = row.get(word)
                if known is not None and chance >= SPELT_ANYWAY:
                    at.append(known)
                    share.append(1.0)
                    continue
                if word not in spelling:
                    spelling[word] = [len(vocabulary) + bucket for bucket in pieces(word, BUCKETS)]
                spelt = spelling[word]
                at.extend(spelt)
                share.extend([1 / len(spelt)] * len(spelt))
            ends.append(len(at))
        frequency[list(set(at))] += 1
        sentences.extend(sentences[owners[-1]] + end for end in ends)
        owners.append(len(sentences) - 1)
        rows.append(np.array(at, np.int32))
        weights.append(np.array(share, np.float32))
    return Corpus(
        vocabulary, frequency, np.concatenate(rows), np.concatenate(weights), np.array(sentences), np.array(owners)
    )
