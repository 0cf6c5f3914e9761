"""Raising a warning, and closing it."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from forestall.access.session import Session
from forestall.advising import policies
from forestall.advising.models import Warning
from forestall.advising.states import WARNING, WarningState
from forestall.assessment.models import Assessment
from forestall.base.clock import now, today
from forestall.base.errors import Refused
from forestall.base.words import say
from forestall.record.actions import write

from .notice import tell_of


@transaction.atomic
def raise_warning(
    assessment: Assessment, *, title: str, likelihood: str, confidence: str, until: date, by: Session
) -> Warning:
    """Warn on the ground of an issued assessment. `likelihood` and `confidence` are step ids of their scales."""
    by.check_may("warning.draft")
    if assessment.state not in ("issued", "cleared"):
        raise Refused(say("A warning rests on a cleared assessment. Have this one cleared first."))
    policies.check_judgement(
        title=title, likelihood=likelihood, confidence=confidence, until=until, today=today()
    )
    made = Warning(
        situation=assessment.situation,
        assessment=assessment,
        title=title.strip(),
        likelihood=likelihood,
        confidence=confidence,
        until=until,
        raised_by=by.person_id,
        raised_at=now(),
    ).labelled(assessment.label)
    return write(made, by=by.person_id, verb="warning raised")


@transaction.atomic
def close_warning(warning: Warning, *, by: Session) -> Warning:
    """Put a warning away: its window is over, or what it warned of was dealt with."""
    by.check_may("warning.draft")
    move_warning(warning, to=WarningState.CLOSED, by=by)
    tell_of(
        warning,
        words=say("A warning was closed: %(title)s.", title=warning.title),
        whom=WARNING.move(WarningState.RAISED, WarningState.CLOSED).tells,
        by=by,
    )
    return warning


def move_warning(warning: Warning, *, to: WarningState, by: Session) -> None:
    """One allowed move, recorded. Raises `Refused` for any other."""
    move = WARNING.move(warning.state, to)
    warning.state = to
    write(warning, by=by.person_id, verb=move.records)
