"""Regularised logistic regression for 25 or more civilians killed in one-sided violence in the coming year.

Recent years weigh more (half-life), the strength of the ridge is chosen at every origin by an inner forward chain
whose folds are States, the intercept is set right by the same out-of-fold forecasts and drawn towards no change, and
the 90 % interval comes from refits on resampled States. Every choice fitted here sees the past of its origin only.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.special import expit

from forestall.panel import Outcome, Panel
from forestall.panel.table import BoolArray, FloatArray
from forestall.riskmodels.contract import Driver, Forecast

from .features import FACTORS, FEATURES, features
from .ridge import Design, design, fit
from .tuning import Choice, choose

LOW, HIGH = 5.0, 95.0


@dataclass(frozen=True)
class Settings:
    """What is fixed before any fit; chosen on origins to 2012.

    `half_life` in years; `strengths` to choose from; `refits` behind each interval.
    """

    half_life: float = 20.0
    strengths: tuple[float, ...] = (0.05, 0.1, 0.2)
    refits: int = 40
    seed: int = 20


@dataclass(frozen=True)
class Logistic:
    """The risk model; `fit` learns from closed windows up to the origin."""

    settings: Settings = Settings()

    def fit(self, panel: Panel, *, origin: int, outcome: Outcome) -> FittedLogistic:
        """Learn from every State and year whose following year had been counted by the origin."""
        known = panel.upto(origin)
        values = features(known, outcome=outcome)
        labels = np.where(known.exists(), outcome.labels(known), np.nan)
        rows = ~np.isnan(labels)
        unit, time = np.nonzero(rows)
        weights = 0.5 ** ((known.position(known.last) - 1 - time) / self.settings.half_life)
        learned = design(values[rows], truth=labels[rows], weights=weights)
        choice = choose(learned, unit=unit, time=time, strengths=self.settings.strengths)
        coefficients = fit(
            learned.inputs, truth=learned.truth, weights=learned.weights, strength=choice.strength
        )
        coefficients[0] += choice.shift
        return FittedLogistic(
            origin=origin,
            outcome=outcome,
            settings=self.settings,
            design=learned,
            unit=unit,
            choice=choice,
            coefficients=coefficients,
        )


@dataclass(frozen=True, eq=False)
class FittedLogistic:
    """What was learned at `origin`. `unit` is the row of the panel each training row comes from."""

    origin: int
    outcome: Outcome
    settings: Settings
    design: Design
    unit: np.ndarray[tuple[int, ...], np.dtype[np.int64]]
    choice: Choice
    coefficients: FloatArray

    def probabilities(self, panel: Panel) -> FloatArray:
        """(units,) for `panel.upto(origin).units`: the chance in the following year, NaN for no unit."""
        known = panel.upto(self.origin)
        return np.where(known.exists()[:, -1], expit(self._inputs(known) @ self.coefficients), np.nan)

    def forecast(self, panel: Panel) -> list[Forecast]:
        """Chance, interval and drivers for every unit that exists at the origin."""
        known = panel.upto(self.origin)
        here = np.flatnonzero(known.exists()[:, -1])
        inputs = self._inputs(known)[here]
        median = np.median(inputs, axis=0)
        chances = expit(inputs @ self.coefficients)
        low, high = self._interval(inputs, chances=chances)
        added = (inputs - median) * self.coefficients
        return [
            Forecast(
                unit=known.units[row],
                probability=float(chances[place]),
                low=float(low[place]),
                high=float(high[place]),
                reference=float(median @ self.coefficients),
                drivers=drivers(added[place, 1:]),
            )
            for place, row in enumerate(here)
        ]

    def _inputs(self, known: Panel) -> FloatArray:
        return self.design.standardised(features(known, outcome=self.outcome)[:, -1])

    def _interval(self, inputs: FloatArray, *, chances: FloatArray) -> tuple[FloatArray, FloatArray]:
        drawn = expit(inputs @ self.refits.T)
        low, high = np.percentile(drawn, [LOW, HIGH], axis=1)
        return np.minimum(low, chances), np.maximum(high, chances)

    @cached_property
    def refits(self) -> FloatArray:
        """(refits, 1 + features): coefficients learned from States drawn with replacement, each with all its years."""
        random = np.random.default_rng(self.settings.seed)
        states = int(self.unit.max()) + 1
        start = self.coefficients.copy()
        start[0] -= self.choice.shift
        found = np.empty((self.settings.refits, len(start)))
        for draw in range(self.settings.refits):
            times = np.bincount(random.integers(0, states, states), minlength=states)
            found[draw] = self._refit(times[self.unit].astype(np.float64), start=start)
        found[:, 0] += self.choice.shift
        return found

    def _refit(self, times: FloatArray, *, start: FloatArray) -> FloatArray:
        rows: BoolArray = times > 0
        return fit(
            self.design.inputs[rows],
            truth=self.design.truth[rows],
            weights=self.design.weights[rows] * times[rows],
            strength=self.choice.strength,
            start=start,
        )


def drivers(added: FloatArray) -> tuple[Driver, ...]:
    """What each plain factor adds, from what each of `FEATURES` adds (log-odds), largest first."""
    gathered = [
        Driver(
            key=factor.key,
            name=factor.name,
            log_odds=float(sum(added[FEATURES.index(name)] for name in factor.features)),
            factors=factor.factors,
        )
        for factor in FACTORS
    ]
    return tuple(sorted(gathered, key=lambda driver: -abs(driver.log_odds)))


MODEL = Logistic()
