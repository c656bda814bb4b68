"""What takes too long is broken off and told, and the next request is answered."""

import pytest
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from broadsheet.jobs import index
from broadsheet.listings import turns
from broadsheet.listings.turns import OutOfTurn, TooSlow, Turns
from broadsheet.web import deadlines
from broadsheet.web.deadlines import DeadlineMiddleware
from tests.web.reading import read

pytestmark = pytest.mark.django_db
ENDLESS = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n",
    "postgresql": "SELECT pg_sleep(60)",
}


def ask(sql: str) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return HttpResponse(str(cursor.fetchone()[0]))


def test_a_statement_without_end_is_broken_off(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deadlines, "SECONDS", 0.1)
    bounded = DeadlineMiddleware(lambda request: ask(ENDLESS[connection.vendor]))
    with pytest.raises(OperationalError) as broken:
        bounded(RequestFactory().get("/papers"))
    told = bounded.process_exception(RequestFactory().get("/papers"), broken.value)
    assert told is not None
    assert (told.status_code, told["Retry-After"]) == (503, "5")
    assert "took the database too long" in told.content.decode()


def test_after_the_request_a_statement_may_take_its_time(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deadlines, "SECONDS", 0.05)
    assert DeadlineMiddleware(lambda request: ask("SELECT 1"))(RequestFactory().get("/papers")).content == b"1"
    long = (
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000) SELECT count(*) FROM n"
    )
    assert ask(long).content == b"1000000"


def test_other_errors_of_the_database_are_not_hidden() -> None:
    bounded = DeadlineMiddleware(lambda request: HttpResponse())
    assert bounded.process_exception(HttpRequest(), OperationalError("no such table: papers")) is None
    assert bounded.process_exception(HttpRequest(), ValueError("interrupted")) is None


@pytest.mark.parametrize(("error", "again"), [(OutOfTurn, "1"), (TooSlow, "5")])
@pytest.mark.parametrize("path", ["/papers?q=bells", "/api/papers/search?q=bells"])
def test_a_search_out_of_turn_is_told_when_to_come_again(
    printed: Client, monkeypatch: pytest.MonkeyPatch, error: type[turns.TooBusy], again: str, path: str
) -> None:
    def refuse(*_: object) -> None:
        raise error

    index.rebuild()
    monkeypatch.setattr(Turns, "run", refuse)
    response = printed.get(path)
    assert response.status_code == 503
    assert response["Retry-After"] == again
    assert "search" in response.content.decode()
    if path.startswith("/papers"):
        assert read(response, 503).one("#q").attributes["value"] == "bells"


def test_the_turn_is_that_of_the_client(printed: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    index.rebuild()
    asked: list[str] = []
    run = Turns.run

    def noted(self: Turns, client: str, work):
        asked.append(client)
        return run(self, client, work)

    monkeypatch.setattr(Turns, "run", noted)
    printed.get("/papers?q=bells", REMOTE_ADDR="192.0.2.7", headers={"X-Forwarded-For": "203.0.113.9"})
    assert asked == ["192.0.2.7"]
