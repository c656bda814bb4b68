"""Three hundred hostile titles, abstracts and names in a real browser: nothing runs, and no policy is even tried."""

from playwright.sync_api import Page

from tests.browser.conftest import Log
from tests.factories import preprint, record
from tests.web.test_escaping import BREAKOUTS
from tests.web.world import print_papers

WRAPPERS = (
    "{}", "$ {} $", "${}$", "\\emph{{{}}}", "\\text{{{}}}", "$$\\text{{{}}}$$", "\\({}\\)", "\\[ {} \\]", "<!-- {}", "--> {}",
    "]]> {}", "`{}`", "&#60;{}", "\u202e{}", "{}\x00", "'{}", '"{}', "%3Cscript%3E{}", "</textarea>{}", "</noscript>{}",
)  # fmt: skip


def test_nothing_that_papers_say_is_ever_run(page: Page, log: Log, site: str) -> None:
    attacks = [wrapper.format(payload) for wrapper in WRAPPERS for payload in BREAKOUTS]
    assert len(attacks) == 300
    for first in range(0, len(attacks), 100):
        records = []
        for number, attack in enumerate(attacks[first : first + 100], first + 5_000):
            key = f"2602.{number:05}"
            records.append(preprint(key, f"Attack {number} {attack}", abstract=attack, authors=(f"N {attack}",)))
            records.append(
                record(
                    "huggingface",
                    key,
                    title=f"Attack {number} {attack}",
                    ids=(key,),
                    keywords=(attack,),
                    summary=attack,
                )
            )
        print_papers(records)
    page.add_init_script(
        "window.pwned = () => { window.ran = true };"
        "addEventListener('securitypolicyviolation', (one) => console.error('policy', one.violatedDirective));"
    )
    for path in (
        *(f"/papers/date/2026-02-10?page={number}" for number in range(1, 8)),
        "/papers/date/2026-02-10?view=titles",
        *(f"/papers/2602.{number:05}" for number in range(5_000, 5_300, 20)),
    ):
        page.goto(path)
        assert page.evaluate("() => window.ran") is None, path
        for _ in range(3):
            page.keyboard.press("j")
    assert log.complaints == []
    assert {one for one in log.asked if not one.startswith(site)} == set()


def test_nothing_that_is_asked_is_ever_run(page: Page, log: Log) -> None:
    page.add_init_script("window.pwned = () => { window.ran = true }")
    page.goto("/papers?q=bells")
    for payload in BREAKOUTS:
        page.locator("#q").fill(payload)
        page.wait_for_function("(said) => document.title.startsWith(said)", arg=payload[:8])
        assert page.evaluate("() => window.ran") is None, payload
    assert log.complaints == []
