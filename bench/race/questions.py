"""What is asked: half keywords, half whole questions, each made of a paper that is then the one to be found."""

import random
import re
from collections.abc import Sequence

from bench.race.protocol import Ask
from broadsheet.search.document import Document
from broadsheet.search.function_words import FUNCTION_WORDS

_OPENERS = (
    "Which papers study", "What work has been done on", "Are there methods for", "Is there research about",
    "Can you name papers on", "What are recent results in", "Who has worked on", "How does one approach",
)  # fmt: skip
_BRIDGES = ("and show that", "in which", "when", "such that", "given that", "where")
_WORD = re.compile(r"[^\W_][\w'’-]*")
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_LEAST, _MOST = 10, 18


def made(papers: Sequence[Document], count: int, seed: int = 7) -> list[Ask]:
    """``count`` searches in random order; half of them narrowed by a topic or a first year of the paper sought."""
    draw = random.Random(seed)
    asks: list[Ask] = []
    while len(asks) < count:
        paper = draw.choice(papers)
        kind = "keywords" if len(asks) % 2 == 0 else "question"
        text = _keywords(paper, draw) if kind == "keywords" else _question(paper, draw)
        if not text:
            continue
        topic, first_year = "", 0
        if len(asks) % 4 < 2:
            if paper.topics and draw.random() < 0.5:
                topic = paper.topics[0]
            elif paper.year:
                first_year = paper.year
        asks.append(Ask(text, kind, topic, first_year, truth=paper.paper))
    draw.shuffle(asks)
    return asks


def _keywords(paper: Document, draw: random.Random) -> str:
    """One to four telling words of the title, in its order."""
    words = [word for word in _WORD.findall(paper.title) if len(word) > 2 and word.lower() not in FUNCTION_WORDS]
    if not words:
        return ""
    chosen = sorted(draw.sample(range(len(words)), min(len(words), draw.randint(1, 4))))
    return " ".join(words[at] for at in chosen)


def _question(paper: Document, draw: random.Random) -> str:
    """An opener, three to five words that stand together in the title, a bridge, some words of one sentence."""
    title, sentence = _WORD.findall(paper.title), _WORD.findall(draw.choice(_SENTENCE.split(paper.abstract)))
    if len(title) < 3 or len(sentence) < 4:
        return ""
    words = [*draw.choice(_OPENERS).split(), *_run(title, draw.randint(3, 5), draw), *draw.choice(_BRIDGES).split()]
    room = draw.randint(max(3, _LEAST - len(words)), max(4, _MOST - len(words)))
    words += [word.lower() for word in _run(sentence, room, draw)]
    return " ".join(words) + "?" if _LEAST <= len(words) <= _MOST else ""


def _run(words: list[str], length: int, draw: random.Random) -> list[str]:
    start = draw.randint(0, max(0, len(words) - length))
    return words[start : start + length]
