"""The leak test: a forecast made at an origin must not move by one bit when the future is deleted or scrambled."""

from __future__ import annotations

import numpy as np

from forestall.panel import Outcome, Panel
from forestall.panel.table import FloatArray

from .chain import RiskModel


def leaks(model: RiskModel, *, panel: Panel, outcome: Outcome, origin: int) -> list[str]:
    """The changes after `origin` that moved the forecast: `deleted`, `erased`, `scrambled`, `inflated`; none is right.

    The risk model is handed the whole panel, so that it passes only when it cuts at the origin itself.
    """
    honest = _forecast(model, panel=panel, outcome=outcome, origin=origin)
    worlds = {
        "deleted": panel.upto(origin),
        "erased": panel.changed_after(origin, lambda later: np.full_like(later, np.nan)),
        "scrambled": panel.changed_after(origin, _scrambled),
        "inflated": panel.changed_after(origin, lambda later: later * 1000 + 25),
    }
    return [
        name
        for name, world in worlds.items()
        if _forecast(model, panel=world, outcome=outcome, origin=origin) != honest
    ]


def _forecast(model: RiskModel, *, panel: Panel, outcome: Outcome, origin: int) -> bytes:
    made = model.fit(panel, origin=origin, outcome=outcome).probabilities(panel)
    return made.tobytes()


def _scrambled(later: FloatArray) -> FloatArray:
    return np.random.default_rng(7).permutation(later, axis=0)
