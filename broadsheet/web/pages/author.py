"""The papers of an author's name."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect

from broadsheet.core.text import name_key, one_line
from broadsheet.listings.author import author_page
from broadsheet.web import address as ask
from broadsheet.web.address import elsewhere, read_address
from broadsheet.web.pages.edition import TITLES_A_PAGE
from broadsheet.web.pages.errors import not_found
from broadsheet.web.show import show


def author(request: HttpRequest, key: str) -> HttpResponse:
    address = read_address(request, ask.VIEW, ask.PAGE)
    if moved := elsewhere(request, address):
        return moved
    folded = name_key(one_line(key)[:300])
    page = author_page(
        key.replace("\x00", "")[:150],
        page=address.page,
        limit=settings.OPTIONS["page_size"] if address.view == "full" else TITLES_A_PAGE,
        last_visit=getattr(request, "last_visit", None),
    )
    if page is None and folded and folded != key:
        return HttpResponsePermanentRedirect(f"/authors/{folded}")
    if page is None:
        name = folded.replace("-", " ")
        return not_found(request, f"Nobody named {name or 'so'} wrote a paper held here.", searched=name)
    listing = page.listing
    if listing.total and address.page > listing.pages:
        return HttpResponseRedirect(address.link(page=str(listing.pages)))
    context = {"page": page, "listing": listing, "address": address}
    return show(request, "author.html", context, canonical=f"/authors/{page.key}", indexed=address.plain)
