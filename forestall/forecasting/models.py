"""Runs and their forecasts."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from forestall.record.models import Recorded


class ForecastRun(Recorded):
    """One run of one risk model for every State, with its record on years it had not seen."""

    riskmodel = models.TextField(help_text="Catalogue id.")
    version = models.TextField(help_text="Version of the risk model.")
    outcome = models.TextField(help_text="What is forecast, in one sentence.")
    origin = models.PositiveIntegerField(help_text="Last year whose figures were used.")
    target = models.PositiveIntegerField(help_text="Year that is forecast.")
    skill = models.JSONField(default=dict, help_text="Hold-out scores: auc, ap, brier, onset_auc, …")
    anchors = models.JSONField(default=dict, help_text="The same scores for each simple rule.")
    panel = models.JSONField(default=dict, help_text="Figures used: title, version, licence, citation, hash.")
    ran_at = models.DateTimeField(help_text="UTC.")

    privacy: ClassVar[dict[str, str]] = dict.fromkeys(
        ("id", "riskmodel", "version", "outcome", "origin", "target", "skill", "anchors", "panel", "ran_at"), "internal"
    )


class Forecast(Recorded):
    """The chance for one State, with its interval and what drives it."""

    run = models.ForeignKey(ForecastRun, on_delete=models.PROTECT, related_name="forecasts", help_text="Which run.")
    iso3 = models.TextField(help_text="The State.")
    probability = models.FloatField(help_text="0 to 1.")
    low = models.FloatField(help_text="Lower end of the 90 % interval.")
    high = models.FloatField(help_text="Upper end of the 90 % interval.")
    rank = models.PositiveIntegerField(help_text="1 is the highest chance; equal chances share a rank.")
    drivers = models.JSONField(default=list, help_text="Contributions in log-odds against the median State.")
    figures = models.JSONField(default=dict, help_text="The inputs: counts by year and kind, with their age.")

    privacy: ClassVar[dict[str, str]] = dict.fromkeys(
        ("id", "run", "iso3", "probability", "low", "high", "rank", "drivers", "figures"), "internal"
    )

    class Meta(Recorded.Meta):
        constraints = [
            *Recorded.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(low__gte=0, high__lte=1, low__lte=models.F("probability"),
                                   high__gte=models.F("probability")),
                name="forecasting_forecast_interval_holds",
            ),
        ]  # fmt: skip
