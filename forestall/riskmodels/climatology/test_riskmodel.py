"""Climatology counts a State's own past."""

import numpy as np
import pytest

from forestall.panel import OSV_COMING_YEAR, Panel
from forestall.riskmodels.climatology.riskmodel import Climatology


def test_a_state_gets_its_own_share_drawn_towards_the_worlds():
    killed = np.array([[30.0, 30, 30, 0], [0, 0, 0, 0], [np.nan, np.nan, 0, 0]])
    panel = Panel(("AAA", "BBB", "CCC"), (2000, 2001, 2002, 2003), {"os_best": killed}, "made up")
    made = Climatology(weight=2.0).fit(panel, origin=2003, outcome=OSV_COMING_YEAR).probabilities(panel)
    world = 3.5 / 11
    assert made.tolist() == pytest.approx([(3 + 2 * world) / 6, 2 * world / 6, 2 * world / 4])
