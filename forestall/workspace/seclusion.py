"""Headers by which a browser keeps our pages to themselves, and from the machine's senses."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

_UNUSED = (
    "accelerometer", "autoplay", "bluetooth", "camera", "display-capture", "encrypted-media", "fullscreen", "geolocation",
    "gyroscope", "hid", "idle-detection", "local-fonts", "magnetometer", "microphone", "midi", "payment",
    "picture-in-picture", "screen-wake-lock", "serial", "usb", "web-share",
    "xr-spatial-tracking",
)  # fmt: skip
_OURS = ("publickey-credentials-create", "publickey-credentials-get")
PERMISSIONS = ", ".join([*(f"{one}=()" for one in _UNUSED), *(f"{one}=(self)" for one in _OURS)])


METHODS = ("GET", "HEAD", "OPTIONS", "POST")
UNFRAMED = "object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
"""What is said of an answer that has no policy of its own: a style sheet, a typeface, the page of a home that is shut."""


class SeclusionMiddleware:
    """No other site may embed what we answer, no page of ours may use what it has no use for, no method is taken for another."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        known = request.method in METHODS
        response = self.get_response(request) if known else HttpResponseNotAllowed(METHODS)
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        response.headers["Permissions-Policy"] = PERMISSIONS
        response.headers.setdefault("Content-Security-Policy", UNFRAMED)
        return response
