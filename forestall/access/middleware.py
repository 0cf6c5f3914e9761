"""Binds the session of the signed-in person to the request, and turns outcomes into pages."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from datetime import date
from uuid import UUID

from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from forestall.labels.binding import reading
from forestall.record.actions import note

from . import signins
from .assurance import EXERCISE_LINK as EXERCISE_LINK
from .assurance import assurance_of, how_signed_in
from .granting import LOOKED
from .models import Opening, Person
from .session import Session, bound_to, for_person

LANGUAGE = "language"
SIGNED_OUT = '"cache", "storage"'
"""What a browser is asked to forget when somebody leaves."""


def day_asked(request: HttpRequest) -> date | None:
    """The past day in the address (`?as_of=2026-04-01`), if any. Raises BadRequest when it is no day."""
    text = request.GET.get("as_of", "")
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadRequest("as_of is a day as YYYY-MM-DD") from error


def _note_emergency(request: HttpRequest, response: HttpResponse) -> None:
    """What is opened while a compartment stands open in an emergency is noted, page by page."""
    session = reading()
    matched = request.resolver_match
    if not isinstance(session, Session) or not session.opened or matched is None or response.status_code != 200:
        return
    for looked_at in (value for value in matched.kwargs.values() if isinstance(value, UUID)):
        for opening in session.opened:
            note(by=session.person_id, verb=f"{LOOKED}{looked_at}", kind=Opening.kind(), object_id=UUID(opening))


class SessionMiddleware:
    """Inside it, labelled records are read through the person's eyes; outside it, not at all."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with ExitStack() as stack:
            person = request.user
            if isinstance(person, Person) and person.is_active:
                self._bind(request, person, stack)
            came_as = getattr(request, "sign_in", None)
            response = self.get_response(request)
            _note_emergency(request, response)
            if came_as is not None and request.session.get(signins.KEY) != str(came_as.id):
                signins.end_now(came_as, why="left")
                if not request.user.is_authenticated:
                    response.headers["Clear-Site-Data"] = SIGNED_OUT
        response.headers["Cache-Control"] = "no-store, private"
        return response

    def _bind(self, request: HttpRequest, person: Person, stack: ExitStack) -> None:
        """Bind the person's session for the request, unless the sign-in has ended."""
        how = how_signed_in(request, person)
        session = for_person(person, assurance=assurance_of(request, person), how=how)
        found = signins.of(request)
        why = signins.over(found, request, session)
        if why or found is None:
            if found is not None:
                signins.end_now(found, why=why)
            logout(request)
            messages.info(request, signins.WHY[why].text(translation.gettext))
            return
        signins.seen(found, how=how)
        request.sign_in = found  # type: ignore[attr-defined]
        stack.enter_context(bound_to(replace(session, as_of=day_asked(request))))
        stack.enter_context(translation.override(request.session.get(LANGUAGE) or person.language))
