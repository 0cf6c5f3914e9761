"""Scoring rules for chances of a yes-or-no outcome.

Plain arrays in, plain figures out. `weights` (one per row) let a block bootstrap repeat rows without copying them.
The figures agree with scikit-learn's; they are written out here so that a ranking of the world in a web request
needs no such import.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np

from forestall.panel.table import FloatArray

from .chain import IntArray, Predictions

CLIP = 1e-6
"""A chance enters the logarithmic score no nearer to 0 or 1 than this."""


@dataclass(frozen=True)
class Score:
    """How good forecasts were. Lower is better for `brier` and `log_loss`.

    `observed_expected` is events over the sum of chances (1 is calibrated). `auc` and `ap` are NaN where all rows
    went the same way.
    """

    n: int
    positives: int
    auc: float
    ap: float
    brier: float
    log_loss: float
    observed_expected: float

    def as_dict(self) -> dict[str, float | None]:
        """The figures by name; None where there is none, since JSON has no NaN."""
        return {name: None if value != value else value for name, value in asdict(self).items()}


@dataclass(frozen=True)
class Reliability:
    """One band of forecasts: how many, their mean chance, and how often the event followed."""

    low: float
    high: float
    n: int
    forecast: float
    observed: float


def score(truth: FloatArray, chances: FloatArray) -> Score:
    """All figures for `truth` (0 or 1) and `chances`, both (rows,)."""
    expected = float(chances.sum())
    return Score(
        n=len(truth),
        positives=int(truth.sum()),
        auc=auc(truth, chances),
        ap=average_precision(truth, chances),
        brier=brier(truth, chances),
        log_loss=log_loss(truth, chances),
        observed_expected=float(truth.sum()) / expected if expected > 0 else float("nan"),
    )


def brier(truth: FloatArray, chances: FloatArray, *, weights: FloatArray | None = None) -> float:
    """The mean squared distance of chance and event (Brier 1950)."""
    return float(np.average((chances - truth) ** 2, weights=weights))


def log_loss(truth: FloatArray, chances: FloatArray, *, weights: FloatArray | None = None) -> float:
    """The mean negative logarithm of the chance given to what happened, natural logarithm."""
    kept = np.clip(chances, CLIP, 1 - CLIP)
    return float(-np.average(truth * np.log(kept) + (1 - truth) * np.log(1 - kept), weights=weights))


def auc(truth: FloatArray, chances: FloatArray, *, weights: FloatArray | None = None) -> float:
    """The share of pairs of an event and a non-event that the chances order rightly; ties count half."""
    hits, misses = _by_descending_chance(truth, chances, weights=weights)
    total = hits.sum() * misses.sum()
    if total == 0:
        return float("nan")
    above = np.cumsum(hits) - hits
    return float((misses * (above + hits / 2)).sum() / total)


def average_precision(truth: FloatArray, chances: FloatArray, *, weights: FloatArray | None = None) -> float:
    """Precision averaged over the events in descending order of chance; tied rows are taken together."""
    hits, misses = _by_descending_chance(truth, chances, weights=weights)
    events = hits.sum()
    if events == 0 or misses.sum() == 0:
        return float("nan")
    taken = np.cumsum(hits + misses)
    precision = np.divide(np.cumsum(hits), taken, out=np.zeros_like(taken), where=taken > 0)
    return float((precision * hits).sum() / events)


def _by_descending_chance(
    truth: FloatArray, chances: FloatArray, *, weights: FloatArray | None
) -> tuple[FloatArray, FloatArray]:
    """Weight of events and of non-events at each distinct chance, highest chance first."""
    weight = np.ones_like(truth) if weights is None else weights
    distinct, place = np.unique(-chances, return_inverse=True)
    hits = np.bincount(place, weights=truth * weight, minlength=len(distinct))
    everything = np.bincount(place, weights=weight, minlength=len(distinct))
    return hits.astype(np.float64), (everything - hits).astype(np.float64)


def reliability(
    truth: FloatArray,
    chances: FloatArray,
    *,
    edges: tuple[float, ...] = (0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 0.9, 1),
) -> list[Reliability]:
    """What was said against what came, by bands of chance; empty bands are left out."""
    band = np.clip(np.digitize(chances, edges[1:-1]), 0, len(edges) - 2)
    rows = []
    for index in range(len(edges) - 1):
        inside = band == index
        if inside.any():
            rows.append(
                Reliability(
                    low=edges[index],
                    high=edges[index + 1],
                    n=int(inside.sum()),
                    forecast=float(chances[inside].mean()),
                    observed=float(truth[inside].mean()),
                )
            )
    return rows


def calibration_error(bands: list[Reliability]) -> float:
    """The mean distance between what was said and what came, over the bands, weighted by their rows."""
    total = sum(band.n for band in bands)
    return sum(band.n * abs(band.forecast - band.observed) for band in bands) / total


def recall_at(predictions: Predictions, *, model: str, top: int) -> float:
    """The share of events among the `top` places of their own origin.

    Tied chances that straddle the last place share what is left of it: a risk model that gives many States one
    chance does not get them all in.
    """
    caught = events = 0.0
    for origin in np.unique(predictions.origins):
        rows = predictions.origins == origin
        hits, misses = _by_descending_chance(
            predictions.truth[rows], predictions.probabilities[model][rows], weights=None
        )
        places = hits + misses
        left = np.clip(top - (np.cumsum(places) - places), 0, places)
        caught += float((hits * left / places).sum())
        events += float(hits.sum())
    return caught / events if events else float("nan")


def ranks(chances: FloatArray) -> IntArray:
    """(rows,): 1 for the highest chance; ties share the better rank."""
    _, place, counts = np.unique(-chances, return_inverse=True, return_counts=True)
    starts: IntArray = np.concatenate([[0], np.cumsum(counts)[:-1]]).astype(np.int64)
    return starts[place] + 1
