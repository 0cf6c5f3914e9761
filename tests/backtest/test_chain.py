"""Forward chaining shows a risk model the past alone, and scores only what has been counted."""

from dataclasses import dataclass

import numpy as np
import pytest

from forestall.backtest import compare, forward_chain, leaks, osv_annual
from forestall.backtest.comparison import block_weights, interval
from forestall.base.errors import Refused
from forestall.panel import OSV_COMING_YEAR, Panel, shipped_years


@dataclass(frozen=True)
class Constant:
    """Says one chance for all, and remembers the last year it was shown."""

    chance: float
    shown: list

    def fit(self, panel, *, origin, outcome):
        self.shown.append((origin, panel.last))
        return self

    def probabilities(self, panel):
        return np.where(panel.exists()[:, -1], self.chance, np.nan)


class LastYear:
    """Honest: repeats the event of the origin year."""

    def fit(self, panel, *, origin, outcome):
        known = panel.upto(origin)
        self.found = 0.02 + 0.9 * np.nan_to_num(outcome.events(known)[:, -1])
        return self

    def probabilities(self, panel):
        return self.found


class Peeks:
    """Dishonest: its scale comes from the whole panel."""

    def fit(self, panel, *, origin, outcome):
        mean = np.nanmean(panel.column(outcome.column))
        known = panel.upto(origin)
        self.found = np.nan_to_num(known.column(outcome.column)[:, -1]) / (1 + mean)
        return self

    def probabilities(self, panel):
        return self.found


@pytest.fixture
def panel():
    """Four States over six years; DDD begins in 2004, AAA ends after 2004."""
    nothing = np.nan
    killed = [
        [0, 30, 40, 50, 60, nothing],
        [0, 0, 0, 26, 0, 0],
        [25, 0, 0, 0, 0, 99],
        [nothing, nothing, nothing, nothing, 30, 31],
    ]
    return Panel(
        units=("AAA", "BBB", "CCC", "DDD"),
        times=tuple(range(2000, 2006)),
        columns={"os_best": np.array(killed, dtype=float)},
        vintage="made up",
    )


def chain(panel, origins, **models):
    return forward_chain(panel, outcome=OSV_COMING_YEAR, models=models, origins=origins)


def test_at_each_origin_the_panel_ends_there(panel):
    model = Constant(0.1, [])
    chain(panel, [2003, 2001, 2002], m=model)
    assert model.shown == [(2001, 2001), (2002, 2002), (2003, 2003)]


def test_the_truth_is_what_followed_in_the_next_year(panel):
    made = chain(panel, [2002], m=Constant(0.1, []))
    assert dict(zip(made.units, made.truth, strict=True)) == {"AAA": 1, "BBB": 1, "CCC": 0}
    assert dict(zip(made.units, made.quiet, strict=True)) == {"AAA": False, "BBB": True, "CCC": True}


def test_a_state_that_ends_or_begins_is_neither_a_peace_nor_a_miss(panel):
    ended = chain(panel, [2004], m=Constant(0.1, []))
    assert list(ended.units) == ["BBB", "CCC", "DDD"]
    begun = chain(panel, [2003], m=Constant(0.1, []))
    assert "DDD" not in begun.units
    assert (ended.unforecast, begun.unforecast) == (0, 1)


def test_an_origin_whose_next_year_is_not_counted_is_refused(panel):
    with pytest.raises(Refused, match="What followed 2005 is not in the panel"):
        chain(panel, [2005], m=Constant(0.1, []))


def test_without_an_origin_there_is_no_back_test(panel):
    with pytest.raises(Refused, match="at least one origin"):
        chain(panel, [], m=Constant(0.1, []))


def test_periods_cut_the_rows_by_origin(panel):
    made = chain(panel, [2001, 2002, 2003], m=Constant(0.1, []))
    assert set(made.between(2002, 2003).origins) == {2002, 2003}
    assert len(made.between(2002, 2003).truth) == len(made.between(2002, 2003).probabilities["m"]) == 6


def test_the_leak_test_passes_an_honest_rule_and_catches_one_that_peeks(panel):
    assert leaks(LastYear(), panel=panel, outcome=OSV_COMING_YEAR, origin=2003) == []
    caught = leaks(Peeks(), panel=panel, outcome=OSV_COMING_YEAR, origin=2003)
    assert "deleted" in caught and "inflated" in caught


def test_a_rule_does_not_differ_from_itself(panel):
    made = chain(panel, [2001, 2002, 2003], a=LastYear(), b=LastYear())
    for found in compare(made, first="a", second="b", draws=20):
        assert (found.value, found.low, found.high, found.better) == (0, 0, 0, 0)


def test_the_better_rule_wins_in_most_draws_and_the_sign_says_which():
    made = forward_chain(
        shipped_years(),
        outcome=OSV_COMING_YEAR,
        models={"last": LastYear(), "flat": Constant(0.11, [])},
        origins=range(2015, 2020),
    )
    found = {row.measure: row for row in compare(made, first="last", second="flat", draws=60)}
    assert found["brier"].value < 0 < found["auc"].value
    assert all(row.better > 0.95 for row in found.values())
    assert all(row.low <= row.value <= row.high for row in found.values())
    low, high = interval(made, model="last", measure="auc", draws=60)
    assert 0.7 < low < high < 1


def test_the_bootstrap_draws_whole_states():
    made = forward_chain(
        shipped_years(), outcome=OSV_COMING_YEAR, models={"f": Constant(0.1, [])}, origins=[2010, 2011]
    )
    for weights in block_weights(made, draws=3, seed=5):
        for state in ("AFG", "TCD", "ZWE"):
            assert len(set(weights[made.units == state])) == 1


def test_a_track_needs_an_anchor_beside_its_candidate(panel):
    with pytest.raises(Refused, match="at least one anchor"):
        osv_annual(panel, models={"a": LastYear()}, candidate="a")
