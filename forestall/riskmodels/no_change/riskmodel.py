"""No change: next year is like this year, as often as it has been for all States at the same level of deaths."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from forestall.base.words import say
from forestall.panel import Outcome, Panel
from forestall.panel.table import FloatArray
from forestall.riskmodels.frequency import Frequency, world_rate


@dataclass(frozen=True)
class NoChange:
    """Levels are cut at `cuts` times the threshold; `weight` transitions of the world's rate keep each off 0 and 1."""

    cuts: tuple[float, ...] = (0.04, 0.4, 1.0, 4.0, 16.0)
    weight: float = 1.0

    def fit(self, panel: Panel, *, origin: int, outcome: Outcome) -> Frequency:
        """Count, by level, how often the outcome followed, over windows closed by the origin."""
        known = panel.upto(origin)
        levels = np.digitize(
            np.nan_to_num(known.column(outcome.column)), np.array(self.cuts) * outcome.threshold
        )
        labels = np.where(known.exists(), outcome.labels(known), np.nan)
        events, trials = self._transitions(levels.astype(np.float64), labels=labels)
        now = levels[:, -1]
        return Frequency(
            origin=origin,
            events=events[now],
            trials=np.where(known.exists()[:, -1], trials[now], np.nan),
            key="this-year",
            name=say("Civilians killed in one-sided violence in the last year counted"),
            factors=(2,),
        )

    def _transitions(self, levels: FloatArray, *, labels: FloatArray) -> tuple[FloatArray, FloatArray]:
        rate = world_rate(labels)
        closed = ~np.isnan(labels)
        rows = [closed & (levels == level) for level in range(len(self.cuts) + 1)]
        events = np.array([labels[row].sum() for row in rows]) + self.weight * rate
        return events, np.array([float(row.sum()) for row in rows]) + self.weight


MODEL = NoChange()
