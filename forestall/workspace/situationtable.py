"""Situations as rows: how closely each is watched, when it is looked at again, what moved in its last reading."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from forestall.assessment import queries as assessment
from forestall.assessment.queries import CLOSENESS, Assessment, Situation
from forestall.assessment.states import SITUATION
from forestall.base.words import Words, say
from forestall.labels.label import Label

from .placenames import country_name
from .profiles import days_between
from .wayfinding import address


@dataclass(frozen=True)
class Row:
    """One situation. `moved` counts the factors whose judgement moved in the last reading, None before a second one."""

    title: str
    url: str
    state: str
    places: str
    codes: tuple[str, ...]
    desk: str
    review_due: date | None
    due: Words | None
    read_on: date | None
    reading_url: str
    moved: int | None
    labels: tuple[Label, ...]

    @property
    def watched(self) -> int:
        return CLOSENESS.get(self.state, 9)


def rows(*, today: date) -> list[Row]:
    """Every situation that may be seen, closed ones too."""
    read = assessment.last_readings()
    return [_row(one, read.get(one.id), today=today) for one in assessment.situations(closed=True)]


def _row(one: Situation, read: tuple[Assessment, Assessment | None] | None, *, today: date) -> Row:
    last, before = read or (None, None)
    return Row(
        title=one.title,
        url=address("situation", one.id),
        state=one.state,
        places=", ".join(country_name(code) for code in one.places),
        codes=tuple(one.places),
        desk=one.desk,
        review_due=one.review_due,
        due=days_between(one.review_due, today=today) if one.review_due and one.state != "closed" else None,
        read_on=last.on if last else None,
        reading_url=address("assessment", last.id) if last else "",
        moved=_moved(last, before) if last and before else None,
        labels=tuple(each.label for each in (one, last, before) if each is not None),
    )


def _moved(newer: Assessment, older: Assessment) -> int:
    return sum("." not in number for number, _, _ in assessment.changes(newer, older))


def chosen(found: Iterable[Row], *, text: str = "", state: str = "", place: str = "") -> list[Row]:
    """Rows whose title or countries hold `text`, in a state, in a country; closed ones only when asked for."""
    return [
        row
        for row in found
        if (row.state == state if state else row.state != "closed")
        and (not text or text.casefold() in f"{row.title} {row.places}".casefold())
        and (not place or place in row.codes)
    ]


KEYS: Mapping[str, Callable[[Row], Any]] = {
    "title": lambda row: row.title.casefold(),
    "state": lambda row: (row.watched, row.title.casefold()),
    "places": lambda row: (row.places, row.title.casefold()),
    "review": lambda row: row.review_due,
    "read": lambda row: row.read_on,
    "moved": lambda row: row.moved,
    "desk": lambda row: row.desk,
}


def ordered(found: Iterable[Row], *, key: str, falling: bool) -> list[Row]:
    """The rows by one of `KEYS`; what is not known stays last."""
    value = KEYS[key]
    listed = list(found)
    known = sorted((row for row in listed if value(row) is not None), key=value, reverse=falling)
    return [*known, *(row for row in listed if value(row) is None)]


HEAD = (
    say("Situation"), say("State"), say("Countries"), say("Review due"), say("Last reading"), say("Factors moved"),
    say("Desk"),
)  # fmt: skip


def lines(found: Iterable[Row]) -> list[list[str | int | Words | None]]:
    """The rows as a file has them."""
    return [
        [row.title, SITUATION.words[row.state], row.places, _iso(row.review_due), _iso(row.read_on), row.moved, row.desk]
        for row in found
    ]


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
