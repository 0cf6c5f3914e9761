"""Coverage as its pages show it: every country with who speaks of it; one country, source by source; silences in words.

Plain values made from what the session may see. Levels are those of what each row was counted from.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from forestall import places
from forestall.assessment import queries as assessment
from forestall.base.errors import Refused
from forestall.base.words import Words, say
from forestall.monitoring import coverage
from forestall.monitoring.coverage import Cell
from forestall.monitoring.silences import STANDING, Silence
from forestall.monitoring.states import COVERAGE_STATES, SILENCE, SOURCE_NATURES, CoverageState
from forestall.sources import all_sources
from forestall.workspace.charts import sparkline
from forestall.workspace.exercisecountries import exercise_countries, invented
from forestall.workspace.placenames import country_name, language_name
from forestall.workspace.templatetags.vocabulary import catalogued
from forestall.workspace.worldtable import carried

GRAVITY = tuple(
    CoverageState(one)
    for one in (
        "nobody",
        "silent",
        "unreachable",
        "way_still",
        "not_asked",
        "never",
        "few",
        "late",
        "reporting",
    )
)
"""How countries are ordered: where least is heard first."""
FORTNIGHTS = 26


@dataclass(frozen=True)
class Row:
    """One country: how it stands, who speaks of it (sources of the United Nations, others, facts), when last.

    `expected`: the shortest gap in days that any of them is expected to leave. `silent`: how many have gone silent.
    """

    iso3: str
    name: str
    url: str
    state: CoverageState
    un: int
    others: int
    facts: int
    languages: tuple[str, ...]
    last: date | None
    days: int | None
    expected: int | None
    silent: int
    watched: bool
    level: int

    @property
    def words(self) -> Words:
        return COVERAGE_STATES[self.state]

    @property
    def order(self) -> tuple[bool, bool, int, str]:
        """Countries with a situation first, then those of which anything is heard; where least is heard first."""
        nothing = self.state is CoverageState.NOBODY
        return (not self.watched, nothing and not self.watched, GRAVITY.index(self.state), self.name)


def rows(cells: Iterable[Cell], *, day: date, as_of: date | None, every: bool = True) -> list[Row]:
    """Every country and area, with those that cells or situations name; with `every` False these alone."""
    found = coverage.by_country(cells)
    situations = {iso3: one.level for one in assessment.situations() for iso3 in one.places}
    listed = (
        {one.iso3 for one in (*places.member_and_observer_states(), *exercise_countries())}
        if every
        else set()
    )
    return [
        _row(iso3, found.get(iso3, []), day=day, as_of=as_of, situation=situations.get(iso3))
        for iso3 in sorted({*found, *situations, *listed} - {""})
    ]


def _row(iso3: str, those: Sequence[Cell], *, day: date, as_of: date | None, situation: int | None) -> Row:
    speaking = [one for one in those if one.state in coverage.HEARD]
    natures = {one.source.id: one.source.nature for one in speaking if one.source}
    united = sum(nature == "un" for nature in natures.values())
    last = max((one.rhythm.last for one in those if one.rhythm.last), default=None)
    return Row(
        iso3=iso3,
        name=country_name(iso3),
        url=carried(reverse("covered_country", args=[iso3]), as_of=as_of),
        state=coverage.state_of(those),
        un=united,
        others=len(natures) - united,
        facts=len({one.collector for one in speaking if one.source is None}),
        languages=tuple(sorted({one.language for one in speaking if one.language})),
        last=last,
        days=max(0, (day - last).days) if last else None,
        expected=min((one.rhythm.expected for one in speaking if one.rhythm.expected), default=None),
        silent=len({one.key[:2] for one in those if one.state is CoverageState.SILENT}),
        watched=situation is not None,
        level=max([situation or 0, *(one.level for one in those)]),
    )


def lies_in(iso3: str, code: str) -> bool:
    """Whether a country lies in a region (M49); every country lies in no region in particular."""
    if not code:
        return True
    try:
        country = invented(iso3) or places.country(iso3)
    except Refused:
        return False
    return code in (country.region, country.subregion, country.intermediate)


@dataclass(frozen=True)
class Line:
    """One source on one country in one language, with its strip of fortnights."""

    cell: Cell
    name: str
    url: str
    nature: Words
    language: str
    state: Words
    sentence: Words
    days: int | None
    strip: SafeString
    silence: Silence | None


def lines(cells: Iterable[Cell], *, day: date, noticed: Iterable[Silence]) -> list[Line]:
    """Cells in words, in the order given, each with the silence that was noticed of it."""
    standing = [one for one in noticed if one.state in STANDING]
    known = {(one.collector, str(one.source_id or ""), one.iso3, one.language): one for one in standing}
    return [_line(cell, day=day, silence=known.get(cell.key)) for cell in cells]


def _line(cell: Cell, *, day: date, silence: Silence | None) -> Line:
    name = catalogued(cell.source.name) if cell.source else source_title(cell.collector)
    return Line(
        cell=cell,
        name=name,
        url=reverse("source", args=[cell.source.id])
        if cell.source
        else reverse("collector", args=[cell.collector]),
        nature=SOURCE_NATURES.get(cell.source.nature, SOURCE_NATURES["other"])
        if cell.source
        else say("facts"),
        language=language_name(cell.language) if cell.language else "",
        state=COVERAGE_STATES[cell.state],
        sentence=_sentence(cell),
        days=cell.rhythm.age(day),
        strip=_strip(cell, name=name),
        silence=silence if cell.state is CoverageState.SILENT else None,
    )


def source_title(collector: str) -> str:
    """What a source of the catalogue is called; its id where the catalogue has it no more."""
    entry = all_sources().get(collector)
    return catalogued(entry.title) if entry else collector


def _sentence(cell: Cell) -> Words:
    """How what is expected was come by."""
    rhythm = cell.rhythm
    if rhythm.expected is None or rhythm.silent_after is None:
        return say("gaps so far: %(gaps)s; five are needed", gaps=rhythm.gaps)
    if rhythm.declared:
        return say("declared by the desk; silent after %(days)s days", days=rhythm.silent_after)
    if rhythm.lag:
        return say(
            "as nine in ten gaps were, and up to %(lag)s days until it is published; silent after %(days)s days",
            lag=rhythm.lag, days=rhythm.silent_after,
        )  # fmt: skip
    return say("as nine in ten gaps were; silent after %(days)s days", days=rhythm.silent_after)


def _strip(cell: Cell, *, name: str) -> SafeString:
    """Days heard in each of the last 26 fortnights; those since its last word are silence where it is silent."""
    counts: list[int | None] = [cell.weeks[2 * one] + cell.weeks[2 * one + 1] for one in range(FORTNIGHTS)]
    if cell.state is CoverageState.SILENT:
        spoken = [place for place, count in enumerate(counts) if count]
        counts = [count if place <= max(spoken, default=-1) else None for place, count in enumerate(counts)]
    title = gettext("Days on which %(name)s was heard, by fortnight") % {"name": name}
    return sparkline(counts, title=title)


@dataclass(frozen=True)
class Silent:
    """A silence as a caution: what stopped, since when, what that does not mean, and how a person explained it."""

    words: Words
    reason: str
    url: str


def silent(found: Iterable[Silence], *, day: date) -> list[Silent]:
    """Silences as cautions, in the order given, as they stood on a day."""
    return [Silent(_stopped(one, day=day), one.reason, reverse("silence", args=[one.id])) for one in found]


def _stopped(one: Silence, *, day: date) -> Words:
    parts: dict[str, Any] = {
        "source": source_of(one),
        "country": country_name(one.iso3),
        "days": one.days(day),
    }
    if one.language:
        return say(
            "Nothing on %(country)s from %(source)s in %(language)s for %(days)s days.",
            language=language_name(one.language), **parts,
        )  # fmt: skip
    return say(
        "No figures on %(country)s from %(source)s for %(days)s days.",
        **parts,
    )


def source_of(one: Silence) -> str:
    """Who is silent."""
    return str(catalogued(one.source.name)) if one.source else source_title(one.collector)


def state_words(one: Silence) -> Words:
    return SILENCE.words[one.state]
