"""Logistic regression with a ridge, by Newton's method.

The objective is scikit-learn's `LogisticRegression(C=strength)` with weights that sum to the number of rows: the
tests hold the two together. It is written out because a bootstrap of refits started from the full fit needs two or
three steps each where a fresh fit needs ten, and because all refits can be solved in one batch.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from forestall.base.errors import Refused
from forestall.base.words import say
from forestall.panel.table import FloatArray

STEPS = 40
TOLERANCE = 1e-9
INTERCEPT_PENALTY = 1e-4
"""Keeps the intercept finite when nothing has happened yet, and moves it by nothing that shows otherwise."""


@dataclass(frozen=True, eq=False)
class Design:
    """Rows to learn from: `inputs` (rows, 1 + features) with a leading 1 and standardised features, `truth`, `weights`.

    `centre` and `scale` (features,) are those of the weighted training rows.
    """

    inputs: FloatArray
    truth: FloatArray
    weights: FloatArray
    centre: FloatArray
    scale: FloatArray

    def standardised(self, values: FloatArray) -> FloatArray:
        """(rows, 1 + features): `values` (rows, features) on the scale of the training rows."""
        return with_intercept((values - self.centre) / self.scale)


def design(values: FloatArray, *, truth: FloatArray, weights: FloatArray) -> Design:
    """Standardise `values` (rows, features) by weighted mean and spread; weights are scaled to sum to the rows."""
    if not len(truth):
        raise Refused(say("There is no closed window to learn from. Choose a later origin."))
    scaled = weights * (len(weights) / weights.sum())
    centre = np.average(values, axis=0, weights=scaled)
    spread = np.sqrt(np.average((values - centre) ** 2, axis=0, weights=scaled))
    scale = np.where(spread > 1e-9, spread, 1.0)
    return Design(
        inputs=with_intercept((values - centre) / scale),
        truth=truth,
        weights=scaled,
        centre=centre,
        scale=scale,
    )


def with_intercept(values: FloatArray) -> FloatArray:
    """(rows, 1 + features): a leading column of ones."""
    return np.concatenate([np.ones((len(values), 1)), values], axis=1)


def fit(
    inputs: FloatArray,
    *,
    truth: FloatArray,
    weights: FloatArray,
    strength: float,
    start: FloatArray | None = None,
) -> FloatArray:
    """(1 + features,): the coefficients. A small `strength` shrinks more, as C does in scikit-learn."""
    penalty = np.full(inputs.shape[1], 1 / strength)
    penalty[0] = INTERCEPT_PENALTY
    found = np.zeros(inputs.shape[1]) if start is None else start.copy()
    for _ in range(STEPS):
        chances = expit(inputs @ found)
        slope = inputs.T @ (weights * (chances - truth)) + penalty * found
        curvature = (inputs.T * (weights * chances * (1 - chances))) @ inputs + np.diag(penalty)
        step = np.linalg.solve(curvature, slope)
        found -= step * min(1.0, 4.0 / max(float(np.abs(step).max()), 1e-12))
        if np.abs(step).max() < TOLERANCE:
            break
    return found
