"""What a page may ask of the database: as many queries for a crowd as for a few."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client

from tests.web.world import LANTERNS, crowd, print_papers

pytestmark = pytest.mark.django_db


def queries(browser: Client, path: str) -> int:
    asked: list[str] = []

    def note(execute: Any, sql: str, *rest: Any) -> Any:
        asked.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        assert browser.get(path).status_code == 200
    return len(asked)


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/papers/date/2026-02-10", 6),
        ("/papers/date/2026-02-10?view=titles", 6),
        ("/papers/week/2026-W07", 6),
        ("/papers/month/2026-02", 6),
        ("/papers/trending", 6),
        (f"/papers/{LANTERNS}", 8),
        ("/authors/ada-marlow", 5),
        ("/about", 0),
        ("/healthz", 0),
    ],
)
def test_a_page_asks_the_database_as_often_for_many_as_for_few(printed: Client, path: str, most: int) -> None:
    few = queries(printed, path)
    print_papers(crowd(60))
    assert queries(printed, path) == few <= most
