"""What the Office does not know and wants to: asking for it, and what came."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction

from forestall.access.session import Session
from forestall.base.errors import Refused
from forestall.base.words import say
from forestall.labels.label import Label
from forestall.record.actions import write

from ..models import Gap


@transaction.atomic
def ask(
    *,
    question: str,
    situation_id: UUID,
    label: Label,
    by: Session,
    asked_of: str = "",
    due: date | None = None,
) -> Gap:
    """Note what is not known about a situation, whom it was asked of, and by when an answer is wanted.

    `label` is the situation's: a question tells as much as the thing it is about.
    """
    by.check_may("observation.confirm")
    if not question.strip():
        raise Refused(say("Write what is not known, as a question somebody could answer."))
    made = Gap(
        situation_id=situation_id,
        question=question.strip(),
        asked_of=asked_of.strip(),
        due=due,
        state="asked" if asked_of.strip() else "open",
    ).labelled(label)
    return write(made, by=by.person_id, verb="question asked")


@transaction.atomic
def answer(gap: Gap, *, text: str, by: Session) -> Gap:
    """Write down what came; the question is open no longer."""
    by.check_may("observation.confirm")
    if gap.state not in ("open", "asked"):
        raise Refused(say("This question was answered or closed before."))
    if not text.strip():
        raise Refused(say("Write what came, or that nothing will come."))
    gap.answer, gap.state = text.strip(), "answered"
    return write(gap, by=by.person_id, verb="question answered")
