"""Disposing of what is due: many things proposed with one reason, each a decision of two of its own; or keeping one on.

Each thing goes by the very matter by which any content goes, so that no guard is doubled or passed by.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from forestall.access import decisions, labelling
from forestall.access.models import Decision
from forestall.access.session import Session
from forestall.base.clock import now, today
from forestall.base.errors import Refused
from forestall.base.words import Words
from forestall.record.actions import expunge, write
from forestall.record.models import Recorded, Tombstone

from . import policies
from .models import Prolongation
from .states import KEEP


@dataclass
class Disposed:
    """What became of many: how many went, and for the others the id and why not."""

    done: int = 0
    refused: list[tuple[UUID, Words]] = field(default_factory=list)


@transaction.atomic
def propose(things: Sequence[Recorded], *, reason: str, by: Session) -> list[Decision]:
    """Propose to remove the content of each of these things. Raises `Refused` for the first that may not; then for none."""
    policies.check_chosen(count=len(things))
    return [decisions.propose(labelling.EXPUNGE, about=one, reason=reason, by=by) for one in things]


def agree(proposed: Iterable[Decision], *, by: Session) -> Disposed:
    """Agree to each of these removals. One that may not go, because a hold was placed since, keeps none of the others."""
    found = Disposed()
    listed = list(proposed)
    policies.check_chosen(count=len(listed))
    for one in listed:
        try:
            with transaction.atomic():
                decisions.agree(one, by=by)
            found.done += 1
        except Refused as refusal:
            found.refused.append((one.about_id, refusal.words))
    return found


def waiting(session: Session) -> list[Decision]:
    """Proposed removals that this person could agree to now, those that lapse first, first."""
    return [one for one in decisions.waiting_for(session) if one.matter == labelling.EXPUNGE]


@transaction.atomic
def keep_on(things: Sequence[Recorded], *, until: date, reason: str, by: Session) -> list[Prolongation]:
    """Keep things whose time is over until a day, because they are needed. Raises `Refused` without a reason."""
    by.check_may(KEEP)
    policies.check_chosen(count=len(things))
    policies.check_reason(reason=reason)
    policies.check_kept_on(until=until, today=today())
    return [_kept_on(one, until=until, reason=reason, by=by) for one in things]


def _kept_on(thing: Recorded, *, until: date, reason: str, by: Session) -> Prolongation:
    made = Prolongation(
        about_kind=thing.kind(), about_id=thing.id, until=until, reason=reason.strip(), by=by.person_id, at=now()
    ).labelled(replace(thing.label, hold=False))
    return write(made, by=by.person_id, verb="kept on")


def on_removed(*, thing: Recorded, **_: Any) -> None:
    """With the content go the reasons for which it was kept on: they may quote it."""
    for one in Prolongation.objects.filter(about_id=thing.id):
        why = Tombstone.objects.get(pk=thing.id)
        expunge(one, by=why.by, second=why.second, reason=why.reason)
