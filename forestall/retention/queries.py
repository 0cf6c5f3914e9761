"""What the records officer's page asks: the schedule as it stands, what was removed last, and by which nights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from forestall.record.models import Entry, Revision, Tombstone

from . import times
from .nightly import REMOVED
from .schedule import KeepingClass, Then, classes

LOOKED_THROUGH = 500
DECISION = "access.decision"
"""What was decided about a thing goes with it and is no removal of its own."""


YEAR = 365


@dataclass(frozen=True)
class Line:
    """One class of the schedule as it stands here. `own`: two people set another time than the schedule's."""

    keeping: KeepingClass
    days: int
    own: bool

    @property
    def years(self) -> int:
        """The days in whole years of 365; 0 when they are none."""
        return 0 if self.days % YEAR else self.days // YEAR


def schedule() -> list[Line]:
    """Every class with the days it is kept here."""
    own = times.own_times()
    return [Line(one, times.days_of(one, own=own), own=own.get(one.key, one.days) != one.days) for one in classes()]


def removed(*, newest: int = 20) -> list[Tombstone]:
    """The last removals of what the bound session may have seen until then, newest first.

    A tombstone has no label of its own: it is shown under the last label that the thing carried in life.
    """
    found = []
    for one in Tombstone.objects.exclude(kind=DECISION).order_by("-at")[:LOOKED_THROUGH]:
        if _seen_in_life(one):
            found.append(one)
        if len(found) == newest:
            break
    return found


def _seen_in_life(one: Tombstone) -> bool:
    """Whether the newest state that may be seen is the one that the removal ended."""
    last = Revision.objects.filter(object_id=one.object_id).order_by("-number").first()
    if last is None:
        return False
    later = Entry.objects.filter(object_id=one.object_id, seq__gt=last.entry_seq).exclude(commitment="").order_by("seq").first()
    return later is not None and later.verb == "expunged"


def nights(*, newest: int = 10) -> Sequence[Entry]:
    """The last acts by which something without a label went by itself."""
    return list(Entry.objects.filter(verb__startswith=f"{REMOVED}: ").order_by("-seq")[:newest])


def changeable() -> list[KeepingClass]:
    """Classes for which the office may set another time."""
    return [one for one in classes() if one.can_change and one.then in (Then.REVIEW, Then.REMOVE)]
