"""What is forecast: that a count reaches a threshold in the window after the origin."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from forestall.base.words import Words, say

from .table import BoolArray, FloatArray, Panel


@dataclass(frozen=True)
class Outcome:
    """`column` reaches `threshold` in the one step of the panel after the origin.

    The label of origin t is known once t + 1 has been observed; before that it is NaN, never zero.
    """

    id: str
    column: str
    threshold: float
    title: Words

    def events(self, panel: Panel) -> FloatArray:
        """(units, times): 1 where the count reached the threshold at that time, 0 where not, NaN where no unit."""
        values = panel.column(self.column)
        return np.where(np.isnan(values), np.nan, (values >= self.threshold).astype(np.float64))

    def labels(self, panel: Panel) -> FloatArray:
        """(units, times): the event in the step after each time; NaN where that has not been observed."""
        events = self.events(panel)
        return np.concatenate([events[:, 1:], np.full((len(panel.units), 1), np.nan)], axis=1)

    def quiet(self, panel: Panel) -> BoolArray:
        """(units,): at the panel's last time, no event in that step nor in the step before it.

        An event that follows quiet is an *onset*; an event that does not is the same violence going on.
        """
        recent = self.events(panel)[:, -2:]
        happened: BoolArray = np.any(recent == 1, axis=1)
        return ~happened


OSV_COMING_YEAR = Outcome(
    id="osv-25-year",
    column="os_best",
    threshold=25.0,
    title=say("25 or more civilians killed in one-sided violence in the coming year"),
)
"""UCDP one-sided violence: deliberate killing of civilians by a government or a formally organised group, counted
where one actor kills at least 25 in a year (Eck and Hultman 2007). The threshold here is on the State's total."""
