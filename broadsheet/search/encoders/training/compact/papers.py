"""Papers -> a tokenizer of our own, and every text as token numbers in one flat array."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from broadsheet.search.encoders.training.compact.shape import MARKS, START, Shape
from broadsheet.search.encoders.training.texts import SEEN_IN, Text
from broadsheet.search.encoders.words import LONGEST, words

LETTERS = 200  # of all scripts, the most frequent
ENDINGS = 10  # one row in so many is an ending
LONGEST_ENDING = 8  # letters
_AT_ONCE = 4096  # texts


@dataclass(frozen=True)
class Laid:
    """Text t owns sentences ``texts[t] : texts[t + 1]`` (the first is its title), sentence s owns
    ``tokens[sentences[s] : sentences[s + 1]]``."""

    tokens: NDArray[np.uint16]
    sentences: NDArray[np.int64]
    texts: NDArray[np.int64]
    frequency: NDArray[np.int64]  # [vocabulary], texts that hold the token

    def __len__(self) -> int:
        return len(self.texts) - 1


def learn_tokenizer(texts: Sequence[Text], shape: Shape, out: Path) -> None:
    """Words whole where they are frequent, else by their longest known beginnings (WordPiece, Schuster and Nakajima 2012).

    The words are those that the static encoder sees: no case, no accents, no punctuation. Pieces are chosen by counting
    and not by merging, whose ties the package tokenizers breaks by chance.
    """
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

    tokens = {token: number for number, token in enumerate(_vocabulary(texts, shape.vocabulary))}
    tokenizer = Tokenizer(models.WordPiece(tokens, unk_token=MARKS[1], max_input_chars_per_word=LONGEST))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFKD(), normalizers.StripAccents(), normalizers.Lowercase()]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(r"[^\W_]+"), behavior="removed", invert=True)
    # A mark at the start: a text without a single token would have no row to compute with.
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{MARKS[START]} $A", special_tokens=[(MARKS[START], START)]
    )
    tokenizer.save(str(out))


def _vocabulary(texts: Sequence[Text], size: int) -> list[str]:
    """Marks, letters, the endings that most words share, and the words that most texts hold."""
    seen: Counter[str] = Counter()
    for text in texts:
        seen.update(set(words(" ".join((text.title, *text.sentences)))))
    letters: Counter[str] = Counter()
    endings: Counter[str] = Counter()
    for word, count in seen.items():
        letters.update(dict.fromkeys(word, count))
        if count >= SEEN_IN:
            endings.update(word[-length:] for length in range(2, min(LONGEST_ENDING, len(word) - 2) + 1))
    kept = [letter for letter, _ in _most(letters, LETTERS)]
    spelling = [*kept, *(f"##{letter}" for letter in kept)]
    spelling += [f"##{ending}" for ending, _ in _most(endings, size // ENDINGS)]
    whole = ((word, count) for word, count in seen.items() if count >= SEEN_IN and 1 < len(word) <= LONGEST)
    room = max(0, size - len(MARKS) - len(spelling))
    return [*MARKS, *spelling, *(word for word, _ in _most(dict(whole), room))]


def _most(counts: Mapping[str, int], most: int) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))[:most]


def lay(texts: Sequence[Text], tokenizer_file: Path) -> Laid:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(tokenizer_file))
    tokens: list[NDArray[np.uint16]] = []
    lengths: list[int] = []
    owned: list[int] = []
    frequency = np.zeros(tokenizer.get_vocab_size(), np.int64)
    for start in range(0, len(texts), _AT_ONCE):
        some = texts[start : start + _AT_ONCE]
        parts = [part for text in some for part in (text.title, *text.sentences)]
        cut = [one.ids for one in tokenizer.encode_batch(parts, add_special_tokens=False)]
        lengths.extend(map(len, cut))
        tokens.append(np.array([number for one in cut for number in one], np.uint16))
        at = 0
        for text in some:
            count = 1 + len(text.sentences)
            owned.append(count)
            frequency[list({number for one in cut[at : at + count] for number in one})] += 1
            at += count
    return Laid(np.concatenate(tokens), _ends(lengths), _ends(owned), frequency)


def save(laid: Laid, file: Path) -> None:
    aside = file.with_name(f"{file.name}.part")
    with aside.open("wb") as content:
        np.savez(
            content,
            tokens=laid.tokens,
            sentences=laid.sentences,
            texts=laid.texts,
            frequency=laid.frequency,
        )
    aside.replace(file)


def load(file: Path) -> Laid:
    with np.load(file, allow_pickle=False) as held:
        return Laid(held["tokens"], held["sentences"], held["texts"], held["frequency"])


def _ends(lengths: Sequence[int]) -> NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(np.array(lengths, np.int64))])
