"""Conflictology draws the next year from the last few."""

import numpy as np
import pytest

from forestall.panel import OSV_COMING_YEAR, Panel
from forestall.riskmodels.conflictology.riskmodel import Conflictology


def test_only_the_last_years_count():
    killed = np.array([[99.0, 99, 0, 0, 25], [0, 0, 0, 0, 0]])
    panel = Panel(("AAA", "BBB"), tuple(range(2000, 2005)), {"os_best": killed}, "made up")
    made = Conflictology(years=3).fit(panel, origin=2004, outcome=OSV_COMING_YEAR).probabilities(panel)
    world = (1 + 0.5) / (6 + 1)
    assert made.tolist() == pytest.approx([(1 + world) / 4, world / 4])


def test_quiet_states_share_one_chance_which_is_why_it_says_nothing_of_onset():
    killed = np.zeros((3, 6))
    killed[0, 0] = 500
    panel = Panel(("AAA", "BBB", "CCC"), tuple(range(2000, 2006)), {"os_best": killed}, "made up")
    made = Conflictology(years=5).fit(panel, origin=2005, outcome=OSV_COMING_YEAR).probabilities(panel)
    assert len(set(made)) == 1
