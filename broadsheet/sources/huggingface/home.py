"""Daily Papers of Hugging Face as a place: its facts and terms."""

from datetime import date
from zoneinfo import ZoneInfo

from broadsheet.sources.pace import Budget
from broadsheet.sources.place import Place

_SATURDAY = 5


def announces(day: date) -> bool | None:
    """No list on Saturdays and Sundays. One on other days grows until it is over, so before that nothing is late."""
    return None if day.weekday() < _SATURDAY else False


HUGGINGFACE = Place(
    name="huggingface",
    title="Daily Papers of Hugging Face",
    home="https://huggingface.co/papers",
    terms=(
        "Its API is open without a key for 500 requests in five minutes; what is left is told in every reply and "
        "obeyed. Votes and stars are kept as counted by Hugging Face, never mixed with ours."
    ),
    terms_at="https://huggingface.co/docs/hub/rate-limits",
    # All saved items that tell when they were submitted stand in the list of that day in UTC.
    zone=ZoneInfo("UTC"),
    budget=Budget("huggingface", 1.0),
    announces=announces,
)
