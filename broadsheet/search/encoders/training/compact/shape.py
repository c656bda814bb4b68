"""The sizes of a compact encoder and of its training, in one place."""

from dataclasses import dataclass

PADDING, UNKNOWN, START = 0, 1, 2  # the first rows of every table
MARKS = ("[PAD]", "[UNK]", "[CLS]")
LICENCE = "Apache-2.0"
NESTED = {256: 1.0, 128: 0.5, 64: 0.5}  # length of a prefix -> weight of its loss
LOUDNESS = 8.0  # the table is kept this much smaller than what the layers read, so that Adam moves both alike


@dataclass(frozen=True)
class Shape:
    """What decides the weights besides papers and seed; all lengths are in tokens."""

    vocabulary: int = 40_000
    width: int = 256
    layers: int = 3
    heads: int = 4
    inner: int = 512  # numbers between the two halves of a layer's second part
    reach: int = 32  # words further apart than this count as this far
    query: int = 28  # the longest first view
    text: int = 64  # the longest second view
    read: int = 192  # the longest text when it serves; a paper has 196 on average
    bag_batch: int = 1024
    batch: int = 128
    bank: int = 4096  # papers that a view is told apart from


@dataclass(frozen=True)
class Steps:
    """How much work: of the table alone, then of the whole."""

    bag: int = 400
    whole: int = 1500
