"""Observations as rows a page and a file can show: dated no more precisely than known, with origins counted.

Plain values made from what the session may see.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from forestall.assessment.queries import in_order
from forestall.base.words import Words, say
from forestall.collecting.terms import Resting
from forestall.labels.label import Label
from forestall.monitoring.queries import Standing
from forestall.monitoring.states import DIRECTIONS, OBSERVATION
from forestall.monitoring.terms import resting_on

from .charts import Event, timeline
from .placenames import country_name
from .wayfinding import address

PRECISIONS = {"day": say("day"), "month": say("month"), "year": say("year")}
ON_CHART = 12
"""Observations that the chart names; all are in the table."""


@dataclass(frozen=True)
class Link:
    """An indicator an observation bears on, and which way."""

    number: str
    direction: Words


@dataclass(frozen=True)
class Row:
    """One observation. `origins` of its `items` are independent; with none it is one party's word."""

    id: str
    on: date
    precision: str
    circa: bool
    summary: str
    place: str
    unit: str
    state: Words
    retracted: bool
    links: tuple[Link, ...]
    grade: str
    origins: int
    items: int
    interested_party: bool
    sources: tuple[str, ...]
    url: str
    labels: tuple[Label, ...]
    rests: Resting

    @property
    def bears_on(self) -> str:
        return ", ".join(link.number for link in self.links)

    @property
    def lowers(self) -> bool:
        """Whether all it bears on, it lowers."""
        return bool(self.links) and all(link.direction == DIRECTIONS["lowers"] for link in self.links)


def row_of(standing: Standing, *, framework: str) -> Row:
    """An observation as a row, with the indicators of one framework that it bears on."""
    seen = standing.observation
    links = sorted(
        (link for link in standing.links if link.framework == framework), key=lambda link: in_order(link.number)
    )
    return Row(
        id=str(seen.id),
        on=seen.on,
        precision=seen.on_precision if seen.on_precision in ("day", "month", "year") else "day",
        circa=seen.on_precision == "circa",
        summary=seen.summary,
        place=", ".join(part for part in (seen.place, seen.unit, country_name(seen.iso3)) if part),
        unit=", ".join(part for part in (seen.unit, country_name(seen.iso3)) if part),
        state=OBSERVATION.words[seen.state],
        retracted=not standing.supported,
        links=tuple(Link(link.number, DIRECTIONS[link.direction]) for link in links),
        grade=standing.best_grade,
        origins=len(standing.origins),
        items=len(standing.items),
        interested_party=seen.interested_party or not standing.origins,
        sources=tuple(dict.fromkeys(source.name for source in standing.sources.values())),
        url=address("item", standing.items[0].id) if standing.items else "",
        labels=(seen.label, *(item.label for item in standing.items)),
        rests=resting_on(standing.items, ours=True),
    )


def chosen(rows: Iterable[Row], *, text: str = "", factor: str = "", state: str = "") -> list[Row]:
    """Rows whose words hold `text`, that bear on a factor or indicator, and that are in a state."""
    wanted = OBSERVATION.words.get(state)
    return [
        row
        for row in rows
        if (not text or text.casefold() in f"{row.summary} {row.place}".casefold())
        and (not factor or any(factor in (link.number, link.number.partition(".")[0]) for link in row.links))
        and (wanted is None or row.state == wanted)
    ]


KEYS: Mapping[str, Callable[[Row], Any]] = {
    "on": lambda row: (row.on, row.summary),
    "summary": lambda row: (row.summary.casefold(),),
    "place": lambda row: (row.place.casefold(), row.on),
    "indicators": lambda row: ([in_order(link.number) for link in row.links], row.on),
    "state": lambda row: (str(row.state), row.on),
    "grade": lambda row: (row.grade or "Z", row.on),
    "origins": lambda row: (row.origins, row.items, row.on),
}


def ordered(rows: Iterable[Row], *, key: str, falling: bool) -> list[Row]:
    """The rows by one of `KEYS`."""
    return sorted(rows, key=KEYS[key], reverse=falling)


def drawing(rows: Iterable[Row], *, today: date) -> SafeString:
    """The observations that rest on the most independent origins, on a line of time, each as wide as its date is
    uncertain; of equals the latest."""
    standing = sorted((row for row in rows if not row.retracted), key=lambda row: (row.origins, row.on), reverse=True)
    events = [
        Event(row.on, row.summary, precision=row.precision, circa=row.circa) for row in standing[:ON_CHART]
    ]
    return timeline(events, title=gettext("Observations"), today=today)


def by_place(rows: Iterable[Row], *, since: date | None) -> list[tuple[str, int, int]]:
    """Places to how many observations there are, and how many since a day; the busiest first. Coarsened to the unit."""
    standing = [row for row in rows if not row.retracted]
    all_of = Counter(row.unit for row in standing)
    lately = Counter(row.unit for row in standing if since is not None and row.on > since)
    return [(unit, count, lately[unit]) for unit, count in sorted(all_of.items(), key=lambda pair: (-pair[1], pair[0]))]


HEAD = (
    say("Date"), say("Date known to"), say("What happened"), say("Where"), say("Indicators"), say("State"),
    say("Best grade"), say("Independent origins"), say("Items"), say("Interested party alone"),
)  # fmt: skip


def lines(rows: Iterable[Row]) -> list[list[str | int | Words]]:
    """The rows as a file has them."""
    return [
        [row.on.isoformat(), say("circa") if row.circa else PRECISIONS[row.precision], row.summary, row.place,
         ", ".join(f"{link.number} {gettext(link.direction.message)}" for link in row.links), row.state,
         row.grade, row.origins, row.items, say("yes") if row.interested_party else ""]
        for row in rows
    ]  # fmt: skip
