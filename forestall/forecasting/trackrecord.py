"""How a risk model did on years it had not seen, beside every anchor, and how often what it said came true."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from forestall.backtest import forward_chain, reliability
from forestall.backtest.track import skill
from forestall.panel import OSV_COMING_YEAR, Outcome, Panel
from forestall.riskmodels import cards, models
from forestall.riskmodels.world import FIRST_ORIGIN

FIGURES = ("auc", "ap", "brier", "log_loss", "observed_expected", "onset_auc", "onset_ap", "n", "positives")


@dataclass(frozen=True)
class TrackRecord:
    """`held_back`: risk model ids to their scores on origins after those on which choices were made.

    `reliability`: bands of chances over all origins (low, high, n, forecast, observed), lowest first. Figures that
    cannot be had are left out.
    """

    held_back: dict[str, dict[str, float]] = field(default_factory=dict)
    reliability: list[dict[str, Any]] = field(default_factory=list)


def track_record(panel: Panel, *, model: str, outcome: Outcome = OSV_COMING_YEAR) -> TrackRecord:
    """Back-test `model` and every anchor forward over the panel. Takes a few seconds.

    Held back are the origins after the card's `seen_to`; a panel that ends before them has none.
    """
    known = cards()
    wanted = {name: one for name, one in models().items() if known[name].anchor or name == model}
    predictions = forward_chain(
        panel, outcome=outcome, models=wanted, origins=range(FIRST_ORIGIN, panel.last)
    )
    first = known[model].seen_to + 1
    held_back = {}
    if first < panel.last:
        later = predictions.between(first, panel.last - 1)
        held_back = {name: _scores(skill(later, model=name), first=first, last=panel.last - 1) for name in wanted}
    bands = reliability(predictions.truth, predictions.probabilities[model])
    return TrackRecord(held_back=held_back, reliability=[asdict(band) for band in bands])


def _scores(found: dict[str, float | None], *, first: int, last: int) -> dict[str, float]:
    scores = {name: value for name in FIGURES if (value := found.get(name)) is not None}
    return {**scores, "first_origin": float(first), "last_origin": float(last)}
