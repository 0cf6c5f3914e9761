"""The regression: its arithmetic, what it looks at, and that its reasons have a sensible sign."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from forestall.base.errors import Refused
from forestall.panel import OSV_COMING_YEAR, Panel, shipped_years
from forestall.riskmodels.osv_logistic.features import FACTORS, FEATURES, features, window_sum, years_since
from forestall.riskmodels.osv_logistic.ridge import design, fit
from forestall.riskmodels.osv_logistic.riskmodel import MODEL, Logistic, Settings
from forestall.riskmodels.osv_logistic.tuning import shift


def a_panel(killed, *, first=2000):
    values = np.array(killed, dtype=float)
    columns = {"os_best": values, "os_high": values * 2, "sb_best": values * 0, "ns_best": values * 0}
    return Panel(
        units=tuple(f"A{index:02d}" for index in range(len(values))),
        times=tuple(range(first, first + values.shape[1])),
        columns=columns,
        vintage="made up",
    )


def test_the_coefficients_are_those_of_scikit_learn():
    random = np.random.default_rng(3)
    values = random.normal(size=(400, 4)) * [1, 5, 0.2, 3] + [0, 2, 0, -1]
    truth = (random.random(400) < 1 / (1 + np.exp(2 - values[:, 0]))).astype(float)
    weights = random.random(400) + 0.1
    learned = design(values, truth=truth, weights=weights)
    ours = fit(learned.inputs, truth=truth, weights=learned.weights, strength=0.1)
    theirs = LogisticRegression(C=0.1, solver="newton-cholesky", tol=1e-10).fit(
        learned.inputs[:, 1:], truth, sample_weight=learned.weights
    )
    assert ours[0] == pytest.approx(theirs.intercept_[0], abs=1e-4)
    assert ours[1:] == pytest.approx(theirs.coef_[0], abs=1e-4)


def test_a_fit_started_elsewhere_ends_in_the_same_place():
    random = np.random.default_rng(4)
    values = random.normal(size=(200, 3))
    truth = (values[:, 0] > 1).astype(float)
    learned = design(values, truth=truth, weights=np.ones(200))
    cold = fit(learned.inputs, truth=truth, weights=learned.weights, strength=0.2)
    warm = fit(
        learned.inputs, truth=truth, weights=learned.weights, strength=0.2, start=np.array([-3.0, 9, -9, 9])
    )
    assert warm == pytest.approx(cold, abs=1e-7)


def test_a_feature_that_never_varies_adds_nothing_and_breaks_nothing():
    values = np.array([[1.0, 7.0], [2.0, 7.0], [3.0, 7.0], [4.0, 7.0]])
    learned = design(values, truth=np.array([0.0, 0, 1, 1]), weights=np.ones(4))
    assert fit(learned.inputs, truth=learned.truth, weights=learned.weights, strength=1.0)[2] == 0


def test_sums_reach_back_so_many_years_and_no_further():
    values = np.array([[1.0, 2, 4, 8]])
    assert window_sum(values, years=2).tolist() == [[1, 3, 6, 12]]
    assert window_sum(np.array([[np.nan, 2, 4]]), years=3).tolist() == [[0, 2, 6]]


def test_years_since_are_zero_in_the_year_itself_and_capped_where_it_never_was():
    found = years_since(np.array([[False, True, False, False], [False] * 4]))
    assert found.tolist() == [[20, 0, 1, 2], [20, 20, 20, 20]]


def test_a_years_features_do_not_depend_on_later_years():
    panel = shipped_years()
    early = panel.upto(2005)
    rows = [panel.units.index(unit) for unit in early.units]
    whole = features(panel, outcome=OSV_COMING_YEAR)[rows, : len(early.times)]
    assert np.array_equal(whole, features(early, outcome=OSV_COMING_YEAR))


def test_every_feature_belongs_to_one_plain_factor():
    assert len(FEATURES) == len(set(FEATURES))
    assert {name for factor in FACTORS for name in factor.features} == set(FEATURES)


@pytest.mark.parametrize("origin", [2000, 2012, 2024])
def test_no_reason_has_a_senseless_sign(origin):
    found = MODEL.fit(shipped_years(), origin=origin, outcome=OSV_COMING_YEAR)
    for name, coefficient in zip(FEATURES, found.coefficients[1:], strict=True):
        assert coefficient < 0 if name == "since_1" else coefficient > 0, name


def test_more_killing_last_year_never_lowers_a_chance():
    panel = shipped_years()
    row = panel.units.index("TCD")
    fitted = MODEL.fit(panel, origin=2024, outcome=OSV_COMING_YEAR)
    chances = []
    for killed in (0, 5, 25, 100, 1000):
        copy = {name: values.copy() for name, values in panel.columns.items()}
        copy["os_best"][row, -1] = copy["os_high"][row, -1] = killed
        changed = Panel(units=panel.units, times=panel.times, columns=copy, vintage="what if")
        chances.append(fitted.probabilities(changed)[row])
    assert chances == sorted(chances)
    assert chances[-1] > 2 * chances[0]


def test_the_same_panel_gives_the_same_intervals_twice():
    panel = shipped_years()
    first, second = (MODEL.fit(panel, origin=2018, outcome=OSV_COMING_YEAR).forecast(panel) for _ in range(2))
    assert first == second


def test_a_world_where_nothing_ever_happened_gets_small_chances_and_no_crash():
    panel = a_panel(np.zeros((6, 12)))
    made = Logistic(Settings(refits=5)).fit(panel, origin=2011, outcome=OSV_COMING_YEAR).forecast(panel)
    assert all(0 < forecast.probability < 0.05 for forecast in made)


def test_with_one_year_counted_there_is_nothing_to_learn_from_and_it_says_so():
    panel = a_panel(np.zeros((6, 3)))
    with pytest.raises(Refused, match="no closed window to learn from"):
        MODEL.fit(panel, origin=2000, outcome=OSV_COMING_YEAR)


def test_the_shift_centres_the_chances_and_is_held_back_when_rows_are_few():
    many, few = np.tile([1.0, 0.0, 0.0, 0.0], 5000), np.array([1.0, 0.0, 0.0, 0.0])
    moved = shift(many, np.full(len(many), 0.5))
    assert moved == pytest.approx(np.log(0.25 / 0.75), abs=0.05)
    assert -0.05 < shift(few, np.full(4, 0.5)) < 0
