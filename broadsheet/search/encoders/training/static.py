"""Training of the static encoder: two views of a text near each other, every other text of the batch away.

The loss is InfoNCE (van den Oord et al. 2018) over in-batch negatives, both ways round, at several nested lengths
(Kusupati et al. 2022). From a fifth of the way on, most batches are drawn from a few neighbourhoods of the space
learned so far, so that the negatives are papers of one subject: the ones a search has to tell apart.

The work is counted in steps, never by the clock, so the same files and seed give the same weights on any machine
of one kind.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from broadsheet.search.encoders.training.neighbours import AT_ONCE, side_by_side
from broadsheet.search.encoders.training.save import save
from broadsheet.search.encoders.training.texts import BadPapersError, Corpus, corpus, read
from broadsheet.search.encoders.training.views import Bags, Ints, Sampler

LICENCE = "Apache-2.0"
DIMENSION = 256
NESTED = {256: 1.0, 128: 0.5, 64: 0.5}  # length of a prefix -> weight of its loss
STEPS_A_MINUTE = 100  # on one core of the machine this was tuned on
BATCH = 2048
LEARNING_RATE = 0.01
WARM_UP = 50  # steps
SHARPEST, START_SHARPNESS = 60.0, 20.0  # 1 / temperature
NEIGHBOURHOOD = 256  # texts of one subject in a hard batch
HARD_FROM, HARD_SHARE, HARD_EVERY = 0.2, 0.7, 200  # of the steps; of the batches; steps between re-groupings


class NoTorchError(RuntimeError):
    """Training wants PyTorch, which is not installed."""


@dataclass(frozen=True)
class Report:
    version: str
    texts: int
    vocabulary: int
    steps: int
    first_loss: float  # mean of the first and of the last 20 steps, in nats, at the full length
    last_loss: float
    seconds: float
    size: int  # bytes of the file


def train(
    paths: Iterable[Path], out: Path, minutes: float, seed: int = 0, progress: Callable[[str], None] = print
) -> Report:
    """Learn a table of word vectors from files of papers and write it to ``out``.

    Args:
        paths: files as ``texts.read`` takes them; only records of free sources are learned from.
        out: the weights file, which ``Static(out)`` reads.
        minutes: how long, as a number of steps: ``STEPS_A_MINUTE`` each, so a faster machine takes less.
        seed: of all chance.
        progress: told a line every 50 steps.

    Raises:
        NoTorchError: if PyTorch is missing.
        BadPapersError: if a file cannot be read or holds too little.
    """
    torch = _torch()
    started = time.monotonic()
    rng = np.random.default_rng(seed)
    held = corpus(list(read(paths)), rng)
    progress(f"{len(held)} texts, {len(held.vocabulary)} words, {len(held.rows)} running words and pieces")
    steps = max(1, round(minutes * STEPS_A_MINUTE))
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # sums in another order are other sums
    try:
        rows, losses = _learn(torch, held, rng, steps, progress)
    finally:
        torch.set_num_threads(threads)
    version = save(out, held.vocabulary, rows, LICENCE)
    return Report(
        version=version,
        texts=len(held),
        vocabulary=len(held.vocabulary),
        steps=steps,
        first_loss=float(np.mean(losses[:20])),
        last_loss=float(np.mean(losses[-20:])),
        seconds=time.monotonic() - started,
        size=out.stat().st_size,
    )


def _torch() -> Any:
    try:
        return import_module("torch")
    except ImportError as missing:
        raise NoTorchError("training wants PyTorch: pip install 'broadsheet[train]'") from missing


def _learn(
    torch: Any, held: Corpus, rng: np.random.Generator, steps: int, progress: Callable[[str], None]
) -> tuple[NDArray[np.float32], list[float]]:
    sampler = Sampler(held, rng)
    usable = sampler.usable()
    if len(usable) < 2:
        raise BadPapersError("fewer than two texts have a title and two sentences: nothing to tell apart")
    space = _Space(torch, held, rng)
    batches = _Batches(space, sampler, usable, rng)
    losses: list[float] = []
    started = time.monotonic()
    for step in range(steps):
        done = step / steps
        space.pace(min(1.0, (step + 1) / WARM_UP) * max(0.02, 1 - done))
        losses.append(space.step(*sampler.pair(batches.next(step, done))))
        if step % 50 == 49:
            pace = (time.monotonic() - started) / (step + 1)
            progress(f"step {step + 1} of {steps}: loss {np.mean(losses[-50:]):.3f}, {pace:.2f} s a step")
    return space.rows(), losses


class _Space:
    """The table being learned: a direction and a log weight for each row, and the sharpness of the softmax."""

    def __init__(self, torch: Any, held: Corpus, rng: np.random.Generator) -> None:
        self._torch = torch
        rarity = np.log((len(held) + 1) / (held.frequency + 1.0)) / 8  # a start: rare words say more
        table = rng.standard_normal((len(rarity), DIMENSION)) / DIMENSION**0.5 * rarity[:, None]
        self._table = torch.nn.Parameter(torch.from_numpy(table.astype(np.float32)))
        self._weight = torch.nn.Parameter(torch.zeros(len(rarity)))
        self._sharpness = torch.nn.Parameter(torch.tensor(float(np.log(START_SHARPNESS))))
        paces = [(self._table, LEARNING_RATE), (self._weight, 4 * LEARNING_RATE), (self._sharpness, 0.01)]
        self._adam = torch.optim.Adam([{"params": [part], "lr": pace} for part, pace in paces], betas=(0.9, 0.98))
        self._paces = [pace for _, pace in paces]

    def pace(self, share: float) -> None:
        for group, pace in zip(self._adam.param_groups, self._paces, strict=True):
            group["lr"] = pace * share

    def step(self, first: Bags, second: Bags) -> float:
        """One step of Adam; answers the loss at the full length."""
        torch, both = self._torch, (first.sizes > 0) & (second.sizes > 0)
        views = [self._sum(bags)[torch.from_numpy(both)] for bags in (first, second)]
        sharpness = self._sharpness.exp().clamp(max=SHARPEST)
        answers = torch.arange(int(both.sum()))
        losses = {}
        for length in NESTED:
            one, other = (torch.nn.functional.normalize(view[:, :length], dim=1) for view in views)
            near = one @ other.T * sharpness
            there, back = (torch.nn.functional.cross_entropy(side, answers) for side in (near, near.T))
            losses[length] = (there + back) / 2
        self._adam.zero_grad()
        sum(weight * losses[length] for length, weight in NESTED.items()).backward()
        self._adam.step()
        return float(losses[DIMENSION].detach())

    def look(self, bags: Bags) -> NDArray[np.float32]:
        """Unit vectors [bags, 64]: enough to tell subjects apart."""
        with self._torch.no_grad():
            prefix = self._sum(bags)[:, : min(NESTED)]
            found: NDArray[np.float32] = self._torch.nn.functional.normalize(prefix, dim=1).numpy()
        return found

    def rows(self) -> NDArray[np.float32]:
        with self._torch.no_grad():
            found: NDArray[np.float32] = (self._table * self._weight.exp()[:, None]).numpy()
        return found

    def _sum(self, bags: Bags) -> Any:
        torch = self._torch
        rows, starts, weights = (torch.from_numpy(part) for part in (bags.rows, bags.starts, bags.weights))
        weights = weights * self._weight[rows].exp()
        return torch.nn.functional.embedding_bag(rows, self._table, starts, mode="sum", per_sample_weights=weights)


class _Batches:
    """Which texts go into a step: at random, or from a few neighbourhoods of the space."""

    def __init__(self, space: _Space, sampler: Sampler, usable: Ints, rng: np.random.Generator) -> None:
        self._space, self._sampler, self._usable, self._rng = space, sampler, usable, rng
        self._size = min(BATCH, len(usable))
        self._shuffled = usable[:0]
        self._grouped = usable[:0]

    def next(self, step: int, done: float) -> Ints:
        if done >= HARD_FROM:
            if not len(self._grouped) or step % HARD_EVERY == 0:
                self._grouped = self._group()
            if self._rng.random() < HARD_SHARE:
                run = min(NEIGHBOURHOOD, self._size)
                begins = self._rng.integers(0, len(self._grouped) - run + 1, max(1, self._size // run))
                return np.unique(np.concatenate([self._grouped[begin : begin + run] for begin in begins]))
        if len(self._shuffled) < self._size:
            self._shuffled = self._rng.permutation(self._usable)
        drawn, self._shuffled = self._shuffled[: self._size], self._shuffled[self._size :]
        return drawn

    def _group(self) -> Ints:
        """All usable texts, neighbours next to each other."""
        parts = np.array_split(self._usable, -(-len(self._usable) // AT_ONCE))
        vectors = np.concatenate([self._space.look(self._sampler.whole(part)) for part in parts])
        return self._usable[side_by_side(vectors, self._rng, NEIGHBOURHOOD // 2)]
