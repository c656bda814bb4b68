"""How much of the machine a network may take: told once at start from the options, asked when a model is opened."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Power:
    """``threads`` is how many cores one run may use on the processor; ``device`` is ``cpu`` or ``gpu``."""

    threads: int = 2
    device: str = "cpu"


_allowed = Power()


def allow(power: Power) -> None:
    """Set it for models opened from now on in this process."""
    global _allowed
    _allowed = power


def allowed() -> Power:
    return _allowed
