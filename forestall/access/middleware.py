"""Binds the session of the signed-in person to the request, and turns outcomes into pages."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from datetime import date
from uuid import UUID

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from forestall.labels.binding import reading
from forestall.record.actions import note

from .granting import LOOKED
from .models import Opening, Person
from .session import Assurance, Session, bound_to, for_person

EXERCISE_LINK = "entered_by_exercise_link"
LANGUAGE = "language"


def assurance_of(request: HttpRequest) -> Assurance:
    """How this browser signed in: the strongest of what it showed. An exercise link counts in an exercise home only."""
    if settings.HOME.is_exercise and request.session.get(EXERCISE_LINK):
        return Assurance.EXERCISE_LINK
    shown = {(record["method"], record.get("type")) for record in get_authentication_records(request, request.user)}
    if ("mfa", "webauthn") in shown:
        return Assurance.WEBAUTHN
    if ("mfa", "totp") in shown or ("mfa", "recovery_codes") in shown:
        return Assurance.TOTP
    return Assurance.PASSWORD


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
                session = for_person(person, assurance=assurance_of(request))
                asked = day_asked(request)
                stack.enter_context(bound_to(replace(session, as_of=asked)))
                chosen = request.session.get(LANGUAGE) or person.language
                stack.enter_context(translation.override(chosen))
            response = self.get_response(request)
            _note_emergency(request, response)
        response.headers["Cache-Control"] = "no-store, private"
        return response

