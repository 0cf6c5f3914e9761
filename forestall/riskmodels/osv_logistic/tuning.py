"""Choosing at an origin, from its past alone: how strongly to shrink, and how far the intercept is off."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import expit, logit

from forestall.panel.table import BoolArray, FloatArray

from .ridge import Design, fit

IntArray = npt.NDArray[np.int64]

INNER_ORIGINS = 8
"""The last so many closed windows are each forecast by a fit that ends the year before."""
FOLDS = 4
"""States are held out by quarters, so that no State is judged by a fit that knew it."""
EARLIEST = 3
"""An inner origin needs at least this many years to learn from."""
PULL = 300.0
"""So many even chances' worth of information hold the intercept where the fit left it: the level of the whole world
moves slowly, and following it year by year costs more than it brings."""


@dataclass(frozen=True)
class Choice:
    """The `strength` chosen, the `shift` of the intercept (log-odds), and how many out-of-fold rows they rest on."""

    strength: float
    shift: float
    rows: int


def choose(learned: Design, *, unit: IntArray, time: IntArray, strengths: tuple[float, ...]) -> Choice:
    """The strength with the least log loss on inner forecasts of held-out States, and the shift that centres them.

    `unit` and `time` say where each row of `learned` comes from. With too short a past the middle strength is taken.
    """
    last = int(time.max())
    cuts = range(max(EARLIEST, last - INNER_ORIGINS), last)
    judged, chances = [], []
    for cut in cuts:
        for fold in range(FOLDS):
            held = unit % FOLDS == fold
            rows = held & (time == cut + 1)
            learnable = ~held & (time <= cut)
            if rows.any() and learned.truth[learnable].any():
                judged.append(learned.truth[rows])
                chances.append(_inner(learned, learnable=learnable, rows=rows, strengths=strengths))
    if not judged:
        return Choice(strength=strengths[len(strengths) // 2], shift=0.0, rows=0)
    truth, made = np.concatenate(judged), np.concatenate(chances, axis=1)
    best = int(np.argmin([_log_loss(truth, row) for row in made]))
    return Choice(strength=strengths[best], shift=shift(truth, made[best]), rows=len(truth))


def _inner(
    learned: Design, *, learnable: BoolArray, rows: BoolArray, strengths: tuple[float, ...]
) -> FloatArray:
    """(strengths, rows): chances for held-out rows, each strength started from the one before."""
    found: FloatArray | None = None
    made = []
    for strength in strengths:
        found = fit(
            learned.inputs[learnable],
            truth=learned.truth[learnable],
            weights=learned.weights[learnable],
            strength=strength,
            start=found,
        )
        made.append(expit(learned.inputs[rows] @ found))
    return np.stack(made)


def shift(truth: FloatArray, chances: FloatArray) -> float:
    """What to add to the log-odds so that chances and events agree in sum, drawn towards zero by `PULL`."""
    scores = logit(np.clip(chances, 1e-9, 1 - 1e-9))
    found = 0.0
    for _ in range(20):
        moved = expit(scores + found)
        slope = float((truth - moved).sum()) - PULL * 0.25 * found
        step = slope / (float((moved * (1 - moved)).sum()) + PULL * 0.25)
        found += step
        if abs(step) < 1e-10:
            break
    return found


def _log_loss(truth: FloatArray, chances: FloatArray) -> float:
    kept = np.clip(chances, 1e-6, 1 - 1e-6)
    return float(-np.mean(truth * np.log(kept) + (1 - truth) * np.log(1 - kept)))
