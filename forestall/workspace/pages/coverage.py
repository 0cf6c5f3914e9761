"""Coverage: who reports on which country, in which language, when last, who has stopped, and where nobody does."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext

from forestall import places
from forestall.access import queries as people
from forestall.access.declared import page
from forestall.access.session import current
from forestall.base.clock import today
from forestall.base.errors import Refused
from forestall.base.words import say
from forestall.labels.label import LEVEL_WORDS, Level
from forestall.monitoring import coverage as monitoring
from forestall.monitoring import silences
from forestall.monitoring.actions import silence as actions
from forestall.monitoring.coverage import Cell
from forestall.monitoring.rhythm import OUTAGES
from forestall.monitoring.states import COVERAGE_STATES, CoverageState, SilenceState
from forestall.places import region
from forestall.workspace import coveragereading, exporting, worldtable
from forestall.workspace.coveragereading import Line, Row
from forestall.workspace.exercisecountries import invented
from forestall.workspace.placenames import country_name, language_name
from forestall.workspace.showing import band_of, found, show
from forestall.workspace.templatetags.parts import Column
from forestall.workspace.templatetags.tables import table_order
from forestall.workspace.templatetags.vocabulary import spoken

COLUMNS = (
    Column("standing", say("Country or area")),
    Column("state", say("State")),
    Column("un", say("United Nations"), numeric=True),
    Column("others", say("Other sources"), numeric=True),
    Column("facts", say("Sources of facts"), numeric=True),
    Column("languages", say("Languages"), sortable=False),
    Column("last", say("Last word")),
    Column("days", say("Days since"), numeric=True),
    Column("expected", say("Expected every"), numeric=True),
    Column("silent", say("Gone silent"), numeric=True),
)
LINES = (
    Column("source", say("Source")),
    Column("nature", say("Nature")),
    Column("language", say("Language")),
    Column("state", say("State")),
    Column("last", say("Last word")),
    Column("days", say("Days since"), numeric=True),
    Column("expected", say("Expected every")),
)


@page()
def coverage(request: HttpRequest) -> HttpResponse:
    """Every country with who speaks of it, of those asked for; the same as a file."""
    session = current()
    day = session.as_of or today()
    every = monitoring.coverage(today=day)
    narrowed = [one for one in every if _is_of(request, one)]
    whole = len(narrowed) == len(every)
    known = coveragereading.rows(narrowed, day=day, as_of=session.as_of, every=whole)
    rows = _ordered(request, [row for row in known if _wanted(request, row)])
    if exporting.asked(request):
        return _file(request, rows)
    return show(
        request,
        "workspace/coverage.html",
        band=band_of([*(row.level for row in known), *(one.level for one in every)]),
        way=[
            (say("Sources"), worldtable.carried(reverse("sources"), as_of=session.as_of)),
            (say("Coverage"), ""),
        ],
        as_of=True,
        rows=rows,
        columns=COLUMNS,
        sums=_sums(known),
        states=COVERAGE_STATES,
        regions=[
            (one.m49, one.name(worldtable.language())) for one in region.regions(region.Level.SUBREGION)
        ],
        languages=_languages(every),
        past=session.as_of is not None,
    )


def _is_of(request: HttpRequest, one: Cell) -> bool:
    """Whether a cell is of the source and language asked for."""
    name = one.source.name if one.source else coveragereading.source_title(one.collector)
    language = request.GET.get("language", "")
    return request.GET.get("source", "").casefold() in name.casefold() and language in ("", one.language)


def _wanted(request: HttpRequest, row: Row) -> bool:
    asked = request.GET
    return (
        asked.get("q", "").casefold() in f"{row.name} {row.iso3}".casefold()
        and asked.get("state", "") in ("", row.state)
        and coveragereading.lies_in(row.iso3, asked.get("region", ""))
    )


def _ordered(request: HttpRequest, rows: Sequence[Row]) -> list[Row]:
    key, falling = table_order(request.GET, columns=COLUMNS, default="standing")
    if key == "standing":
        return sorted(rows, key=lambda row: row.order, reverse=falling)
    values = [(_value(row, key), row) for row in rows]
    known = sorted(
        ((value, row) for value, row in values if value is not None),
        key=lambda pair: pair[0],
        reverse=falling,
    )
    return [row for _, row in known] + [row for value, row in values if value is None]


def _value(row: Row, key: str) -> Any:
    return coveragereading.GRAVITY.index(row.state) if key == "state" else getattr(row, key)


def _languages(every: Sequence[Cell]) -> list[tuple[str, str]]:
    codes = {one.language for one in every if one.language}
    return sorted(((code, language_name(code)) for code in codes), key=lambda pair: pair[1])


def _sums(rows: Sequence[Row]) -> dict[str, int]:
    """Countries with a situation of which nothing is heard, and how many of all there are."""
    return {
        "unheard": sum(row.watched and row.state not in monitoring.HEARD for row in rows),
        "silent": sum(row.state is CoverageState.SILENT for row in rows),
        "nobody": sum(row.state is CoverageState.NOBODY for row in rows),
    }


def _file(request: HttpRequest, rows: Sequence[Row]) -> HttpResponse:
    head = [say("Code"), *(column.heading for column in COLUMNS), say("Situation"), say("Sensitivity")]
    cells = [
        [row.iso3, row.name, row.words, row.un, row.others, row.facts, ", ".join(row.languages), _iso(row.last), row.days,
         row.expected, row.silent, say("yes") if row.watched else "", LEVEL_WORDS[Level(row.level)]]
        for row in rows
    ]  # fmt: skip
    return exporting.table_file(
        request, name="coverage", head=head, rows=cells, levels=[row.level for row in rows], rests=exporting.OURS
    )


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


@page()
def covered_country(request: HttpRequest, iso3: str) -> HttpResponse:
    """One country, source by source and language by language, with the rhythm of each and the silences noticed."""
    session = current()
    day = session.as_of or today()
    name = _known_name(iso3)
    cells = monitoring.by_country(monitoring.coverage(today=day, iso3={iso3})).get(iso3, [])
    noticed = silences.silences(iso3=iso3)
    lines = _in_order(request, coveragereading.lines(cells, day=day, noticed=noticed))
    if exporting.asked(request):
        return _lines_file(request, lines, iso3=iso3)
    state = monitoring.state_of(cells)
    return show(
        request,
        "workspace/covered_country.html",
        band=band_of([*(one.level for one in cells), *(one.level for one in noticed)]),
        way=[
            (say("Sources"), worldtable.carried(reverse("sources"), as_of=session.as_of)),
            (say("Coverage"), worldtable.carried(reverse("coverage"), as_of=session.as_of)),
            (name, ""),
        ],
        as_of=True,
        iso3=iso3,
        name=name,
        state=state,
        state_words=COVERAGE_STATES[state],
        outages=sum(one.state in OUTAGES for one in cells),
        columns=LINES,
        lines=lines,
        noticed=[_noticed(one, day=day) for one in noticed],
        carry=worldtable.carried("", as_of=session.as_of),
        past=session.as_of is not None,
    )


def _known_name(iso3: str) -> str:
    """The country's name; the one page for what does not exist where there is no such country."""
    try:
        found(invented(iso3) or places.country(iso3))
    except Refused:
        found(None)
    return country_name(iso3)


def _in_order(request: HttpRequest, lines: Sequence[Line]) -> list[Line]:
    key, falling = table_order(request.GET, columns=LINES, default="-last")
    values = {
        "source": lambda one: one.name.casefold(),
        "nature": lambda one: spoken(one.nature),
        "language": lambda one: one.language,
        "state": lambda one: coveragereading.GRAVITY.index(one.cell.state),
        "last": lambda one: one.cell.rhythm.last or date.min,
        "days": lambda one: one.days if one.days is not None else 10**6,
        "expected": lambda one: one.cell.rhythm.expected or 10**6,
    }
    return sorted(lines, key=values[key], reverse=falling)


def _noticed(one: silences.Silence, *, day: date) -> dict[str, Any]:
    return {
        "silence": one,
        "source": coveragereading.source_of(one),
        "language": language_name(one.language) if one.language else "",
        "state": coveragereading.state_words(one),
        "days": one.days(day),
    }


def _lines_file(request: HttpRequest, lines: Sequence[Line], *, iso3: str) -> HttpResponse:
    head = [
        *(column.heading for column in LINES),
        say("Silent after, days"),
        say("Explained"),
        say("Sensitivity"),
    ]
    rows = [
        [one.name, one.nature, one.language, one.state, _iso(one.cell.rhythm.last), one.days, one.cell.rhythm.expected,
         one.cell.rhythm.silent_after, one.silence.reason if one.silence else "", LEVEL_WORDS[Level(one.cell.level)]]
        for one in lines
    ]  # fmt: skip
    levels = [max(one.cell.level, one.silence.level if one.silence else 0) for one in lines]
    return exporting.table_file(request, name=f"coverage-{iso3}", head=head, rows=rows, levels=levels, rests=exporting.OURS)


@page(writes="observation.confirm")
def silence(request: HttpRequest, silence_id: UUID) -> HttpResponse:
    """One silence: who stopped, since when, and why; sent, it is explained."""
    session, one = current(), found(silences.silence(silence_id))
    if request.method == "POST":
        actions.explain(one, reason=request.POST.get("reason", ""), by=session)
        messages.success(request, gettext("Kept."))
        return HttpResponseRedirect(reverse("silence", args=[silence_id]))
    day = session.as_of or today()
    name = country_name(one.iso3)
    over = one.state == SilenceState.ENDED or not silences.unbroken([one])
    return show(
        request,
        "workspace/silence.html",
        labelled=one,
        band=band_of([one.level]),
        way=[
            (say("Coverage"), reverse("coverage")), (name, reverse("covered_country", args=[one.iso3])),
            (coveragereading.source_of(one), ""),
        ],
        as_of=True,
        name=name,
        row=_noticed(one, day=day),
        source_url=reverse("source", args=[one.source_id]) if one.source_id else reverse("collector", args=[one.collector]),
        by=people.names([one.explained_by]).get(one.explained_by, ""),
        over=over,
        may_explain=session.may("observation.confirm") and not over,
    )  # fmt: skip


addresses = [
    path("sources/coverage/", coverage, name="coverage"),
    path("sources/coverage/<str:iso3>/", covered_country, name="covered_country"),
    path("sources/silences/<uuid:silence_id>/", silence, name="silence"),
]
