"""The calendar: dates ahead by month, narrowed, and as a file that a calendar reads."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from forestall.base import clock
from forestall.institutions import actions
from forestall.institutions.actions import presence, review
from forestall.institutions.actions.said import Said
from forestall.labels.label import Label, Level
from forestall.record import resting
from forestall.workspace.icalendar import Entry, calendar_of

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
AT = datetime(2026, 11, 20, tzinfo=UTC)


@pytest.fixture(autouse=True)
def plain_surroundings() -> None:
    """These pages are asked for whole, with everything that stands around them."""


@pytest.fixture(autouse=True)
def held_clock() -> Any:
    with clock.fixed(NOW):
        yield


@pytest.fixture
def dated(keeper: Any) -> Any:
    """A mandate of a mission in Karvania that ends in January, and a review of its neighbour in a month of May."""
    mission = actions.add_counterpart(kind_of_body="peace_operation", name="A mission; of one, two", acronym="", by=keeper)
    said = Said(source="A list")
    mandate = presence.keep_mandate(mission, countries=["ZZK"], end_date=date(2027, 1, 31), said=said, by=keeper)
    review.keep_review(body="upr", iso3="ZZS", step="session", on=date(2027, 5, 1), on_precision="month", said=said, by=keeper)
    return mandate


def parsed(content: bytes) -> list[dict[str, str]]:
    """The events of a calendar's file, read as RFC 5545 says: unfolded, then each line as a name and a value."""
    assert content.count(b"\n") == content.count(b"\r\n"), "a bare line feed would end a line for some readers"
    assert content.endswith(b"\r\n") and all(len(line) <= 75 for line in content.split(b"\r\n"))
    lines = content.replace(b"\r\n ", b"").decode().split("\r\n")[:-1]
    assert lines[0] == "BEGIN:VCALENDAR" and lines[-1] == "END:VCALENDAR"
    events: list[dict[str, str]] = []
    for line in lines:
        name, _, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            events.append({})
        elif events:
            events[-1][name] = re.sub(r"\\(.)", lambda sign: "\n" if sign[1] in "nN" else sign[1], value)
    return events


def test_a_text_comes_back_from_the_file_as_it_went_in_however_long_and_in_whatever_script() -> None:
    title = "Mandat ; fin, « \\ » بعثة الأمم المتحدة 奥尔塞瓦内 " * 6
    entry = Entry("k", date(2027, 1, 31), date(2027, 1, 31), title, "one\r\ntwo", "mandate", closed=True)
    (event,) = parsed(calendar_of([entry], name="x", at=AT))
    assert (event["SUMMARY"], event["DESCRIPTION"]) == (title, "one\ntwo")
    assert (event["DTSTART;VALUE=DATE"], event["DTEND;VALUE=DATE"], event["CLASS"]) == ("20270131", "20270201", "CONFIDENTIAL")


def test_a_text_cannot_become_a_line_of_its_own() -> None:
    entry = Entry("k", date(2027, 1, 1), date(2027, 1, 1), "x\nEND:VEVENT\r\nATTACH:https://evil.example/\x85\u2028", "", "k", closed=False)
    (event,) = parsed(calendar_of([entry], name="x", at=AT))
    assert "ATTACH" not in event and not {"\x85", "\u2028"} & set(event["SUMMARY"])


def test_the_file_says_the_level_and_that_it_is_an_exercise_and_spans_the_month_when_no_day_is_known(signed_in: Callable[[str], Any], dated: Any, settings: Any) -> None:
    answer = signed_in("alice").get("/calendar/?format=ics")
    assert answer["Content-Type"].startswith("text/calendar")
    events = parsed(answer.content)
    exercise = "EXERCISE · " if settings.HOME.is_exercise else ""
    assert [one["SUMMARY"] for one in events] == [
        f"{exercise}INTERNAL · Mandate ends: A mission; of one, two", f"{exercise}INTERNAL · Universal Periodic Review: session",
    ]  # fmt: skip
    assert (events[1]["DTSTART;VALUE=DATE"], events[1]["DTEND;VALUE=DATE"]) == ("20270501", "20270601")
    assert events[0]["UID"] == f"{dated.id}@forestall"


@pytest.mark.parametrize(
    ("asked", "there", "not_there"),
    [
        ("kind=mandate", "Mandate ends", "Universal Periodic Review: session"),
        ("country=ZZS", "Universal Periodic Review: session", "Mandate ends"),
        ("desk=karvania", "Mandate ends", "Universal Periodic Review: session"),
    ],
)
def test_dates_are_narrowed_by_kind_by_state_and_by_desk(signed_in: Callable[[str], Any], dated: Any, asked: str, there: str, not_there: str) -> None:
    shown = signed_in("alice").get(f"/calendar/?{asked}").content.decode()
    assert there in shown and not_there not in shown
    rows = signed_in("alice").get(f"/calendar/?{asked}&format=csv").content.decode()
    assert there in rows and not_there not in rows


def test_what_one_may_not_see_is_on_no_calendar_and_in_no_file(signed_in: Callable[[str], Any], dated: Any) -> None:
    resting.raise_label(dated, label=Label(level=Level.CONFIDENTIAL).within("desk:karvania"), by="x")
    for asked in ("", "?format=ics", "?format=csv"):
        assert "Mandate ends" in signed_in("alice").get(f"/calendar/{asked}").content.decode()
        assert "Mandate ends" not in signed_in("carol").get(f"/calendar/{asked}").content.decode()
    assert b'data-level="2"' in signed_in("alice").get("/calendar/").content
    assert b'data-level="1"' in signed_in("carol").get("/calendar/").content
    (event,) = parsed(signed_in("alice").get("/calendar/?format=ics&kind=mandate").content)
    assert event["CLASS"] == "CONFIDENTIAL" and "CONFIDENTIAL · " in event["SUMMARY"]


def test_an_empty_calendar_says_what_to_do(signed_in: Callable[[str], Any]) -> None:
    assert "No date ahead is known that you may see." in signed_in("alice").get("/calendar/").content.decode()


def test_a_date_that_has_passed_is_off_the_calendar_but_a_mandate_that_ran_out_stays_until_another_is_noted(signed_in: Callable[[str], Any], dated: Any) -> None:
    with clock.fixed(datetime(2027, 7, 1, tzinfo=UTC)):
        shown = signed_in("alice").get("/calendar/").content.decode()
    assert "Mandate ran out" in shown and "Universal Periodic Review: session" not in shown
