"""What a server answers whose home was shut: one page that needs no table, no key and no session."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string


class LockedMiddleware:
    """Nothing behind it is reached while the home is shut."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not settings.HOME.is_locked:
            return self.get_response(request)
        response = HttpResponse(render_to_string("workspace/locked.html", {"home": settings.HOME}), status=503)
        response.headers["Cache-Control"] = "no-store, private"
        return response
