"""A form that is sent twice acts once: by a double click, or by a browser that heard no answer and tries again.

The token that stands in every form is drawn anew for each page, so the very same form is one page's form with the very
same content. That it acted is marked in the transaction of the first thing it wrote: the act and the mark are both on
the disk, or neither is. Somebody who goes on to act likewise does so from a page that is drawn anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext

from forestall.access import tally
from forestall.access.session import Session
from forestall.base.canonical import sha256
from forestall.base.words import say
from forestall.labels.binding import reading

from .outcomes import page_before

TOKEN = "csrfmiddlewaretoken"  # noqa: S105 - the name of a field
TWICE = say("This was sent twice. It counts once.")
_sent: ContextVar[str] = ContextVar("sent", default="")


class Repeated(Exception):
    """This very form acted already."""


class OnceMiddleware:
    """Stands inside the bound session: a form that acted already acts no more, and is told so."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = _sent.set(_name_of(request))
        try:
            return self.get_response(request)
        finally:
            _sent.reset(token)

    def process_view(self, request: HttpRequest, *_: object) -> HttpResponse | None:
        name = _sent.get()
        return _told(request) if name and tally.count("sent", name, window=tally.KEPT) else None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return _told(request) if isinstance(exception, Repeated) else None


def on_written(sender: type[Any], **_: object) -> None:
    """What the record announces of every write: the first of a form marks it, and of two at a time one goes no further."""
    name = _sent.get()
    if name:
        _sent.set("")
        if tally.add("sent", name, window=tally.KEPT) > 1:
            raise Repeated


def _name_of(request: HttpRequest) -> str:
    """What is the same for one form sent again, and for nothing else; empty for what is no form of a signed-in person."""
    session = reading()
    if request.method != "POST" or not isinstance(session, Session) or TOKEN not in request.POST:
        return ""
    fields = sorted((name, request.POST.getlist(name)) for name in request.POST)
    files = sorted((name, [_digest(one) for one in request.FILES.getlist(name)]) for name in request.FILES)
    return sha256(repr((session.person_id, request.get_full_path(), fields, files)))


def _digest(upload: Any) -> str:
    digest = hashlib.file_digest(upload.file, "sha256").hexdigest()
    upload.seek(0)
    return digest


def _told(request: HttpRequest) -> HttpResponse:
    messages.info(request, TWICE.text(gettext))
    return HttpResponseRedirect(page_before(request) or request.path)
