"""Asking another body for information, and recording what came: an answer, a refusal, or nothing."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db import transaction

from forestall.access import queries as people
from forestall.access.actions import tell
from forestall.access.session import Session
from forestall.base.clock import today
from forestall.base.words import Words, say
from forestall.institutions.models import Counterpart
from forestall.labels.label import Label, Level, join
from forestall.monitoring import policies
from forestall.monitoring.models import InformationRequest, Item
from forestall.monitoring.states import INFORMATION_REQUEST, InformationRequestState
from forestall.record import resting
from forestall.record.actions import write


@transaction.atomic
def ask(
    counterpart: Counterpart,
    *,
    question: str,
    due: date | None,
    by: Session,
    iso3: str = "",
    situation_id: UUID | None = None,
    about: Label | None = None,
) -> InformationRequest:
    """Record that a body was asked, through the channel proper to it.

    `about` is the label of the situation it is about: what is asked tells as much as the thing. Without one it is
    confidential, and within the desk of whoever asks when that desk alone works on the State.
    """
    by.check_may("information.ask")
    policies.check_information_asked(question=question, due=due, today=today())
    assert due is not None
    made = InformationRequest(
        reference=f"RFI-{secrets.token_hex(3).upper()}", counterpart=counterpart, situation_id=situation_id, iso3=iso3,
        question=question.strip(), channel=counterpart.channel, asked_on=today(), due=due,
        asked_by=by.person_id,
    ).labelled(join([counterpart.label, about or _of_the_desk(iso3, by=by)]))  # fmt: skip
    return write(made, by=by.person_id, verb="information asked")


def _of_the_desk(iso3: str, *, by: Session) -> Label:
    working, own = people.compartments_for(iso3) if iso3 else frozenset(), by.sight.compartments or frozenset()
    return Label(level=Level.CONFIDENTIAL, compartments=working if len(working) == 1 and working <= own else frozenset())


@transaction.atomic
def receive(
    one: InformationRequest, *, text: str, on: date | None, items: Sequence[Item], by: Session, in_part: bool = False
) -> InformationRequest:
    """Record what came in answer, all of it or a part; the request is from then on as sensitive as the items that came."""
    to = InformationRequestState.IN_PART if in_part else InformationRequestState.ANSWERED
    policies.check_information_came(text=text, items=items, on=on, asked_on=one.asked_on, today=today())
    one.answer = "\n\n".join(part for part in (one.answer, text.strip()) if part)
    one.answered_on = on
    one.items = list(dict.fromkeys([*one.items, *(str(item.id) for item in items)]))
    _moved(one, to=to, by=by, words=say("%(reference)s: information came.", reference=one.reference))
    if items:
        resting.raise_label(one, label=join(item.label for item in items), by=by.person_id)
    return one


@transaction.atomic
def decline(one: InformationRequest, *, reason: str, by: Session) -> InformationRequest:
    """Record that the body will not answer, and what it said."""
    policies.check_reason(reason=reason)
    one.ended, one.answered_on = reason.strip(), today()
    return _moved(one, to=InformationRequestState.DECLINED, by=by, words=say("%(reference)s: the body declined to answer.", reference=one.reference))


@transaction.atomic
def withdraw(one: InformationRequest, *, reason: str, by: Session) -> InformationRequest:
    """Take a request back: it is asked no longer, and stays in the record with the reason."""
    policies.check_reason(reason=reason)
    one.ended = reason.strip()
    return _moved(one, to=InformationRequestState.WITHDRAWN, by=by, words=None)


@transaction.atomic
def record_silence(*, by: Session) -> list[InformationRequest]:
    """Record as silence what was asked and not answered by its day; who asked is told. Doing it again changes nothing."""
    late = InformationRequest.objects.filter(state=InformationRequestState.ASKED, due__lt=today())
    return [
        _moved(
            one, to=InformationRequestState.NO_RESPONSE, by=by,
            words=say("%(reference)s: the day asked has passed without a response.", reference=one.reference),
        )
        for one in late
    ]  # fmt: skip


def _moved(one: InformationRequest, *, to: InformationRequestState, by: Session, words: Words | None) -> InformationRequest:
    step = INFORMATION_REQUEST.move(one.state, to)
    by.check_may(step.verb)
    one.state = to
    write(one, by=by.person_id, verb=step.records)
    if words is not None and one.asked_by != by.person_id:
        tell([one.asked_by], words=words, kind=InformationRequest.kind(), object_id=one.id)
    return one
