"""Weighing items: opening, grading, filing, parking, rejecting, deciding on copies."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction

from forestall.access import budget
from forestall.access.session import Session
from forestall.base.clock import now, today
from forestall.base.errors import Refused
from forestall.base.words import say
from forestall.labels.label import Label
from forestall.record import evidence
from forestall.record.actions import hold, write
from forestall.record.queries import custody

from .. import policies
from ..models import CopyEdge, Gap, Grading, Item
from ..states import ITEM, ItemState


def _move(item: Item, *, to: ItemState, by: Session) -> Item:
    move = ITEM.move(item.state, to)
    by.check_may(move.verb)
    item.state = to
    return write(item, by=by.person_id, verb=move.records)


@transaction.atomic
def triage(item: Item, *, by: Session) -> Item:
    """Somebody looks at an unread item."""
    return _move(item, to=ItemState.TRIAGED, by=by) if item.state == ItemState.RECEIVED else item


@transaction.atomic
def grade(item: Item, *, reliability: str, credibility: str, by: Session, reason: str = "") -> Grading:
    """Grade an item; an earlier grading stays and this one counts. Moves a newcomer on to graded."""
    by.check_may("item.grade")
    policies.check_grade(reliability=reliability, credibility=credibility)
    hold(item)  # two who grade at once must not give one number twice
    before = Grading.objects.filter(item=item).count()
    grading = Grading(
        item=item,
        reliability=reliability,
        credibility=credibility,
        reason=reason,
        number=before + 1,
        by=by.person_id,
        at=now(),
    ).labelled(item.label)
    write(grading, by=by.person_id, verb="item graded")
    if item.state in (ItemState.RECEIVED, ItemState.TRIAGED, ItemState.PARKED):
        _move(item, to=ItemState.GRADED, by=by)
    return grading


@transaction.atomic
def file_to(item: Item, *, situation_id: UUID, by: Session) -> Item:
    """Accept an item as information on a situation. An item without a grade is refused."""
    by.check_may("item.grade")
    if not Grading.objects.filter(item=item).exists():
        raise Refused(say("Grade the item before you file it: how far is it to be trusted?"))
    if str(situation_id) not in item.situations:
        item.situations = [*item.situations, str(situation_id)]
    if item.state == ItemState.ACCEPTED:
        return write(item, by=by.person_id, verb="item filed")
    return _move(item, to=ItemState.ACCEPTED, by=by)


@transaction.atomic
def park(item: Item, *, by: Session) -> Item:
    """Put an item aside for later."""
    return _move(item, to=ItemState.PARKED, by=by)


@transaction.atomic
def reject(item: Item, *, reason: str, by: Session) -> Item:
    """Take an item out, with a reason. Whatever rested on it alone is marked wherever it is said."""
    policies.check_reason(reason=reason)
    item.flags = [*item.flags, {"message": "Rejected: %(reason)s", "parameters": {"reason": reason}}]
    return _move(item, to=ItemState.REJECTED, by=by)


@transaction.atomic
def reopen(item: Item, *, by: Session) -> Item:
    """Take a parked or rejected item back into the inbox."""
    return _move(item, to=ItemState.TRIAGED, by=by)


def note_viewed(item: Item, *, by: Session) -> None:
    """Note in the custody of its bytes that somebody read an item: once for each person and day (UTC).

    Strictly confidential items are counted first, whatever becomes of the reading (`access.budget`).
    """
    budget.open_strict(item.level, by=by)
    _note_viewed(item, by=by)


@transaction.atomic
def _note_viewed(item: Item, *, by: Session) -> None:
    known = custody(item.evidence_id)
    if not any(e.by == by.person_id and e.verb == "viewed" and e.at.date() == today() for e in known):
        evidence.viewed(item.evidence_id, by=by.person_id)


@transaction.atomic
def decide_copy(edge: CopyEdge, *, confirmed: bool, by: Session) -> CopyEdge:
    """Confirm or reject that one item repeats another."""
    by.check_may("item.grade")
    edge.state, edge.by = ("confirmed" if confirmed else "rejected"), by.person_id
    return write(edge, by=by.person_id, verb="copy confirmed" if confirmed else "copy rejected")


@transaction.atomic
def open_gap(
    *,
    question: str,
    by: Session,
    situation_id: UUID | None = None,
    iso3: str = "",
    asked_of: str = "",
    due: date | None = None,
    label: Label | None = None,
) -> Gap:
    """Note something the Office does not know and wants to; asking again while it is open gives the question there is.

    `label` is that of the situation it is about: a question tells as much as the thing.
    """
    by.check_may("item.grade")
    if not question.strip():
        raise Refused(say("Write what it is we do not know."))
    known = Gap.objects.filter(
        situation_id=situation_id, iso3=iso3, question=question.strip(), state__in=("open", "asked")
    ).first()
    if known is not None:
        return known
    gap = Gap(
        situation_id=situation_id,
        iso3=iso3,
        question=question.strip(),
        asked_of=asked_of.strip(),
        due=due,
        state="asked" if asked_of.strip() else "open",
    )
    if label is not None:
        gap.labelled(label)
    return write(gap, by=by.person_id, verb="gap opened")
