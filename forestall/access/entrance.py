"""What happens at the door: a browser is signed in, a factor is added or goes."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from forestall.record.actions import note

from . import secondfactor, signins
from .assurance import PROVIDER, SECOND_FACTOR, records
from .models import Person


@receiver(user_logged_in)
def signed_in(request: HttpRequest, user: Person, **_: Any) -> None:
    """Every way in ends here: the sign-in is noted, as proven when a second factor was shown just now."""
    methods = {record["method"] for record in records(request, user)}
    signins.begin(request, user, proven=bool(methods & {SECOND_FACTOR, PROVIDER}))


@receiver(authenticator_added)
def added(request: HttpRequest, user: Person, authenticator: Authenticator, **_: Any) -> None:
    if authenticator.type == Authenticator.Type.TOTP:
        secondfactor.use_up(authenticator, request.POST.get("code", ""))
    _told(user, f"second factor added: {authenticator.type}")


@receiver(authenticator_removed)
def removed(user: Person, authenticator: Authenticator, **_: Any) -> None:
    _told(user, f"second factor removed: {authenticator.type}")


@receiver(authenticator_reset)
def renewed(user: Person, authenticator: Authenticator, **_: Any) -> None:
    _told(user, f"second factor renewed: {authenticator.type}")


def _told(person: Person, verb: str) -> None:
    about = {"totp": "code", "webauthn": "key", "recovery_codes": "recovery code"}
    act, _, kind = verb.partition(": ")
    note(by=str(person.id), verb=f"{act}: {about.get(kind, kind)}", kind="access.person", object_id=person.id)
