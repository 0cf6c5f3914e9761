"""Addresses of pages as other pages write them: they keep the past day one is looking at, and are empty while no page
of that name exists."""

from __future__ import annotations

from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse

from forestall.access.session import current


def address(name: str, *arguments: object, at: str = "", **query: object) -> str:
    """The address of the page called `name`, with `query` in it; `at` is a place on that page."""
    try:
        found = reverse(name, args=arguments)
    except NoReverseMatch:
        return ""
    day = current().as_of
    asked = {key: str(value) for key, value in query.items() if value not in ("", None)}
    if day is not None:
        asked["as_of"] = day.isoformat()
    return found + (f"?{urlencode(asked)}" if asked else "") + (f"#{at}" if at else "")
