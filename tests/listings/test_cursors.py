"""Going through the pages of a search while papers come and go: nothing twice, nothing passed over."""

import random
from datetime import date, timedelta

import pytest

from broadsheet.catalog.models import Outbox, Paper
from broadsheet.jobs import index
from broadsheet.listings import cursors
from broadsheet.listings.cursors import BadCursor, Cursor
from broadsheet.listings.search import SearchPage, SearchRequest, Sort, search_page
from broadsheet.ranking.paging import DEEPEST

TODAY = date(2026, 3, 1)
HELD = Cursor(TODAY, (3, 70_000, 12))


@pytest.fixture
def data(settings, tmp_path, monkeypatch):
    settings.DATA = tmp_path
    monkeypatch.setitem(settings.OPTIONS.values, "encoder", "hashed")


class Press:
    """A library about otters to which something happens between any two pages."""

    def __init__(self) -> None:
        self.chance = random.Random(11)
        self.last = 0
        for _ in range(40):
            self.add()

    def add(self, age: int | None = None) -> None:
        self.last += 1
        words = self.chance.choices(["otters", "pebbles", "rivers", "streams", "counting", "weights"], k=5)
        Outbox.objects.create(
            paper=Paper.objects.create(
                key=f"2601.{self.last:05}",
                title=f"Otters {self.last}",
                abstract=" ".join([*words, "otters"]),
                published=TODAY - timedelta(days=self.chance.randrange(1, 60) if age is None else age),
                signals={"huggingface.votes": self.chance.randrange(50)},
            ).id
        )

    def happen(self) -> None:
        for _ in range(6):
            self.add()
        for gone in self.chance.sample(list(Paper.objects.all()), 2):
            Outbox.objects.create(paper=gone.id)
            gone.delete()
        for moved in self.chance.sample(list(Paper.objects.all()), 10):
            moved.signals = {"huggingface.votes": self.chance.randrange(50)}
            moved.abstract += " otters" * self.chance.randrange(3)
            moved.save()
            Outbox.objects.create(paper=moved.id)
        if self.chance.random() < 0.3:
            index.rebuild()
        else:
            index.update()


def page(q: str = "otters", **how) -> SearchPage:
    return search_page(SearchRequest(q, **{"limit": 7, **how}), today=TODAY)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("q", "sort"),
    [*(("otters", sort) for sort in Sort), ("otters counting", Sort.NEWEST), ("year:2026", Sort.BEST)],
)
def test_no_paper_comes_twice_and_none_that_stays_is_passed_over(data, q: str, sort: Sort) -> None:
    press = Press()
    index.rebuild()
    asked = Paper.objects.filter(abstract__contains="counting") if "counting" in q else Paper.objects.all()
    throughout = set(asked.values_list("key", flat=True))
    met: list[str] = []
    now = page(q, sort=sort)
    while True:
        met += [card.key for card in now.listing.cards]
        throughout &= set(asked.values_list("key", flat=True))
        if not now.more:
            break
        if len(met) < 60:
            press.happen()
        now = page(q, sort=sort, cursor=now.cursor)
    assert len(met) == len(set(met)) > 20
    assert throughout - set(met) == set()


@pytest.mark.django_db
def test_page_numbers_alone_cannot_promise_that(data) -> None:
    press = Press()
    index.rebuild()
    first = [card.key for card in page(sort=Sort.NEWEST).listing.cards]
    press.add(age=0)
    index.update()
    second = [card.key for card in page(sort=Sort.NEWEST, page=2).listing.cards]
    assert set(first) & set(second)


@pytest.mark.django_db
def test_the_pages_behind_a_reader_stay_as_they_were(data) -> None:
    press = Press()
    index.rebuild()
    first = page(sort=Sort.NEWEST)
    press.happen()
    second = page(sort=Sort.NEWEST, page=2, cursor=first.cursor)
    press.happen()
    still = {paper.key for paper in Paper.objects.all()}
    for number, before in ((1, first), (2, second)):
        again = page(sort=Sort.NEWEST, page=number, cursor=second.cursor)
        assert [card.key for card in again.listing.cards] == [
            card.key for card in before.listing.cards if card.key in still
        ]


@pytest.mark.django_db
def test_without_an_index_the_database_goes_on_behind_a_cursor(data) -> None:
    Press()
    first = page()
    second = page(cursor=first.cursor)
    keys = [card.key for one in (first, second) for card in one.listing.cards]
    assert len(set(keys)) == 14


@pytest.mark.django_db
def test_a_search_of_the_last_days_counts_them_from_the_day_it_began(data) -> None:
    Press()
    index.rebuild()
    first = page("otters since:5d", limit=1)
    later = search_page(
        SearchRequest("otters since:5d", limit=1, cursor=first.cursor), today=TODAY + timedelta(days=3)
    )
    assert "since 24 Feb 2026" in later.understood


def test_what_was_written_is_read() -> None:
    assert cursors.read(cursors.written(HELD, "otters"), "otters", TODAY) == HELD
    assert cursors.read(cursors.written(Cursor(TODAY, ()), ""), "", TODAY).seen == ()


def test_the_deepest_cursor_fits_into_an_address() -> None:
    deepest = Cursor(TODAY, tuple(range(4_000_000, 4_000_000 + DEEPEST)))
    text = cursors.written(deepest, "otters")
    assert len(text) < cursors.LONGEST
    assert cursors.read(text, "otters", TODAY) == deepest


def test_any_changed_character_is_found() -> None:
    text = cursors.written(HELD, "otters")
    for at in range(len(text)):
        for other in "A_z":
            changed = text[:at] + other + text[at + 1 :]
            # The last character of base64 carries bits that mean nothing.
            if changed != text and at < len(text) - 1:
                with pytest.raises(BadCursor, match="damaged, or of another site: leave cursor out"):
                    cursors.read(changed, "otters", TODAY)


@pytest.mark.parametrize("text", ["", "?", "%00", "A" * 20, "A" * 1_000_000, "é", "AQ==", "\ud800"])
def test_what_is_no_cursor_is_refused(text: str) -> None:
    with pytest.raises(BadCursor, match="damaged"):
        cursors.read(text, "otters", TODAY)


def test_a_cursor_of_another_search_is_refused() -> None:
    with pytest.raises(BadCursor, match="another search"):
        cursors.read(cursors.written(HELD, "otters"), "rivers", TODAY)


def test_a_cursor_holds_for_seven_days() -> None:
    text = cursors.written(HELD, "otters")
    assert cursors.read(text, "otters", TODAY + timedelta(days=7)) == HELD
    with pytest.raises(BadCursor, match="begun on 2026-03-01, and holds for 7 days: leave cursor out"):
        cursors.read(text, "otters", TODAY + timedelta(days=8))


def test_a_cursor_is_of_this_site_and_holds_after_its_key_was_changed(settings) -> None:
    text = cursors.written(HELD, "otters")
    old, settings.SECRET_KEY = settings.SECRET_KEY, "another key altogether, as long as keys are"
    with pytest.raises(BadCursor, match="another site"):
        cursors.read(text, "otters", TODAY)
    settings.SECRET_KEY_FALLBACKS = [old]
    assert cursors.read(text, "otters", TODAY) == HELD


@pytest.mark.parametrize("narrowed", [{"year": 2025}, {"venue": "ACL"}, {"sort": Sort.VOTES}, {"topic": "cs"}])
def test_a_narrower_search_is_another(narrowed) -> None:
    assert SearchRequest("otters").search != SearchRequest("otters", **narrowed).search
    assert SearchRequest(" otters").search == SearchRequest("otters", limit=3, page=2).search
