"""How the sign-in library meets our people: no self-registration; codes' secrets are encrypted with the home's secret."""

from __future__ import annotations

import base64
import hashlib

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.http import HttpRequest


def _cipher() -> Fernet:
    key = hashlib.sha256(b"one-time codes" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """People come in by invitation only."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class CodeAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Keeps the secrets of one-time codes encrypted at rest."""

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()
