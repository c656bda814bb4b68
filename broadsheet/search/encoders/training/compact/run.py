"""The whole training of the compact encoder, from files of papers to a folder that serves."""

import hashlib
import json
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from broadsheet.search.encoders import find
from broadsheet.search.encoders.static import Static
from broadsheet.search.encoders.training.compact.learn import Learner
from broadsheet.search.encoders.training.compact.model import Model
from broadsheet.search.encoders.training.compact.papers import Laid, lay, learn_tokenizer, load, save
from broadsheet.search.encoders.training.compact.shape import MARKS, Shape, Steps
from broadsheet.search.encoders.training.compact.teaching import WORD, Lesson, first_table, given, lesson, taught_by
from broadsheet.search.encoders.training.compact.views import Views
from broadsheet.search.encoders.training.texts import BadPapersError, Text, read
from broadsheet.search.encoders.training.views import FRAMES

WORK = (
    "training"  # the folder inside ``out`` that a training goes on from; it can be deleted once the weights serve
)


class NoTorchError(RuntimeError):
    """Training wants packages that are not installed."""


@dataclass(frozen=True)
class Report:
    version: str
    texts: int
    taught: int  # texts with a vector of every teacher
    vocabulary: int
    steps: int
    first_loss: float  # mean of the first and of the last 20 steps, in nats, at the full length
    last_loss: float
    seconds: float  # of this run
    size: int  # bytes of the graph


def train(
    paths: Iterable[Path],
    out: Path,
    steps: Steps | None = None,
    seed: int = 0,
    teacher: Path | None = None,
    vectors: Path | None = None,
    half: bool = False,
    shape: Shape | None = None,
    progress: Callable[[str], None] = print,
) -> Report:
    """Learn a compact encoder from files of papers and write it into the folder ``out``.

    A training that was ended goes on where it was when it is called again with the same papers, seed and folder;
    ``steps`` and ``vectors`` may be others.

    Args:
        paths: files as ``texts.read`` takes them; only records of free sources are learned from.
        out: a folder; ``Compact(out)`` reads it. What a training goes on from is kept in it too.
        steps: how much work.
        seed: of all chance.
        teacher: the folder of a large model, which reads the papers first; the static encoder teaches in any case.
        vectors: a folder with what a large model made of papers elsewhere (``teaching.given``), in place of a teacher.
        half: multiply in bfloat16, for processors that do so natively.
        shape: the sizes of the encoder.
        progress: told a line every few steps.

    Raises:
        NoTorchError: if PyTorch, ONNX or the tokenizers are missing.
        BadPapersError: if a file cannot be read or holds too little, or the folder holds another training.
        StoppedError: if it was ended by a signal; what it had learned is kept.
    """
    torch = _torch()
    from broadsheet.search.encoders.training.compact.export import export

    started = time.monotonic()
    steps, shape = steps or Steps(), shape or Shape()
    work = out / WORK
    work.mkdir(parents=True, exist_ok=True)
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # sums in another order are other sums
    try:
        laid, taught, table = _prepared(list(read(paths)), out, seed, teacher, vectors, shape, progress)
        views = Views(laid, _frames(out / "tokenizer.json"), shape)
        model = Model(torch, shape, table, seed, half)
        learner = Learner(torch, model, views, taught, seed, steps, work / "state.pt")
        learner.run(progress)
    finally:
        torch.set_num_threads(threads)
    version = export(model.arrays(), shape, out)
    losses = learner.course.losses
    return Report(
        version=version,
        texts=len(laid),
        taught=len(taught.texts),
        vocabulary=len(table),
        steps=len(losses),
        first_loss=float(np.mean(losses[:20])),
        last_loss=float(np.mean(losses[-20:])),
        seconds=time.monotonic() - started,
        size=(out / "model.onnx").stat().st_size,
    )


def _torch() -> Any:
    try:
        for name in ("onnx", "tokenizers"):
            import_module(name)
        return import_module("torch")
    except ImportError as missing:
        raise NoTorchError(
            f"training wants PyTorch, ONNX and tokenizers ({missing}): pip install 'broadsheet[train]'"
        ) from missing


def _prepared(
    texts: list[Text],
    out: Path,
    seed: int,
    teacher: Path | None,
    vectors: Path | None,
    shape: Shape,
    progress: Callable[[str], None],
) -> tuple[Laid, Lesson, np.ndarray[Any, np.dtype[np.float32]]]:
    if len(texts) < 2:
        raise BadPapersError(f"{len(texts)} free texts: too little to train on")
    work, tokenizer_file = out / WORK, out / "tokenizer.json"
    _same_training(work / "what.json", texts, seed, shape)
    if not (work / "tokens.npz").exists():
        learn_tokenizer(texts, shape, tokenizer_file)
        save(lay(texts, tokenizer_file), work / "tokens.npz")
    laid = load(work / "tokens.npz")
    progress(f"{len(laid)} texts, {len(laid.frequency)} tokens, {len(laid.tokens)} running tokens")
    static = Static()
    ids, spelt = [text.id for text in texts], _spelt(tokenizer_file)
    whole = [" ".join((text.title, *text.sentences)) for text in texts]
    large = given(vectors) if vectors else None
    if teacher:
        model = find("", str(teacher))
        wanted = [*zip(ids, whole, strict=True), *((WORD + word, word) for word in spelt if word)]
        large = taught_by(model, wanted, work / f"{model.name}-{model.version}", progress)
    taught = lesson(ids, static.encode(whole), large, shape.width, work / "turn.npy")
    progress(f"{len(taught.texts)} texts have a vector of every teacher")
    table = first_table(taught, spelt, static.encode(spelt), large)
    rarity = np.log((len(laid) + 1) / (laid.frequency + 1.0)) / 8  # a start: rare words say more
    return laid, taught, (table * rarity[:, None]).astype(np.float32)


def _same_training(file: Path, texts: list[Text], seed: int, shape: Shape) -> None:
    digest = hashlib.sha256("\n".join(f"{text.id}\t{text.title}" for text in texts).encode("utf-8", "replace"))
    what = {"papers": digest.hexdigest(), "seed": seed, "shape": asdict(shape)}
    if file.exists() and json.loads(file.read_text(encoding="utf-8")) != what:
        raise BadPapersError(
            f"{file.parent}: holds a training of other papers, seed or sizes; delete it or name another --out"
        )
    file.write_text(json.dumps(what), encoding="utf-8")


def _spelt(tokenizer_file: Path) -> list[str]:
    """What each token spells, in their order; the marks spell nothing."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(tokenizer_file))
    tokens = [tokenizer.id_to_token(number) or "" for number in range(tokenizer.get_vocab_size())]
    return ["" if token in MARKS else token.removeprefix("##") for token in tokens]


def _frames(tokenizer_file: Path) -> list[list[int]]:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(tokenizer_file))
    return [tokenizer.encode(frame, add_special_tokens=False).ids for frame in FRAMES]
