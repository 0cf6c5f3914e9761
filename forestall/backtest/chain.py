"""Forward chaining: at each origin a risk model learns from what was known then, and its forecast is kept.

Training uses only label windows closed by the origin; everything fitted (scales, choices, calibration) is fitted
inside; no State is dropped.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from forestall.base.errors import Refused
from forestall.base.words import say
from forestall.panel import Outcome, Panel
from forestall.panel.table import BoolArray, FloatArray

IntArray = npt.NDArray[np.int64]


class Fitted(Protocol):
    """A risk model that has learned from a panel up to its origin."""

    def probabilities(self, panel: Panel) -> FloatArray:
        """(units,): the chance of the outcome in the step after the origin, for `panel.upto(origin).units`.

        NaN for a unit that does not exist at the origin.
        """


class RiskModel(Protocol):
    """A statistical risk model: it learns from what a panel holds up to `origin`, and from nothing later."""

    def fit(self, panel: Panel, *, origin: int, outcome: Outcome) -> Fitted:
        """Learn from `panel.upto(origin)`."""


@dataclass(frozen=True, eq=False)
class Predictions:
    """Forecasts with what followed, one row per origin and unit; every array has one value per row.

    `truth` is 0 or 1 in the step after the origin. `quiet` says that there was no event at the origin nor in the
    step before. `unforecast` counts units that existed only after the origin and so got no forecast.
    """

    origins: IntArray
    units: npt.NDArray[np.str_]
    truth: FloatArray
    quiet: BoolArray
    probabilities: Mapping[str, FloatArray]
    unforecast: int

    def where(self, rows: BoolArray) -> Predictions:
        """The rows that `rows` marks."""
        return Predictions(
            origins=self.origins[rows],
            units=self.units[rows],
            truth=self.truth[rows],
            quiet=self.quiet[rows],
            probabilities={model: values[rows] for model, values in self.probabilities.items()},
            unforecast=self.unforecast,
        )

    def between(self, first: int, last: int) -> Predictions:
        """The rows of origins from `first` to `last`, both included."""
        return self.where((self.origins >= first) & (self.origins <= last))


def forward_chain(
    panel: Panel, *, outcome: Outcome, models: Mapping[str, RiskModel], origins: Iterable[int]
) -> Predictions:
    """Forecasts of every risk model at every origin, with what followed.

    Each risk model is handed the panel cut at the origin. An origin is refused when the step after it has not been
    observed: a year not yet counted is not a year without killing.
    """
    chained = [
        _one_origin(panel, outcome=outcome, models=models, origin=origin) for origin in sorted(origins)
    ]
    if not chained:
        raise Refused(say("A back-test needs at least one origin."))
    return _joined(chained)


def _one_origin(
    panel: Panel, *, outcome: Outcome, models: Mapping[str, RiskModel], origin: int
) -> Predictions:
    if origin >= panel.last:
        raise Refused(
            say(
                "What followed %(origin)d is not in the panel, which ends in %(last)d.",
                origin=origin,
                last=panel.last,
            )
        )
    known = panel.upto(origin)
    truth, unforecast = _what_followed(panel, known=known, outcome=outcome)
    rows = ~np.isnan(truth)
    made = {
        name: model.fit(known, origin=origin, outcome=outcome).probabilities(known)[rows]
        for name, model in models.items()
    }
    return Predictions(
        origins=np.full(int(rows.sum()), origin, dtype=np.int64),
        units=np.array(known.units)[rows],
        truth=truth[rows],
        quiet=outcome.quiet(known)[rows],
        probabilities=made,
        unforecast=unforecast,
    )


def _what_followed(panel: Panel, *, known: Panel, outcome: Outcome) -> tuple[FloatArray, int]:
    after = outcome.events(panel)[:, panel.position(known.last + 1)]
    place = {unit: index for index, unit in enumerate(panel.units)}
    followed = after[[place[unit] for unit in known.units]]
    truth = np.where(known.exists()[:, -1], followed, np.nan)
    unforecast = int((~np.isnan(after)).sum() - (~np.isnan(truth)).sum())
    return truth, unforecast


def _joined(chained: Sequence[Predictions]) -> Predictions:
    return Predictions(
        origins=np.concatenate([part.origins for part in chained]),
        units=np.concatenate([part.units for part in chained]),
        truth=np.concatenate([part.truth for part in chained]),
        quiet=np.concatenate([part.quiet for part in chained]),
        probabilities={
            model: np.concatenate([part.probabilities[model] for part in chained])
            for model in chained[0].probabilities
        },
        unforecast=sum(part.unforecast for part in chained),
    )
