"""What the harvest promises, at the level of the database and the pages; `docs/harvest.md` lists every promise."""

import ast
import hashlib
import itertools
import random
import re
import tracemalloc
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.test import Client as Browser
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from broadsheet.catalog.models import Announcement, Edition, Entry, Paper, Record, Route, Version
from broadsheet.catalog.payload import unpack
from broadsheet.core.record import Version as Text
from broadsheet.jobs.edition import print_editions
from broadsheet.jobs.harvest import harvest
from broadsheet.sources.http import Client
from broadsheet.sources.place import Batch, Gone, Tells, Wanted
from tests.factories import preprint
from tests.jobs.places import Told, new

ROOT = Path(__file__).parent.parent.parent
MONDAY, TUESDAY = date(2026, 11, 16), date(2026, 11, 17)
CL = Wanted(topics=("cs.CL",))
ROW = re.compile(r"^\| (H\d\d) \|.*\| `(tests/[\w/]+\.py)::(\w+)` \|$", re.MULTILINE)


@pytest.fixture
def client(tmp_path: Path) -> Client:
    return Client(tmp_path)


def said(number: str, versions: int, comment: str, hour: int) -> Batch:
    record = preprint(
        number,
        f"Lanterns, part {number}",
        placements=(),
        versions=tuple(Text(one, MONDAY) for one in range(1, versions + 1)),
        comment=comment,
        seen_at=datetime(2026, 11, 17, hour, tzinfo=UTC),
    )
    return Batch({}, records=[record], announcements=[new(number, MONDAY)])


def fingerprint() -> str:
    """Of what is held; not of when it was stored."""
    rows = [
        list(Paper.objects.order_by("key").values_list("key", "title", "comment", "withdrawn", "updated")),
        list(Version.objects.order_by("paper__key", "number").values_list("paper__key", "number", "at")),
        list(Entry.objects.order_by("paper__key").values_list("paper__key", "edition__day", "picked")),
        list(Announcement.objects.order_by("source_id", "day").values_list("source_id", "day", "topic")),
        [
            repr(unpack(bytes(one)))
            for one in Record.objects.order_by("source_id").values_list("payload", flat=True)
        ],
    ]
    return hashlib.sha256(repr(rows).encode()).hexdigest()


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(4))
def test_h07_pages_replayed_three_times_in_any_order_leave_the_same(client: Client, seed: int) -> None:
    """H07: shuffled, an older saying after a newer one; and the version never goes back."""
    pages = [("2611.00001", 1, "first", 1), ("2611.00001", 2, "second", 2), ("2611.00001", 2, "third", 3)]
    pages += [("2611.00002", 1, "other", 5), ("2611.00002", 3, "other, revised", 4)]
    for page in pages:
        harvest(Told([said(*page)], route="oai"), client, CL)
        Route.objects.update(cursor={})
    before = fingerprint()
    shuffled = pages * 3
    random.Random(seed).shuffle(shuffled)
    for page in shuffled:
        harvest(Told([said(*page)], route="oai"), client, CL)
        Route.objects.update(cursor={})
        assert fingerprint() == before
    assert dict(Paper.objects.values_list("key", "comment")) == {
        "2611.00001": "third",
        "2611.00002": "other, revised",
    }
    newest = dict(Version.objects.order_by("number").values_list("paper__key", "number"))
    assert newest == {"2611.00001": 2, "2611.00002": 3}


@pytest.mark.django_db
def test_h08_a_day_of_old_records_enters_no_edition_and_takes_no_memory(client: Client) -> None:
    """H08: thousands here; `python -m bench.harvest --store --pages 50` does 100,000 and prints the memory."""
    batches, size = 12, 250

    def edited(number: int) -> Batch:
        old = [
            preprint(f"1{number % 10}01.{number * size + one:05}", f"Old map {number} {one}", placements=())
            for one in range(size)
        ]
        return Batch({}, records=old, asked_at=datetime(2026, 11, 17, 5, tzinfo=UTC), seen=size)

    class Edited(Told):
        def fetch(self, client: Client, wanted: Wanted, cursor: object) -> object:  # type: ignore[override]
            for number in range(batches):
                batch = edited(number)
                batch.cursor, batch.finished = {"at": number}, number == batches - 1
                yield batch

    peaks: list[int] = []
    tracemalloc.start()
    try:
        harvest(
            Edited([], route="oai", tells=Tells.CHANGES),
            client,
            CL,
            progress=lambda _: peaks.append(tracemalloc.get_traced_memory()[0]),
        )
    finally:
        tracemalloc.stop()
    assert Paper.objects.count() == batches * size
    assert not Entry.objects.exists()
    assert not Edition.objects.exists()
    # What is held between batches does not grow with their number.
    assert peaks[-1] < peaks[2] + 4_000_000


@pytest.mark.django_db
@pytest.mark.parametrize("how", ["gone", "withdrawn"])
def test_h09_a_paper_taken_back_leaves_the_list_and_keeps_its_page(
    client: Client, browser: Browser, how: str
) -> None:
    """H09: flagged at the next harvest, out of the edition that is shown; the page stays, with a notice."""
    first = said("2611.00001", 1, "", 1)
    second = said("2611.00002", 1, "", 1)
    harvest(Told([first, second]), client, CL)
    print_editions(MONDAY)
    assert "part 2611.00001" in browser.get(f"/papers/date/{MONDAY}").content.decode()

    if how == "gone":
        taken = Batch({}, gone=[Gone("2611.00001")])
    else:
        taken = said("2611.00001", 2, "This paper has been withdrawn", 9)
        taken.records = [replace(taken.records[0], withdrawn=True)]
        taken.announcements = []
    harvest(Told([taken], route="oai"), client, CL)
    print_editions(MONDAY)

    shown = browser.get(f"/papers/date/{MONDAY}").content.decode()
    assert "part 2611.00002" in shown
    assert "part 2611.00001" not in shown
    page = browser.get("/papers/2611.00001")
    assert page.status_code == 200
    assert "Withdrawn: " in page.content.decode()


@pytest.fixture
def browser(tmp_path: Path, settings: object) -> Browser:
    settings.DATA = tmp_path  # type: ignore[attr-defined]
    return Browser()


# What titles and abstracts hold: marks, half formulas, signs that turn text round, nothing at all to see.
WORDS = some.lists(
    some.sampled_from(
        [
            "$",
            "$$",
            "\\(",
            "<",
            "<b>",
            "&",
            "&amp;",
            "é",
            "e\u0301",
            "\u202e",
            "\u2066",
            "\u200b",
            "\ud800",
            "\x00",
            "\x0b",
            "]]>",
            "maps",
            "fold",
        ]
    ),
    min_size=1,
    max_size=8,
).map(" ".join)


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=WORDS, abstract=WORDS)
def test_h12_whatever_a_title_holds_the_page_the_json_and_the_citation_show_it(
    client: Client, browser: Browser, title: str, abstract: str
) -> None:
    """H12: unclosed formulas, less-than, accents, signs of direction, zero width, lone surrogates, controls."""
    number = f"2611.{next(_NUMBERS):05}"
    record = preprint(number, f"Folded {title}", abstract=abstract, placements=())
    done = harvest(Told([Batch({}, records=[record], announcements=[new(number, MONDAY)])]), client, CL)
    Route.objects.update(cursor={})
    assert done.records + done.rejected == 1
    if not done.records:
        return
    print_editions(MONDAY)
    for path in (f"/papers/{number}", f"/papers/date/{MONDAY}", f"/papers/{number}.bib", f"/api/papers/{number}"):
        answer = browser.get(path)
        assert answer.status_code == 200, path
        answer.content.decode()
    assert browser.get(f"/api/papers/{number}").json()["title"]
    assert ET.fromstring(browser.get("/opensearch.xml").content) is not None


_NUMBERS = itertools.count(1)


@pytest.mark.django_db
def test_h14_with_every_source_down_the_pages_answer_and_say_so(client: Client, browser: Browser) -> None:
    """H14: a source that fails is marked; no page waits for it."""
    from broadsheet.catalog.models import Order
    from broadsheet.sources.failures import Unreachable

    Order.objects.create(place="arxiv", topics=["cs.CL"], since=MONDAY)
    for route in ("oai", "feed", "query"):
        with pytest.raises(Unreachable):
            harvest(Told([], route=route, failure=Unreachable("example answers 503")), client, CL)
    for path in ("/papers", "/coverage", "/status", "/papers/trending"):
        assert browser.get(path, follow=True).status_code == 200, path
    assert "example answers 503" in browser.get("/status").content.decode()


def test_every_promise_of_the_harvest_names_a_test_that_begins_with_its_id() -> None:
    rows = ROW.findall((ROOT / "docs" / "harvest.md").read_text("utf-8"))
    assert {promise for promise, _, _ in rows} == {f"H{number:02}" for number in range(1, 18)}
    for promise, file, name in rows:
        tree = ast.parse((ROOT / file).read_text("utf-8"))
        (found,) = [one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef) and one.name == name]
        assert (ast.get_docstring(found) or "").startswith(f"{promise}"), f"{promise}: {file}::{name}"
