"""Which address is which page."""

from django.urls import URLPattern, URLResolver, include, path

from broadsheet.web.pages import about, author, coverage, edition, front, paper, service, trending

urlpatterns: list[URLPattern | URLResolver] = [
    path("", edition.home, name="home"),
    path("papers", front.papers, name="papers"),
    path("papers/trending", trending.trending, name="trending"),
    *(
        path(f"papers/{kind}", edition.latest, {"kind": kind}, name=f"latest-{kind}")
        for kind in ("date", "week", "month")
    ),
    *(
        path(f"papers/{kind}/<str:slug>", edition.edition, {"kind": kind}, name=kind)
        for kind in ("date", "week", "month")
    ),
    path("papers/<path:name>.bib", paper.bibtex, name="bibtex"),
    path("papers/<path:name>.ris", paper.ris, name="ris"),
    path("papers/<path:name>", paper.paper, name="paper"),
    path("api/", include("broadsheet.api.urls")),
    path("authors/<str:key>", author.author, name="author"),
    path("about", about.about, name="about"),
    path("about/ranking", about.ranking, name="ranking"),
    path("coverage", coverage.coverage, name="coverage"),
    path("status", coverage.status, name="status"),
    path("readyz", service.ready, name="ready"),
    path("metrics", service.metrics, name="metrics"),
    path("healthz", service.health, name="health"),
    path("robots.txt", service.robots, name="robots"),
    path("favicon.ico", service.icon, name="icon"),
    path("opensearch.xml", service.opensearch, name="opensearch"),
]

handler400 = "broadsheet.web.pages.errors.bad_request"
handler403 = "broadsheet.web.pages.errors.forbidden"
handler404 = "broadsheet.web.pages.errors.page_not_found"
handler500 = "broadsheet.web.pages.errors.server_error"
