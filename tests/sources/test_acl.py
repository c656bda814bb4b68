"""The ACL Anthology: what its files say, and that each change to them is read once, against a real server."""

import hashlib
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import orjson
import pytest

from broadsheet.core.record import Precision, Record, Version, checked
from broadsheet.sources import places
from broadsheet.sources.acl import adapt, parse
from broadsheet.sources.acl.home import checked_topic, is_of, year_of
from broadsheet.sources.failures import BadReply, FetchFailed
from broadsheet.sources.http import Client
from broadsheet.sources.place import Batch, UnknownTopic, Wanted
from tests.sources.arxiv_faults import OF_ANY_REPLY, Answer
from tests.sources.harvesting import Held
from tests.sources.place_server import NOON, PlaceServer

SAMPLE = (Path(__file__).parent / "samples" / "acl" / "2026.folds.xml").read_bytes()


def sample() -> list[Record]:
    return [checked(adapt.record(one, NOON)) for one in parse.collection(SAMPLE)]


def one_paper(collection: str, volume: str, paper: str) -> str:
    said = f'<paper id="{paper}"><title>A title</title></paper>'
    raw = f'<collection id="{collection}"><volume id="{volume}"><meta/>{said}</volume></collection>'
    (item,) = parse.collection(raw.encode())
    made = adapt.identifier(item)
    return made.value if made else ""


def test_a_paper_in_full() -> None:
    made = sample()[0]
    assert made.title == "Parsing Kazakh letters in $O(n \\log n)$ folds"
    assert made.abstract == "Letters are folded once, then twice; see https://folds.example.org/code for $\\alpha$."
    assert made.authors == ("Mira Okafor", "Sequoyah")
    assert [one.key for one in made.ids] == ["acl:2026.folds-main.1", "10.18653/v1/2026.folds-main.1"]
    assert made.venue == "Proceedings of the First Workshop on Folded Texts"
    assert (made.published, made.precision) == (date(2026, 7, 1), Precision.MONTH)
    assert made.comment == "Best Paper"
    assert [one.url for one in made.links] == [
        "https://aclanthology.org/2026.folds-main.1", "https://aclanthology.org/2026.folds-main.1.pdf",
    ]  # fmt: skip


def test_revisions_are_versions() -> None:
    assert sample()[0].versions == (Version(1), Version(2, date(2026, 11, 19)))


def test_a_retracted_paper_is_flagged_and_known_by_its_place_in_the_volume() -> None:
    made = sample()[1]
    assert (made.withdrawn, made.source_id) == (True, "2026.folds-main.2")


def test_front_matter_is_no_paper() -> None:
    assert len(sample()) == 2


@pytest.mark.parametrize(
    ("collection", "volume", "paper", "key"),
    [
        ("P19", "1", "1", "P19-1001"),
        ("W12", "39", "3", "W12-3903"),
        ("D19", "4", "7", "D19-4007"),
        ("D19", "50", "7", "D19-5007"),
        ("C69", "1", "12", "C69-0112"),
        ("2020.acl", "main", "1", "2020.acl-main.1"),
    ],
)
def test_ids_are_made_as_the_anthology_makes_them(collection: str, volume: str, paper: str, key: str) -> None:
    assert one_paper(collection, volume, paper) == key


def test_venues_collections_and_old_letters_are_topics() -> None:
    assert is_of("2026.acl", "acl")
    assert is_of("2026.acl", "2026.acl")
    assert is_of("P19", "P")
    assert not is_of("2026.naacl", "acl")
    assert [year_of(one) for one in ("2026.acl", "P19", "C69", "odd")] == [2026, 2019, 1969, None]
    with pytest.raises(UnknownTopic, match="no venue"):
        checked_topic("cs.CL")


@pytest.mark.parametrize(
    "value", [[], {}, {"tree": []}, {"tree": [{"path": "a.xml", "sha": "1"}], "truncated": True}]
)
def test_a_list_of_files_that_is_not_all_of_it_is_refused(value: object) -> None:
    with pytest.raises(BadReply):
        parse.files(value)


class Library:
    """Files by name, and what their list says of them: by default the truth."""

    def __init__(self) -> None:
        self.held = {"2026.folds": SAMPLE, "2019.old": self.paper("2019.old"), "P19": self.paper("P19")}
        self.stale: dict[str, bytes] = {}

    def paper(self, name: str, title: str = "An old paper") -> bytes:
        said = f'<paper id="1"><title>{title}</title></paper>'
        return f'<collection id="{name}"><volume id="1"><meta/>{said}</volume></collection>'.encode()

    def tell(self, path: str, _: object) -> object:
        if path == "/list":
            entries = [{"path": "schema.rnc", "sha": "0"}]
            entries += [{"path": f"{name}.xml", "sha": self._sha(raw)} for name, raw in self.held.items()]
            etag = self._sha(repr(entries).encode())
            return Answer(orjson.dumps({"tree": entries}), "application/json", 200, (("ETag", etag),))
        name = path.removeprefix("/xml/").removesuffix(".xml")
        raw = self.stale.get(name) or self.held.get(name)
        return Answer(raw, "text/plain; charset=utf-8") if raw else None

    def _sha(self, raw: bytes) -> str:
        return hashlib.sha1(b"blob %d\0" % len(raw) + raw, usedforsecurity=False).hexdigest()


@pytest.fixture
def library() -> Library:
    return Library()


@pytest.fixture
def there(library: Library) -> Iterator[PlaceServer]:
    with PlaceServer(tell=library.tell) as server:
        yield server


def harvested(there: PlaceServer, asking: Client, held: Held, wanted: Wanted | None = None) -> Batch | None:
    (source,) = places.routes("acl", {"list": f"{there.home}/list", "xml": f"{there.home}/xml"})
    return held.harvest(source, asking, wanted or Wanted())


def test_every_file_is_read_and_its_papers_filed_on_the_day_they_were_added(
    there: PlaceServer, asking: Client
) -> None:
    held = Held()
    last = harvested(there, asking, held)
    assert set(held.records) == {"2026.folds-main.1", "2026.folds-main.2", "2019.old-1.1", "P19-1001"}
    assert {(one.source_id, one.day) for one in held.announcements} == {
        ("2026.folds-main.1", date(2026, 11, 18)), ("2026.folds-main.2", date(2026, 11, 18)),
    }  # fmt: skip
    assert last is not None
    assert last.finished


def test_a_list_as_it_was_costs_one_request(there: PlaceServer, asking: Client) -> None:
    held = Held()
    harvested(there, asking, held)
    asked = len(there.log)
    last = harvested(there, asking, held)
    assert len(there.log) == asked + 1
    assert last is not None
    assert last.finished


def test_only_files_that_changed_are_read_again(there: PlaceServer, asking: Client, library: Library) -> None:
    held = Held()
    harvested(there, asking, held)
    library.held["P19"] = library.paper("P19", "An old paper, corrected")
    asked = len(there.log)
    harvested(there, asking, held)
    assert there.paths[asked:] == ["/list", "/xml/P19.xml"]
    assert held.records["P19-1001"].title == "An old paper, corrected"


def test_a_file_that_is_not_yet_what_the_list_says_is_read_next_time(
    there: PlaceServer, asking: Client, library: Library
) -> None:
    held = Held()
    harvested(there, asking, held)
    library.stale["P19"] = library.held["P19"]
    library.held["P19"] = library.paper("P19", "New words")
    with pytest.raises(BadReply, match="P19 is not yet"):
        harvested(there, asking, held)
    library.stale.clear()
    harvested(there, asking, held)
    assert held.records["P19-1001"].title == "New words"


def test_topics_choose_files(there: PlaceServer, asking: Client) -> None:
    held = Held()
    harvested(there, asking, held, Wanted(topics=("folds",)))
    assert there.paths == ["/list", "/xml/2026.folds.xml"]
    assert {one.topic for one in held.announcements} == {"folds"}


def test_since_leaves_out_collections_of_years_before(there: PlaceServer, asking: Client) -> None:
    held = Held()
    harvested(there, asking, held, Wanted(since=date(2026, 11, 1)))
    assert there.paths == ["/list", "/xml/2026.folds.xml"]
    harvested(there, asking, held, Wanted(since=date(2026, 11, 1)))
    assert there.paths[2:] == ["/list"]


def test_a_killed_harvest_goes_on_with_the_next_file(there: PlaceServer, asking: Client) -> None:
    held = Held()
    (source,) = places.routes("acl", {"list": f"{there.home}/list", "xml": f"{there.home}/xml"})
    next(held.steps(source, asking, Wanted()))
    asked = len(there.log)
    harvested(there, asking, held)
    assert there.paths[asked:] == ["/list", "/xml/2026.folds.xml", "/xml/P19.xml"]
    assert len(held.records) == 4


@pytest.mark.parametrize("fault", sorted(OF_ANY_REPLY))
@pytest.mark.parametrize("at", [0, 2])
def test_whatever_happens_to_a_reply_the_next_run_has_it_all(
    fault: str, at: int, there: PlaceServer, asking: Client
) -> None:
    held = Held()
    there.plan.script = [None] * at + [fault]
    try:
        harvested(there, asking, held)
    except FetchFailed:
        there.world.now = NOON + timedelta(hours=8)
        harvested(there, asking, held)
    assert len(held.records) == 4
