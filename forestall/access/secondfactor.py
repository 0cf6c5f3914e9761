"""The second factor: a security key or passkey (WebAuthn), a one-time code, a recovery code.

The sign-in library keeps them and speaks their protocols; what it leaves open is decided here. A code works once, also
with several processes: the last half-minute used is kept in the database. A key must ask its holder (PIN, finger), must
answer from this very origin, and must count on: a counter that stands still or falls back is a copy's (WebAuthn 6.1.1).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import decrypt
from allauth.mfa.webauthn.internal import auth as webauthn
from django.conf import settings
from django.core.exceptions import DisallowedHost, ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.http.request import split_domain_port

from forestall.base.errors import Refused
from forestall.base.words import say
from forestall.record.actions import note

from . import throttle
from .models import Person

DOOR = "system:door"


class Factor(StrEnum):
    """With what somebody shows that it is they."""

    KEY = "key"
    CODE = "code"
    PASSWORD = "password"  # noqa: S105 - a kind, not a secret
    PROVIDER = "provider"


SECOND = frozenset({Factor.KEY, Factor.CODE})


def held(person: Person) -> frozenset[Factor]:
    """The second factors that a person has set up."""
    types = set(Authenticator.objects.filter(user=person).values_list("type", flat=True))
    found = {Factor.KEY} if Authenticator.Type.WEBAUTHN in types else set()
    return frozenset(found | ({Factor.CODE} if types - {Authenticator.Type.WEBAUTHN} else set()))


def has_totp(person: Person) -> bool:
    """Whether an authenticator app is set up."""
    return bool(Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).exists())


def keys(person: Person) -> list[Authenticator]:
    """A person's security keys, oldest first."""
    return list(Authenticator.objects.filter(user=person, type=Authenticator.Type.WEBAUTHN).order_by("created_at"))


def asked(person: Person, *, how: str) -> Factor:
    """What to ask of somebody who signed in `how`: as much as they showed then, and the strongest they have above it."""
    having = held(person)
    if Factor.KEY in having and how not in ("code", "recovery code"):
        return Factor.KEY
    if Factor.CODE in having:
        return Factor.CODE
    return Factor.PROVIDER if how == "provider" else Factor.PASSWORD


def check_code(person: Person, code: str, *, request: HttpRequest) -> Authenticator:
    """The authenticator whose code this is; the code is used up. Raises `Refused` when held, `ValidationError` when wrong."""
    guess = throttle.guess_of(request, f"code of {person.id}", owner=person.username)
    throttle.check(guess)
    found = _code_of(person, code)
    if found is None:
        raise wrong(person, verb="code refused")
    throttle.was_right(guess)
    return found


@transaction.atomic
def _code_of(person: Person, code: str) -> Authenticator | None:
    for one in Authenticator.objects.select_for_update().filter(user=person).exclude(type="webauthn"):
        if one.type == Authenticator.Type.TOTP:
            if _used_up(one, code):
                return one
        elif one.wrap().validate_code(code):
            return one
    return None


def _used_up(one: Authenticator, code: str) -> bool:
    """Whether the code is right and later than the last one used; it then becomes the last one used."""
    secret = decrypt(one.data["secret"])
    right = [
        counter
        for counter in totp.yield_hotp_counters_from_time()
        if compare_user_code(actual=code, expected=totp.format_hotp_value(totp.hotp_value(secret, counter)))
    ]
    if not right or right[-1] <= one.data.get("last", -1):
        return False
    one.data["last"] = right[-1]
    one.save(update_fields=["data"])
    return True


def use_up(one: Authenticator, code: str) -> None:
    """The code that turned codes on is used up too."""
    _used_up(one, code)


def check_key(person: Person, credential: Any, *, request: HttpRequest) -> Authenticator:
    """The key that answered our question. Raises `Refused` when held, `ValidationError` when the answer is not good."""
    guess = throttle.guess_of(request, f"key of {person.id}", owner=person.username)
    throttle.check(guess)
    try:
        found = _key_of(person, credential, request=request)
    except (ValidationError, ValueError, TypeError, KeyError) as error:
        raise wrong(person, verb="key refused") from error
    finally:
        webauthn.clear_state()
    throttle.was_right(guess)
    return found


@transaction.atomic
def _key_of(person: Person, credential: Any, *, request: HttpRequest) -> Authenticator:
    if not isinstance(credential, dict):
        raise ValueError("Nothing was answered.")
    answer = webauthn.parse_authentication_response(credential).response
    check_origin(answer.client_data.origin, request=request)
    known = webauthn.complete_authentication(person, credential)
    found = Authenticator.objects.select_for_update().get(pk=known.pk)
    before = found.data.get("counter", found.wrap().authenticator_data.counter)
    counted = answer.authenticator_data.counter
    if (counted or before) and counted <= before:
        raise ValueError("The key counts backwards: it was copied.")
    found.data["counter"] = counted
    found.save(update_fields=["data"])
    return found


def check_origin(origin: str, *, request: HttpRequest) -> None:
    """Raise `ValueError` unless the browser says that it stands on this very host."""
    told = urlsplit(origin)
    if told.netloc != request.get_host() or (told.scheme != "https" and told.hostname != "localhost"):
        raise ValueError("The answer was made for another address.")


def wrong(person: Person, *, verb: str) -> ValidationError:
    """The one sentence for everything that was wrong, when it is noted that somebody was turned away."""
    from allauth.mfa.adapter import get_adapter

    note(by=DOOR, verb=verb, kind="access.person", object_id=person.id)
    error: ValidationError = get_adapter().validation_error("incorrect_code")
    return error


def challenge(request: HttpRequest) -> dict[str, Any]:
    """A question for the keys of who is signed in, to be answered once."""
    asked_of: dict[str, Any] = webauthn.begin_authentication(request.user)
    return asked_of


def works_here(request: HttpRequest) -> bool:
    """Whether keys can answer at the address that is asked for: they are made for one host."""
    try:
        return split_domain_port(request.get_host())[0] == settings.KEYS_FOR
    except DisallowedHost:
        return False


def check_works_here(request: HttpRequest) -> None:
    """Raise `Refused` at an address for which no key can answer."""
    if not works_here(request):
        raise Refused(say("Security keys work at %(host)s only. Open Forestall there.", host=settings.KEYS_FOR))
