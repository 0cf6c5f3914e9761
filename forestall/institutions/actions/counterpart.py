"""The writers of counterparts and office-holders."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from forestall.access.session import Session
from forestall.base.errors import Refused
from forestall.base.words import say
from forestall.labels.label import Label, Level
from forestall.record.actions import write

from ..models import Counterpart, OfficeHolder
from ..states import BODIES, PROPER_CHANNEL


@transaction.atomic
def add_counterpart(
    *, kind_of_body: str, name: str, by: Session, iso3: str = "", note: str = "", acronym: str = ""
) -> Counterpart:
    """A body the Office deals with; its channel follows from what it is."""
    by.check_may("counterpart.keep")
    if kind_of_body not in BODIES:
        raise Refused(say("Choose what kind of body it is."))
    if not name.strip():
        raise Refused(say("Give its official name."))
    made = Counterpart(
        kind_of_body=kind_of_body, name=name.strip(), iso3=iso3, channel=PROPER_CHANNEL[kind_of_body], note=note, acronym=acronym
    ).labelled(Label(level=Level.INTERNAL))
    return write(made, by=by.person_id, verb="counterpart added")


@transaction.atomic
def add_office_holder(
    counterpart: Counterpart, *, title: str, name: str, since: date, by: Session, until: date | None = None
) -> OfficeHolder:
    """Somebody who holds an office of a counterpart; whoever held the same office before ends the day before."""
    by.check_may("counterpart.keep")
    if not title.strip() or not name.strip():
        raise Refused(say("An office-holder needs the office and the name, as a letter addresses them."))
    made = OfficeHolder(counterpart=counterpart, title=title, name=name, since=since, until=until).labelled(
        counterpart.label
    )
    for before in OfficeHolder.objects.filter(counterpart=counterpart, title=title, until__isnull=True):
        before.until = max(before.since, date.fromordinal(since.toordinal() - 1))
        write(before, by=by.person_id, verb="office ended")
    return write(made, by=by.person_id, verb="office-holder added")
