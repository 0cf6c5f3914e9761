"""The regions of M49: five regions, their sub-regions, and intermediate regions, named in six languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from forestall.base.errors import Refused
from forestall.base.words import say

from .register import Country, countries
from .tabletext import in_language, names, rows


class Level(StrEnum):
    """How deep a region lies in M49."""

    REGION = "region"
    SUBREGION = "subregion"
    INTERMEDIATE = "intermediate"


@dataclass(frozen=True)
class Region:
    """A region of M49; `m49` and `parent` are three digits, `parent` empty at the top."""

    m49: str
    level: Level
    parent: str
    names: Mapping[str, str]

    def name(self, language: str) -> str:
        """Its name in one of the six languages, else in English."""
        return in_language(self.names, language=language)


def regions(level: Level | None = None) -> tuple[Region, ...]:
    """The regions of one level, or all, parents before children."""
    return tuple(one for one in _regions().values() if level is None or one.level is level)


def region(m49: str) -> Region:
    """The region with this M49 code. Raises `Refused` when there is none."""
    found = _regions().get(m49.zfill(3))
    if found is None:
        raise Refused(say('No region has the M49 code "%(code)s".', code=m49))
    return found


def countries_in(m49: str) -> tuple[Country, ...]:
    """The countries and areas of a region of any level, by code. Raises `Refused` for an unknown region."""
    code = region(m49).m49
    return tuple(one for one in countries() if code in (one.region, one.subregion, one.intermediate))


@cache
def _regions() -> Mapping[str, Region]:
    return {
        row["m49"]: Region(m49=row["m49"], level=Level(row["level"]), parent=row["parent"], names=names(row))
        for row in rows("regions.csv")
    }
