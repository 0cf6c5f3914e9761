"""Conflictology: the outcomes of a State's last years are the distribution of its next one.

The monthly rule draws from the last 12 months (VIEWS prediction challenge 2023/24, benchmark models). By the year,
the draw is from the last `years` yearly outcomes, and one draw of the world's rate keeps the chance off 0 and 1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from forestall.base.words import say
from forestall.panel import Outcome, Panel
from forestall.riskmodels.frequency import Frequency, world_rate


@dataclass(frozen=True)
class Conflictology:
    """`years` outcomes to draw from; `weight` draws of the world's rate over the same years."""

    years: int = 5
    weight: float = 1.0

    def fit(self, panel: Panel, *, origin: int, outcome: Outcome) -> Frequency:
        """Count events over the last years up to the origin."""
        known = panel.upto(origin)
        recent = outcome.events(known)[:, -self.years :]
        here = known.exists()[:, -1]
        return Frequency(
            origin=origin,
            events=np.nansum(recent, axis=1) + self.weight * world_rate(recent),
            trials=np.where(here, (~np.isnan(recent)).sum(axis=1) + self.weight, np.nan),
            key="last-years",
            name=say("How often it happened in the last %(years)d years", years=self.years),
            factors=(2,),
        )


MODEL = Conflictology()
