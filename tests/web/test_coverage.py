"""The pages on whether all is here, and how the site is."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from broadsheet.catalog.models import Alarm, Coverage, Order, Route, Run

pytestmark = pytest.mark.django_db

TUESDAY = date(2026, 2, 10)


@pytest.fixture
def watched(site: Client) -> Client:
    """A site that harvests one topic, of which a day lacks a paper."""
    Order.objects.create(place="arxiv", topics=["cs.CL"], since=date(2026, 2, 1))
    Coverage.objects.create(
        place="arxiv", topic="cs.CL", day=date(2026, 2, 9), state="complete", announced=7, held=7
    )
    Coverage.objects.create(
        place="arxiv", topic="cs.CL", day=TUESDAY, state="missing", announced=8, held=7, missing=1
    )
    return site


def read(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_day_that_lacks_a_paper_is_named_in_words_not_by_colour_alone(watched: Client) -> None:
    page = read(watched, "/coverage")
    assert "Not all is here" in page
    assert "Tue Feb 10: 1 of 8 missing" in page
    assert "Mon Feb 9: all 7 held" in page


def test_a_site_that_holds_everything_says_so(watched: Client) -> None:
    Coverage.objects.update(state="complete", missing=0)
    assert "Nothing is missing" in read(watched, "/coverage")


def test_a_site_that_harvests_nothing_says_how_to_begin(site: Client) -> None:
    page = read(site, "/coverage")
    assert "Nothing is harvested yet" in page
    assert "broadsheet harvest arxiv" in page


def test_earlier_days_are_a_link_away(watched: Client) -> None:
    page = read(watched, "/coverage?until=2026-01-02")
    assert "Tue Feb 10" not in page
    assert 'rel="next"' in page


def test_a_day_that_is_none_is_not_found(watched: Client) -> None:
    assert watched.get("/coverage?until=yesterday").status_code == 404


def test_a_topic_in_the_address_is_text_and_nothing_else(watched: Client) -> None:
    page = read(watched, "/coverage?topic=%3Cscript%3Ealert(1)%3C/script%3E")
    assert "<script>alert" not in page


def test_the_status_names_a_route_that_is_stale_and_why(site: Client) -> None:
    Route.objects.create(
        place="arxiv",
        route="feed",
        scope="cs.CL",
        succeeded_at=datetime(2026, 2, 9, 6, tzinfo=UTC),
        failure="rss.arxiv.org answers 503",
    )
    page = read(site, "/status")
    assert "arxiv by feed" in page
    assert "stale: rss.arxiv.org answers 503" in page


def test_the_status_lists_runs_with_what_they_counted(site: Client) -> None:
    now = timezone.now()
    Run.objects.create(job="harvest", target="arxiv by oai", state="done", tally={"added": 1234}, finished_at=now)
    assert "1,234 added" in read(site, "/status")


def test_an_alarm_is_on_both_pages_and_in_readyz_which_stays_ready(watched: Client) -> None:
    Alarm.objects.create(name="arxiv cs.CL 2026-02-10", said="arxiv cs.CL: 1 of 8 papers are missing")
    for path in ("/coverage", "/status", "/readyz"):
        assert "arxiv cs.CL: 1 of 8 papers are missing" in read(watched, path), path


def test_with_the_database_gone_the_site_is_not_ready(site: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import DatabaseError

    from broadsheet.listings import status

    def gone() -> Any:
        raise DatabaseError("no")

    monkeypatch.setattr(status, "alarms", gone)
    assert site.get("/readyz").status_code == 503


def test_metrics_count_the_days_of_the_ledger_by_state(watched: Client) -> None:
    page = read(watched, "/metrics")
    assert 'broadsheet_coverage_days{place="arxiv",state="missing"} 1' in page
    assert "broadsheet_papers 0" in page


def test_the_price_of_the_ledger_does_not_grow_with_its_days(
    watched: Client, django_assert_max_num_queries: Any
) -> None:
    for day in range(11, 28):
        Coverage.objects.create(place="arxiv", topic="cs.CL", day=date(2026, 1, day), state="complete")
    with django_assert_max_num_queries(8):
        watched.get("/coverage")
