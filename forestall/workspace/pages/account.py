"""One's own account: what one sees, with what one signs in, and where one is signed in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from forestall.access import queries, secondfactor, signins
from forestall.access.declared import page
from forestall.access.session import current
from forestall.base.words import Words, say
from forestall.workspace.showing import found, show

HOW: dict[str, Words] = {
    "key": say("security key"),
    "code": say("one-time code"),
    "recovery code": say("recovery code"),
    "password": say("password"),
    "provider": say("identity provider"),
    "link": say("link of the exercise"),
}


@page()
def own_account(request: HttpRequest) -> HttpResponse:
    """What you may see and do, how you sign in, and where you are signed in."""
    session = current()
    one = found(queries.person(session.person_id))
    having = secondfactor.held(one)
    return show(
        request,
        "workspace/own_account.html",
        band=1,
        way=[(say("Your account"), "")],
        keys=[_key(key) for key in secondfactor.keys(one)],
        has_totp=secondfactor.has_totp(one),
        has_second=bool(having),
        how=HOW.get(session.how),
        here=request.sign_in.id,  # type: ignore[attr-defined]
        sign_ins=[{"one": each, "how": HOW.get(each.how, "")} for each in signins.lasting(one)],
    )


def _key(key: Any) -> dict[str, object]:
    return {"id": key.pk, "name": key.wrap().name, "made": key.created_at, "used": key.last_used_at}


def _back(request: HttpRequest, words: Words) -> HttpResponse:
    messages.success(request, words)  # type: ignore[arg-type]
    return HttpResponseRedirect(reverse("own_account"))


@require_POST
def _end(request: HttpRequest, sign_in_id: UUID) -> HttpResponse:
    signins.end(sign_in_id, by=current())
    return _back(request, say("That browser is signed out."))


@require_POST
def _end_others(request: HttpRequest) -> HttpResponse:
    ended = signins.end_others(keeping=request.sign_in, by=current())  # type: ignore[attr-defined]
    return _back(request, say("Browsers signed out: %(count)s.", count=ended))


own = page()

addresses = [
    path("account/", own_account, name="own_account"),
    path("account/sign-in/", own_account, name="mfa_index"),
    path("account/keys/", own_account, name="mfa_list_webauthn"),
    path("account/sign-ins/end/", own(_end_others), name="end_other_sign_ins"),
    path("account/sign-ins/<uuid:sign_in_id>/end/", own(_end), name="end_sign_in"),
]
