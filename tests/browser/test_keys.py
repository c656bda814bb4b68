"""Reading with the keyboard."""

from playwright.sync_api import Page, expect

FOCUSED = "() => document.activeElement.textContent"


def test_j_and_k_move_the_focus_from_paper_to_paper(page: Page) -> None:
    page.goto("/papers")
    page.keyboard.press("j")
    assert page.evaluate(FOCUSED).startswith("Lanterns")
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.evaluate(FOCUSED) == "Slow Rivers Carry Far"
    page.keyboard.press("k")
    assert page.evaluate(FOCUSED).startswith("Bells")


def test_j_stays_on_the_last_paper(page: Page) -> None:
    page.goto("/papers")
    for _ in range(9):
        page.keyboard.press("j")
    assert page.evaluate(FOCUSED) == "A Cupboard of Small Theorems"


def test_o_opens_the_paper(page: Page) -> None:
    page.goto("/papers")
    page.keyboard.press("j")
    page.keyboard.press("o")
    page.wait_for_url("**/papers/2602.01001")


def test_e_unfolds_the_abstract(page: Page) -> None:
    page.goto("/papers")
    page.keyboard.press("j")
    page.keyboard.press("e")
    expect(page.locator(".abstract.unfolded")).to_have_count(1)
    page.keyboard.press("e")
    expect(page.locator(".abstract.unfolded")).to_have_count(0)


def test_slash_goes_to_the_search_box_and_escape_leaves_it(page: Page) -> None:
    page.goto("/papers")
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    assert page.locator("#q").input_value() == ""
    page.keyboard.press("Escape")
    expect(page.locator("#q")).not_to_be_focused()


def test_letters_typed_into_the_search_box_are_letters(page: Page) -> None:
    page.goto("/papers")
    page.locator("#q").fill("")
    page.locator("#q").press_sequentially("jokes?")
    assert page.locator("#q").input_value() == "jokes?"
    expect(page.locator("dialog")).not_to_be_visible()


def test_a_question_mark_shows_the_keys_and_escape_hides_them(page: Page) -> None:
    page.goto("/papers")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).not_to_be_visible()


def test_brackets_turn_to_the_neighbouring_editions(page: Page) -> None:
    page.goto("/papers")
    page.keyboard.press("[")
    page.wait_for_url("**/papers/date/2026-02-09")
    page.keyboard.press("]")
    page.wait_for_url("**/papers/date/2026-02-10")


def test_v_changes_between_titles_and_full(page: Page) -> None:
    page.goto("/papers")
    page.keyboard.press("v")
    page.wait_for_url("**/papers?view=titles")
    page.keyboard.press("v")
    page.wait_for_url("**/papers")


def test_the_browsers_own_keys_are_left_alone(page: Page) -> None:
    page.goto("/papers")
    page.keyboard.press("Control+j")
    page.keyboard.press("Alt+k")
    assert page.evaluate("() => document.activeElement.tagName") == "BODY"


def test_the_first_tab_skips_to_the_papers(page: Page) -> None:
    page.goto("/papers")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the papers")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#page")).to_be_focused()
