"""Turns outcomes into pages: a refusal is one sentence, what cannot be seen never was."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import resolve
from django.urls.exceptions import Resolver404
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext

from forestall.access.stepup import ProofNeeded
from forestall.access.takingout import SecondNeeded
from forestall.base.errors import Malformed, Overtaken, Refused, Spoken, Unavailable

from .longtable import ask_second
from .proving import ask

STATUS = {Overtaken: 409, Refused: 403, Malformed: 400, Unavailable: 503}


class OutcomeMiddleware:
    """A refused form goes back to the page it came from, with the sentence; a refused page is the sentence."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, ProofNeeded):
            return ask(request, exception)
        if isinstance(exception, SecondNeeded):
            return ask_second(request, exception)
        if not isinstance(exception, Spoken):
            return None
        back = page_before(request)
        if request.method == "POST" and back:
            messages.error(request, exception.words.text(gettext))
            return HttpResponseRedirect(back)
        status = next(code for kind, code in STATUS.items() if isinstance(exception, kind))
        return render(request, "workspace/refused.html", {"words": exception.words}, status=status)


def page_before(request: HttpRequest) -> str:
    """The page whose form was sent, when the form names it and it is one of ours."""
    back = request.POST.get("back", "") or request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        return ""
    path = back.split(request.get_host(), 1)[-1] if "://" in back else back
    try:
        resolve(path.split("?")[0])
    except Resolver404:
        return ""
    return path
