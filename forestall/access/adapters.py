"""How the sign-in library meets our people: no self-registration, our throttle, one sentence for all that is wrong."""

from __future__ import annotations

import base64
import hashlib
import secrets
import uuid
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, gettext_lazy

from forestall.base.errors import Spoken
from forestall.record.actions import note

from . import tally, throttle
from .assurance import how_signed_in
from .doorforms import said
from .models import Person
from .network import address_of
from .secondfactor import DOOR

WRONG = gettext_lazy("That was not right. Check what you typed and try again.")


SEALED = "gcm:"
PURPOSE = b"one-time codes"


def _key() -> bytes:
    return hashlib.sha256(PURPOSE + settings.SECRET_KEY.encode()).digest()


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """People come in by invitation only. Guesses are counted in the database, for all processes together."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": WRONG,
        "incorrect_password": WRONG,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_reauthentication_required(self, app: str) -> bool:
        """Never by the library: our pages ask for the factor again (`access.stepup`)."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return address_of(request)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Person | None:
        """The person these belong to. An account that ended is told from a wrong password by nothing."""
        guess = throttle.guess_of(request, str(credentials.get("username", "")))
        try:
            throttle.check(guess)
            person: Person | None = super().authenticate(request, **credentials)
        except Spoken as refusal:
            if refusal.words is not throttle.HELD:
                throttle.was_right(guess)  # nobody looked at it
            raise said(refusal.words) from refusal
        if person is None or not person.is_active:
            _turned_away(guess.name)
            return None
        throttle.was_right(guess)
        return person

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """The library's own counting is left out: it would be each process's own."""

    def post_login(self, request: HttpRequest, user: Person, **given: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **given)
        throttle.mark_known(response, name=user.username, secure=request.is_secure())
        note(
            by=str(user.id),
            verb=f"signed in: {how_signed_in(request, user)}",
            kind="access.person",
            object_id=user.id,
        )
        return response


def _turned_away(name: str) -> None:
    """Note a wrong attempt: an unknown name under an id that tells nothing, and is the same each time."""
    known = Person.objects.filter(username__iexact=name).values_list("id", flat=True).first()
    note(by=DOOR, verb="sign-in refused", kind="access.person", object_id=known or opaque(name))


def opaque(name: str) -> uuid.UUID:
    """An id for a name that nobody here has."""
    return uuid.UUID(tally.named("unknown", name)[:32], version=4)


class CodeAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Keeps the secrets of one-time codes encrypted at rest; says for which host keys are made."""

    error_messages: ClassVar[dict[str, Any]] = {**DefaultMFAAdapter.error_messages, "incorrect_code": WRONG}

    def encrypt(self, text: str) -> str:
        nonce = secrets.token_bytes(12)
        sealed = nonce + AESGCM(_key()).encrypt(nonce, text.encode(), PURPOSE)
        return SEALED + base64.urlsafe_b64encode(sealed).decode()

    def decrypt(self, encrypted_text: str) -> str:
        if not encrypted_text.startswith(SEALED):  # from before AES-256-GCM
            return Fernet(base64.urlsafe_b64encode(_key())).decrypt(encrypted_text.encode()).decode()
        sealed = base64.urlsafe_b64decode(encrypted_text.removeprefix(SEALED))
        return AESGCM(_key()).decrypt(sealed[:12], sealed[12:], PURPOSE).decode()

    def generate_authenticator_name(self, user: Person, type: Authenticator.Type) -> str:  # noqa: A002 - the library's
        return gettext("Key %(number)s") % {"number": Authenticator.objects.filter(user=user, type=type).count() + 1}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Keys are made for the office's first host, so that no other page can ask them."""
        return {"id": settings.KEYS_FOR, "name": "Forestall"}

    def get_public_key_credential_user_entity(self, user: Person) -> dict[str, Any]:
        """The key learns the sign-in name and an id; never an address."""
        return {"id": user.id.bytes, "display_name": user.name, "name": user.username}
