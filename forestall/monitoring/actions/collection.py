"""Whether a source is asked: turned on by a person, asked by the worker at fixed times."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from forestall.access.session import Session
from forestall.base.errors import Refused
from forestall.base.words import say
from forestall.collecting.contract import Source
from forestall.monitoring import health, holdings
from forestall.monitoring.actions import answers
from forestall.monitoring.models import Collection
from forestall.record.actions import write


@transaction.atomic
def ask_for(source: Source, *, asked: bool, by: Session) -> Collection:
    """Have the worker ask a source at its fixed times, or no more."""
    by.check_may("source.keep")
    if not source.is_asked:
        raise Refused(say("%(source)s is not asked: what it brings arrives by itself.", source=source.title))
    row = holdings.collection(source.id) or Collection(collector=source.id).labelled(answers.label_of(source))
    row.asked, row.failures, row.not_before = asked, 0, None
    return write(row, by=by.person_id, verb="collection turned on" if asked else "collection turned off")


def due(source: Source, *, at: datetime) -> bool:
    """Whether the worker is to ask a source now."""
    row = holdings.collection(source.id)
    if not source.is_asked or row is None or not row.asked:
        return False
    last = holdings.last_run(source.id)
    cadence = timedelta(minutes=source.cadence_minutes)
    return health.due(last=last.started_at if last else None, cadence=cadence, not_before=row.not_before, at=at)
