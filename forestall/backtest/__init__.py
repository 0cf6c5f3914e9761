"""The forward-chained protocol and the scoring rules by which risk models are judged. Pure.

`forward_chain` makes every risk model forecast from what was known at each origin; `scoring` and `comparison` judge
the forecasts against what followed; `leak` shows that a risk model cannot see past its origin; `track` runs one
named benchmark. Anchors are risk models like any other.
"""

from .chain import Fitted, Predictions, RiskModel, forward_chain
from .comparison import Difference, compare
from .leak import leaks
from .scoring import Reliability, Score, recall_at, reliability, score
from .track import osv_annual

__all__ = [
    "Difference",
    "Fitted",
    "Predictions",
    "Reliability",
    "RiskModel",
    "Score",
    "compare",
    "forward_chain",
    "leaks",
    "osv_annual",
    "recall_at",
    "reliability",
    "score",
]
