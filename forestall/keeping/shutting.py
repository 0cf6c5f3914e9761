"""Shutting everything at once, and who is named to open it again: noted in the log like every act."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.conf import settings
from django.db import transaction

from forestall.access import signins
from forestall.access.models import Person
from forestall.access.session import Session
from forestall.base.errors import Refused
from forestall.base.words import say
from forestall.record.actions import note
from forestall.vault import keys

from . import lockdown

KIND, ITSELF = "home", UUID(int=0)
"""What the entries are about: the home, of which there is one."""


def prepare(holders: Sequence[Person], *, by: Session) -> dict[str, str]:
    """Name who can open the home again, two together. Returns each one's card by id: shown once, kept nowhere."""
    by.check_may("people.keep")
    if any(not one.is_active for one in holders):
        raise Refused(say("Only people whose account is open can hold a card."))
    with transaction.atomic():
        for one in holders:
            note(by=by.person_id, verb="given a card of the lock-down", kind="access.person", object_id=one.id)
        return lockdown.prepare(settings.HOME, [str(one.id) for one in holders])


def shut(*, by: Session) -> None:
    """Shut the home: end every sign-in and link, note it, and seal the keys. Raises `Refused` when it was not prepared.

    The sign-ins go first, so that a crash in between leaves nobody in; shutting again goes on from there.
    """
    by.check_may("home.shut")
    lockdown.check_prepared(settings.HOME)
    with transaction.atomic():
        signins.end_everything(by=by)
        note(by=by.person_id, verb="shut everything", kind=KIND, object_id=ITSELF)
    lockdown.shut(settings.HOME, also=[keys.path()])


def opened_again(holders: Sequence[str], *, by: Session) -> None:
    """Note that the keys are back, with whose cards."""
    with transaction.atomic():
        for holder in holders:
            note(by=by.person_id, on_behalf_of=holder, verb="opened everything again", kind=KIND, object_id=ITSELF)


def holders() -> list[Person]:
    """Who holds a card, by name; nobody while nothing is prepared."""
    ready = lockdown.prepared(settings.HOME)
    return list(Person.objects.filter(pk__in=ready.holders).order_by("name")) if ready else []
