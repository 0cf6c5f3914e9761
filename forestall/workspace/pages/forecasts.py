"""Forecasts: a run of a risk model, its record beside every simple rule, and for one State why.

States stand in the order of their names. To put them in the order of their chance is a choice, and it is recorded.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from forestall import places
from forestall.access.declared import page
from forestall.access.session import current
from forestall.base.clock import today
from forestall.base.words import Words, say
from forestall.forecasting import actions, figures
from forestall.forecasting import queries as forecasting
from forestall.forecasting.queries import Forecast, ForecastRun
from forestall.workspace import exporting, runsheet, worldtable
from forestall.workspace.charts import Interval, interval_ranking, reliability
from forestall.workspace.contributions import contributions
from forestall.workspace.showing import band_of, found, show
from forestall.workspace.templatetags.estimates import percent
from forestall.workspace.templatetags.parts import Column
from forestall.workspace.templatetags.tables import table_order
from forestall.workspace.worldtable import Row, carried

RISK_MODEL = "osv-logistic"
"""The risk model that the workspace runs; its rivals run with it in the back-test."""
DRAWN = 20
"""How many States the chart of the order shows."""
ORDERING = ("chance", "rank", "killed")
COLUMNS = (
    Column("name", say("Country or area")),
    Column("region", say("Region")),
    Column("chance", say("Chance (90 % interval)"), numeric=True),
    Column("killed", say("Civilians killed, last year counted"), numeric=True),
)


@page()
def forecasts(request: HttpRequest) -> HttpResponse:
    """The newest run that may be seen, or an earlier one by `?run=`."""
    session = current()
    asked = request.GET.get("run", "")
    run = found(_run(asked)) if asked else forecasting.latest()
    if run is None:
        return show(
            request, "workspace/forecasts_none.html", band=1, way=[(say("Forecasts"), "")], as_of=True,
            may_run=session.may("forecast.run"),
        )  # fmt: skip
    key, falling = table_order(request.GET, columns=COLUMNS, default="name")
    if key in ORDERING:
        actions.ranking_opened(run, by=session)
    countries = [*places.member_and_observer_states(), *worldtable.coded_apart(run)]
    rows = worldtable.ranked(countries, run=run, as_of=session.as_of)
    if asked:
        rows = [worldtable.of_run(row, run=run) for row in rows]
    in_order = worldtable.ordered(rows, key=key, falling=falling)
    if exporting.asked(request):
        actions.ranking_exported(run, by=session)
        return _file(request, in_order, run=run)
    return show(
        request,
        "workspace/forecasts.html",
        band=band_of([run.label]),
        way=[(say("Forecasts"), "")],
        as_of=True,
        rows=[row for row in in_order if row.country.is_state],
        areas=[row for row in in_order if not row.country.is_state],
        by_chance=key in ORDERING,
        columns=COLUMNS,
        chart=_ranking(in_order) if key in ORDERING else "",
        may_run=session.may("forecast.run"),
        **_told(run, day=session.as_of or today()),
    )


def _run(run_id: str) -> ForecastRun | None:
    try:
        return forecasting.run(UUID(run_id))
    except ValueError:  # not an id at all
        return None


def _told(run: ForecastRun, *, day: date) -> dict[str, Any]:
    """What a reader must know of a run before its figures."""
    bins = runsheet.bins(run)
    title = gettext("Said and come true")
    return {
        "run": run,
        "real_figures": True,
        "card": runsheet.card_of(run),
        "age": runsheet.age(run, day=day),
        "beside": runsheet.beside_anchors(run),
        "period": runsheet.period(run),
        "skill": runsheet.skill_rows(run),
        "measures": runsheet.MEASURES,
        "citations": runsheet.citations(run),
        "bins": [(percent(one.forecast), one) for one in bins],
        "reliability": reliability(bins, title=title) if bins else "",
        "runs": [one for one in forecasting.runs() if one.id != run.id],
    }


def _ranking(rows: Sequence[Row]) -> SafeString:
    """The States with the highest chances; the table beneath links each. Territories are told apart."""
    states = [row for row in rows if row.country.is_state and row.chance is not None]
    highest = sorted(states, key=lambda row: (row.rank or 0, row.name))[:DRAWN]
    drawn = [
        Interval(name=row.name, low=row.low or 0.0, high=row.high or 0.0, point=row.chance)
        for row in highest
    ]
    return interval_ranking(drawn, title=gettext("The highest chances, with their 90 % intervals"))


def _file(request: HttpRequest, rows: Sequence[Row], *, run: ForecastRun) -> HttpResponse:
    head = [
        say("Code"), say("Country or area"), say("What it is"), say("Chance, per cent"), say("Low, 90 % interval"),
        say("High, 90 % interval"), say("Civilians killed, last year counted"), say("Year forecast"), say("Note", context="remark on a row"),
    ]  # fmt: skip
    lines = [
        [row.country.iso3, row.name, row.status, worldtable.per_cent(row.chance), worldtable.per_cent(row.low),
         worldtable.per_cent(row.high), row.counts["os_best"] if row.counts else None, str(run.target), row.uncounted]
        for row in rows
    ]  # fmt: skip
    return exporting.table_file(request, name="forecasts", head=head, rows=lines, levels=[run.level], rests=runsheet.rests(run))


@page()
def forecast(request: HttpRequest, iso3: str) -> HttpResponse:
    """Why this State: what drives its chance, the figures that went in, and what earlier runs said."""
    session = current()
    asked = request.GET.get("run", "")
    run = found(_run(asked) if asked else forecasting.latest())
    given = found(forecasting.forecast(run, iso3=iso3))
    name = places.name(iso3, worldtable.language())
    counts = runsheet.newest_first(given.figures.get("counts", ()))
    if exporting.asked(request):
        return _counts_file(request, counts, given=given, run=run)
    rows = runsheet.drivers(given)
    return show(
        request,
        "workspace/forecast.html",
        band=band_of([run.label]),
        way=[(say("Forecasts"), carried(reverse("forecasts"), as_of=session.as_of)), (name, "")],
        as_of=True,
        name=name,
        iso3=iso3,
        forecast=given,
        drivers=rows,
        drawing=contributions(rows, title=gettext("What drives the chance: %(name)s") % {"name": name}),
        total=sum(row.log_odds for row in rows),
        start=given.figures["reference"],
        end=runsheet.log_odds(given.probability),
        median=runsheet.median(given),
        counts=counts,
        types=runsheet.TYPES,
        coverage=_coverage(run, iso3=iso3),
        earlier=_earlier(run, iso3=iso3),
        state_url=carried(reverse("state", args=[iso3]), as_of=session.as_of),
        **_told(run, day=session.as_of or today()),
    )


def _coverage(run: ForecastRun, *, iso3: str) -> Words:
    listed = [*places.member_and_observer_states(), places.country(iso3)]
    names = {one.iso3: one.name(worldtable.language()) for one in listed}
    return forecasting.coverage(run, names=names)[iso3].sentence


def _earlier(run: ForecastRun, *, iso3: str) -> list[dict[str, Any]]:
    """What other runs said of the State, newest first."""
    pairs = [(one, forecasting.forecast(one, iso3=iso3)) for one in forecasting.runs() if one.id != run.id]
    return [{"run": one, "forecast": given} for one, given in pairs if given is not None]


def _counts_file(
    request: HttpRequest, counts: Sequence[dict[str, int]], *, given: Forecast, run: ForecastRun
) -> HttpResponse:
    head = [
        say("Year"), *(words for _, words in runsheet.TYPES), say("Low, one-sided"), say("High, one-sided"), say("Source")
    ]  # fmt: skip
    source = f"{run.panel.get('title', '')} {run.panel.get('version', '')}".strip()
    lines: list[list[exporting.Value]] = [
        [str(one["year"]), one["os_best"], one["sb_best"], one["ns_best"], one["os_low"], one["os_high"], source]
        for one in counts
    ]
    return exporting.table_file(request, name=f"counts-{given.iso3}", head=head, rows=lines, levels=[run.level], rests=runsheet.rests(run))


@require_POST
@page(writes="forecast.run")
def run_forecasts(request: HttpRequest) -> HttpResponse:
    """Run the risk model on the figures at hand. The same figures give the run that is there."""
    actions.run(figures.years(), riskmodel=RISK_MODEL, by=current(), attribution=figures.attribution())
    messages.success(request, say("The forecast stands. The figures at hand were used."))  # type: ignore[arg-type]
    return HttpResponseRedirect(reverse("forecasts"))


addresses = [
    path("forecasts/", forecasts, name="forecasts"),
    path("forecasts/run/", run_forecasts, name="run_forecasts"),
    path("forecasts/<str:iso3>/", forecast, name="forecast"),
]
