"""Reading the parameters of a request, one rule each."""

from collections.abc import Callable
from datetime import date
from enum import StrEnum
from typing import TypeVar

from django.http import HttpRequest, HttpResponse

from broadsheet.api.problems import BadParameter

Choice = TypeVar("Choice", bound=StrEnum)
View = Callable[..., HttpResponse]


def whole(request: HttpRequest, name: str, default: int, least: int, most: int) -> int:
    raw = request.GET.get(name)
    if raw is None or raw == "":
        return default
    if not (raw.isascii() and raw.isdigit() and least <= int(raw[:12]) <= most):
        raise BadParameter(name, f"{name} is {raw[:40]!r}: send a whole number from {least} to {most}.")
    return int(raw)


def choice(request: HttpRequest, name: str, default: Choice) -> Choice:
    raw = request.GET.get(name)
    if not raw:
        return default
    kind = type(default)
    try:
        return kind(raw)
    except ValueError:
        raise BadParameter(name, f"{name} is {raw[:40]!r}: send one of {', '.join(kind)}.") from None


def flag(request: HttpRequest, name: str) -> bool:
    raw = request.GET.get(name, "").lower()
    if raw in ("", "0", "false", "no"):
        return False
    if raw in ("1", "true", "yes"):
        return True
    raise BadParameter(name, f"{name} is {raw[:40]!r}: send true or false.")


def day(request: HttpRequest, name: str) -> date | None:
    raw = request.GET.get(name, "")
    if not raw:
        return None
    try:
        return date.fromisoformat(raw)
    except ValueError:
        raise BadParameter(name, f"{name} is {raw[:40]!r}: send a day like 2026-02-10.") from None
