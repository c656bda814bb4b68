"""Widths, colours, contrast: axe finds nothing, nothing runs out of the page."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Log

PAGES = (
    "/papers",
    "/papers?view=titles",
    "/papers/week/2026-W07",
    "/papers/month/2026-02",
    "/papers/date/2026-02-11",
    "/papers/trending?window=all",
    "/papers?q=bells",
    "/papers?q=%22no+such+words%22",
    "/papers/2602.01001",
    "/papers/2602.01002",
    "/authors/ada-marlow",
    "/about",
    "/about/ranking",
    "/papers/2602.99999",
)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing(chromium: Browser, site: str, scheme: str, width: int) -> None:
    found = {}
    with chromium.new_context(
        base_url=site, color_scheme=scheme, viewport={"width": width, "height": 900}, bypass_csp=True
    ) as context:
        page = context.new_page()
        for path in PAGES:
            page.goto(path)
            result = Axe().run(page)
            if result.violations_count:
                found[path] = result.generate_report()
    assert found == {}


def test_axe_finds_nothing_in_the_list_of_keys(chromium: Browser, site: str) -> None:
    with chromium.new_context(base_url=site, bypass_csp=True) as context:
        page = context.new_page()
        page.goto("/papers")
        page.keyboard.press("?")
        result = Axe().run(page)
        assert result.violations_count == 0, result.generate_report()


@pytest.mark.parametrize("width", [320, 390, 768, 1024, 1280, 1600])
def test_nothing_runs_out_of_the_page(chromium: Browser, site: str, width: int) -> None:
    wide = []
    with chromium.new_context(base_url=site, viewport={"width": width, "height": 800}) as context:
        page = context.new_page()
        for path in PAGES:
            page.goto(path)
            if page.evaluate("() => document.documentElement.scrollWidth > innerWidth"):
                wide.append(path)
    assert wide == []


def test_no_page_asks_a_third_party_or_complains(page: Page, log: Log, site: str) -> None:
    for path in PAGES[:-1]:
        page.goto(path)
        page.wait_for_load_state("networkidle")
    assert {one for one in log.asked if not one.startswith((site, "data:"))} == set()
    assert log.complaints == []


def test_the_text_is_set_in_our_type(page: Page) -> None:
    page.goto("/papers")
    assert page.evaluate("() => document.fonts.ready.then(() => document.fonts.check('16px Newsreader'))")
    assert page.evaluate("() => document.fonts.check('16px \"Libre Franklin\"')")


def test_a_chosen_colour_scheme_stays_and_does_not_flash(chromium: Browser, site: str) -> None:
    with chromium.new_context(base_url=site, color_scheme="light") as context:
        page = context.new_page()
        page.goto("/papers")
        light = page.evaluate("() => getComputedStyle(document.body).backgroundColor")
        page.keyboard.press("t")
        expect(page.locator("#theme")).to_have_text("Colours: Light")
        page.keyboard.press("t")
        dark = page.evaluate("() => getComputedStyle(document.body).backgroundColor")
        assert dark != light
        # The first colour that the next page paints is already the chosen one.
        page.add_init_script(
            "addEventListener('DOMContentLoaded', () => {"
            " window.first = getComputedStyle(document.body).backgroundColor })"
        )
        page.goto("/papers/trending")
        assert page.evaluate("() => window.first") == dark


def test_a_click_on_a_folded_abstract_unfolds_it(page: Page) -> None:
    page.goto("/papers")
    page.locator(".abstract").first.click()
    expect(page.locator(".abstract").first).to_have_class("abstract unfolded")


def test_bibtex_is_copied(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/papers/2602.01001")
    page.get_by_role("button", name="Copy BibTeX").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert "2602.01001" in page.evaluate("() => navigator.clipboard.readText()")
