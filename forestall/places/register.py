"""The register of countries, areas and former States, with what each is to the United Nations and since when.

Sources: UN M49 for codes, names and regions; the list of Member States for their status; ISO 3166-3 for former States.
A `Country` of an exercise is made with `exercise_country` and handed about as a value: it is never in these tables.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from types import MappingProxyType

from forestall.base.errors import Refused
from forestall.base.words import say

from .tabletext import LANGUAGES, day, in_language, names, number, rows


class Status(StrEnum):
    """What a country is to the United Nations."""

    MEMBER = "member"
    OBSERVER = "observer"
    AREA = "area"  # in M49, neither Member nor observer State
    TERRITORY = "territory"  # has a code that sources use, and is not listed apart in M49
    FORMER = "former"
    EXERCISE = "exercise"  # invented


@dataclass(frozen=True)
class Country:
    """A country or area. `m49` and region codes have three digits; `lat`, `lon` are degrees of a point inside it.

    `valid_from` and `valid_to` are its first and last day as a State (UTC days, both inside). An empty `valid_from`
    means before 1989, the first year of the series we keep. `member_since` is given where the admission to the United
    Nations is later than 1988 or needs saying. `successors` are given for former States alone.
    """

    iso3: str
    names: Mapping[str, str]
    status: Status
    iso2: str = ""
    m49: str = ""
    formal_en: str = ""
    region: str = ""
    subregion: str = ""
    intermediate: str = ""
    income: str = ""
    lat: float | None = None
    lon: float | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    member_since: date | None = None
    successors: tuple[str, ...] = ()
    source: str = ""
    note: str = ""

    def name(self, language: str) -> str:
        """Its name in one of the six languages, else in English."""
        return in_language(self.names, language=language)

    def exists(self, on: date) -> bool:
        """Whether it exists on that day."""
        return (self.valid_from is None or self.valid_from <= on) and (
            self.valid_to is None or on <= self.valid_to
        )

    @property
    def is_state(self) -> bool:
        """Whether it is a Member or observer State today."""
        return self.status in (Status.MEMBER, Status.OBSERVER)


def user_assigned(iso3: str) -> bool:
    """Whether ISO 3166-1 leaves this code to its users (AAA-AAZ, QMA-QZZ, XAA-XZZ, ZZA-ZZZ) and so to no country.

    Exercises take theirs from here. Some sources use XKX for Kosovo.
    """
    if len(iso3) != 3 or not (iso3.isascii() and iso3.isalpha() and iso3.isupper()):
        return False
    return iso3[:2] in ("AA", "ZZ") or iso3[0] == "X" or (iso3[0] == "Q" and iso3[1] >= "M")


def exercise_country(iso3: str, *, names: Mapping[str, str], note: str = "") -> Country:
    """An invented country as a value. Raises `Refused` when the code could be a real one's, or a name is missing."""
    if not user_assigned(iso3) or iso3 in _register():
        raise Refused(
            say("%(code)s is not free for an exercise. Take one from ZZA to ZZZ or XAA to XZZ.", code=iso3)
        )
    missing = [language for language in LANGUAGES if not names.get(language)]
    if missing:
        raise Refused(say("%(code)s has no name in: %(missing)s.", code=iso3, missing=", ".join(missing)))
    return Country(iso3=iso3, names=MappingProxyType(dict(names)), status=Status.EXERCISE, note=note)


def countries(*, on: date | None = None) -> tuple[Country, ...]:
    """All Member and observer States and other M49 areas of today, by code; with `on`, those of that day.

    Former States appear only with `on`. The status stays that of today.
    """
    known = _register().values()
    if on is None:
        return tuple(one for one in known if one.status not in (Status.FORMER, Status.TERRITORY))
    return tuple(one for one in known if one.status is not Status.TERRITORY and one.exists(on))


def member_and_observer_states() -> tuple[Country, ...]:
    """The 193 Member States and the two observer States (Holy See, State of Palestine), by code."""
    return tuple(one for one in _register().values() if one.is_state)


def country(iso3: str, *, also: Iterable[Country] = ()) -> Country:
    """The country, area, territory or former State with this code; `also` are the countries of an exercise.

    Raises `Refused` when there is none.
    """
    for one in also:
        if one.iso3 == iso3:
            return one
    found = _register().get(iso3)
    if found is None:
        raise Refused(say('No country or area has the code "%(code)s".', code=iso3))
    return found


def name(iso3: str, language: str, *, also: Iterable[Country] = ()) -> str:
    """The name of a country in one of the six languages, else in English. Raises `Refused` for an unknown code."""
    return country(iso3, also=also).name(language)


def codes() -> frozenset[str]:
    """Every code in the register, those of territories and former States with them."""
    return frozenset(_register())


@cache
def _register() -> Mapping[str, Country]:
    found = [*map(_present, rows("countries.csv")), *map(_former, rows("former.csv")), *_coded_territories()]
    return MappingProxyType({one.iso3: one for one in sorted(found, key=lambda one: one.iso3)})


def _present(row: Mapping[str, str]) -> Country:
    return Country(
        iso3=row["iso3"],
        iso2=row["iso2"],
        m49=row["m49"],
        names=names(row),
        status=Status(row["status"]),
        formal_en=row["formal_en"],
        region=row["region"],
        subregion=row["subregion"],
        intermediate=row["intermediate"],
        income=row["income"],
        lat=number(row["lat"]),
        lon=number(row["lon"]),
        valid_from=day(row["valid_from"]),
        valid_to=day(row["valid_to"]),
        member_since=day(row["member_since"]),
        source=row["source"],
        note=row["note"],
    )


def _former(row: Mapping[str, str]) -> Country:
    return Country(
        iso3=row["iso3"],
        iso2=row["iso2"],
        m49=row["m49"],
        names=names(row),
        status=Status.FORMER,
        valid_from=day(row["valid_from"]),
        valid_to=day(row["valid_to"]),
        successors=tuple(row["successors"].split()),
        source=row["source"],
        note=row["note"],
    )


def _coded_territories() -> list[Country]:
    listed = {row["iso3"] for row in rows("countries.csv")}
    return [
        Country(
            iso3=row["code"],
            m49=row["m49"],
            names=names(row),
            status=Status.TERRITORY,
            source=row["source"],
            note=row["note"],
        )
        for row in rows("territories.csv")
        if row["code"] and row["code"] not in listed
    ]
