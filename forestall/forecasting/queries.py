"""What may be asked of forecasting. Everything is read through the bound session."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

import numpy as np

from forestall.panel import Coverage, Panel
from forestall.panel import coverage as panel_coverage

from .models import Forecast as Forecast
from .models import ForecastRun as ForecastRun


def run_of(riskmodel: str, *, digest: str) -> ForecastRun | None:
    """The run of a risk model on exactly these figures, if there is one."""
    runs = ForecastRun.objects.filter(riskmodel=riskmodel).order_by("-ran_at")
    return next((run for run in runs if run.panel.get("digest") == digest), None)


def latest() -> ForecastRun | None:
    """The newest run that may be seen."""
    return ForecastRun.objects.order_by("-ran_at").first()


def run(run_id: UUID | str) -> ForecastRun | None:
    """One run, if there is one to be seen."""
    return ForecastRun.objects.filter(pk=run_id).first()


def runs() -> list[ForecastRun]:
    """All runs that may be seen, newest first."""
    return list(ForecastRun.objects.order_by("-ran_at"))


def run_before(run: ForecastRun) -> ForecastRun | None:
    """The run of the same risk model before this one, if it may be seen."""
    earlier = ForecastRun.objects.filter(riskmodel=run.riskmodel, ran_at__lt=run.ran_at)
    return earlier.order_by("-ran_at").first()


def forecasts(run: ForecastRun) -> list[Forecast]:
    """A run's forecasts, highest chance first."""
    return list(Forecast.objects.filter(run=run).order_by("rank", "iso3"))


def forecast(run: ForecastRun, *, iso3: str) -> Forecast | None:
    """A run's forecast for one State, if there is one to be seen."""
    return Forecast.objects.filter(run=run, iso3=iso3).first()


def of_state(iso3: str) -> Forecast | None:
    """The newest forecast for one State, if it may be seen."""
    run = latest()
    return Forecast.objects.filter(run=run, iso3=iso3).first() if run else None


def coverage(run: ForecastRun, *, names: Mapping[str, str]) -> dict[str, Coverage]:
    """How the figures of a run cover each State of `names` (codes to names as they are read), in its last year."""
    units = tuple(sorted(one.iso3 for one in forecasts(run)))
    nothing = {"os_best": np.zeros((len(units), 1))}
    figures = Panel(units=units, times=(run.origin,), columns=nothing, vintage=str(run.panel.get("vintage", "")))
    return {found.code: found for found in panel_coverage(figures, states=names, names=names)}
