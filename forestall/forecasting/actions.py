"""The writers of forecasting: one run keeps the forecasts of every State, with the record of the risk model."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from forestall.access.session import Session
from forestall.base.clock import now
from forestall.base.words import Words
from forestall.labels.label import Label, Level
from forestall.panel.table import Panel
from forestall.record.actions import note, write
from forestall.riskmodels.world import Standing, WorldForecast, coming_year

from . import queries
from .models import Forecast, ForecastRun
from .trackrecord import TrackRecord, track_record

RANKING_LABEL = Label(level=Level.CONFIDENTIAL)
"""In an office the ranking of real States is confidential; the open figures and methods are not."""


def run(panel: Panel, *, riskmodel: str, by: Session, attribution: dict[str, Any]) -> ForecastRun:
    """Forecast the coming year for every unit of `panel`. The same figures and risk model give the run that is there."""
    by.check_may("forecast.run")
    known = queries.run_of(riskmodel, digest=panel.digest())
    if known is not None:
        return known
    world = coming_year(panel, model=riskmodel)
    record = track_record(panel, model=riskmodel)
    return keep(world, by=by, attribution=attribution, panel=panel, record=record)


@transaction.atomic
def keep(
    world: WorldForecast,
    *,
    by: Session,
    attribution: dict[str, Any],
    panel: Panel | None = None,
    record: TrackRecord | None = None,
) -> ForecastRun:
    """Record a finished forecast. `attribution` holds title, version, licence and citation of the figures.

    `panel` are the figures it was made from, kept with each forecast so that every chance opens its inputs; `record`
    is what was scored on held-back years and how often what was said came true.
    """
    held_back = record.held_back if record else {}
    made = ForecastRun(
        riskmodel=world.model,
        version=world.digest[:12],
        outcome=world.card.outcome.message,
        origin=world.origin,
        target=world.target,
        skill={
            **world.skill,
            "held_back": held_back.get(world.model, {}),
            "reliability": record.reliability if record else [],
        },
        anchors={
            name: {**skill, "held_back": held_back.get(name, {})} for name, skill in world.anchors.items()
        },
        panel={**attribution, "vintage": world.vintage, "as_of": world.as_of.isoformat(), "digest": world.digest},
        ran_at=now(),
    ).labelled(RANKING_LABEL)
    write(made, by=by.person_id, verb="forecast run")
    for standing in world.standings:
        counts = _counts(panel, unit=standing.forecast.unit) if panel else []
        write(_forecast(made, standing, counts=counts), by=by.person_id, verb="forecast kept")
    return made


def ranking_opened(run: ForecastRun, *, by: Session) -> None:
    """Record that somebody chose to see the States in the order of their chance. Changes nothing."""
    note(by=by.person_id, verb="ranking opened", kind=run.kind(), object_id=run.id)


def ranking_exported(run: ForecastRun, *, by: Session) -> None:
    """Record that the chances left the workspace as a file. Changes nothing."""
    note(by=by.person_id, verb="ranking exported", kind=run.kind(), object_id=run.id)


def _counts(panel: Panel, *, unit: str) -> list[dict[str, int]]:
    """The unit's counts by year, oldest first, from its first year in the source."""
    row = panel.units.index(unit)
    here = panel.exists()[row]
    return [
        {"year": year, **{name: int(values[row, place]) for name, values in panel.columns.items()}}
        for place, year in enumerate(panel.times)
        if here[place]
    ]


def _forecast(run: ForecastRun, standing: Standing, *, counts: list[dict[str, int]]) -> Forecast:
    found = standing.forecast
    return Forecast(
        run=run,
        iso3=found.unit,
        probability=found.probability,
        low=found.low,
        high=found.high,
        rank=standing.rank,
        drivers=[
            {"key": driver.key, **_told(driver.name), "log_odds": driver.log_odds, "factors": list(driver.factors)}
            for driver in found.drivers
        ],
        figures={
            "last": dict(standing.last),
            "quiet": standing.quiet,
            "reference": found.reference,
            "counts": counts,
        },
    ).labelled(run.label)


def _told(words: Words) -> dict[str, object]:
    return {"message": words.message, "parameters": {name: str(value) for name, value in words.parameters.items()}}
