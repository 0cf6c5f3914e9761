"""The world: every Member and observer State and every area, said to be which; when somebody last looked, or the risk.

The default view is days since screened. Risk is a view one chooses, its order is recorded, and the record of the risk
model stands beside it. The countries of an exercise stand apart from all of this.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from forestall import places
from forestall.access.declared import page
from forestall.access.session import Session, current
from forestall.assessment import queries as assessment
from forestall.base.clock import today
from forestall.base.words import say
from forestall.forecasting import actions as forecasting_actions
from forestall.forecasting import queries as forecasting
from forestall.places import boundary, region
from forestall.places.mapdrawing import MapValue, world_map
from forestall.workspace import exporting, runsheet, worldtable
from forestall.workspace.exercisecountries import exercise_countries
from forestall.workspace.showing import band_of, show
from forestall.workspace.templatetags.estimates import percent
from forestall.workspace.templatetags.parts import Column
from forestall.workspace.templatetags.tables import table_order
from forestall.workspace.worldtable import Row, carried

NAMED = (Column("name", say("Country or area")), Column("status", say("What it is")), Column("region", say("Region")))
SCREENED = (
    *NAMED,
    Column("read", say("Last reading issued")),
    Column("observed", say("Last observation")),
    Column("days", say("Days since screened"), numeric=True),
)
RISK = (
    Column("rank", say("Rank"), numeric=True),
    *NAMED,
    Column("chance", say("Chance (90 % interval)"), numeric=True),
    Column("killed", say("Civilians killed, last year counted"), numeric=True),
)


@page()
def states(request: HttpRequest) -> HttpResponse:
    """All States and areas: how long ago somebody here looked, or by choice what a risk model says."""
    return _risk(request) if request.GET.get("view") == "risk" else _screened(request)


def _screened(request: HttpRequest) -> HttpResponse:
    session = current()
    day = session.as_of or today()
    rows = worldtable.screened(places.countries(), day=day, as_of=session.as_of)
    listed, areas = _split(_asked(request, rows=rows), request=request, columns=SCREENED, default="name")
    band = band_of(label for row in rows for label in row.labels)
    if exporting.asked(request):
        return _file(request, [*listed, *areas], name="states")
    whole = [row for row in rows if row.country.is_state]
    invented = _invented(session)
    band = max(band, band_of(label for one in invented for label in one["labels"]))
    return show(
        request,
        "workspace/states.html",
        band=band,
        way=[(say("States"), "")],
        as_of=True,
        **_table(request, listed=listed, areas=areas, columns=SCREENED, default="name"),
        map=_map([row for row in rows if row.country.iso3 != "ATA"]),
        looked=sum(row.days is not None and row.days <= worldtable.HALF_YEAR for row in whole),
        never=sum(row.days is None for row in whole),
        total=len(whole),
        invented=invented,
        carry=carried("", as_of=session.as_of),
    )


def _risk(request: HttpRequest) -> HttpResponse:
    session = current()
    run = forecasting.latest()
    if run is None:
        return show(
            request, "workspace/states_no_run.html", band=1, way=[(say("States"), "")], as_of=True,
            url=carried(reverse("forecasts"), as_of=session.as_of),
        )  # fmt: skip
    forecasting_actions.ranking_opened(run, by=session)
    countries = [*places.member_and_observer_states(), *worldtable.coded_apart(run)]
    rows = worldtable.ranked(countries, run=run, as_of=session.as_of)
    listed, areas = _split(_asked(request, rows=rows), request=request, columns=RISK, default="rank")
    band = band_of([run.label])
    if exporting.asked(request):
        forecasting_actions.ranking_exported(run, by=session)
        return _ranking_file(request, [*listed, *areas], run=run)
    return show(
        request,
        "workspace/states.html",
        band=band,
        way=[(say("States"), "")],
        as_of=True,
        **_table(request, listed=listed, areas=areas, columns=RISK, default="rank"),
        map=_risk_map([row for row in rows if row.country.is_state]),
        run=run,
        real_figures=True,
        card=runsheet.card_of(run),
        age=runsheet.age(run, day=session.as_of or today()),
        beside=runsheet.beside_anchors(run),
        period=runsheet.period(run),
        skill=runsheet.skill_rows(run),
        measures=runsheet.MEASURES,
        citations=runsheet.citations(run),
        uncounted=[row for row in rows if row.country.is_state and row.uncounted],
        forecasts_url=carried(reverse("forecasts"), as_of=session.as_of),
    )


def _asked(request: HttpRequest, *, rows: Sequence[Row]) -> list[Row]:
    return worldtable.chosen(rows, within=request.GET.get("region", ""), text=request.GET.get("q", ""))


def _split(
    rows: Sequence[Row], *, request: HttpRequest, columns: Sequence[Column], default: str
) -> tuple[list[Row], list[Row]]:
    """States and, apart from them, areas, each in the order asked for."""
    key, falling = table_order(request.GET, columns=columns, default=default)
    in_order = worldtable.ordered(rows, key=key, falling=falling)
    return [row for row in in_order if row.country.is_state], [row for row in in_order if not row.country.is_state]


def _table(
    request: HttpRequest, *, listed: list[Row], areas: list[Row], columns: Sequence[Column], default: str
) -> dict[str, Any]:
    return {
        "view": "risk" if request.GET.get("view") == "risk" else "screened",
        "rows": listed,
        "areas": areas,
        "columns": columns,
        "default": default,
        "regions": [
            {"code": one.m49, "name": one.name(worldtable.language()), "inner": one.level != region.Level.REGION}
            for one in _in_tree()
        ],
        "chosen_region": request.GET.get("region", ""),
        "text": request.GET.get("q", ""),
        "disclaimer": _boundaries().disclaimer,
        "own_boundaries": _boundaries().is_own,
        "steps": _steps(worldtable.DAYS),
        "chance_steps": [f"{end * 100:g}" for end in worldtable.CHANCES],
    }


def _in_tree() -> list[region.Region]:
    """Regions, each followed by its sub-regions."""
    inner = region.regions(region.Level.SUBREGION)
    return [
        one
        for top in region.regions(region.Level.REGION)
        for one in (top, *(each for each in inner if each.parent == top.m49))
    ]


def _steps(ends: Sequence[int]) -> list[dict[str, int | None]]:
    starts = [0, *(end + 1 for end in ends)]
    return [{"first": start, "last": end} for start, end in zip(starts, [*ends, None], strict=True)]


def _boundaries() -> boundary.Boundaries:
    """The office's own boundary file where it has one, else the lines that come with the software."""
    return boundary.load(Path(settings.OFFICE.boundaries)) if settings.OFFICE.boundaries else boundary.shipped()


def _map(rows: Sequence[Row]) -> SafeString:
    values = {row.country.iso3: MapValue(row.step, _days_in_words(row), row.url) for row in rows}
    return _drawn(
        values,
        title=gettext("Days since screened"),
        about=gettext("The darker a State, the longer ago somebody here last looked. Hatched: never."),
    )


def _days_in_words(row: Row) -> str:
    if row.days is None:
        return gettext("%(name)s: never screened") % {"name": row.name}
    return gettext("%(name)s: screened %(days)s days ago") % {"name": row.name, "days": row.days}


def _risk_map(rows: Sequence[Row]) -> SafeString:
    values = {row.country.iso3: MapValue(row.chance_step, _chance_in_words(row), row.why or row.url) for row in rows}
    return _drawn(
        values,
        title=gettext("Chance by a risk model"),
        about=gettext("The darker a State, the higher the chance. Hatched: no chance is given for it alone."),
    )


def _chance_in_words(row: Row) -> str:
    if row.chance is None or row.low is None or row.high is None:
        return gettext("%(name)s: no chance is given for it alone") % {"name": row.name}
    told = {"name": row.name, "chance": percent(row.chance), "low": percent(row.low), "high": percent(row.high)}
    return gettext("%(name)s: %(chance)s %% (%(low)s–%(high)s)") % told


def _drawn(values: dict[str, MapValue], *, title: str, about: str) -> SafeString:
    drawing = world_map(
        values,
        title=title,
        description=about,
        language=worldtable.language(),
        ramp="q",
        boundaries=_boundaries(),
        translate=gettext,
    )
    return mark_safe(drawing)  # noqa: S308 - drawn by places, which escapes every text


def _invented(session: Session) -> list[dict[str, Any]]:
    """The countries of the home's exercises, each with its situations and when somebody last looked."""
    if not exercise_countries():
        return []
    rows = worldtable.screened(exercise_countries(), day=session.as_of or today(), as_of=session.as_of)
    told = []
    for row in rows:
        found = assessment.situations_in(row.country.iso3)
        labels = [*row.labels, *(one.label for one in found)]
        told.append({"row": row, "situations": found, "labels": labels})
    return told


def _file(request: HttpRequest, rows: Sequence[Row], *, name: str) -> HttpResponse:
    head = [say("Code"), *(column.heading for column in SCREENED)]
    lines = [
        [row.country.iso3, row.name, row.status, row.region, _iso(row.read_on), _iso(row.observed_on),
         say("never") if row.days is None else row.days]
        for row in rows
    ]  # fmt: skip
    return exporting.table_file(request, name=name, head=head, rows=lines, levels=[band_of(row.labels) for row in rows], rests=exporting.OURS)


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _ranking_file(request: HttpRequest, rows: Sequence[Row], *, run: forecasting.ForecastRun) -> HttpResponse:
    head = [
        say("Code"), say("Country or area"), say("What it is"), say("Region"), say("Rank"), say("Chance, per cent"),
        say("Low, 90 % interval"), say("High, 90 % interval"), say("Civilians killed, last year counted"),
        say("Year forecast"), say("Note", context="remark on a row"),
    ]  # fmt: skip
    lines = [
        [row.country.iso3, row.name, row.status, row.region, row.rank, worldtable.per_cent(row.chance), worldtable.per_cent(row.low),
         worldtable.per_cent(row.high), row.counts["os_best"] if row.counts else None, str(run.target), row.uncounted]
        for row in rows
    ]  # fmt: skip
    return exporting.table_file(request, name="ranking", head=head, rows=lines, levels=[run.level], rests=runsheet.rests(run))


addresses = [path("states/", states, name="states")]
