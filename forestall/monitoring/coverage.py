"""Who speaks of which country, in which language, how often, and who has stopped. Counted from what the bound session sees.

Of a past day items are counted as they were known then; how often facts spoke is kept for the present alone.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection as Some
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.db.models import TextField
from django.db.models.functions import Cast, Substr

from forestall.access.session import current
from forestall.collecting.contract import Source as Entry
from forestall.labels.label import Label, Level, unspell
from forestall.sources import all_sources

from . import holdings, rhythm
from .models import FactRhythm, Item, Source
from .rhythm import Rhythm
from .states import WITHOUT_ANSWER, CoverageState, ItemState

MOSTLY = 1 / 3
"""A source that brings so much about one country is one of that country's own, whatever was declared."""
SEVERAL = 3
"""So many sources must have come one way before it can be told that nothing comes that way any more."""
HEARD = frozenset({CoverageState.REPORTING, CoverageState.LATE, CoverageState.FEW})
"""States of who counts as speaking of a country."""
_LABEL = ("level", "compartments", "audience", "embargo_until", "consent")


class Brought(NamedTuple):
    """On one UTC day one source brought something about one country, in one language, under one label."""

    source_id: UUID
    iso3: str
    language: str
    day: date
    label: Label


@dataclass(frozen=True)
class Cell:
    """One source on one country in one language; `source` is None and `language` empty for facts of a collector.

    `heard`: on how many days; `weeks`: on how many of each of the last 52 weeks. `share`: of the days on which the source
    was heard, counted once for each country that it spoke of, those of this country.
    """

    iso3: str
    language: str
    source: Source | None
    collector: str
    rhythm: Rhythm
    state: CoverageState
    weeks: tuple[int, ...]
    heard: int
    level: int
    share: float = 0.0

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What it is called by: collector, source, country, language."""
        return (self.collector, str(self.source.id) if self.source else "", self.iso3, self.language)

    @property
    def is_own(self) -> bool:
        """Whether the source is one of this country's own: by declaration, or by what it brings."""
        return self.rhythm.declared or self.share >= MOSTLY


@dataclass(frozen=True)
class World:
    """What coverage is counted from beside the items: sources, the rhythms of facts, what is known of each way in, the day."""

    sources: Mapping[UUID, Source]
    facts: Sequence[FactRhythm]
    outages: Mapping[str, CoverageState]
    today: date


def brought(*, today: date) -> list[Brought]:
    """What was brought in the two years to a day, over what may be seen; rejected items are none.

    Read as texts, which are taken apart once for each that differs: there may be a hundred thousand items.
    """
    since = datetime.combine(today - rhythm.LOOKED_AT, time(), tzinfo=UTC)
    found = (
        Item.objects.exclude(state=ItemState.REJECTED)
        .filter(received_at__gte=since, quarantined=False)
        .annotate(
            by=Cast("source_id", TextField()),
            where=Cast("countries", TextField()),
            tongues=Cast("languages", TextField()),
            on=Substr(Cast("received_at", TextField()), 1, 10),
        )
        .order_by()
        .values_list("by", "where", "tongues", "on", *_LABEL)
    )
    return [one for row in dict.fromkeys(found.iterator()) for one in _exploded(row)]


def _exploded(row: tuple[Any, ...]) -> Iterable[Brought]:
    by, where, tongues, on, *label = row
    languages = _read(tongues)
    language = languages[0] if languages else "und"
    return [Brought(_id(by), iso3, language, _day(on), _label(*label)) for iso3 in _read(where)]


@lru_cache(maxsize=20_000)
def _id(text: str) -> UUID:
    return UUID(text)


@lru_cache(maxsize=20_000)
def _day(text: str) -> date:
    return date.fromisoformat(text)


@lru_cache(maxsize=20_000)
def _read(text: str) -> tuple[str, ...]:
    return tuple(json.loads(text))


@lru_cache(maxsize=20_000)
def _label(level: int, compartments: str, audience: str, embargo: datetime | None, consent: str) -> Label:
    return Label(Level(level), unspell(compartments), unspell(audience), embargo, consent=unspell(consent))


def world(*, today: date) -> World:
    """The rest, over what may be seen. A source that was retired is expected to say nothing and is left out."""
    sources = {one.id: one for one in Source.objects.exclude(state="retired").order_by("name")}
    facts = [] if current().as_of is not None else list(FactRhythm.objects.order_by("collector"))
    return World(sources, facts, outages(), today)


def outages() -> dict[str, CoverageState]:
    """Ways in that cannot be heard now, of those that ask: not asked, or the last turn ended without an answer.

    In an exercise nobody is asked, and what comes is played.
    """
    if settings.HOME.is_exercise:
        return {}
    found = {one.id: _outage(one) for one in all_sources().values() if one.asks is not None}
    return {collector: state for collector, state in found.items() if state is not None}


def _outage(entry: Entry) -> CoverageState | None:
    row = holdings.collection(entry.id)
    if row is None or not row.asked:
        return CoverageState.NOT_ASKED
    last = holdings.last_run(entry.id)
    return CoverageState.UNREACHABLE if last is not None and last.state in WITHOUT_ANSWER else None


def coverage(*, today: date, iso3: Some[str] | None = None) -> list[Cell]:
    """Every source on every country (or these) in every language that there is to be seen, on a day (UTC)."""
    return cells(brought(today=today), world=world(today=today), iso3=iso3)


def cells(rows: Sequence[Brought], *, world: World, iso3: Some[str] | None = None) -> list[Cell]:
    """The cells that these rows make, and those of facts and of sources that never spoke of the country they are for."""
    shut = _still(rows, world=world) | dict(world.outages)
    heard: dict[UUID, set[tuple[str, date]]] = defaultdict(set)
    speaking: dict[tuple[UUID, str, str], list[Brought]] = defaultdict(list)
    for row in rows:
        heard[row.source_id].add((row.iso3, row.day))
        if row.source_id in world.sources and (iso3 is None or row.iso3 in iso3):
            speaking[row.source_id, row.iso3, row.language].append(row)
    spoken = {(source_id, country) for source_id, country, _ in speaking}
    return [
        *(_heard(those, world=world, shut=shut, total=len(heard[key[0]])) for key, those in speaking.items()),
        *(
            _never(one, world=world, shut=shut)
            for one in world.sources.values()
            if one.iso3
            and one.state == "active"
            and (one.id, one.iso3) not in spoken
            and (iso3 is None or one.iso3 in iso3)
        ),
        *(cell for one in world.facts for cell in _counted(one, world=world, shut=shut, iso3=iso3)),
    ]


def _still(rows: Sequence[Brought], *, world: World) -> dict[str, CoverageState]:
    """Ways by which several sources came and nothing at all comes any more, for longer than there ever usually was."""
    days: dict[str, set[date]] = defaultdict(set)
    sources: dict[str, set[UUID]] = defaultdict(set)
    for row in rows:
        if row.source_id in world.sources:
            collector = world.sources[row.source_id].collector
            days[collector].add(row.day)
            sources[collector].add(row.source_id)
    return {
        collector: CoverageState.WAY_STILL
        for collector, those in days.items()
        if len(sources[collector]) >= SEVERAL
        and rhythm.rhythm_of(those).state(world.today) is CoverageState.SILENT
    }


def _heard(those: Sequence[Brought], *, world: World, shut: Mapping[str, CoverageState], total: int) -> Cell:
    source, first = world.sources[those[0].source_id], those[0]
    days = {row.day for row in those}
    here = source.iso3 == first.iso3 and _same_language(source.language, first.language)
    found = rhythm.rhythm_of(days, declared=source.cadence_days, here=here)
    return Cell(
        iso3=first.iso3,
        language=first.language,
        source=source,
        collector=source.collector,
        rhythm=found,
        state=found.state(world.today, outage=shut.get(source.collector)),
        weeks=tuple(rhythm.by_week(days, until=world.today)),
        heard=len(days),
        level=max(source.level, *(int(row.label.level) for row in those)),
        share=len(days) / total,
    )


def _same_language(declared: str, language: str) -> bool:
    return not declared or declared.partition("-")[0] == language.partition("-")[0]


def _never(source: Source, *, world: World, shut: Mapping[str, CoverageState]) -> Cell:
    nothing = rhythm.rhythm_of((), declared=source.cadence_days)
    state = nothing.state(world.today, outage=shut.get(source.collector))
    return Cell(
        source.iso3,
        source.language,
        source,
        source.collector,
        nothing,
        state,
        (0,) * rhythm.WEEKS,
        0,
        source.level,
    )


def _counted(
    one: FactRhythm, *, world: World, shut: Mapping[str, CoverageState], iso3: Some[str] | None
) -> Iterable[Cell]:
    entry = all_sources().get(one.collector)
    cadence = -(-entry.cadence_minutes // 1440) if entry else 1
    for country, told in one.countries.items():
        if iso3 is None or country in iso3:
            found = rhythm.counted_rhythm(
                date.fromisoformat(told["last"]),
                gaps=told["gaps"],
                usually=told["usual"],
                cadence=cadence,
                lag=one.lag,
            )
            state = found.state(world.today, outage=shut.get(one.collector))
            yield Cell(
                country, "", None, one.collector, found, state, tuple(told["weeks"]), told["days"], one.level
            )  # fmt: skip


def by_country(found: Iterable[Cell]) -> dict[str, list[Cell]]:
    """Countries to their cells, the latest to speak first."""
    told: dict[str, list[Cell]] = defaultdict(list)
    for cell in found:
        told[cell.iso3].append(cell)
    return {iso3: sorted(those, key=_latest_first) for iso3, those in told.items()}


def _latest_first(cell: Cell) -> tuple[int, str, str, str]:
    """The same order whatever order the rows came in."""
    name = cell.source.name if cell.source else ""
    return (-(cell.rhythm.last or date.min).toordinal(), name, *cell.key[::3])


def by_source(found: Iterable[Cell]) -> dict[UUID, list[Cell]]:
    """Sources to their cells; facts are of none."""
    told: dict[UUID, list[Cell]] = defaultdict(list)
    for cell in found:
        if cell.source is not None:
            told[cell.source.id].append(cell)
    return told


def state_of(those: Iterable[Cell]) -> CoverageState:
    """How a country, or a source on it, stands, from its cells."""
    return rhythm.of_country([(one.state, one.rhythm.last) for one in those])
