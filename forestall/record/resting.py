"""A label that is raised is raised for everything that was made from the thing, whoever may see it.

A label that is lowered is lowered for the thing and what tells nothing beyond it; never below what it was made from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, transaction
from django.db.models import Q

from forestall.labels.binding import bind
from forestall.labels.label import Label, join
from forestall.labels.telling import Elevation, elevated

from .actions import write
from .departure import Departure
from .models import Recorded
from .verification import recorded_models

Thing = TypeVar("Thing", bound=Recorded)
Outcome = TypeVar("Outcome")


@dataclass
class Whole:
    """Reads everything, so that nothing made from a thing is missed because whoever raises it may not see that."""

    database: str = DEFAULT_DB_ALIAS
    interned: set[str] = field(default_factory=set)
    querysets: dict[type[Any], Any] = field(default_factory=dict)

    def scope(self) -> Q:
        return Q()

    def forget_scope(self) -> None:
        self.querysets.clear()

    def told(self) -> dict[str, Any]:
        return {}


@transaction.atomic
def raise_label(thing: Thing, *, label: Label, by: str) -> Thing:
    """Put `thing` under the join of its label and `label`, and all that rests on it likewise; never lowers.

    A hold is for the thing alone. Returns `thing` alone: what else was raised is told to nobody who may not see it.
    """
    with bind(Whole()), elevated(Elevation.WHOLE):
        _relabel(thing, join([thing.label, label]), by=by, verb="label raised", always=True)
        downward = replace(label, hold=False, quarantined=False, expunged=False)
        for one in all_resting_on(thing):
            _relabel(one, join([one.label, downward]), by=by, verb="label raised")
    return thing


@transaction.atomic
def lower_label(thing: Thing, *, label: Label, by: str) -> Thing:
    """Put `thing`, and what tells nothing beyond it, under exactly `label`: the outcome of a decision of two."""
    with bind(Whole()), elevated(Elevation.WHOLE):
        together: list[Recorded] = [thing, *thing.lowered_with()]
        for one in together:
            _relabel(one, label, by=by, verb="label lowered", always=one is thing)
    return thing


def least_label(thing: Recorded) -> Label:
    """The join of what `thing` was made from: below it no decision lowers. Of nothing: public."""
    with bind(Whole()), elevated(Elevation.WHOLE):
        return join(one.label for one in thing.made_from())


def _relabel(one: Recorded, label: Label, *, by: str, verb: str, always: bool = False) -> None:
    if always or label != one.label:
        write(one.labelled(label), by=by, verb=verb)
        one.relabel_traces()


def gone_out(thing: Recorded) -> list[tuple[Recorded, Departure]]:
    """Where `thing` and all that was made from it went beyond the pages, whoever may see it: for calling it back alone."""
    with bind(Whole()), elevated(Elevation.WHOLE):
        carriers = [thing, *all_resting_on(thing)]
        return [(one, departure) for one in carriers if not one.expunged for departure in one.departures()]


def with_withdrawn(model: type[Recorded], object_id: UUID, *, act: Callable[[Recorded], Outcome]) -> Outcome | None:
    """Do `act` with a thing that nobody reads any more because its source took everything back; None when it is gone.

    The caller has shown that whoever acts could see it but for its consent.
    """
    with bind(Whole()), elevated(Elevation.WHOLE):
        thing = model.objects.filter(pk=object_id, expunged=False).first()
        return None if thing is None else act(thing)


def all_resting_on(thing: Recorded) -> Iterator[Recorded]:
    """What was made from `thing`, what was made from that, and so on, as the bound session sees it; each once."""
    known = {thing.id}
    waiting = [thing]
    while waiting:
        below = waiting.pop()
        for model in recorded_models():
            for one in model.resting_on(below):
                if one.id not in known:
                    known.add(one.id)
                    waiting.append(one)
                    yield one
