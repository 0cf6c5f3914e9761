"""The forms of the sign-in library, with our rules about codes and keys in the place of its own."""

from __future__ import annotations

from typing import Any

from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import AddWebAuthnForm, AuthenticateWebAuthnForm
from allauth.mfa.webauthn.internal import auth as webauthn
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy

from forestall.base.errors import Spoken
from forestall.base.words import Words

from . import secondfactor


def said(words: Words) -> ValidationError:
    """A refusal as the form tells it."""
    from django.utils.translation import gettext

    return ValidationError(words.text(gettext))


class CodeForm(AuthenticateForm):  # type: ignore[misc]
    """A one-time code or a recovery code, at sign-in."""

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        try:
            self.authenticator = secondfactor.check_code(self.user, code, request=context.request)
        except Spoken as refusal:
            raise said(refusal.words) from refusal
        self.authenticator.user = self.user
        return code


class KeyForm(AuthenticateWebAuthnForm):  # type: ignore[misc]
    """A key's answer, at sign-in."""

    def clean_credential(self) -> Authenticator:
        try:
            return secondfactor.check_key(self.user, self.cleaned_data["credential"], request=context.request)
        except Spoken as refusal:
            raise said(refusal.words) from refusal


class NewKeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """A new key, and what its holder calls it."""

    name = forms.CharField(label=gettext_lazy("What you call it"), max_length=80, required=False)

    def clean(self) -> dict[str, Any]:
        credential = self.cleaned_data.get("credential")
        if credential:
            self._check(credential)
        done: dict[str, Any] = super().clean()
        return done

    def _check(self, credential: Any) -> None:
        """Made here, for this host, with its holder asked: the library looks at the rest."""
        try:
            made = webauthn.parse_registration_response(credential).response
            secondfactor.check_origin(made.client_data.origin, request=context.request)
            if not made.attestation_object.auth_data.is_user_verified():
                raise ValueError("The key did not ask its holder.")
        except (ValueError, TypeError, KeyError) as error:
            raise secondfactor.wrong(self.user, verb="key refused") from error
