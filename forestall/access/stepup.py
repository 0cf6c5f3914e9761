"""Showing once more that it is you, before what cannot be undone or leaves the house.

A page says that it needs this (`page(…, step_up=True)`), and every table taken out as a file does. When the last proof is
older than ten minutes the page is not opened: `ProofNeeded` is raised, and the face asks, with everything that was typed
standing in the form that asks. The same request then comes again with the proof, and goes on.

Who entered an exercise by its link has no second factor: it counts as shown.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta

from allauth.account.adapter import get_adapter
from allauth.mfa.base.internal.flows import post_authentication
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from forestall.base.clock import now
from forestall.base.errors import Refused, Spoken
from forestall.base.words import Words, say
from forestall.record.actions import note

from . import budget, secondfactor, signins
from .models import Person, SignIn
from .secondfactor import SECOND, Factor

FRESH = timedelta(minutes=10)
FOR = "proof_for"
CODE, CREDENTIAL, PASSWORD = "proof_code", "proof_credential", "proof_password"
FIELDS = frozenset({FOR, CODE, CREDENTIAL, PASSWORD})
EXPORTS = ("csv", "xlsx", "ics")
WRONG = say("That was not right. Check what you typed and try again.")


@dataclass
class ProofNeeded(Exception):
    """Ask who is signed in to show `factor` again. `said` is what was wrong with the last try."""

    factor: Factor
    said: Words | None = None


def is_export(request: HttpRequest) -> bool:
    """Whether a page is asked for as a file: its table, or its dates."""
    return request.method == "GET" and request.GET.get("format") in EXPORTS


def pass_or_ask(request: HttpRequest, *, forms: bool, whole: bool) -> HttpResponse | None:
    """Go on (None), go back to the page that was asked for, or raise `ProofNeeded`.

    `forms`: what the page is sent needs a second factor. `whole`: the page is about one's own factors, and needs what
    one signed in with. An export needs that too.
    """
    if request.method == "POST" and request.POST.get(FOR):
        _prove(request)
        if request.POST[FOR] == "GET":
            return HttpResponseRedirect(request.get_full_path())
    if forms and request.method == "POST":
        check(request, second=True)
    elif whole or is_export(request):
        check(request, second=False)
    return None


def check(request: HttpRequest, *, second: bool) -> None:
    """Raise `ProofNeeded` unless shown within ten minutes, `Refused` when a second factor is needed and there is none."""
    found, person = _signed_in(request)
    if found.how == "link":
        return
    factor = secondfactor.asked(person, how=found.how)
    if second and factor is Factor.PASSWORD:
        raise Refused(NONE)
    if not is_fresh(found):
        raise ProofNeeded(factor)


NONE = say("This needs a second factor. Set up a security key or one-time codes under Your account, then do it again.")


def is_fresh(found: SignIn) -> bool:
    """Whether the last proof is at most ten minutes old. One from the future is none: the clock was set back."""
    return found.proven_at is not None and timedelta(0) <= now() - found.proven_at < FRESH


def _signed_in(request: HttpRequest) -> tuple[SignIn, Person]:
    return request.sign_in, request.user  # type: ignore[attr-defined,return-value]


def _prove(request: HttpRequest) -> None:
    """Look at the proof that came with a request. Raises `ProofNeeded` when it is not good."""
    found, person = _signed_in(request)
    factor = secondfactor.asked(person, how=found.how)
    try:
        _look_at(request, factor, person=person)
    except Spoken as refusal:
        raise ProofNeeded(factor, said=refusal.words) from refusal
    except (ValidationError, ValueError) as error:
        raise ProofNeeded(factor, said=WRONG) from error
    proved(request, factor)


def _look_at(request: HttpRequest, factor: Factor, *, person: Person) -> None:
    """Raise `ValueError`, `ValidationError` or `Refused` unless the factor asked for is shown."""
    if factor is Factor.KEY:
        credential = json.loads(request.POST.get(CREDENTIAL) or "null")
        used = secondfactor.check_key(person, credential, request=request)
    elif factor is Factor.CODE:
        used = secondfactor.check_code(person, request.POST.get(CODE, ""), request=request)
    else:
        _look_at_first(request, factor, person=person)
        return
    post_authentication(request, used, reauthenticated=True)


def _look_at_first(request: HttpRequest, factor: Factor, *, person: Person) -> None:
    """The password; or the provider, which was asked in another tab."""
    if factor is Factor.PASSWORD:
        shown = get_adapter(request).reauthenticate(person, request.POST.get(PASSWORD, ""))
    else:
        shown = is_fresh(_signed_in(request)[0])
    if not shown:
        raise ValueError("Nothing was shown.")


def proved(request: HttpRequest, factor: Factor) -> None:
    """Note the proof. The cookie gets a new value, for the sign-in may now open more than before."""
    found, person = _signed_in(request)
    request.session.cycle_key()
    signins.prove(found)
    if factor in SECOND or factor is Factor.PROVIDER:
        budget.renew(str(person.id))
    note(by=str(person.id), verb="confirmed again", kind="access.person", object_id=person.id)
