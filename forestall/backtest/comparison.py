"""Two risk models on the same rows: how far apart, and how sure, with whole States resampled.

Rows of one State hang together over the years, so the bootstrap draws States and not rows, and both risk models are
scored on the same draw.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from forestall.panel.table import FloatArray

from .chain import Predictions
from .scoring import auc, average_precision, brier, log_loss

MEASURES: dict[str, Callable[..., float]] = {
    "auc": auc,
    "ap": average_precision,
    "brier": brier,
    "log_loss": log_loss,
}
LOWER_IS_BETTER = {"brier", "log_loss"}


@dataclass(frozen=True)
class Difference:
    """`value` is the first minus the second on all rows; `low` and `high` hold 95 % of the draws.

    `better` is the share of draws in which the first beats the second.
    """

    measure: str
    value: float
    low: float
    high: float
    better: float


def compare(
    predictions: Predictions, *, first: str, second: str, draws: int = 500, seed: int = 1
) -> list[Difference]:
    """Paired differences of two risk models for AUC, average precision, Brier score and log loss."""
    chances = predictions.probabilities
    pairs = {name: np.empty(draws) for name in MEASURES}
    for draw, weights in enumerate(block_weights(predictions, draws=draws, seed=seed)):
        for name, measure in MEASURES.items():
            pairs[name][draw] = measure(predictions.truth, chances[first], weights=weights) - measure(
                predictions.truth, chances[second], weights=weights
            )
    return [
        _difference(name, drawn=pairs[name], value=_gap(predictions, name, first=first, second=second))
        for name in MEASURES
    ]


def interval(
    predictions: Predictions, *, model: str, measure: str, draws: int = 500, seed: int = 1
) -> tuple[float, float]:
    """Between which values a measure of one risk model lies in 95 % of the draws."""
    scored = [
        MEASURES[measure](predictions.truth, predictions.probabilities[model], weights=weights)
        for weights in block_weights(predictions, draws=draws, seed=seed)
    ]
    low, high = np.nanpercentile(scored, [2.5, 97.5])
    return float(low), float(high)


def block_weights(predictions: Predictions, *, draws: int, seed: int) -> Iterator[FloatArray]:
    """For each draw of States with replacement, how often each row enters: (rows,)."""
    states, place = np.unique(predictions.units, return_inverse=True)
    random = np.random.default_rng(seed)
    for _ in range(draws):
        drawn = np.bincount(random.integers(0, len(states), len(states)), minlength=len(states))
        yield drawn[place].astype(np.float64)


def _gap(predictions: Predictions, measure: str, *, first: str, second: str) -> float:
    chances, truth = predictions.probabilities, predictions.truth
    return MEASURES[measure](truth, chances[first]) - MEASURES[measure](truth, chances[second])


def _difference(measure: str, *, drawn: FloatArray, value: float) -> Difference:
    low, high = np.nanpercentile(drawn, [2.5, 97.5])
    wins = drawn < 0 if measure in LOWER_IS_BETTER else drawn > 0
    return Difference(
        measure=measure, value=value, low=float(low), high=float(high), better=float(wins.mean())
    )
