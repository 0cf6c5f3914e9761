"""Groups and their inequalities."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from forestall.access.session import Session
from forestall.base.errors import Refused
from forestall.base.words import say
from forestall.labels.label import Label, Level
from forestall.record.actions import write

from ..models import Group, Inequality
from ..states import PERCEPTIONS, RESPECTS


@transaction.atomic
def add_group(*, iso3: str, name: str, by: Session, note: str = "") -> Group:
    """A group of people in a country. Adding the same name twice gives the group that is there."""
    by.check_may("observation.confirm")
    if not name.strip():
        raise Refused(say("Give the name by which the group calls itself."))
    known = Group.objects.filter(iso3=iso3, name=name.strip()).first()
    if known is not None:
        return known
    made = Group(iso3=iso3, name=name.strip(), note=note).labelled(Label(level=Level.INTERNAL))
    return write(made, by=by.person_id, verb="group added")


@transaction.atomic
def note_inequality(
    group: Group, *, respect: str, perception: str, text: str, said_by: str, on: date, by: Session
) -> Inequality:
    """How a group stands in power, resources, services, development or rights; real or perceived; who says so."""
    by.check_may("observation.confirm")
    if respect not in RESPECTS or perception not in PERCEPTIONS:
        raise Refused(say("Say in which respect, and whether it is real, perceived or disputed."))
    if not text.strip() or not said_by.strip():
        raise Refused(say("An inequality needs its text and its source."))
    made = Inequality(
        group=group, respect=respect, perception=perception, text=text, said_by=said_by, on=on
    ).labelled(group.label)
    return write(made, by=by.person_id, verb="inequality noted")
