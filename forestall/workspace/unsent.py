"""Keeps what somebody was writing: a refused form comes back as it was typed, and so does one that was left.

A form takes part by the tag `{% draft … %}`, which says which form it is. Without a script its text is kept when it
is refused; with one also while it is being typed. It goes when the form is taken, or when its writer puts it away.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from forestall.access.declared import View
from forestall.access.session import Session, current
from forestall.access.stepup import FIELDS, ProofNeeded
from forestall.base.errors import Spoken
from forestall.labels.binding import Unbound
from forestall.record import drafts

from .refilling import KEY, Typed, refilled

ASIDE = frozenset({"csrfmiddlewaretoken", "back", KEY}) | FIELDS


class UnsentMiddleware:
    """Stands inside the bound session: keeps on refusal, forgets on success, refills on the way out."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        session = _writer()
        if session is None:
            return response
        if _taken(request, response):
            drafts.forget(person=session.person_id, form=request.POST[KEY])
        elif request.method == "GET" and response.headers.get("Content-Type", "").startswith("text/html"):
            _refill(request, response, session=session)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """What was typed into a refused form is kept before anybody says why it was refused."""
        session = None if _is_unkept(request) else _writer()
        if session is not None and isinstance(exception, Spoken | ProofNeeded) and request.POST.get(KEY):
            keep(request.POST[KEY], typed_in(request), session=session)
            request.refused = True  # type: ignore[attr-defined]


def unkept(view: View) -> View:
    """Declare a page of which nothing that is typed is ever kept: it may tell who a source is."""
    view.unkept = True  # type: ignore[attr-defined]
    return view


def _is_unkept(request: HttpRequest) -> bool:
    return request.resolver_match is not None and getattr(request.resolver_match.func, "unkept", False)


def _writer() -> Session | None:
    """The person who can write now; nobody while a past day is looked at."""
    try:
        session = current()
    except Unbound:
        return None
    return session if session.as_of is None else None


def _taken(request: HttpRequest, response: HttpResponse) -> bool:
    sent = request.method == "POST" and bool(request.POST.get(KEY))
    return sent and 300 <= response.status_code < 400 and not getattr(request, "refused", False)


def typed_in(request: HttpRequest) -> Mapping[str, Sequence[str]]:
    """The texts of a form's fields by name, but for those that the page itself put there."""
    return {name: request.POST.getlist(name) for name in request.POST if name not in ASIDE}


def keep(form: str, fields: Mapping[str, Sequence[str]], *, session: Session) -> drafts.WorkingDraft:
    """Keep what stands in a form for its writer alone, as strictly as what the writer may see now."""
    return drafts.keep(person=session.person_id, form=form, fields=fields, level=session.level)


def _refill(request: HttpRequest, response: HttpResponse, *, session: Session) -> None:
    if response.streaming:
        return
    page = response.content.decode(response.charset)
    kept = [one for one in drafts.of(session.person_id, level=session.level) if escape(one.form) in page]
    if not kept:
        return
    typed = {
        one.form: Typed(one.fields, notice=render_to_string("workspace/unsent.html", {"draft": one}, request=request))
        for one in kept
    }
    response.content = refilled(page, typed)
    if "Content-Length" in response.headers:
        response.headers["Content-Length"] = str(len(response.content))
