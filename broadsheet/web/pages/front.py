"""``/papers``: a search where something is asked, else the latest edition."""

from django.http import HttpRequest, HttpResponse

from broadsheet.web.pages import edition, search


def papers(request: HttpRequest) -> HttpResponse:
    if request.GET.get("q", "").strip():
        return search.search(request)
    return edition.front(request)
