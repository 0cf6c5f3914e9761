"""Signing in through the office's own identity provider (OpenID Connect), for people who are here by invitation already.

The sign-in library speaks the protocol, over its own connection to the provider that `home.toml` names. What it vouches
for opens what is internal, unless `home.toml` says that a value of `amr` or `acr` counts for more. Nothing that it tells
of a person is kept but the subject: who signs in under a name once is the one who does so from then on. The local
password keeps working beside it, so that nobody is shut out when the provider is down.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, cast

import jwt
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext

from forestall.base.clock import now
from forestall.base.words import Words, say
from forestall.record.actions import note

from . import stepup
from .assurance import PROVIDER
from .models import Person
from .network import office_address
from .secondfactor import DOOR, Factor

OFFICE = "office"
SIGNED_BY = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"})
AGO = timedelta(minutes=2)
"""How old a sign-in at the provider may be to count as shown again."""
REFUSED = say("Your identity provider knows you, but nobody here was invited under that name. Ask an administrator.")
BROKEN = say("Signing in through your identity provider did not work. Try again, or use your password here.")


class Tokens(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """Believes a token only for its signature, its issuer and its audience, wherever it was fetched from."""

    @property
    def openid_config(self) -> dict[str, Any]:
        """What the provider tells of itself. Raises `OAuth2Error` when it names itself otherwise than `home.toml`."""
        told: dict[str, Any] = super().openid_config
        if told.get("issuer") != settings.OFFICE.oidc.issuer:
            raise OAuth2Error("The provider calls itself by another name.")
        return told

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> Any:
        if not kwargs["response"].get("id_token"):
            raise OAuth2Error("The provider sent no token.")
        return super().complete_login(request, app, token, **kwargs)

    def _decode_id_token(self, app: Any, id_token: str) -> dict[str, Any]:
        try:
            if jwt.get_unverified_header(id_token).get("alg") not in SIGNED_BY:
                raise OAuth2Error("The token is signed by nobody's key.")
            claims: dict[str, Any] = jwtkit.verify_and_decode(
                credential=id_token,
                keys_url=self.openid_config["jwks_uri"],
                issuer=settings.OFFICE.oidc.issuer,
                audience=app.client_id,
                lookup_kid=jwtkit.lookup_kid_jwk,
            )
        except (jwt.PyJWTError, KeyError, TypeError) as error:
            raise OAuth2Error("The token cannot be read.") from error
        if not claims.get("sub") or not isinstance(claims["sub"], str):
            raise OAuth2Error("The token is about nobody.")
        return claims

    def get_callback_url(self, request: HttpRequest, app: Any) -> str:
        return office_address(request, reverse("openid_connect_callback", kwargs={"provider_id": OFFICE}))


def begin(request: HttpRequest, provider_id: str) -> HttpResponse:
    """On to the provider, by one's own hand: another site cannot have somebody signed in unasked."""
    if request.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin"):
        return HttpResponseRedirect(reverse("account_login"))
    return _spoken_with(OAuth2LoginView, request, provider_id)


def come_back(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Back from the provider, with its word on who this is."""
    return _spoken_with(OAuth2CallbackView, request, provider_id)


def _spoken_with(view: Any, request: HttpRequest, provider_id: str) -> HttpResponse:
    """What the library answers. A provider that is down, or speaks otherwise than agreed, signs nobody in."""
    if not settings.OFFICE.oidc.issuer:
        raise Http404
    try:
        return cast(HttpResponse, view.adapter_view(Tokens(request, provider_id))(request))
    except (OSError, KeyError, OAuth2Error):  # no answer, an answer that is not what it should be
        return _back(request, BROKEN)


class ProviderAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Whom the provider vouches for is looked up among our people; nobody is made, nothing else is kept."""

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        claims = sociallogin.account.extra_data.get("id_token") or {}
        person = _person(claims)
        if person is None:
            note(by=DOOR, verb="sign-in refused", kind="access.person", object_id=_nobody(claims))
            raise ImmediateHttpResponse(_back(request, REFUSED))
        level = level_of(claims)
        onward = sociallogin.get_redirect_url(request)
        if request.user.is_authenticated and request.user.pk == person.pk:
            raise ImmediateHttpResponse(_shown_again(request, person, claims, level=level, onward=onward))
        record_authentication(request, person, method=PROVIDER, level=level)
        raise ImmediateHttpResponse(perform_login(request, Login(user=person, redirect_url=onward)))

    def on_authentication_error(self, request: HttpRequest, provider: Any, **_: Any) -> None:
        raise ImmediateHttpResponse(_back(request, BROKEN))


def level_of(claims: dict[str, Any]) -> int:
    """What a sign-in at the provider opens: 1, or what `home.toml` lets its `amr` and `acr` count for, up to the bound."""
    office = settings.OFFICE.oidc
    told = claims.get("amr")
    methods = told if isinstance(told, list) else []
    levels = [office.amr[one] for one in methods if isinstance(one, str) and one in office.amr]
    levels += [office.acr[one] for one in [claims.get("acr")] if isinstance(one, str) and one in office.acr]
    return min([office.bound, max([1, *levels])])


@transaction.atomic
def _person(claims: dict[str, Any]) -> Person | None:
    """The active person of this name, whose subject this is or who never came this way before."""
    name, subject = claims.get(settings.OFFICE.oidc.claim), claims.get("sub")
    if not isinstance(name, str) or not isinstance(subject, str) or not name or not subject:
        return None
    person = Person.objects.select_for_update().filter(username=name, is_active=True).first()
    if person is None or person.subject not in ("", subject):
        return None
    if not person.subject:
        person.subject = subject
        person.save(update_fields=["subject"])
        note(by=str(person.id), verb="identity provider known", kind="access.person", object_id=person.id)
    return person


def _nobody(claims: dict[str, Any]) -> Any:
    from .adapters import opaque

    return opaque(str(claims.get(settings.OFFICE.oidc.claim, "")))


def _shown_again(
    request: HttpRequest, person: Person, claims: dict[str, Any], *, level: int, onward: str | None
) -> HttpResponse:
    """Who is signed in already came to show it again: it counts when they signed in at the provider just now."""
    at = claims.get("auth_time")
    moment = datetime.fromtimestamp(at, UTC) if isinstance(at, int) else None
    if moment is None or abs(now() - moment) > AGO:
        return _back(request, BROKEN)
    record_authentication(request, person, method=PROVIDER, level=level, reauthenticated=True)
    stepup.proved(request, Factor.PROVIDER)
    return HttpResponseRedirect(onward or reverse("own_account"))


def _back(request: HttpRequest, words: Words) -> HttpResponse:
    messages.error(request, words.text(gettext))
    return HttpResponseRedirect(reverse("account_login"))
