"""One paper, and its citation as a file."""

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.utils.http import content_disposition_header

from broadsheet.core import ids
from broadsheet.core.text import one_line
from broadsheet.listings.paper import PaperPage, paper_page
from broadsheet.web.pages.errors import not_found
from broadsheet.web.pieces import paper_link
from broadsheet.web.show import show

LONGEST_NAME = 420


def paper(request: HttpRequest, name: str) -> HttpResponse:
    """Other names of a paper lead to its own; a version leads to the paper that it is a version of."""
    found = _found(name.strip("/ "), request)
    if found is None:
        return _unknown(request, name)
    if found.key != name:
        versioned = ids.parse_arxiv(name)
        if versioned and versioned[1] and versioned[0].key == found.key:
            return HttpResponseRedirect(paper_link(found.key))
        return HttpResponsePermanentRedirect(paper_link(found.key))
    return show(request, "paper.html", {"page": found, "card": found.card}, canonical=paper_link(found.key))


def bibtex(request: HttpRequest, name: str) -> HttpResponse:
    return _citation(request, name, "bib", "application/x-bibtex")


def ris(request: HttpRequest, name: str) -> HttpResponse:
    return _citation(request, name, "ris", "application/x-research-info-systems")


def _citation(request: HttpRequest, name: str, ending: str, media_type: str) -> HttpResponse:
    found = _found(name, request)
    if found is None:
        return _unknown(request, name)
    written = found.bibtex if ending == "bib" else found.ris
    file = f"{found.key.replace('/', '_').replace(':', '_')}.{ending}"
    return HttpResponse(
        written,
        content_type=f"{media_type}; charset=utf-8",
        headers={
            "Content-Disposition": content_disposition_header(as_attachment=True, filename=file),
            "Cache-Control": "max-age=3600",
            "X-Robots-Tag": "noindex",
        },
    )


def _found(name: str, request: HttpRequest) -> PaperPage | None:
    if not name or len(name) > LONGEST_NAME or "\x00" in name:
        return None
    return paper_page(name, last_visit=getattr(request, "last_visit", None))


def _unknown(request: HttpRequest, name: str) -> HttpResponse:
    shown = one_line(name)[:100]
    named = ids.parse(name) if len(name) <= LONGEST_NAME else None
    told = f"No paper named {shown} is held here." if named else f"{shown} names no paper."
    return not_found(request, told, searched=shown, elsewhere=named.page if named else "")
