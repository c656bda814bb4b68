"""What `broadsheet evaluate` says: tables for people, a document for programs, a page of figures for docs/quality.md."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from broadsheet.cli import show
from broadsheet.ranking.evaluation import CHIEF, MEASURES

if TYPE_CHECKING:
    from broadsheet.jobs.evaluate import Evaluated

_LONGEST = 90  # characters of a query that are shown
_HEAD = f"""# How well search finds

Made by `broadsheet evaluate DIR... --write FILE`. In a row: the mean over the queries of a set. *p*: how often
chance alone would part two modes as far in {CHIEF} as the row and the first row of its table are parted (Fisher's
randomisation test, two-sided, 10,000 rounds). *lost*, *won*: the queries on which the row has a lower or a higher
{CHIEF} than the first row. `rrf` is plain reciprocal-rank fusion of words and meaning (k = 60, every hit that
search gives of each): the yardstick, not a mode of search.
"""


def tell(found: "Evaluated", losses: int) -> None:
    """A table of the modes and one of the queries that lost most, on stdout."""
    click.echo(_told(found))
    show.table(
        ("", *MEASURES, f"p ({_first(found)})"),
        ((mode, *(f"{value:.4f}" for value in means), _p(found, mode)) for mode, means in _rows(found)),
    )
    ours = list(found.comparison.means)[-1]
    lost = found.comparison.losses(ours, _first(found), losses)
    if lost:
        show.table(
            ("query", ours, _first(found), "what was asked"),
            (
                (one.query, f"{one.ours:.3f}", f"{one.theirs:.3f}", found.queries[one.query][:_LONGEST])
                for one in lost
            ),
        )


def for_programs(found: "Evaluated", losses: int) -> dict[str, Any]:
    comparison, first = found.comparison, _first(found)
    return {
        "set": found.name,
        "papers": found.papers,
        "encoder": found.encoder,
        "version": found.version,
        "queries": len(found.queries),
        "unanswered_queries": found.unanswered,
        "unknown_papers": found.unknown,
        "modes": {
            mode: {**{what: round(value, 6) for what, value in means.items()}, "p": comparison.p[mode]}
            for mode, means in comparison.means.items()
        },
        "losses": {
            mode: [
                {"query": one.query, "text": found.queries[one.query], mode: one.ours, first: one.theirs}
                for one in comparison.losses(mode, first, losses)
            ]
            for mode in comparison.means
            if mode != first
        },
        "problems": [{"file": str(one.file), "line": one.line, "reason": one.reason} for one in found.problems],
    }


def page(done: "Sequence[Evaluated]", before: str = "") -> str:
    """Markdown with the figures of ``done``. No query and no paper is quoted: they are other people's.

    ``before``: a page made earlier; what it says of other sets, encoders or numbers of papers stays.
    """
    sections = {said.partition("\n")[0]: said.rstrip() for said in before.split("\n## ")[1:]}
    for found in done:
        said = "\n".join(_section(found))
        sections[said.partition("\n")[0]] = said
    return "\n\n## ".join([_HEAD.rstrip(), *(sections[heading] for heading in sorted(sections))]) + "\n"


def _section(found: "Evaluated") -> Iterator[str]:
    yield f"{found.name}, {found.papers:,} papers, {found.encoder}"
    yield ""
    yield _told(found)
    yield ""
    yield "| | " + " | ".join(MEASURES) + " | p | lost | won |"
    yield "|---|" + "---|" * (len(MEASURES) + 3)
    for mode, means in _rows(found):
        lost, won = (len(found.comparison.losses(*pair, len(found.queries))) for pair in _pairs(found, mode))
        figures = [f"{value:.4f}" for value in means]
        counts = [str(lost), str(won)] if mode != _first(found) else ["", ""]
        yield "| " + " | ".join([mode, *figures, _p(found, mode), *counts]) + " |"


def _told(found: "Evaluated") -> str:
    unknown = f"; {found.unknown:,} judged papers are not among them" if found.unknown else ""
    return (
        f"{found.name}: {len(found.queries):,} queries, {found.papers:,} papers, "
        f"encoder {found.encoder} {found.version}{unknown}"
    )


def _rows(found: "Evaluated") -> Iterator[tuple[str, list[float]]]:
    for mode, means in found.comparison.means.items():
        yield mode, list(means.values())


def _first(found: "Evaluated") -> str:
    return next(iter(found.comparison.means))


def _pairs(found: "Evaluated", mode: str) -> tuple[tuple[str, str], tuple[str, str]]:
    return (mode, _first(found)), (_first(found), mode)


def _p(found: "Evaluated", mode: str) -> str:
    p = found.comparison.p[mode].get(_first(found))
    return "" if p is None else "< 0.001" if p < 0.001 else f"{p:.3f}"
