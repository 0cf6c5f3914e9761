"""What may be asked of forecasting. Everything is read through the bound session."""

from __future__ import annotations

from .models import Forecast, ForecastRun


def run_of(riskmodel: str, *, digest: str) -> ForecastRun | None:
    """The run of a risk model on exactly these figures, if there is one."""
    runs = ForecastRun.objects.filter(riskmodel=riskmodel).order_by("-ran_at")
    return next((run for run in runs if run.panel.get("digest") == digest), None)


def latest() -> ForecastRun | None:
    """The newest run that may be seen."""
    return ForecastRun.objects.order_by("-ran_at").first()


def runs() -> list[ForecastRun]:
    """All runs that may be seen, newest first."""
    return list(ForecastRun.objects.order_by("-ran_at"))


def forecasts(run: ForecastRun) -> list[Forecast]:
    """A run's forecasts, highest chance first."""
    return list(Forecast.objects.filter(run=run).order_by("rank", "iso3"))


def of_state(iso3: str) -> Forecast | None:
    """The newest forecast for one State, if it may be seen."""
    run = latest()
    return Forecast.objects.filter(run=run, iso3=iso3).first() if run else None
