"""The writers of forecasting: one run keeps the forecasts of every State, with the record of the risk model."""

from __future__ import annotations

from django.db import transaction

from forestall.access.session import Session
from forestall.base.clock import now
from forestall.base.words import Words
from forestall.labels.label import Label, Level
from forestall.panel.table import Panel
from forestall.record.actions import write
from forestall.riskmodels.world import Standing, WorldForecast, coming_year

from . import queries
from .models import Forecast, ForecastRun

RANKING_LABEL = Label(level=Level.CONFIDENTIAL)
"""In an office the ranking of real States is confidential; the open figures and methods are not."""


def run(panel: Panel, *, riskmodel: str, by: Session, attribution: dict[str, str]) -> ForecastRun:
    """Forecast the coming year for every unit of `panel`. The same figures and risk model give the run that is there."""
    by.check_may("forecast.run")
    known = queries.run_of(riskmodel, digest=panel.digest())
    return known or keep(coming_year(panel, model=riskmodel), by=by, attribution=attribution)


@transaction.atomic
def keep(world: WorldForecast, *, by: Session, attribution: dict[str, str]) -> ForecastRun:
    """Record a finished forecast. `attribution` holds title, version, licence and citation of the figures."""
    made = ForecastRun(
        riskmodel=world.model,
        version=world.digest[:12],
        outcome=world.card.outcome,
        origin=world.origin,
        target=world.target,
        skill=dict(world.skill),
        anchors={name: dict(skill) for name, skill in world.anchors.items()},
        panel={**attribution, "vintage": world.vintage, "as_of": world.as_of.isoformat(), "digest": world.digest},
        ran_at=now(),
    ).labelled(RANKING_LABEL)
    write(made, by=by.person_id, verb="forecast run")
    for standing in world.standings:
        write(_forecast(made, standing), by=by.person_id, verb="forecast kept")
    return made


def _forecast(run: ForecastRun, standing: Standing) -> Forecast:
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
        figures={"last": dict(standing.last), "quiet": standing.quiet, "reference": found.reference},
    ).labelled(run.label)


def _told(words: Words) -> dict[str, object]:
    return {"message": words.message, "parameters": {name: str(value) for name, value in words.parameters.items()}}
