"""How the standing orders and the routes to their places are, for commands and pages."""

from typing import Any

from broadsheet.catalog.models import Order, Route
from broadsheet.jobs import morning
from broadsheet.sources import places as known


def places() -> list[dict[str, Any]]:
    """Every place there is: its terms, what is ordered of it (None: nothing) and how each of its routes is."""
    ordered = {one.place: list(one.topics) for one in Order.objects.all()}
    asking = morning.client()
    found = []
    for name in known.names():
        routes = morning.routes_to(name)
        place = routes[0].place
        found.append(
            {
                "name": name,
                "title": place.title,
                "home": place.home,
                "terms": place.terms,
                "terms_at": place.terms_at,
                "key": place.key,
                "seconds_between_requests": place.budget.gap,
                "ordered": ordered.get(name),
                "routes": [
                    {
                        "name": f"{name}.{one.route}",
                        "tells": one.tells.value,
                        "said": _said(name, one.route, asking.breaker(f"{name}.{one.route}").health()),
                    }
                    for one in routes
                ],
            }
        )
    return found


def _said(place: str, route: str, health: Any) -> str:
    """How a route is, in a sentence."""
    if health.refused:
        return f"left alone until a person has looked: {health.reason} Then: `broadsheet sources reset {place}.{route}`"
    row = Route.objects.filter(place=place, route=route).order_by("-succeeded_at").first()
    if health.failures:
        return f"failed {health.failures} times in a row: {health.reason}"
    if row is None or row.succeeded_at is None:
        return "not asked yet" if row is None or not row.failure else row.failure
    return f"read to its end at {row.succeeded_at:%Y-%m-%d %H:%M} UTC"
