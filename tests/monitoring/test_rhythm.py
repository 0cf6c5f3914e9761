"""How often a source speaks, and when its silence is one: the rule alone, without a database."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forestall.monitoring.rhythm import (
    OUTAGES,
    Rhythm,
    by_week,
    counted_rhythm,
    gaps_of,
    of_country,
    rhythm_of,
    usual_lag,
    usually_at_most,
)
from forestall.monitoring.states import COVERAGE_STATES, SILENCE, CoverageState

FIRST = date(2026, 1, 1)


def days(*offsets: int) -> list[date]:
    return [FIRST + timedelta(days=one) for one in offsets]


def after(rhythm: Rhythm, number: int) -> CoverageState:
    assert rhythm.last is not None
    return rhythm.state(rhythm.last + timedelta(days=number))


def test_a_weekly_paper_is_late_after_a_week_and_silent_after_two() -> None:
    paper = rhythm_of(days(0, 7, 14, 21, 28, 35))

    assert (paper.expected, paper.gaps) == (7, 5)
    assert [after(paper, each) for each in (7, 8, 14, 15)] == ["reporting", "late", "late", "silent"]
    assert paper.silent_since() == FIRST + timedelta(days=50)


def test_a_daily_wire_is_not_called_silent_over_a_week_of_holidays() -> None:
    wire = rhythm_of(days(*range(30)))

    assert [after(wire, each) for each in (1, 2, 8, 9)] == ["reporting", "late", "late", "silent"]


def test_four_gaps_are_too_few_to_tell_and_five_are_not() -> None:
    assert after(rhythm_of(days(0, 1, 2, 3, 4)), 400) == "few"
    assert after(rhythm_of(days(0, 1, 2, 3, 4, 5)), 400) == "silent"


def test_a_burst_of_news_does_not_make_its_end_a_silence() -> None:
    usual = rhythm_of(days(0, 30, 60, 90, 120, *range(150, 156)))

    assert usual.expected == 30
    assert after(usual, 30) == "reporting"


def test_what_the_desk_declared_counts_for_the_sources_own_country_and_is_the_least_elsewhere() -> None:
    here = rhythm_of(days(0), declared=14)
    elsewhere = rhythm_of(days(0, 1, 2, 3, 4, 5), declared=14, here=False)

    assert (here.expected, here.declared) == (14, True)
    assert (elsewhere.expected, elsewhere.declared) == (14, False)
    assert rhythm_of(days(0), declared=14, here=False).expected is None
    assert rhythm_of(days(0, 20, 40, 60, 80, 100), declared=14, here=False).expected == 20


def test_figures_that_always_come_a_month_late_are_not_silent_for_that_month() -> None:
    monthly = counted_rhythm(FIRST, gaps=20, usually=3, cadence=1, lag=50)

    assert [after(monthly, each) for each in (53, 54, 60, 61)] == ["reporting", "late", "late", "silent"]


def test_the_usual_lag_leaves_out_what_was_fetched_at_once() -> None:
    history = [(FIRST - timedelta(days=each), FIRST) for each in range(1000)]
    since = [(FIRST + timedelta(days=30 * each), FIRST + timedelta(days=30 * each + 20)) for each in range(1, 7)]

    assert usual_lag([*history, *since], otherwise=60) == 20
    assert usual_lag(history, otherwise=60) == 60


def test_an_outage_is_neither_calm_nor_silence_on_the_ground() -> None:
    paper = rhythm_of(days(0, 7, 14, 21, 28, 35))
    soon, late = days(36)[0], days(80)[0]

    assert paper.state(soon, outage=CoverageState.UNREACHABLE) == "unreachable"
    for outage in OUTAGES:
        assert paper.state(late, outage=outage) == outage
    assert paper.state(soon, outage=CoverageState.NOT_ASKED) == "reporting"


def test_a_source_that_never_spoke_is_told_apart_from_one_that_stopped() -> None:
    assert rhythm_of([]).state(FIRST) == "never"
    assert rhythm_of([]).age(FIRST) is None


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ((), "nobody"),
        ((("silent", 9), ("reporting", 30)), "reporting"),
        ((("silent", 30), ("late", 20)), "late"),
        ((("silent", 30), ("unreachable", 1)), "unreachable"),
        ((("silent", 30), ("few", 2)), "silent"),
        ((("silent", 2), ("few", 30)), "few"),
    ],
)
def test_a_country_stands_as_the_best_heard_of_it_and_an_outage_outweighs_silence(
    states: tuple[tuple[str, int], ...], expected: str
) -> None:
    assert of_country([(CoverageState(one), FIRST + timedelta(days=day)) for one, day in states]) == expected


def test_a_country_of_which_somebody_should_speak_and_never_did_has_nobody() -> None:
    assert of_country([(CoverageState.NEVER, None)]) == "nobody"


def test_weeks_end_with_the_day_that_is_asked_for() -> None:
    weeks = by_week([*days(0, -1, -6, -7, -400)], until=FIRST)

    assert (len(weeks), weeks[-2:], sum(weeks)) == (52, [1, 3], 4)


@given(st.sets(st.integers(0, 700), min_size=6))
def test_no_more_than_a_tenth_of_its_own_past_would_have_been_called_late(heard: set[int]) -> None:
    found = rhythm_of(days(*heard))
    gaps = gaps_of(days(*heard))

    assert found.expected is not None and found.silent_after is not None
    assert sum(gap > found.expected for gap in gaps) <= len(gaps) / 10
    assert found.silent_after >= found.expected + 7


@given(st.lists(st.integers(1, 60), min_size=1))
def test_nine_in_ten_are_no_greater_than_the_ninth_decile(numbers: list[int]) -> None:
    assert sum(one <= usually_at_most(numbers) for one in numbers) >= 0.9 * len(numbers)


def test_every_state_has_a_name() -> None:
    assert {str(one) for one in CoverageState} == set(COVERAGE_STATES)
    assert SILENCE.incomplete() == []
