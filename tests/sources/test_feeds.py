"""Any feed of papers: what stands in them, and how they are asked for, against a real server."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from broadsheet.core.record import checked
from broadsheet.sources.failures import BadReply, FetchFailed, Forbidden
from broadsheet.sources.feeds import adapt, parse
from broadsheet.sources.feeds.fetch import Feeds
from broadsheet.sources.feeds.home import host_of
from broadsheet.sources.http import Client
from broadsheet.sources.place import Batch, UnknownTopic, Wanted
from tests.sources.arxiv_faults import OF_ANY_REPLY, Answer
from tests.sources.harvesting import QUICK, Held, WorldClock
from tests.sources.place_server import NOON, PlaceServer

SAMPLES = Path(__file__).parent / "samples" / "feeds"


def rss(*items: str) -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<channel><title>Papers</title>{''.join(items)}</channel></rss>"
    ).encode()


def item(title: str, link: str = "", *, day: str = "Thu, 19 Nov 2026 08:00:00 GMT", more: str = "") -> str:
    return f"<item><title>{title}</title><link>{link}</link><pubDate>{day}</pubDate>{more}</item>"


def known(link: str, more: str = "") -> list[str]:
    (one,) = parse.feed(rss(item("A title", link, more=more))).items
    return [found.key for found in checked(adapt.record(one, NOON)).ids]


def test_a_journals_feed_in_full() -> None:
    (one,) = parse.feed((SAMPLES / "journal.rdf").read_bytes()).items
    made = checked(adapt.record(one, NOON))
    assert (made.title, made.source_id) == ("Paper cranes & their creases", "10.1234/folding-f1")
    assert made.authors == ("Ada Byron", "Mira Okafor")
    assert (made.published, made.venue) == (date(2026, 11, 18), "Journal of Folding")
    assert made.abstract.endswith("A crane needs eleven creases.")
    assert made.links[0].url == "https://journal.example.org/articles/f1"


def test_a_saved_search_as_atom_in_full() -> None:
    (one,) = parse.feed((SAMPLES / "saved-search.atom").read_bytes()).items
    made = checked(adapt.record(one, NOON))
    assert [found.key for found in made.ids] == ["2611.01234", "10.1000/tidal.7"]
    assert (made.title, made.abstract) == ("Tidal Parsers for Long Reports", "Reports, read twice a day.")
    assert (made.published, made.topics, made.authors) == (date(2026, 11, 20), ("parsing",), ("Ole Bjørn",))


@pytest.mark.parametrize(
    ("link", "key"),
    [
        ("https://arxiv.org/abs/2611.00007v3", "2611.00007"),
        ("https://doi.org/10.1000/XYZ.1", "10.1000/xyz.1"),
        ("https://www.biorxiv.org/content/10.1101/2026.11.02.000003v2?rss=1", "10.1101/2026.11.02.000003"),
        ("https://www.biorxiv.org/content/10.1101/2026.11.02.000003v2.full", "10.1101/2026.11.02.000003"),
        ("https://onlinelibrary.example.com/doi/abs/10.1002%2Fabc.12?af=R", "10.1002/abc.12"),
        ("https://openreview.net/forum?id=rkgt0REKwS", "openreview:rkgt0REKwS"),
        ("https://aclanthology.org/2020.acl-main.1/", "acl:2020.acl-main.1"),
        ("https://huggingface.co/papers/2611.00009", "2611.00009"),
    ],
)
def test_ids_are_found_in_links(link: str, key: str) -> None:
    assert known(link.replace("&", "&amp;")) == [key]


def test_an_id_in_the_summary_counts_if_it_is_the_only_one() -> None:
    one = "<description>&lt;a href='https://arxiv.org/abs/2611.00001'&gt;here&lt;/a&gt;</description>"
    two = one.replace("</description>", "and doi:10.1000/other</description>")
    assert known("https://blog.example.org/1", one) == ["2611.00001"]
    assert known("https://blog.example.org/1", two)[0].startswith("title:")


def test_a_paper_without_any_id_is_known_by_its_title() -> None:
    (one,) = parse.feed(rss(item("Of Maps", "https://journal.example.org/maps.html"))).items
    made = checked(adapt.record(one, NOON))
    assert (made.source_id, made.ids[0].key.partition(":")[0]) == ("https://journal.example.org/maps.html", "title")


def test_the_author_of_rss_is_the_name_beside_the_mail_address() -> None:
    (one,) = parse.feed(rss(item("T", more="<author>ada@example.org (Ada Byron)</author>"))).items
    assert adapt.record(one, NOON).authors == ("Ada Byron",)


def test_scripts_in_a_summary_are_no_text() -> None:
    assert adapt.body("<p>One<script>alert(1)</script></p><style>p{}</style> two").text == "One two"


@pytest.mark.parametrize(
    "document", [b"<html><body>no</body></html>", b"<rss></rss>", rss(item("T"))[:-9], b"", b"{}"]
)
def test_what_is_no_whole_feed_is_refused(document: bytes) -> None:
    with pytest.raises(BadReply):
        parse.feed(document)


class Shelf:
    """Feeds by path."""

    def __init__(self) -> None:
        self.held: dict[str, object] = {
            "/a.rss": Answer(rss(item("Paper 1", "https://arxiv.org/abs/2611.00001")), headers=(("ETag", '"a1"'),)),
            "/b.rss": Answer(rss(item("Paper 2", "https://doi.org/10.1000/two")), "text/plain"),
        }

    def tell(self, path: str, _: object) -> object:
        return self.held.get(path)


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def there(shelf: Shelf) -> Iterator[PlaceServer]:
    with PlaceServer(tell=shelf.tell) as server:
        yield server


def harvested(there: PlaceServer, asking: Client, held: Held, *paths: str) -> Batch | None:
    topics = tuple(f"{there.home}{path}" for path in paths or ("/a.rss", "/b.rss"))
    return held.harvest(Feeds(), asking, Wanted(topics=topics))


def test_each_feed_is_read_and_its_papers_announced_on_their_days(there: PlaceServer, asking: Client) -> None:
    held = Held()
    last = harvested(there, asking, held)
    assert set(held.records) == {"2611.00001", "10.1000/two"}
    assert {(one.source_id, one.day, one.certain) for one in held.announcements} == {
        ("2611.00001", date(2026, 11, 19), False),
        ("10.1000/two", date(2026, 11, 19), False),
    }
    assert last is not None
    assert last.finished


def test_what_is_unchanged_is_not_sent_again(there: PlaceServer, asking: Client) -> None:
    held = Held()
    harvested(there, asking, held, "/a.rss")
    last = harvested(there, asking, held, "/a.rss")
    assert there.log[1].headers["If-None-Match"] == '"a1"'
    assert (held.cursors["feed"][f"{there.home}/a.rss"]["etag"], last.finished if last else False) == ('"a1"', True)


def test_a_feed_that_cannot_be_read_keeps_no_other_from_being_read(
    there: PlaceServer, asking: Client, shelf: Shelf
) -> None:
    shelf.held["/a.rss"] = Answer(b"<html></html>")
    held = Held()
    with pytest.raises(BadReply, match=r"the feed .*/a\.rss"):
        harvested(there, asking, held)
    assert set(held.records) == {"10.1000/two"}


def test_a_feed_that_is_gone_is_told_and_the_next_read(there: PlaceServer, asking: Client, shelf: Shelf) -> None:
    del shelf.held["/a.rss"]
    held = Held()
    with pytest.raises(FetchFailed, match="no such thing"):
        harvested(there, asking, held)
    assert set(held.records) == {"10.1000/two"}


def test_a_feed_that_refuses_names_what_asks_it_again(there: PlaceServer, asking: Client, shelf: Shelf) -> None:
    shelf.held["/a.rss"] = Answer(b"no", "text/plain", 403)
    with pytest.raises(FetchFailed, match=r"`broadsheet sources reset feeds\.127\.0\.0\.1`"):
        harvested(there, asking, Held(), "/a.rss")


def test_a_gap_since_the_last_reading_is_told(there: PlaceServer, asking: Client, shelf: Shelf) -> None:
    held = Held()
    harvested(there, asking, held, "/b.rss")
    shelf.held["/b.rss"] = Answer(rss(item("Paper 9", "https://doi.org/10.1000/nine")))
    harvested(there, asking, held, "/b.rss")
    assert "may have been missed" in held.rejects[0].reason
    assert len(held.records) == 2


def test_a_date_far_ahead_files_nothing(there: PlaceServer, asking: Client, shelf: Shelf) -> None:
    shelf.held["/a.rss"] = Answer(
        rss(item("P", "https://arxiv.org/abs/2611.00001", day="Thu, 19 Nov 2099 08:00:00 GMT"))
    )
    held = Held()
    harvested(there, asking, held, "/a.rss")
    assert (set(held.records), held.announcements) == ({"2611.00001"}, set())


def test_an_item_without_a_title_costs_only_itself(there: PlaceServer, asking: Client, shelf: Shelf) -> None:
    shelf.held["/a.rss"] = Answer(rss(item(""), item("Paper 1", "https://arxiv.org/abs/2611.00001")))
    held = Held()
    harvested(there, asking, held, "/a.rss")
    assert (len(held.records), len(held.rejects)) == (1, 1)


@pytest.mark.parametrize("written", ["", "cs.CL", "ftp://example.org/x", "https://", "javascript:alert(1)"])
def test_what_is_no_address_is_told(written: str) -> None:
    with pytest.raises(UnknownTopic, match="no address of a feed"):
        host_of(written)


def test_a_host_longer_than_any_still_names_a_file(there: PlaceServer, asking: Client) -> None:
    with pytest.raises(FetchFailed):
        list(Feeds().fetch(asking, Wanted(topics=(f"http://{'a' * 400}/x.rss",)), {}))


def test_without_an_address_there_is_nothing_to_ask(there: PlaceServer, asking: Client) -> None:
    with pytest.raises(UnknownTopic, match="no feed is named"):
        Feeds().fetch(asking, Wanted(), {})


def test_an_address_in_a_private_network_is_not_asked(there: PlaceServer, swift: Path) -> None:
    careful = Client(swift, limits=QUICK, clock=WorldClock(there.world))
    for address in (f"{there.home}/a.rss", f"https://127.0.0.1:{there.home.rpartition(':')[2]}/a.rss"):
        with pytest.raises(Forbidden):
            list(Feeds().fetch(careful, Wanted(topics=(address,)), {}))
    assert there.log == []


def test_a_redirect_to_another_host_is_not_followed(there: PlaceServer, asking: Client, shelf: Shelf) -> None:
    shelf.held["/a.rss"] = Answer(b"", "text/html", 302, (("Location", "http://169.254.169.254/latest"),))
    with pytest.raises(Forbidden, match=r"169\.254"):
        harvested(there, asking, Held(), "/a.rss")


@pytest.mark.parametrize("fault", sorted(OF_ANY_REPLY))
def test_whatever_happens_to_a_reply_the_next_run_has_it_all(
    fault: str, there: PlaceServer, asking: Client
) -> None:
    held = Held()
    there.plan.script = [fault]
    try:
        harvested(there, asking, held)
    except FetchFailed:
        there.world.now = NOON + timedelta(hours=8)
        harvested(there, asking, held)
    assert set(held.records) == {"2611.00001", "10.1000/two"}


def test_the_time_of_a_record_is_when_it_was_read(there: PlaceServer, asking: Client) -> None:
    held = Held()
    harvested(there, asking, held)
    assert held.records["2611.00001"].seen_at == datetime(2026, 11, 20, 12, tzinfo=UTC)
