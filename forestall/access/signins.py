"""The browsers in which people are signed in: begun, seen, and ended by their person, an administrator, or the limits.

The cookie's session holds the id of its sign-in; a request whose sign-in has ended is nobody's. Times come from the one
clock. A clock that is set back by more than five minutes ends what was seen later than now: no limit is drawn out by it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest

from forestall.base.clock import now
from forestall.base.errors import Refused
from forestall.base.words import Words, say
from forestall.record.actions import note

from .models import EmergencyGrant, EntryLink, Person, SignIn
from .network import browser_of, network_of
from .session import Session

KEY = "sign_in"
SEEN_EVERY = timedelta(minutes=1)
BACK = timedelta(minutes=5)
LISTED = timedelta(days=30)


@dataclass(frozen=True)
class Limits:
    """How long a sign-in lasts: without a request, and in all. None: as long as the cookie."""

    idle: timedelta | None
    whole: timedelta | None


OFFICE = Limits(idle=timedelta(minutes=30), whole=timedelta(hours=8))
STRICT = Limits(idle=timedelta(minutes=15), whole=timedelta(hours=8))
LINK = Limits(idle=None, whole=None)
"""Entered by the link of an exercise home."""

WHY: dict[str, Words] = {
    "idle": say("You were signed out: nothing was done for a while. Sign in to go on."),
    "whole": say("You were signed out: a day's work is eight hours. Sign in to go on."),
    "clock": say("You were signed out: this machine's clock was set back. Sign in to go on."),
    "browser": say("You were signed out: the page was asked for by another browser. Sign in to go on."),
    "ended": say("You were signed out. Sign in to go on."),
}


def limits(*, how: str, level: int) -> Limits:
    """The limits of a sign-in: shorter at level 3."""
    if how == "link":
        return LINK
    return STRICT if level >= 3 else OFFICE


def begin(request: HttpRequest, person: Person, *, proven: bool = False) -> SignIn:
    """Note that a browser is signed in, and put the id into its session. What was signed in there before ends."""
    leave(request)
    at = now()
    made = SignIn.objects.create(
        person=person,
        since=at,
        seen_at=at,
        proven_at=at if proven else None,
        browser=browser_of(request),
        network=network_of(request),
    )
    request.session[KEY] = str(made.id)
    return made


def of(request: HttpRequest) -> SignIn | None:
    """The sign-in that this browser's session names, if there is one."""
    named = request.session.get(KEY)
    return SignIn.objects.filter(pk=named).first() if named else None


def leave(request: HttpRequest) -> None:
    """End what this browser was signed in as."""
    found = of(request)
    if found is not None and found.ended_at is None:
        _end([found], by="left")


def over(found: SignIn | None, request: HttpRequest, session: Session) -> str:
    """Why a sign-in no longer counts for a session, as a key of `WHY`; empty while it does."""
    if found is None or str(found.person_id) != session.person_id or found.ended_at is not None:
        return "ended"
    bounds, at = limits(how=session.how, level=session.level), now()
    if found.browser != browser_of(request):
        return "browser"
    if bounds.whole is not None and at < found.seen_at - BACK:
        return "clock"
    if bounds.whole is not None and at - found.since >= bounds.whole:
        return "whole"
    if bounds.idle is not None and at - found.seen_at >= bounds.idle:
        return "idle"
    return ""


def seen(found: SignIn, *, how: str) -> None:
    """Note that the sign-in was used: to the minute, and never earlier than before."""
    at = now()
    if found.how != how or at - found.seen_at >= SEEN_EVERY:
        found.how, found.seen_at = how, max(at, found.seen_at)
        found.save(update_fields=["how", "seen_at"])


def prove(found: SignIn) -> None:
    """Note that the second factor was shown now."""
    found.proven_at = now()
    found.save(update_fields=["proven_at"])


def lasting(person: Person) -> list[SignIn]:
    """A person's sign-ins that have not ended, newest first; those out of every limit are left out."""
    at = now()
    found = SignIn.objects.filter(person=person, ended_at__isnull=True, since__gte=at - LISTED).order_by("-since")
    return [one for one in found if _lasts(one, at=at)]


def _lasts(one: SignIn, *, at: datetime) -> bool:
    bounds = limits(how=one.how, level=0)
    return (bounds.whole is None or at - one.since < bounds.whole) and (
        bounds.idle is None or at - one.seen_at < bounds.idle
    )


@transaction.atomic
def end(sign_in_id: UUID, *, by: Session) -> None:
    """End one of one's own sign-ins. Raises `Refused` for anybody else's, and for one that never was."""
    found = SignIn.objects.filter(pk=sign_in_id, person_id=by.person_id, ended_at__isnull=True).first()
    if found is None:
        raise Refused(say("This sign-in has ended already."))
    _end([found], by=by.person_id)
    note(by=by.person_id, verb="sign-in ended", kind="access.person", object_id=UUID(by.person_id))


@transaction.atomic
def end_others(*, keeping: SignIn | None, by: Session) -> int:
    """End all of one's own sign-ins but the one that asks. Returns how many ended."""
    found = SignIn.objects.filter(person_id=by.person_id, ended_at__isnull=True)
    others = list(found if keeping is None else found.exclude(pk=keeping.pk))
    _end(others, by=by.person_id)
    note(by=by.person_id, verb="sign-ins ended", kind="access.person", object_id=UUID(by.person_id))
    return len(others)


@transaction.atomic
def end_all(person: Person, *, by: str, but: SignIn | None = None) -> None:
    """End every sign-in of a person, at their next request: their password, clearance or account changed."""
    lasting = SignIn.objects.filter(person=person, ended_at__isnull=True)
    _end(list(lasting if but is None else lasting.exclude(pk=but.pk)), by=by)


@transaction.atomic
def end_for(person: Person, *, by: Session) -> None:
    """An administrator ends every sign-in of somebody."""
    by.check_may("people.keep")
    end_all(person, by=by.person_id)
    note(by=by.person_id, verb="sign-ins ended", kind="access.person", object_id=person.id)


@transaction.atomic
def end_everything(*, by: Session) -> None:
    """Nobody is signed in any more, no link lets anybody in, and what was opened in an emergency closes."""
    at = now()
    _end(list(SignIn.objects.filter(ended_at__isnull=True)), by=by.person_id)
    EntryLink.objects.filter(used_at__isnull=True).update(used_at=at)
    EmergencyGrant.objects.filter(until__gt=at).update(until=at)


def end_now(found: SignIn, *, why: str) -> None:
    """End a sign-in that is out of its limits."""
    if found.ended_at is None:
        _end([found], by=why)


def _end(found: list[SignIn], *, by: str) -> None:
    for one in found:
        one.ended_at, one.ended_by = now(), by
        one.save(update_fields=["ended_at", "ended_by"])
