"""The third-party rule: what was given in confidence is quoted further only with its originator's recorded leave."""

from __future__ import annotations

from django.db import transaction

from forestall.access.session import Session
from forestall.base.clock import now
from forestall.monitoring import policies
from forestall.monitoring.models import LeaveToQuote
from forestall.monitoring.states import LEAVE, LeaveState
from forestall.record.actions import write
from forestall.record.models import Recorded


@transaction.atomic
def ask(
    thing: Recorded, *, originator: str, addressee: str, wording: str, by: Session, through: str = ""
) -> LeaveToQuote:
    """Record that the originator was asked for leave to quote `wording` to `addressee`. As sensitive as the thing."""
    by.check_may("observation.confirm")
    policies.check_originator(originator=originator, compartments=thing.label.compartments)
    policies.check_leave_asked(addressee=addressee, wording=wording)
    made = LeaveToQuote(
        about_kind=thing.kind(), about_id=thing.id, originator=originator, addressee=addressee.strip(),
        wording=wording.strip(), through=through.strip(), asked_by=by.person_id, asked_at=now(),
    ).labelled(thing.label)  # fmt: skip
    return write(made, by=by.person_id, verb="leave to quote asked")


@transaction.atomic
def answer(leave: LeaveToQuote, *, to: LeaveState, text: str, by: Session) -> LeaveToQuote:
    """Record what the originator said: granted, refused, or taken back later."""
    step = LEAVE.move(leave.state, to)
    by.check_may(step.verb)
    policies.check_reason(reason=text)
    leave.state, leave.answer, leave.answered_by, leave.answered_at = to, text.strip(), by.person_id, now()
    return write(leave, by=by.person_id, verb=step.records)
