"""Benchmarks with fixed rows, anchors and goals, so that two runs can be laid side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from forestall.base.errors import Refused
from forestall.base.words import say
from forestall.panel import OSV_COMING_YEAR, Panel

from .chain import Predictions, RiskModel, forward_chain
from .comparison import LOWER_IS_BETTER, compare
from .scoring import calibration_error, recall_at, reliability, score

FIRST_ORIGIN, LAST_ORIGIN = 2000, 2023
LAST_SEEN = 2012
"""Risk models are chosen on origins up to here; later ones are held back."""
MEASURES = ("auc", "ap", "brier", "log_loss", "onset_auc", "onset_ap")


def osv_annual(
    panel: Panel, *, models: Mapping[str, RiskModel], candidate: str, looks: int = 0, draws: int = 200
) -> dict[str, Any]:
    """Track `osv-annual`: 25 or more civilians killed in one-sided violence in the coming year, every State.

    `models` holds the candidate and the anchors by id; the goal of each measure is the best anchor of this run.
    `looks` is how often the held-back origins had been looked at before. Returns `results` and `goals` as JSON
    knows them; machine, moment and seconds are the caller's to add. Refuses a panel that ends before 2024.
    """
    if candidate not in models or len(models) < 2:
        raise Refused(say("A track needs its candidate and at least one anchor beside it."))
    predictions = forward_chain(
        panel, outcome=OSV_COMING_YEAR, models=models, origins=range(FIRST_ORIGIN, LAST_ORIGIN + 1)
    )
    periods = {
        "all": predictions,
        "seen": predictions.between(FIRST_ORIGIN, LAST_SEEN),
        "held_back": predictions.between(LAST_SEEN + 1, LAST_ORIGIN),
    }
    results: dict[str, Any] = {
        "track": "osv-annual",
        "vintage": panel.vintage,
        "panel": panel.digest(),
        "origins": [FIRST_ORIGIN, LAST_ORIGIN],
        "candidate": candidate,
        "looks_at_held_back": looks + 1,
        "new_states_without_forecast": predictions.unforecast,
        "models": {
            name: {period: skill(rows, model=name) for period, rows in periods.items()} for name in models
        },
        "reliability": _reliability(predictions, model=candidate),
        "differences": _differences(predictions, candidate=candidate, draws=draws),
    }
    return {"results": results, "goals": _goals(results["models"], candidate=candidate)}


def skill(predictions: Predictions, *, model: str) -> dict[str, float | None]:
    """Every figure of one risk model: on all rows, on onsets where it was quiet, where it was going on, recall."""
    chances = predictions.probabilities[model]
    every = score(predictions.truth, chances).as_dict()
    for stratum, rows in (("onset", predictions.quiet), ("ongoing", ~predictions.quiet)):
        part = score(predictions.truth[rows], chances[rows]).as_dict()
        every |= {f"{stratum}_{name}": value for name, value in part.items()}
    for top in (10, 20, 30):
        every[f"recall_{top}"] = recall_at(predictions, model=model, top=top)
    every["calibration_error"] = calibration_error(reliability(predictions.truth, chances))
    return every


def _reliability(predictions: Predictions, *, model: str) -> list[dict[str, float]]:
    return [asdict(band) for band in reliability(predictions.truth, predictions.probabilities[model])]


def _differences(predictions: Predictions, *, candidate: str, draws: int) -> dict[str, Any]:
    return {
        anchor: [asdict(found) for found in compare(predictions, first=candidate, second=anchor, draws=draws)]
        for anchor in predictions.probabilities
        if anchor != candidate
    }


def _goals(models: Mapping[str, Any], *, candidate: str) -> list[dict[str, Any]]:
    goals = []
    for name in MEASURES:
        lower = name.removeprefix("onset_") in LOWER_IS_BETTER
        anchors = [figures["all"][name] for model, figures in models.items() if model != candidate]
        best = min(anchors) if lower else max(anchors)
        value = models[candidate]["all"][name]
        goals.append(
            {"name": name, "value": value, "goal": best, "met": value < best if lower else value > best}
        )
    return goals
