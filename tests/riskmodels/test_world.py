"""The world is ranked by chance, with the skill shown on years held back, and nobody is left out."""

from datetime import UTC, datetime

import pytest

from forestall import places
from forestall.backtest import osv_annual
from forestall.base import clock
from forestall.panel import coverage, shipped_years
from forestall.riskmodels import cards, coming_year, models


@pytest.fixture(scope="module")
def world():
    return coming_year(shipped_years())


@pytest.fixture(scope="module")
def bench():
    return osv_annual(shipped_years(), models=models(), candidate="osv-logistic", looks=2, draws=40)


def test_the_ranking_is_for_the_year_after_the_last_one_counted(world):
    assert (world.origin, world.target, world.vintage) == (2024, 2025, "25.1")
    assert len(world.standings) == 196
    assert world.units_skipped == ("CSK", "DDR", "YMD")


def test_standings_go_from_the_highest_chance_down_and_ties_share_a_rank(world):
    chances = [standing.forecast.probability for standing in world.standings]
    assert chances == sorted(chances, reverse=True)
    for standing in world.standings:
        above = sum(chance > standing.forecast.probability for chance in chances)
        assert standing.rank == above + 1


def test_all_195_states_are_ranked_or_told_where_they_are_counted(world):
    states = [state.iso3 for state in places.member_and_observer_states()]
    ranked = {standing.forecast.unit for standing in world.standings}
    apart = {entry.code for entry in coverage(shipped_years(), states=states) if entry.apart}
    assert len(states) == 195
    assert apart == ranked & set(states)
    assert set(states) - ranked == {"PSE"}
    assert world.of("PSE") is None


def test_each_standing_carries_the_figures_last_counted(world):
    standing = world.of("SDN")
    assert standing is not None
    assert standing.last["os_best"] == 2316
    assert not standing.quiet
    assert standing.forecast.low < standing.forecast.probability < standing.forecast.high


def test_the_reader_is_told_when_the_year_forecast_is_over(world):
    with clock.fixed(datetime(2025, 6, 1, tzinfo=UTC)):
        assert str(world.age) == "The figures end on 2024-12-31; the chances are for 2025."
        assert world.age_days == 152
    with clock.fixed(datetime(2026, 2, 1, tzinfo=UTC)):
        assert "that year is over" in str(world.age)


def test_skill_is_shown_for_the_risk_model_and_for_every_anchor(world):
    assert set(world.anchors) == {name for name, card in cards().items() if card.anchor}
    assert world.skill["n"] == 4677
    assert world.skill["positives"] == 535
    assert (world.skill["first_origin"], world.skill["last_origin"]) == (2000, 2023)


@pytest.mark.parametrize(
    ("measure", "value"),
    [
        ("auc", 0.9605),
        ("ap", 0.8609),
        ("brier", 0.0361),
        ("log_loss", 0.1325),
        ("onset_auc", 0.849),
        ("onset_ap", 0.216),
    ],
)
def test_the_skill_is_the_one_written_down(world, measure, value):
    assert world.skill[measure] == pytest.approx(value, abs=0.002)


def test_an_anchor_ranks_the_world_too():
    world = coming_year(shipped_years(), model="conflictology", first_origin=2020)
    assert world.skill["first_origin"] == 2020
    assert set(world.skills) == set(world.anchors)


def test_the_track_beats_the_best_anchor_on_every_goal(bench):
    assert [goal["name"] for goal in bench["goals"]] == [
        "auc", "ap", "brier", "log_loss", "onset_auc", "onset_ap",
    ]  # fmt: skip
    assert all(goal["met"] for goal in bench["goals"])


def test_what_was_seen_and_what_was_held_back_are_told_apart(bench):
    figures = bench["results"]["models"]["osv-logistic"]
    assert figures["seen"]["n"] + figures["held_back"]["n"] == figures["all"]["n"]
    assert bench["results"]["looks_at_held_back"] == 3


def test_the_chances_are_calibrated(bench):
    figures = bench["results"]["models"]["osv-logistic"]
    assert 0.95 < figures["all"]["observed_expected"] < 1.05
    assert 0.95 < figures["held_back"]["observed_expected"] < 1.05
    assert figures["all"]["calibration_error"] < 0.02


def test_where_killing_goes_on_the_ranking_still_says_something(bench):
    assert bench["results"]["models"]["osv-logistic"]["all"]["ongoing_auc"] > 0.85


def test_a_results_object_is_json(bench):
    from forestall.base.canonical import canonical_json

    assert canonical_json(bench).startswith("{")
