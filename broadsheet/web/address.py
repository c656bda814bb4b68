"""Addresses: the parameters a page knows, read, put in one order and written back into links.

A reader, a crawler and a cache should meet one address for one page: parameters that are unknown, empty, at
their default or out of order lead to the address without them.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import parse_qsl, urlencode

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from broadsheet.core.text import one_line

LAST_PAGE = 100_000
MAX_ADDRESS = 12_000
"""Characters of an address that are read at most."""


class BadAddress(BadRequest):
    """A parameter that cannot be meant; the message names it and shows the right form, and is what the 400 page says."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """``read`` gives what was asked in its one form: empty for the default and for what makes no sense.

    It raises ``BadAddress`` where leaving the parameter out would show something else than was asked.
    """

    name: str
    read: Callable[[str], str]


def text(name: str, most: int = 200) -> Parameter:
    return Parameter(name, lambda raw: one_line(raw)[:most])


def choice(name: str, *values: str) -> Parameter:
    """One of ``values``; the first is the default."""
    return Parameter(name, lambda raw: raw if raw in values[1:] else "")


def flag(name: str) -> Parameter:
    return Parameter(name, lambda raw: "1" if raw in ("1", "true", "yes", "on") else "")


def day(name: str) -> Parameter:
    def read(raw: str) -> str:
        if not raw.strip():
            return ""
        try:
            return date.fromisoformat(raw.strip()[:10]).isoformat()
        except ValueError:
            raise BadAddress(f"{name}={one_line(raw)[:40]} is not a day: write it like 2026-02-10") from None

    return Parameter(name, read)


def year(name: str) -> Parameter:
    def read(raw: str) -> str:
        if raw.strip() and not re.fullmatch(r"[12]\d{3}", raw.strip(), re.ASCII):
            raise BadAddress(f"{name}={one_line(raw)[:40]} is not a year: write it like 2025")
        return raw.strip()

    return Parameter(name, read)


def _page(raw: str) -> str:
    number = int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 9 else 1
    return str(min(number, LAST_PAGE)) if number > 1 else ""


PAGE = Parameter("page", _page)
VIEW = choice("view", "full", "titles")


@dataclass(frozen=True, slots=True)
class Address:
    """Where a page is: ``values`` holds what was asked beside the path, in order, defaults left out."""

    path: str
    values: Mapping[str, str]

    def get(self, name: str) -> str:
        return self.values.get(name, "")

    def link(self, path: str = "", **changes: str) -> str:
        """This page with ``changes`` (empty takes a parameter away); the place in the list does not survive them."""
        held = {**self.values, "cursor": "", "page": "", **changes}
        asked = urlencode({name: value for name, value in held.items() if value})
        return f"{path or self.path}?{asked}" if asked else path or self.path

    @property
    def page(self) -> int:
        return int(self.get("page") or 1)

    @property
    def view(self) -> str:
        return self.get("view") or "full"

    @property
    def here(self) -> str:
        return self.at(self.page)

    def at(self, page: int) -> str:
        """Another page of the same list, as its cursor has seen it."""
        return self.link(cursor=self.get("cursor"), page=str(page) if page > 1 else "")

    def seen(self, cursor: str) -> "Address":
        """This page with another cursor."""
        return Address(self.path, {**self.values, "cursor": cursor, "page": self.get("page")})

    @property
    def page_before(self) -> str:
        return self.at(self.page - 1)

    @property
    def page_after(self) -> str:
        return self.at(self.page + 1)

    @property
    def in_full(self) -> str:
        return self.link(view="")

    @property
    def in_titles(self) -> str:
        return self.link(view="titles")

    @property
    def plain(self) -> bool:
        """Whether nothing but the path was asked for."""
        return not self.values


def read_address(request: HttpRequest, *parameters: Parameter) -> Address:
    """What ``request`` asks for.

    Raises:
        BadAddress: if a parameter must not be left out and cannot be read.
    """
    values = {one.name: value for one in parameters if (value := one.read(request.GET.get(one.name, "")))}
    return Address(request.path, values)


def elsewhere(request: HttpRequest, address: Address) -> HttpResponse | None:
    """A redirect to ``address`` if the request was written another way; fragments stay where they are."""
    if request.headers.get("HX-Request"):
        return None
    written = parse_qsl(request.META.get("QUERY_STRING", ""), keep_blank_values=True, errors="replace")
    meant = parse_qsl(address.here.partition("?")[2], keep_blank_values=True, errors="replace")
    return None if written == meant else HttpResponseRedirect(address.here)
