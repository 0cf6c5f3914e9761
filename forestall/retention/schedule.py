"""The schedule: classes of what is kept, read from `schedule.toml`. How long the office keeps them is in `times`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from forestall.base.catalogue import read_definition, refuse_unknown
from forestall.base.errors import Malformed, Refused
from forestall.base.words import Words, say
from forestall.labels.label import Label

FILE = Path(__file__).with_name("schedule.toml")
RECORDED = "recorded"
"""In the place of a column: counted from the day the thing was first recorded."""


class Then(StrEnum):
    """What follows when a time is over."""

    KEEP = "keep"
    WITH = "with"
    REVIEW = "review"
    REMOVE = "remove"


THEN_WORDS: dict[Then, Words] = {
    Then.KEEP: say("kept for ever"),
    Then.WITH: say("goes with what it belongs to"),
    Then.REVIEW: say("a person looks at it; removal takes two"),
    Then.REMOVE: say("goes by itself"),
}


@dataclass(frozen=True)
class After:
    """Its time does not begin before all that a column names are in a state: situations that are closed."""

    column: str
    kind: str
    state: str


@dataclass(frozen=True)
class KeepingClass:
    """One class. `days`, `least` and `most` are days; `tables` gives table to the column its time is counted from.

    `levels`, `apart` (any of these compartments) and `states` are conditions on a thing; empty: none. `unless` names a
    relation that must be empty.
    """

    key: str
    name: Words
    covers: Words
    counted: Words
    source: Words
    then: Then
    tables: Mapping[str, str]
    days: int = 0
    least: int = 0
    most: int = 0
    bytes_alone: bool = False
    levels: tuple[int, ...] = ()
    apart: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    unless: str = ""
    after: After | None = None

    @property
    def can_change(self) -> bool:
        """Whether the office may set another time."""
        return self.most > 0

    def takes(self, label: Label, *, state: str) -> bool:
        """Whether a thing of one of its tables, under `label` and in `state`, belongs to it."""
        return (
            (not self.levels or label.level in self.levels)
            and (not self.apart or bool(label.compartments & set(self.apart)))
            and (not self.states or state in self.states)
        )


@cache
def classes() -> tuple[KeepingClass, ...]:
    """Every class, in the order in which a thing is held against them. Raises `Malformed` for a schedule that is none."""
    return tuple(_read(one) for one in read_definition(FILE)["classes"])


def _read(told: Mapping[str, Any]) -> KeepingClass:
    refuse_unknown(
        told, where="schedule.toml",
        known=("key", "name", "covers", "counted", "source", "then", "tables", "days", "least", "most", "part", "levels",
               "apart", "states", "unless", "after"),
    )  # fmt: skip
    made = KeepingClass(
        key=told["key"],
        name=Words(told["name"]),
        covers=Words(told["covers"]),
        counted=Words(told.get("counted", "")),
        source=Words(told["source"]),
        then=Then(told["then"]),
        tables=dict(told["tables"]),
        days=told.get("days", 0),
        least=told.get("least", 0),
        most=told.get("most", 0),
        bytes_alone=told.get("part") == "bytes",
        levels=tuple(told.get("levels", ())),
        apart=tuple(told.get("apart", ())),
        states=tuple(told.get("states", ())),
        unless=told.get("unless", ""),
        after=After(**told["after"]) if "after" in told else None,
    )
    if (made.then in (Then.REVIEW, Then.REMOVE)) != (made.days > 0) or not made.least <= made.days:
        raise Malformed(say("schedule.toml: the days of %(key)s do not fit what follows.", key=made.key))
    return made


def keeping_class(key: str) -> KeepingClass:
    """The class with this key. Raises `Refused` when there is none."""
    for one in classes():
        if one.key == key:
            return one
    raise Refused(say("There is no class %(key)s in the schedule.", key=key))


def of_table(table: str, *, bytes_alone: bool = False) -> list[KeepingClass]:
    """The classes that list a table, in order."""
    return [one for one in classes() if table in one.tables and one.bytes_alone == bytes_alone]


def class_of(table: str, *, label: Label, state: str = "") -> KeepingClass:
    """The class a thing belongs to. Raises `Refused` for a table that no class lists; a house test keeps that from being."""
    for one in of_table(table):
        if one.takes(label, state=state):
            return one
    raise Refused(say("There is no class %(key)s in the schedule.", key=table))
