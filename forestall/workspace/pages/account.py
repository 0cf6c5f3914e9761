"""One's own account: what one sees, with what one signs in, and where one is signed in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from forestall.access import actions, queries, secondfactor, signins, stepup, throttle
from forestall.access.declared import page
from forestall.access.session import current
from forestall.base.errors import Refused
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


@page(outside=True)
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
        has_password=one.has_usable_password(),
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


@page(outside=True)
def change_password(request: HttpRequest) -> HttpResponse:
    """Another password, once the old one was shown, and the second factor by those who have one."""
    one = found(queries.person(current().person_id))
    if not one.has_usable_password():
        raise Http404
    if secondfactor.held(one):
        stepup.check(request, second=True)
    if request.method == "POST":
        chosen = request.POST.get("password", "")
        if chosen != request.POST.get("again", ""):
            raise Refused(say("The two passwords differ. Type the same one twice."))
        _check_old(request, one)
        actions.set_password(one, password=chosen, keeping=request.sign_in)  # type: ignore[attr-defined]
        update_session_auth_hash(request, one)
        return _back(request, say("Your password is changed. Every other browser is signed out."))
    way = [(say("Your account"), reverse("own_account")), (say("Change the password"), "")]
    return show(request, "workspace/change_password.html", band=0, way=way)


def _check_old(request: HttpRequest, one: Any) -> None:
    """Raise `Refused` unless the form holds the password somebody has; a wrong one counts as a guess at the door."""
    try:
        right = get_adapter(request).reauthenticate(one, request.POST.get("old", ""))
    except ValidationError as held:
        raise Refused(throttle.HELD) from held
    if not right:
        raise Refused(say("The password you have now was not right. Nothing is changed."))


own = page(outside=True)

addresses = [
    path("account/", own_account, name="own_account"),
    path("account/password/", change_password, name="change_password"),
    path("account/sign-in/", own_account, name="mfa_index"),
    path("account/keys/", own_account, name="mfa_list_webauthn"),
    path("account/sign-ins/end/", own(_end_others), name="end_other_sign_ins"),
    path("account/sign-ins/<uuid:sign_in_id>/end/", own(_end), name="end_sign_in"),
]
