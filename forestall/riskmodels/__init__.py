"""One folder per statistical risk model, all behind one contract.

A folder holds `riskmodel.toml` (its card) and `riskmodel.py` with `MODEL`, which keeps to `contract.RiskModel`:
`fit(panel, *, origin, outcome)` learns from what was known at the origin, and what it returns gives for every unit a
chance, a 90 % interval and the drivers that add up to it. Anchors are entries like any other, so that a risk model
is always seen beside them. `coming_year` ranks the world.
"""

from .contract import Card, Driver, Fitted, Forecast, RiskModel
from .entries import cards, models, risk_model
from .world import Standing, WorldForecast, coming_year

__all__ = [
    "Card",
    "Driver",
    "Fitted",
    "Forecast",
    "RiskModel",
    "Standing",
    "WorldForecast",
    "cards",
    "coming_year",
    "models",
    "risk_model",
]
