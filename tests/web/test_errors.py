"""What goes wrong has a page too: it says what, it offers a way on, and it gives nothing away."""

import logging
from collections.abc import Callable

import pytest
from django.http import HttpRequest
from django.test import Client, override_settings
from django.views.decorators.csrf import csrf_protect

from broadsheet.web.pages import about, errors
from tests.web.reading import read

Breaking = Callable[[BaseException], None]


class Panic(BaseException):
    """As compiled code throws it: no Exception."""


@pytest.fixture
def breaking(monkeypatch: pytest.MonkeyPatch, site: Client) -> Breaking:
    """Makes the page /about raise."""
    site.raise_request_exception = False

    def make(error: BaseException) -> None:
        def broken(*_: object, **__: object) -> None:
            raise error

        monkeypatch.setattr(about, "show", broken)

    return make


def test_an_unknown_address_offers_ways_on(site: Client) -> None:
    page = read(site.get("/no/such/page"), 404)
    assert page.text("h1") == "Not in print"
    assert page.link("The latest edition") == "/papers"


@pytest.mark.parametrize("error", [ValueError("the password is swordfish"), Panic("panicked at src/query.rs")])
def test_a_failure_is_a_plain_page_that_gives_nothing_away(
    site: Client, breaking: Breaking, error: BaseException
) -> None:
    breaking(error)
    response = site.get("/about")
    assert read(response, 500).text("h1") == "Stop press"
    for secret in (b"swordfish", b"query.rs", b"Traceback", b".py"):
        assert secret not in response.content


def test_a_failure_is_logged_with_its_cause(
    site: Client, breaking: Breaking, caplog: pytest.LogCaptureFixture
) -> None:
    breaking(Panic("panicked at src/query.rs"))
    with caplog.at_level(logging.ERROR, "django.request"):
        site.get("/about")
    assert "src/query.rs" in caplog.text


def test_ctrl_c_still_ends_the_server(site: Client, breaking: Breaking) -> None:
    breaking(KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        site.get("/about")


def test_the_pages_for_failures_ask_nothing_of_the_database(site: Client) -> None:
    """No database is allowed in this test: the pages must do without."""
    request = HttpRequest()
    request.META["HTTP_HOST"] = "testserver"
    for page in (errors.server_error, errors.page_not_found, errors.bad_request, errors.forbidden):
        assert page(request).content


def test_an_address_that_is_too_long_is_told_its_length(site: Client) -> None:
    page = read(site.get("/papers?q=" + "a" * 12_000), 414)
    assert "at most 12,000 are read" in page.text(".told")


def test_a_body_that_is_too_large_is_refused_unread(site: Client) -> None:
    response = site.post("/papers", data=b"x", content_type="text/plain", headers={"Content-Length": "1000001"})
    assert "1,000,001 bytes; at most 1,000,000" in read(response, 413).text(".told")


def test_a_length_that_is_no_number_is_refused(site: Client) -> None:
    read(site.post("/papers", data=b"x", content_type="text/plain", headers={"Content-Length": "many"}), 400)


def test_a_form_without_its_token_says_how_to_send_it_again() -> None:
    request = HttpRequest()
    request.method = "POST"
    request.META["HTTP_HOST"] = "testserver"
    with override_settings(ALLOWED_HOSTS=["testserver"]):
        response = csrf_protect(lambda request: None)(request)  # type: ignore[arg-type,return-value]
    assert response.status_code == 403
    assert "reload the page" in response.content.decode()


@pytest.mark.parametrize("host", ["evil.example.org", "localhost@evil", "two words", "x" * 300])
def test_a_host_that_is_not_ours_is_refused_without_naming_it(site: Client, host: str) -> None:
    response = site.get("/about/ranking", headers={"Host": host})
    assert response.status_code == 400
    assert host not in response.content.decode()
