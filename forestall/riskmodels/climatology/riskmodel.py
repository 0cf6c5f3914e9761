"""Climatology: how often the outcome happened in the State's own recorded past, drawn towards the world's rate."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from forestall.base.words import say
from forestall.panel import Outcome, Panel
from forestall.riskmodels.frequency import Frequency, world_rate


@dataclass(frozen=True)
class Climatology:
    """`weight` is the number of years of the world's rate that every State's record is mixed with."""

    weight: float = 2.0

    def fit(self, panel: Panel, *, origin: int, outcome: Outcome) -> Frequency:
        """Count events over all years up to the origin."""
        known = panel.upto(origin)
        events = outcome.events(known)
        here = known.exists()[:, -1]
        return Frequency(
            origin=origin,
            events=np.nansum(events, axis=1) + self.weight * world_rate(events),
            trials=np.where(here, (~np.isnan(events)).sum(axis=1) + self.weight, np.nan),
            key="own-past",
            name=say("How often it happened in all recorded years"),
            factors=(2,),
        )


MODEL = Climatology()
