"""The run that pages are tested with: the risk model on the figures that travel with the package, worked out once."""

from __future__ import annotations

from functools import cache
from typing import Any

from forestall.access.session import bound_to
from forestall.forecasting import actions, figures
from forestall.forecasting.trackrecord import TrackRecord, track_record
from forestall.panel import Panel, shipped_years
from forestall.riskmodels import WorldForecast, coming_year

RISK_MODEL = "osv-logistic"


@cache
def worked_out() -> tuple[Panel, WorldForecast, TrackRecord]:
    panel = shipped_years()
    return panel, coming_year(panel, model=RISK_MODEL), track_record(panel, model=RISK_MODEL)


def keep_run(session: Any) -> Any:
    """The run as `forecasting.actions.run` keeps it, in this test's database."""
    panel, world, record = worked_out()
    with bound_to(session):
        return actions.keep(world, by=session, attribution=figures.attribution(), panel=panel, record=record)
