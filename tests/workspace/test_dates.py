"""A date is never more precise than what is known, and reads as the reader writes dates."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from django.utils import translation

from forestall.workspace.templatetags import dates

SECOND = date(2026, 11, 2)


@pytest.mark.parametrize(
    ("asked", "words", "stamp"),
    [
        ({}, "2 Nov 2026", "2026-11-02"),
        ({"short": False}, "2 November 2026", "2026-11-02"),
        ({"circa": True}, "c. 2 Nov 2026", "2026-11-02"),
        ({"precision": "month"}, "Nov 2026, month only", "2026-11"),
        ({"precision": "month", "note": False}, "Nov 2026", "2026-11"),
        ({"precision": "year"}, "2026, year only", "2026"),
        ({"with_year": False}, "2 Nov", "2026-11-02"),
    ],
)
def test_a_day_says_how_precise_it_is(asked: dict[str, object], words: str, stamp: str) -> None:
    assert dates.day(SECOND, **asked) == f'<time datetime="{stamp}">{words}</time>'  # type: ignore[arg-type]


def test_september_is_shortened_to_four_letters() -> None:
    assert "Sept 2026, month only" in dates.day(date(2026, 9, 1), precision="month")


def test_an_unknown_day_says_so_and_shows_no_figure() -> None:
    assert "date not known" in dates.day(None)


def test_a_moment_is_told_in_utc_whatever_zone_it_came_in() -> None:
    local = datetime(2026, 11, 22, 12, 41, tzinfo=timezone(timedelta(hours=3)))
    assert dates.moment(local) == '<time datetime="2026-11-22T09:41Z">22 Nov 2026, 09:41 UTC</time>'


def test_the_day_of_a_moment_is_its_utc_day() -> None:
    late = datetime(2026, 11, 3, 1, 0, tzinfo=timezone(timedelta(hours=3)))
    assert dates.day(late) == dates.day(datetime(2026, 11, 2, 22, 0, tzinfo=UTC)) == dates.day(SECOND)


def test_in_arabic_a_month_has_both_its_names(arabic: None) -> None:
    assert "2 تشرين الثاني/نوفمبر 2026" in dates.day(SECOND)
    assert "نحو 2 تشرين الثاني/نوفمبر" in dates.day(SECOND, circa=True)
    assert "الشهر فقط" in dates.day(SECOND, precision="month")


@pytest.mark.parametrize("month", range(1, 13))
def test_the_two_arabic_names_of_a_month_stand_in_order(arabic: None, month: int) -> None:
    assert dates.in_words(date(2026, month, 1), precision="month") == f"{dates.ARABIC_MONTHS[month - 1]} 2026"


def test_in_french_a_day_is_written_the_french_way() -> None:
    with translation.override("fr"):
        assert "2 novembre 2026" in dates.day(SECOND)


def test_an_axis_writes_long_months_in_figures(arabic: None) -> None:
    assert dates.on_axis(SECOND) == "11/2026"
