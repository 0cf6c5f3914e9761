"""A label that is raised is raised for everything that was made from the thing, whoever may see it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, transaction
from django.db.models import Q

from forestall.labels.binding import bind
from forestall.labels.label import Level
from forestall.labels.telling import Elevation, elevated

from .actions import write
from .models import Recorded
from .verification import recorded_models

Thing = TypeVar("Thing", bound=Recorded)


@dataclass
class _Whole:
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
def raise_label(thing: Thing, *, level: Level, compartments: frozenset[str], by: str) -> Thing:
    """Raise the label of `thing`, and of all that rests on it, to `level` and into `compartments`; never lowers.

    Returns `thing` alone: what else was raised is told to nobody who may not see it.
    """
    with bind(_Whole()), elevated(Elevation.WHOLE):
        together: list[Recorded] = [thing, *_all_resting_on(thing)]
        for one in together:
            raised = one.label.raised_to(level).within(*compartments)
            if one is thing or raised != one.label:
                write(one.labelled(raised), by=by, verb="label raised")
    return thing


def _all_resting_on(thing: Recorded) -> Iterator[Recorded]:
    """What was made from `thing`, what was made from that, and so on; each once."""
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
