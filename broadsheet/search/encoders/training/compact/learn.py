"""The steps of training, kept on disk as they go, so that a training that was ended goes on where it was.

Chance is drawn anew for each step from the seed and the step's number, so a training that was interrupted gives the
same weights as one that was not.
"""

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from broadsheet.search.encoders.training.compact.batches import Batches
from broadsheet.search.encoders.training.compact.loss import loss
from broadsheet.search.encoders.training.compact.model import Model
from broadsheet.search.encoders.training.compact.shape import Steps
from broadsheet.search.encoders.training.compact.teaching import Lesson
from broadsheet.search.encoders.training.compact.views import Views

BAG_PACE, TABLE_PACE, LAYER_PACE = 0.01, 0.001, 0.001  # learning rates of Adam
WARM_UP, FALL = (
    50,
    0.4,
)  # steps in which it comes up to pace; the last share of the steps, in which it slows to nothing
STEADY = 1.0  # the longest step of the layers' gradient
TELL_EVERY, KEEP_EVERY = 25, 100  # steps


class StoppedError(RuntimeError):
    """The training was asked to end before its last step; what it had learned is kept."""


@dataclass
class Course:
    """Where a training is: its losses so far, at the full length."""

    losses: list[float] = field(default_factory=list)

    @property
    def step(self) -> int:
        return len(self.losses)


class Learner:
    """One training, step after step."""

    def __init__(
        self, torch: Any, model: Model, views: Views, lesson: Lesson, seed: int, steps: Steps, kept: Path
    ) -> None:
        """``kept``: the file in which the state is kept; where there is one, it is gone on from."""
        self._torch, self._model, self._views, self._lesson = torch, model, views, lesson
        self._seed, self._steps, self._kept = seed, steps, kept
        self._batches = Batches(lesson.rows, np.random.default_rng([seed, 3]))
        self._rows = torch.from_numpy(lesson.rows)
        self.course = Course()
        self._adam = self._optimiser(whole=False)
        if kept.exists():
            self._go_on()

    def run(self, progress: Callable[[str], None]) -> None:
        """To the last step.

        Raises:
            StoppedError: on SIGINT or SIGTERM, once the state is kept.
        """
        last = self._steps.bag + self._steps.whole
        begun, began_at = time.monotonic(), self.course.step
        with _ending() as ending:
            while self.course.step < last:
                self._step()
                step = self.course.step
                if step % TELL_EVERY == 0 or step == last:
                    pace = (time.monotonic() - begun) / (step - began_at)
                    recent = np.mean(self.course.losses[-TELL_EVERY:])
                    progress(f"step {step} of {last}: loss {recent:.3f}, {pace:.2f} s a step")
                if step % KEEP_EVERY == 0 or step == last or ending.is_set():
                    self._keep()
                if ending.is_set():
                    raise StoppedError(f"ended after step {step} of {last}; the same command goes on from there")

    def _step(self) -> None:
        torch, shape, step = self._torch, self._model.shape, self.course.step
        whole = step >= self._steps.bag
        if step == self._steps.bag:
            self._adam = self._optimiser(whole=True)
        self._pace(step - self._steps.bag if whole else step, self._steps.whole if whole else self._steps.bag)
        rng = np.random.default_rng([self._seed, 11, step])
        batch, bank = self._batches.draw(shape.batch if whole else shape.bag_batch, shape.bank, rng)
        views = self._views.pair(self._lesson.texts[batch], rng)
        first, second = (self._model.vectors(torch.from_numpy(view), whole) for view in views)
        total, told = loss(torch, first, second, self._rows[torch.from_numpy(bank)])
        self._adam.zero_grad()
        total.backward()
        layers = [value for name, value in self._model.parameters.items() if name != "table"]
        torch.nn.utils.clip_grad_norm_(layers, STEADY)
        self._adam.step()
        self.course.losses.append(float(told))

    def _optimiser(self, whole: bool) -> Any:
        table = [value for name, value in self._model.parameters.items() if name == "table"]
        layers = [value for name, value in self._model.parameters.items() if name != "table"]
        groups: list[dict[str, Any]] = [{"params": table, "lr": TABLE_PACE if whole else BAG_PACE}]
        if whole:
            groups.append({"params": layers, "lr": LAYER_PACE})
        self._paces = [float(group["lr"]) for group in groups]
        return self._torch.optim.Adam(groups, betas=(0.9, 0.98))

    def _pace(self, step: int, steps: int) -> None:
        share = min(1.0, (step + 1) / WARM_UP, (steps - step) / max(1.0, FALL * steps))
        for group, pace in zip(self._adam.param_groups, self._paces, strict=True):
            group["lr"] = pace * share

    def _keep(self) -> None:
        aside = self._kept.with_name(f"{self._kept.name}.part")
        state = {
            "parameters": {name: value.detach() for name, value in self._model.parameters.items()},
            "adam": self._adam.state_dict(),
            "losses": self.course.losses,
        }
        self._torch.save(state, aside)
        aside.replace(self._kept)

    def _go_on(self) -> None:
        state = self._torch.load(self._kept, weights_only=True)
        self.course.losses = list(state["losses"])
        with self._torch.no_grad():
            for name, value in self._model.parameters.items():
                value.copy_(state["parameters"][name])
        self._adam = self._optimiser(whole=self.course.step > self._steps.bag)
        self._adam.load_state_dict(state["adam"])


@contextmanager
def _ending() -> Iterator[threading.Event]:
    """An event that SIGINT and SIGTERM set, so that a step is ended and kept before the process goes."""
    event = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield event
        return
    before = {one: signal.signal(one, lambda *_: event.set()) for one in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield event
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
