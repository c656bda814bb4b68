"""What the site is, and how it orders papers."""

from django.http import HttpRequest, HttpResponse

from broadsheet.ranking import trending as rules
from broadsheet.ranking.hybrid import TAIL
from broadsheet.web.show import show


def about(request: HttpRequest) -> HttpResponse:
    return show(request, "about.html", {}, canonical="/about")


def ranking(request: HttpRequest) -> HttpResponse:
    """The rules as the code has them: the figures are read from it, not repeated here."""
    return show(request, "ranking.html", {"rules": _rules()}, canonical="/about/ranking")


def _rules() -> dict[str, float | str]:
    return {
        "half_life_of_a_week": rules.HALF_LIFE[rules.Window.WEEK],
        "half_life_of_a_month": rules.HALF_LIFE[rules.Window.MONTH],
        "half_life_of_a_year": rules.HALF_LIFE[rules.Window.YEAR],
        "votes_here": rules.VOTES_HERE,
        "votes_there": rules.VOTES_THERE,
        "comments": rules.COMMENTS,
        "stars": rules.STARS,
        "most_stars": rules.MOST_STARS,
        "tail": f"{TAIL:.0%}",
    }
