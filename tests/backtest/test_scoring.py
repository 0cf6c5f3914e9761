"""The scoring rules agree with scikit-learn's, and with what can be reckoned by hand."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, brier_score_loss, log_loss, roc_auc_score

from forestall.backtest import Predictions, recall_at, reliability, score
from forestall.backtest.scoring import auc, average_precision, calibration_error, ranks

cases = st.lists(
    st.tuples(st.booleans(), st.sampled_from([0.01, 0.2, 0.2, 0.5, 0.7, 0.99]), st.integers(1, 3)),
    min_size=4,
    max_size=60,
).filter(lambda rows: 0 < sum(truth for truth, _, _ in rows) < len(rows))


def arrays(rows):
    truth, chances, weights = (np.array(column, dtype=float) for column in zip(*rows, strict=True))
    return truth, chances, weights


@given(cases)
def test_every_figure_agrees_with_scikit_learn_ties_included(rows):
    truth, chances, _ = arrays(rows)
    found = score(truth, chances)
    assert found.auc == pytest.approx(roc_auc_score(truth, chances))
    assert found.ap == pytest.approx(average_precision_score(truth, chances))
    assert found.brier == pytest.approx(brier_score_loss(truth, chances))
    assert found.log_loss == pytest.approx(log_loss(truth, chances))


@given(cases)
def test_a_weight_of_three_is_the_same_as_three_rows(rows):
    truth, chances, weights = arrays(rows)
    times = weights.astype(int)
    for measure in (auc, average_precision):
        repeated = measure(np.repeat(truth, times), np.repeat(chances, times))
        assert measure(truth, chances, weights=weights) == pytest.approx(repeated)


def test_observed_over_expected_is_events_over_the_sum_of_chances():
    assert score(np.array([1.0, 0, 0, 0]), np.full(4, 0.5)).observed_expected == 0.5


def test_where_all_went_one_way_there_is_no_ranking_to_judge():
    found = score(np.zeros(3), np.array([0.1, 0.2, 0.3]))
    assert math.isnan(found.auc) and math.isnan(found.ap)
    assert found.as_dict()["auc"] is None
    assert found.brier == pytest.approx(0.14 / 3)


def test_a_chance_of_zero_for_what_happened_costs_much_but_not_everything():
    assert 10 < score(np.array([1.0, 0.0]), np.array([0.0, 0.0])).log_loss * 2 < 20


def test_the_reliability_table_holds_every_row_once_and_both_ends():
    truth, chances = np.array([0.0, 0, 1, 1]), np.array([0.0, 0.01, 0.95, 1.0])
    bands = reliability(truth, chances)
    assert sum(band.n for band in bands) == 4
    assert [(band.n, band.observed) for band in bands] == [(1, 0), (1, 0), (2, 1)]
    assert calibration_error(bands) == pytest.approx((0 + 0.01 + 2 * 0.025) / 4)


def test_tied_chances_share_the_better_rank():
    assert ranks(np.array([0.1, 0.9, 0.9, 0.3])).tolist() == [4, 1, 1, 3]


def predictions(truth, chances, origins):
    rows = len(truth)
    return Predictions(
        origins=np.array(origins),
        units=np.array([f"U{row}" for row in range(rows)]),
        truth=np.array(truth, dtype=float),
        quiet=np.ones(rows, dtype=bool),
        probabilities={"m": np.array(chances)},
        unforecast=0,
    )


def test_recall_counts_events_among_the_top_of_their_own_year():
    made = predictions([1, 0, 0, 1], [0.9, 0.1, 0.8, 0.2], [2000, 2000, 2001, 2001])
    assert recall_at(made, model="m", top=1) == 0.5


def test_many_states_with_one_chance_do_not_all_get_into_the_top():
    made = predictions([1, 1, 0, 0], [0.5, 0.5, 0.5, 0.5], [2000] * 4)
    assert recall_at(made, model="m", top=1) == 0.25
