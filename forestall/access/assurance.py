"""How a browser signed in, in a word, and what that opens."""

from __future__ import annotations

from typing import Any

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.http import HttpRequest

from .models import Person
from .session import Assurance

EXERCISE_LINK = "entered_by_exercise_link"
SECOND_FACTOR, PROVIDER = "mfa", "provider"
HOW = (("webauthn", "key"), ("totp", "code"), ("recovery_codes", "recovery code"))


def records(request: HttpRequest, person: Person) -> list[dict[str, Any]]:
    """What this browser showed, as the sign-in library keeps it."""
    found: list[dict[str, Any]] = get_authentication_records(request, person)
    return found


def how_signed_in(request: HttpRequest, person: Person) -> str:
    """link, key, code, recovery code, provider or password: the strongest of what this browser showed."""
    if settings.HOME.is_exercise and request.session.get(EXERCISE_LINK):
        return "link"
    shown = {(record["method"], record.get("type")) for record in records(request, person)}
    for kind, how in HOW:
        if (SECOND_FACTOR, kind) in shown:
            return how
    return "provider" if (PROVIDER, None) in shown else "password"


def assurance_of(request: HttpRequest, person: Person) -> Assurance:
    """What that opens. An exercise link counts in an exercise home only."""
    how = how_signed_in(request, person)
    if how == "link":
        return Assurance.EXERCISE_LINK
    if how == "key":
        return Assurance.WEBAUTHN
    vouched = _vouched(request, person)
    return max(Assurance.TOTP, vouched) if how in ("code", "recovery code") else vouched


def _vouched(request: HttpRequest, person: Person) -> Assurance:
    """What the identity provider vouched for, within the bound that the office sets for it now."""
    levels = [int(record.get("level", 1)) for record in records(request, person) if record["method"] == PROVIDER]
    return Assurance(max(1, min([settings.OFFICE.oidc.bound, *levels]))) if levels else Assurance.PASSWORD
