"""The chance for every State in the coming year, in order, with the skill the same risk model has shown."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from forestall.backtest import forward_chain, score
from forestall.backtest.chain import Predictions
from forestall.backtest.scoring import ranks
from forestall.base.clock import today
from forestall.base.words import Words, say
from forestall.panel import OSV_COMING_YEAR, Grain, Outcome, Panel

from .contract import Card, Forecast
from .entries import cards, models, risk_model

FIRST_ORIGIN = 2000

Skill = Mapping[str, float]
"""`auc`, `ap`, `brier`, `log_loss`, `observed_expected`, `onset_auc`, `onset_ap`, `n`, `positives`, `onsets`,
`first_origin`, `last_origin`. A figure that cannot be had (no onset, say) is left out."""


@dataclass(frozen=True)
class Standing:
    """One unit in the ranking: its forecast, its rank (ties share the better one), its last observed counts."""

    rank: int
    forecast: Forecast
    last: Mapping[str, int]
    quiet: bool


@dataclass(frozen=True)
class WorldForecast:
    """Chances for `target` made from what was counted to the end of `origin`, highest first.

    `skill` holds what each risk model, anchors included, scored in the forward-chained back-test of this run.
    `units_skipped` names units of the panel that no longer exist at the origin.
    """

    model: str
    card: Card
    outcome: Outcome
    origin: int
    target: int
    vintage: str
    as_of: date
    digest: str
    standings: tuple[Standing, ...]
    skills: Mapping[str, Skill]
    units_skipped: tuple[str, ...]

    @property
    def skill(self) -> Skill:
        """What the risk model of this ranking scored."""
        return self.skills[self.model]

    @property
    def anchors(self) -> dict[str, Skill]:
        """What the anchors scored on the same rows."""
        return {name: skill for name, skill in self.skills.items() if cards()[name].anchor}

    @property
    def age_days(self) -> int:
        """Days from the last day counted to today."""
        return (today() - self.as_of).days

    @property
    def age(self) -> Words:
        """How old the figures are, and whether the year they speak of is still to come."""
        if today().year > self.target:
            return say(
                "The figures end on %(as_of)s, so the chances are for %(target)d, and that year is over. "
                "A newer edition of the figures is needed for the year ahead.",
                as_of=self.as_of.isoformat(),
                target=self.target,
            )
        return say(
            "The figures end on %(as_of)s; the chances are for %(target)d.",
            as_of=self.as_of.isoformat(),
            target=self.target,
        )

    def of(self, unit: str) -> Standing | None:
        """The standing of `unit`, or None where the source does not code it apart (see `panel.coverage`)."""
        return next((found for found in self.standings if found.forecast.unit == unit), None)


def coming_year(
    panel: Panel,
    *,
    model: str = "osv-logistic",
    outcome: Outcome = OSV_COMING_YEAR,
    first_origin: int = FIRST_ORIGIN,
) -> WorldForecast:
    """Rank every unit of a panel of country-years for the year after its last.

    The back-test runs over all origins from `first_origin` whose following year has been counted, for this risk
    model and for every anchor. Takes a few seconds. Refuses an unknown risk model and a panel that ends too early.
    """
    assert panel.grain is Grain.YEAR
    fitted = risk_model(model).fit(panel, origin=panel.last, outcome=outcome)
    forecasts = fitted.forecast(panel)
    here = panel.exists()[:, -1]
    return WorldForecast(
        model=model,
        card=cards()[model],
        outcome=outcome,
        origin=panel.last,
        target=panel.last + 1,
        vintage=panel.vintage,
        as_of=panel.as_of,
        digest=panel.digest(),
        standings=_standings(forecasts, panel=panel, outcome=outcome),
        skills=skills(panel, model=model, outcome=outcome, first_origin=first_origin),
        units_skipped=tuple(unit for unit, stands in zip(panel.units, here, strict=True) if not stands),
    )


def skills(panel: Panel, *, model: str, outcome: Outcome, first_origin: int) -> dict[str, Skill]:
    """What `model` and every anchor score in the forward-chained back-test, by id."""
    wanted = [name for name, card in cards().items() if card.anchor or name == model]
    predictions = forward_chain(
        panel,
        outcome=outcome,
        models={name: found for name, found in models().items() if name in wanted},
        origins=range(first_origin, panel.last),
    )
    return {name: _skill(predictions, model=name) for name in wanted}


def _skill(predictions: Predictions, *, model: str) -> Skill:
    truth, chances, quiet = predictions.truth, predictions.probabilities[model], predictions.quiet
    every, onset = score(truth, chances), score(truth[quiet], chances[quiet])
    found = {
        "auc": every.auc,
        "ap": every.ap,
        "brier": every.brier,
        "log_loss": every.log_loss,
        "observed_expected": every.observed_expected,
        "onset_auc": onset.auc,
        "onset_ap": onset.ap,
        "n": float(every.n),
        "positives": float(every.positives),
        "onsets": float(onset.positives),
        "first_origin": float(predictions.origins.min()),
        "last_origin": float(predictions.origins.max()),
    }
    return {name: value for name, value in found.items() if not math.isnan(value)}


def _standings(forecasts: list[Forecast], *, panel: Panel, outcome: Outcome) -> tuple[Standing, ...]:
    place = {unit: row for row, unit in enumerate(panel.units)}
    quiet = outcome.quiet(panel)
    order = ranks(np.array([forecast.probability for forecast in forecasts]))
    found = [
        Standing(
            rank=int(rank),
            forecast=forecast,
            last={name: int(values[place[forecast.unit], -1]) for name, values in panel.columns.items()},
            quiet=bool(quiet[place[forecast.unit]]),
        )
        for rank, forecast in zip(order, forecasts, strict=True)
    ]
    return tuple(sorted(found, key=lambda standing: (standing.rank, standing.forecast.unit)))
