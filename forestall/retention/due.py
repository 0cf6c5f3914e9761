"""What has reached its time, among what the bound session may see and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import DateField, Exists, F, Max, Model, OuterRef, Q, Subquery

from forestall.base.clock import end_of, trusted
from forestall.record.models import Entry, Recorded

from . import times
from .models import Prolongation
from .schedule import RECORDED, After, KeepingClass, Then, class_of, classes, of_table

MOST = 500
"""Things that are listed at once, the oldest first."""


@dataclass(frozen=True)
class Due:
    """A thing whose time is over: its class, the day it ended, and whether a hold keeps it all the same."""

    kind: str
    thing: Recorded
    keeping: KeepingClass
    day: date
    held: bool


@dataclass(frozen=True)
class DueList:
    """What is due, the oldest first. `more`: there is more than is listed here."""

    listed: tuple[Due, ...]
    more: bool


def due(*, key: str = "") -> DueList:
    """What reached its time by today and waits for a person; of one class when `key` names it."""
    own, found, more = times.own_times(), [], False
    for one in classes():
        if one.then is Then.REVIEW and key in ("", one.key):
            for table in one.tables:
                reached = list(past_its_time(one, table, days=times.days_of(one, own=own)))
                more = more or len(reached) > MOST
                found += reached
    found.sort(key=lambda each: (each.day, str(each.thing.id)))
    return DueList(tuple(found[:MOST]), more=more or len(found) > MOST)


def past_its_time(one: KeepingClass, table: str, *, days: int, most: int | None = MOST + 1) -> Iterator[Due]:
    """Things of a table that belong to a class and are older than `days`, the oldest first; `most` of them."""
    model = apps.get_model(table)
    assert issubclass(model, Recorded)
    last = trusted().date() - timedelta(days=days)
    things = _from_when(model.objects.filter(condition(one, table)), column=one.tables[table])
    day_alone = _counts_days(model, one.tables[table])
    things = things.filter(counted_from__lte=last if day_alone else end_of(last))
    things = things.exclude(evidence__address="") if one.bytes_alone else things.exclude(_kept_on())
    things = things.filter(**{f"{one.unless}__isnull": True}) if one.unless else things
    listed = list(things.order_by("counted_from", "pk")[:most])
    ended = _ended(one.after, listed) if one.after else {}
    for thing in listed:
        begins = _day(thing.counted_from)
        if one.after:
            begins = max([begins, *(ended[UUID(named)] for named in _named(thing, one.after) if UUID(named) in ended)])
        if begins <= last:
            yield Due(table, thing, one, begins + timedelta(days=days), thing.hold)


def condition(one: KeepingClass, table: str) -> Q:
    """What of a table belongs to a class: what meets its conditions, and those of no class before it."""
    found = _meets(one)
    for before in of_table(table, bytes_alone=one.bytes_alone):
        if before is one:
            break
        found &= ~_meets(before)
    return found


def _meets(one: KeepingClass) -> Q:
    found = Q(level__in=one.levels) if one.levels else Q()
    if one.apart:
        found &= Q(*[Q(compartments__contains=f",{name},") for name in one.apart], _connector=Q.OR)
    if one.states:
        found &= Q(state__in=one.states)
    return found


def _from_when(things: Any, *, column: str) -> Any:
    if column != RECORDED:
        return things.annotate(counted_from=F(column))
    first = Entry.objects.filter(object_id=OuterRef("pk")).order_by("seq").values("at")[:1]
    return things.annotate(counted_from=Subquery(first))


def _counts_days(model: type[Model], column: str) -> bool:
    """Whether a column holds days and not moments; a path leads through relations."""
    if column == RECORDED:
        return False
    first, _, rest = column.partition("__")
    field: Any = model._meta.get_field(first)
    return _counts_days(field.related_model, rest) if rest else type(field) is DateField


def _day(moment: date | datetime) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _kept_on() -> Exists:
    """Somebody looked at it and keeps it until a day to come."""
    return Exists(Prolongation.objects.filter(about_id=OuterRef("pk"), until__gt=trusted().date()))


def _named(thing: Recorded, after: After) -> list[str]:
    return [str(one) for one in getattr(thing, after.column)]


def _ended(after: After, things: Iterable[Recorded]) -> dict[UUID, date]:
    """What these things wait for, as far as the bound session sees it: the day it ended, or the end of days."""
    model = apps.get_model(after.kind)
    assert issubclass(model, Recorded)
    ids = {one for thing in things for one in _named(thing, after)}
    waited_for: Any = model.objects.filter(pk__in=ids)
    states: Mapping[UUID, str] = dict(waited_for.values_list("pk", "state"))
    over = [pk for pk, state in states.items() if state == after.state]
    changed = Entry.objects.filter(object_id__in=over).exclude(commitment="").values_list("object_id").annotate(last=Max("at"))
    days = {pk: moment.date() for pk, moment in changed}
    return {pk: days.get(pk, date.max) for pk in states}


def keeping_of(thing: Recorded) -> tuple[KeepingClass, int]:
    """The class a thing belongs to, and for how many days it is kept; 0: no time is set."""
    one = class_of(thing.kind(), label=thing.label, state=getattr(thing, "state", ""))
    return one, times.days_of(one) if one.then is Then.REVIEW else 0
