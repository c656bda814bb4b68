from django.urls import path

from broadsheet.api import papers

urlpatterns = [
    path("daily_papers", papers.daily, name="api-daily"),
    path("papers/search", papers.search, name="api-search"),
    path("papers/<path:key>", papers.paper, name="api-paper"),
]
