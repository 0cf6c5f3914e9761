"""No change repeats what has followed the same level of deaths."""

import numpy as np
import pytest

from forestall.panel import OSV_COMING_YEAR, Panel
from forestall.riskmodels.no_change.riskmodel import NoChange


def test_states_at_one_level_share_one_chance_and_it_is_the_share_that_followed():
    killed = np.array([[30.0, 30, 30], [30, 0, 30], [0, 0, 0], [0, 0, 0]])
    panel = Panel(("AAA", "BBB", "CCC", "DDD"), (2000, 2001, 2002), {"os_best": killed}, "made up")
    made = NoChange(weight=1.0).fit(panel, origin=2002, outcome=OSV_COMING_YEAR).probabilities(panel)
    world = (3 + 0.5) / (8 + 1)
    after_killing, after_quiet = (2 + world) / (3 + 1), (1 + world) / (5 + 1)
    assert made.tolist() == pytest.approx([after_killing, after_killing, after_quiet, after_quiet])
