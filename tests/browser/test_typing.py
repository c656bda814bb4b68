"""Searching while typing, with htmx and without JavaScript."""

from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import Log


def test_typing_shows_results_and_keeps_the_reader_typing(page: Page, log: Log) -> None:
    page.goto("/papers")
    page.locator("#q").press_sequentially("bells", delay=20)
    expect(page.get_by_role("heading", level=1)).to_have_text("bells")
    expect(page.locator("h3 mark").first).to_have_text("Bells")
    expect(page.locator("#q")).to_be_focused()
    expect(page).to_have_title("bells · Broadsheet")
    page.wait_for_url("**/papers?q=bells")
    assert log.complaints == []


def test_one_step_back_leads_to_where_the_search_began(page: Page) -> None:
    page.goto("/papers/date/2026-02-09")
    page.locator("#q").press_sequentially("be", delay=400)
    page.locator("#q").press_sequentially("lls", delay=400)
    page.wait_for_url("**/papers?q=bells")
    page.go_back()
    page.wait_for_url("**/papers/date/2026-02-09")
    expect(page.get_by_role("heading", level=1)).to_have_text("Monday, February 9, 2026")


def test_the_number_found_is_announced(page: Page) -> None:
    page.goto("/papers")
    page.locator("#q").press_sequentially("bells")
    expect(page.locator("#announce")).to_contain_text("found")


def test_a_filter_narrows_at_once_and_stays_while_typing_on(page: Page) -> None:
    page.goto("/papers?q=rivers+theorems")
    page.get_by_label("Look for").select_option("words")
    page.wait_for_url("**/papers?q=rivers+theorems&mode=words")
    page.locator("#q").press("End")
    page.locator("#q").press_sequentially(" cupboard")
    page.wait_for_url("**mode=words**")
    expect(page.get_by_role("heading", level=1)).to_have_text("rivers theorems cupboard")


def test_emptying_the_box_shows_the_edition_again(page: Page) -> None:
    page.goto("/papers?q=bells")
    page.locator("#q").fill("")
    expect(page.get_by_role("heading", level=1)).to_have_text("Tuesday, February 10, 2026")


def test_an_error_is_shown_in_the_page(page: Page) -> None:
    page.goto("/papers?q=bells")
    page.evaluate("() => { document.getElementById('q').maxLength = 99999 }")
    page.locator("#q").fill("a" * 9_000)
    expect(page.locator(".told")).to_contain_text("9,000 characters")


def test_a_search_works_without_javascript(chromium: Browser, site: str) -> None:
    with chromium.new_context(base_url=site, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto("/papers")
        page.locator("#q").fill("bells")
        page.locator("#q").press("Enter")
        page.wait_for_url("**/papers?q=bells")
        expect(page.locator("h3 mark").first).to_have_text("Bells")
        page.get_by_label("Order").select_option("newest")
        page.get_by_role("button", name="Apply").click()
        page.wait_for_url("**/papers?q=bells&sort=newest")


def test_an_edition_is_narrowed_without_javascript(chromium: Browser, site: str) -> None:
    with chromium.new_context(base_url=site, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto("/papers/date/2026-02-10")
        page.get_by_label("With code").check()
        page.get_by_role("button", name="Apply").click()
        page.wait_for_url("**/papers/date/2026-02-10?code=1")
        expect(page.locator("[data-paper]")).to_have_count(1)
        expect(page.locator("#theme")).to_be_hidden()


def test_results_can_be_walked_with_the_keys(page: Page, context: BrowserContext) -> None:
    page.goto("/papers")
    page.locator("#q").press_sequentially("bells")
    expect(page.locator("h3 mark").first).to_have_text("Bells")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("o")
    page.wait_for_url("**/papers/2602.01002")
