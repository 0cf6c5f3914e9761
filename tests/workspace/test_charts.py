"""A chart is a picture with words: it says what it shows, hides no uncertainty and turns no silence into nothing."""

from __future__ import annotations

import re
from datetime import date

import pytest
from defusedxml.ElementTree import fromstring

from forestall.workspace import charts
from forestall.workspace.gallery import SIDES

HOSTILE = "</text><script>alert(1)</script>"
DRAWN = ("ranking", "reliability", "timeline", "series", "sparkline", "silent")
ROWS = [
    charts.Interval("Model", 0.28, 0.56, 0.41),
    charts.Interval("Panel", 0.30, 0.60, 0.46, kind="panel"),
    charts.Interval("Analysts", 0.55, 0.80, kind="analysts", words="likely"),
]


@pytest.mark.parametrize("side", SIDES, ids=lambda side: side.language)
@pytest.mark.parametrize("name", DRAWN)
def test_a_chart_is_whole_xml_and_one_picture_with_a_title(side: object, name: str) -> None:
    drawn = getattr(side, name)
    picture = fromstring(drawn)
    assert picture.get("role") == "img"
    assert picture[0].tag == "title"
    assert picture[0].text
    assert picture[1].tag == "desc"
    assert "style=" not in drawn


def test_the_words_of_others_are_escaped() -> None:
    drawn = charts.interval_ranking([charts.Interval(HOSTILE, 0.1, 0.2, url=f'"{HOSTILE}')], title=HOSTILE)
    assert "<script>" not in drawn
    assert fromstring(drawn) is not None


def test_analysts_have_a_range_without_a_point_and_models_a_point() -> None:
    drawn = charts.interval_ranking(ROWS, title="Voices")
    assert drawn.count("<circle") == 1
    assert drawn.count('class="v3 range"') == 1
    assert "41 % (28–56)" in drawn
    assert "likely" in drawn


def test_rows_stand_in_the_order_the_caller_gave() -> None:
    drawn = charts.interval_ranking(list(reversed(ROWS)), title="Voices")
    assert drawn.index("Analysts") < drawn.index("Panel") < drawn.index("Model")


def test_reliability_counts_the_forecasts_in_each_bin() -> None:
    bins = [charts.Bin(0.12, 0.10, 0.06, 0.15, 140), charts.Bin(0.55, 0.48, 0.30, 0.66, 25)]
    drawn = charts.reliability(bins, title="Record")
    assert "n = 140" in drawn
    assert "forecast 12 %, came true 10 % of 140" in drawn


def test_an_uncertain_date_is_drawn_as_wide_as_it_is_uncertain() -> None:
    def width(**how: object) -> float:
        event = charts.Event(date(2026, 9, 15), "Event", **how)  # type: ignore[arg-type]
        drawn = charts.timeline([event], title="Time", today=date(2026, 12, 31))
        return float(re.search(r'class="when".*?width="([\d.]+)"', drawn)[1])  # type: ignore[index]

    assert width() < width(circa=True) < width(precision="month") < width(precision="year")


def test_what_lies_ahead_is_dashed() -> None:
    event = charts.Event(date(2026, 12, 14), "Census", ahead=True)
    assert 'class="when ahead"' in charts.timeline([event], title="Time", today=date(2026, 11, 22))


def test_names_on_a_timeline_never_share_a_lane_when_they_would_meet() -> None:
    events = [charts.Event(date(2026, 9, day), f"A long name of an event, number {day}") for day in (1, 2, 3)]
    drawn = charts.timeline(events, title="Time", today=date(2026, 12, 1))
    heights = re.findall(r'class="when" x="[\d.]+" y="([\d.]+)"', drawn)
    assert len(set(heights)) == 3


def test_an_empty_timeline_still_shows_today() -> None:
    assert "today" in charts.timeline([], title="Time", today=date(2026, 12, 1))


def test_a_history_keeps_the_last_eight_and_marks_the_last_as_present() -> None:
    drawn = charts.factor_history(["severe"] * 3 + ["emerging"] * 7 + ["present"])
    assert drawn.count('class="p1 past"') == 7
    assert drawn.count('class="p2"') == 1
    assert "p3" not in drawn


def test_no_information_is_a_frame_and_not_a_height_of_nothing() -> None:
    drawn = charts.factor_history(["not_present", "no_information", "not_assessed"])
    assert drawn.count('<rect class="p0"') == 1
    assert drawn.count('<rect class="h-none"') == 1
    assert drawn.count('<path class="h-none"') == 1
    assert "not present, no information, not assessed" in drawn


def test_a_silent_source_is_a_gap_and_not_a_zero() -> None:
    silent, none = charts.sparkline([3, None], title="Items"), charts.sparkline([3, 0], title="Items")
    assert silent.count("h-none") == 1
    assert "silent" in silent
    assert "h-none" not in none


def test_a_series_shows_both_intervals_and_says_its_figures() -> None:
    drawn = charts.series(
        [(date(2026, 9, 1), 9.0), (date(2026, 10, 1), 14.0)],
        [charts.Month(date(2026, 11, 1), 18.25, (11, 26), (4, 42))],
        title="Killed",
    )
    assert "median 18" in drawn
    assert "90 %: 4–42" in drawn
    assert 'class="band-90"' in drawn
    assert 'class="band-50"' in drawn


def test_a_series_without_a_forecast_draws_only_what_was_observed() -> None:
    drawn = charts.series([(date(2026, 9, 1), 9.0), (date(2026, 10, 1), 14.0)], [], title="Killed")
    assert "band-90" not in drawn
    assert 'class="s-obs"' in drawn


def test_in_arabic_a_chart_says_that_it_runs_from_left_to_right(arabic: None) -> None:
    assert "يُقرأ الرسم من اليسار إلى اليمين" in charts.interval_ranking(ROWS, title="Voices")
