"""Territories that M49 does not list apart, or whose status is disputed or undetermined, each with its source.

The words are neutral: being listed here says that there is a question, never who is right.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from forestall.base.errors import Refused
from forestall.base.words import say

from .tabletext import in_language, names, rows


@dataclass(frozen=True)
class Territory:
    """A territory. `code` is the three letters that sources use for it, or empty; `concerns` are codes of States.

    `kind` is one of: listed, status, non_self_governing, undetermined, sovereignty, occupied.
    """

    id: str
    code: str
    m49: str
    kind: str
    names: Mapping[str, str]
    concerns: tuple[str, ...]
    source: str
    note: str

    def name(self, language: str) -> str:
        """Its name in one of the six languages, else in English."""
        return in_language(self.names, language=language)


def territories() -> tuple[Territory, ...]:
    """All territories of the table, in its order."""
    return tuple(_territories().values())


def territory(id: str) -> Territory:  # noqa: A002 - the word of the table
    """The territory with this id, as in "western-sahara". Raises `Refused` when there is none."""
    found = _territories().get(id)
    if found is None:
        raise Refused(say('No territory is listed as "%(id)s".', id=id))
    return found


@cache
def _territories() -> Mapping[str, Territory]:
    return {row["id"]: _territory(row) for row in rows("territories.csv")}


def _territory(row: Mapping[str, str]) -> Territory:
    return Territory(
        id=row["id"],
        code=row["code"],
        m49=row["m49"],
        kind=row["kind"],
        names=names(row),
        concerns=tuple(row["concerns"].split()),
        source=row["source"],
        note=row["note"],
    )
