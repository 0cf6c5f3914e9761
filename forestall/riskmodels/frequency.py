"""Chances that are counted: so many events in so many trials, with the Beta interval that goes with them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import betaincinv, logit

from forestall.base.words import Words
from forestall.panel import Panel
from forestall.panel.table import FloatArray

from .contract import Driver, Forecast

TAIL = 0.05
"""What lies on either side of a 90 % interval."""


@dataclass(frozen=True, eq=False)
class Frequency:
    """For each unit of `panel.upto(origin)` the events and trials behind its chance; trials are NaN for no unit.

    Both include the weight given to the world's rate, so that events lie strictly between zero and trials.
    """

    origin: int
    events: FloatArray
    trials: FloatArray
    key: str
    name: Words
    factors: tuple[int, ...]

    def probabilities(self, panel: Panel) -> FloatArray:
        """(units,): events over trials."""
        assert len(panel.upto(self.origin).units) == len(self.events)
        return self.events / self.trials

    def forecast(self, panel: Panel) -> list[Forecast]:
        """Chance, Beta interval and the single driver: how far the count departs from the median State's."""
        known = panel.upto(self.origin)
        chances = self.probabilities(panel)
        low = np.minimum(betaincinv(self.events, self.trials - self.events, TAIL), chances)
        high = np.maximum(betaincinv(self.events, self.trials - self.events, 1 - TAIL), chances)
        reference = float(logit(np.nanmedian(chances)))
        return [
            Forecast(
                unit=known.units[row],
                probability=float(chances[row]),
                low=float(low[row]),
                high=float(high[row]),
                reference=reference,
                drivers=(self._driver(float(chances[row]), reference=reference),),
            )
            for row in np.flatnonzero(~np.isnan(chances))
        ]

    def _driver(self, chance: float, *, reference: float) -> Driver:
        return Driver(
            key=self.key, name=self.name, log_odds=float(logit(chance)) - reference, factors=self.factors
        )


def world_rate(events: FloatArray) -> float:
    """The share of all units and times with an event, kept off 0 and 1 by half an event on either side."""
    seen = events[~np.isnan(events)]
    return float((seen.sum() + 0.5) / (len(seen) + 1.0))
