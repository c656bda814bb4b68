"""What every page knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from broadsheet import __version__
from broadsheet.core.day import edition_day


def site(request: HttpRequest) -> dict[str, Any]:
    return {
        "site_name": settings.OPTIONS["site_name"],
        "version": __version__,
        "today": edition_day(timezone.now()),
    }
