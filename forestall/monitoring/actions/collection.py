"""Whether a source is asked: turned on by a person, asked by the worker at fixed times."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from forestall.access.session import Session
from forestall.base.errors import Refused
from forestall.base.words import say
from forestall.collecting import officesettings
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
    row = _row(source, by=by)
    row.asked, row.failures, row.not_before = asked, 0, None
    return write(row, by=by.person_id, verb="collection turned on" if asked else "collection turned off")


def _row(source: Source, *, by: Session) -> Collection:
    """How the office asks a source. Raises `Refused` for whoever may not see that, and so would write another beside it."""
    label = answers.label_of(source)
    if not by.may_see(label):
        raise Refused(say("You are not cleared for what %(source)s brings. Ask a colleague who is.", source=source.title))
    return holdings.collection(source.id) or Collection(collector=source.id).labelled(label)


@transaction.atomic
def set_for_office(source: Source, *, key: str, text: str, by: Session) -> Collection:
    """Have this office ask a source otherwise than its definition says; an empty text goes back to what that says.

    Raises `Refused` for what is no setting or no value, and when a person would say whom the source asks: whoever is
    asked is given the credentials. After that it is read from the beginning.
    """
    by.check_may("source.keep")
    value = officesettings.checked(source, key=key, text=text) if text.strip() else None
    if officesettings.is_address(source, key) and not by.person_id.startswith("system:"):
        raise Refused(say("Whom a source asks is set by whoever keeps the machine, on the command line."))
    if key not in source.office:
        officesettings.checked(source, key=key, text=text)
    row = _row(source, by=by)
    before = dict(row.settings)
    row.settings = {name: one for name, one in before.items() if name != key} | ({} if value is None else {key: value})
    if row.settings == before:
        return row
    if officesettings.is_address(source, key):
        answers.move(source, {}, by=by)
    return write(row, by=by.person_id, verb="source set")


def of_office(source: Source) -> Source:
    """The source as this office asks it."""
    row = holdings.collection(source.id)
    return officesettings.adapted(source, row.settings) if row else source


def due(source: Source, *, at: datetime) -> bool:
    """Whether the worker is to ask a source now."""
    row = holdings.collection(source.id)
    if not source.is_asked or row is None or not row.asked:
        return False
    last = holdings.last_run(source.id)
    cadence = timedelta(minutes=source.cadence_minutes)
    return health.due(last=last.started_at if last else None, cadence=cadence, not_before=row.not_before, at=at)
