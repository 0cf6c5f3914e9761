"""What came to a question the Office had asked."""

from __future__ import annotations

from django.db import transaction

from forestall.access.session import Session
from forestall.base.errors import Refused
from forestall.base.words import say
from forestall.record.actions import write

from ..models import Gap


@transaction.atomic
def answer(gap: Gap, *, text: str, by: Session) -> Gap:
    """Write down what came; the question is open no longer."""
    by.check_may("item.grade")
    if gap.state not in ("open", "asked"):
        raise Refused(say("This question was answered or closed before."))
    if not text.strip():
        raise Refused(say("Write what came, or that nothing will come."))
    gap.answer, gap.state = text.strip(), "answered"
    return write(gap, by=by.person_id, verb="question answered")
