"""How long each class is kept here: the office's own time where two people set one, else the schedule's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from forestall.access import decisions
from forestall.access.matters import Matter, register
from forestall.access.models import Decision
from forestall.access.session import Session
from forestall.base.words import Words, say
from forestall.labels.label import Label, Level
from forestall.record.actions import write

from . import policies, schedule
from .models import KeepingTime
from .states import DECIDE

CHANGE_TIME = "change a time of keeping"
LABEL = Label(level=Level.INTERNAL)


def own_times() -> dict[str, int]:
    """Classes to the days that the office set."""
    return dict(KeepingTime.objects.values_list("key", "days"))


def days_of(one: schedule.KeepingClass, *, own: Mapping[str, int] | None = None) -> int:
    """For how many days a class is kept here; `own` are the office's times, where they were read already."""
    return (own_times() if own is None else own).get(one.key, one.days)


@transaction.atomic
def propose_time(key: str, *, days: int, reason: str, by: Session) -> Decision:
    """Propose another time for a class. Raises `Refused` outside its bounds, or when nobody else could agree."""
    by.check_may(DECIDE)
    one = schedule.keeping_class(key)
    standing = KeepingTime.objects.filter(key=key).first()
    policies.check_days(days=days, now=standing.days if standing else one.days, least=one.least, most=one.most)
    if standing is None:
        standing = write(KeepingTime(key=key, days=one.days).labelled(LABEL), by=by.person_id, verb="time of keeping noted")
    return decisions.propose(CHANGE_TIME, about=standing, reason=reason, by=by, terms={"days": days})


def time_of(key: str) -> KeepingTime | None:
    """The office's own time for a class, where it was ever proposed."""
    return KeepingTime.objects.filter(key=key).first()


def _check(standing: KeepingTime, terms: Mapping[str, Any], proposer: str) -> None:
    one = schedule.keeping_class(standing.key)
    policies.check_days(days=int(terms["days"]), now=standing.days, least=one.least, most=one.most)


def _change(decision: Decision, standing: KeepingTime, by: Session) -> None:
    standing.days = int(decision.terms["days"])
    write(standing, by=decision.proposer, verb="time of keeping changed", on_behalf_of="")


def _words(terms: Mapping[str, Any]) -> list[Words]:
    return [say("Days it is kept: %(days)s", days=terms["days"])]


register(Matter(
    key=CHANGE_TIME,
    title=say("Change a time of keeping"),
    consequence=say("From the next night on it counts. What goes by itself and is older goes then, and cannot be brought back."),
    verb=DECIDE, check=_check, carry_out=_change, terms_words=_words,
))  # fmt: skip

