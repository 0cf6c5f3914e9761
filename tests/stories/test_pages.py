"""Every page of the played exercise, looked over by those who use it: light, dark, on a phone, from right to left."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pypdf
import pytest
from playwright.sync_api import expect

from .pictures import first_page, keeper
from .serving import served
from .visitor import Visitor

pytestmark = [pytest.mark.story, pytest.mark.timeout(900)]

SITUATION = "Karvania: Oshentari population of Northern Tavelune"
MAIL = b"""From: Field office <field@office.example>
To: desk@prevention.example
Subject: Visit to the upper villages
Date: Thu, 19 Nov 2026 08:00:00 +0000
Message-ID: <visit-upper@office.example>
Content-Type: text/plain; charset=utf-8

The team was let through at the bridge and met the elders of two villages. Both schools are open.
"""
PICTURED = (
    "today", "today-dark", "today-phone", "today-ar", "situation", "situation-dark", "situation-phone", "situation-ar",
    "inbox", "assessment", "factor", "states", "state", "sources", "warnings", "note", "forecasts", "library",
    "framework", "record", "verification", "gallery", "quarantined",
)  # fmt: skip
WAYS: dict[str, dict[str, Any]] = {
    "light": {"suffix": ""},
    "dark": {"suffix": "-dark", "dark": True},
    "phone": {"suffix": "-phone", "width": 390},
    "arabic": {"suffix": "-ar"},
}


@pytest.fixture
def visit(
    exercise_home: Path, browsing: Callable[..., Any], tmp_path: Path
) -> Iterator[Callable[[str], Visitor]]:
    """`visit("dark")`: somebody who entered the exercise by its link and sees the pages that way."""
    with served(exercise_home, log=tmp_path / "serve.log") as (address, link):

        def entered(way: str) -> Visitor:
            told = WAYS[way]
            page = browsing(dark=told.get("dark", False), width=told.get("width", 1440))
            visitor = Visitor(page, address, photograph=keeper(*PICTURED, suffix=told["suffix"]))
            visitor.enter(link)
            if way == "arabic":
                visitor.read_in("ar", name="العربيّة")
            return visitor

        yield entered


@pytest.mark.parametrize("way", list(WAYS))
def test_an_analyst_looks_every_page_over(way: str, visit: Callable[[str], Visitor]) -> None:
    visitor = visit(way)
    visitor.sit("Noor Arden")
    visitor.look("today")
    for name in (
        "inbox",
        "states",
        "situations",
        "warnings",
        "library",
        "forecasts",
        "sources",
        "counterparts",
    ):
        visitor.open(f"/{name}/")
        visitor.look(name)
    visitor.open("/states/ZZK/")
    visitor.look("state")
    visitor.open("/states/ISL/")
    visitor.look("state-real")
    visitor.open("/forecasts/ISL/")
    visitor.look("forecast")
    visitor.open("/library/unfaac-2014/")
    visitor.look("framework")
    to_the_situation(visitor)
    visitor.look("situation")
    reading = visitor.page.locator("dd").filter(has_text=visitor.say("issued")).get_by_role("link")
    visitor.go(reading)
    visitor.look("assessment")
    visitor.open(f"{visitor.page.url}?factor=7")
    visitor.look("factor")
    visitor.open("/warnings/")
    visitor.go(visitor.page.locator("main tbody th a").first)
    visitor.look("warning")
    visitor.go(visitor.page.locator("#notes a").first)
    visitor.look("note")


def test_a_situation_prints_as_a_brief_of_two_pages_in_every_language(visit: Callable[[str], Visitor]) -> None:
    visitor = visit("light")
    visitor.sit("Noor Arden")
    for language, name in (("en", "English"), ("fr", "français"), ("ar", "العربيّة")):
        visitor.read_in(language, name=name)
        visitor.open("/situations/")
        visitor.follow(SITUATION)
        paper = visitor.page.pdf(prefer_css_page_size=True, print_background=True)
        assert len(pypdf.PdfReader(io.BytesIO(paper)).pages) == 2, language


def to_the_situation(visitor: Visitor) -> None:
    visitor.open("/situations/")
    visitor.follow(SITUATION)
    visitor.heading(SITUATION)


def test_the_officers_look_over_what_is_theirs(visit: Callable[[str], Visitor]) -> None:
    visitor = visit("light")
    visitor.sit("Hana Weld")
    for name, where in (
        ("today-of-an-officer", "/"),
        ("upload", "/inbox/upload/"),
        ("morning", "/morning/"),
        ("account", "/account/"),
        ("gallery", "/gallery/"),
        ("speech", "/library/speech/"),
        ("options", "/library/options/"),
        ("crosswalk", "/library/crosswalk/"),
        ("leave", "/people/leave/"),
    ):
        visitor.open(where)
        visitor.look(name)
    visitor.sit("Ruth Okelle")
    for name, where in (
        ("record", "/record/"),
        ("verification", "/record/verification/"),
        ("quarantine", "/sources/quarantine/"),
        ("collector", "/sources/ways/ucdp-ged/"),
    ):
        visitor.open(where)
        visitor.look(name)


def test_a_file_under_a_wrong_name_is_set_aside_and_read_under_the_right_one(
    visit: Callable[[str], Visitor],
) -> None:
    visitor = visit("light")
    visitor.sit("Hana Weld")
    visitor.open("/inbox/upload/")
    misnamed = {"name": "visit.pdf", "mimeType": "application/pdf", "buffer": MAIL}
    visitor.field("File").set_input_files(misnamed)  # type: ignore[arg-type]
    visitor.press("Hand it in")
    visitor.sees("is kept for a reviewer")
    visitor.sit("Ruth Okelle")
    visitor.open("/sources/quarantine/")
    visitor.follow("visit.pdf")
    visitor.look("quarantined")
    visitor.write("Name it should have had", "visit.eml")
    visitor.press("See what would come of it", within=visitor.page.locator("#read-again"))
    visitor.press("Take it in", within=visitor.page.locator("#read-again"))
    visitor.sees("visit.eml was read and brought items: 1.")
    visitor.sit("Hana Weld")
    visitor.sees("visit.pdf could be read after all and is in the inbox.")


def test_what_was_being_typed_is_there_again_after_leaving_the_page(visit: Callable[[str], Visitor]) -> None:
    visitor = visit("light")
    visitor.sit("Noor Arden")
    to_the_situation(visitor)
    asking = visitor.unfold("Ask for something we do not know")
    visitor.field("The question", within=asking).press_sequentially("Who closed the school?")
    visitor.sees("for you alone", within=asking)
    visitor.look("situation-unsent")
    visitor.open("/inbox/")
    to_the_situation(visitor)
    expect(visitor.field("The question")).to_have_value("Who closed the school?")
    visitor.press("Forget what I typed")
    assert visitor.page.get_by_text("Who closed the school?").count() == 0
    visitor.unfold("Ask for something we do not know")
    visitor.field("The question").press_sequentially("Who opened it again?")
    with visitor.page.expect_navigation():
        visitor.page.keyboard.press("Control+Enter")
    visitor.sees("Who opened it again?", within=visitor.page.locator("#unknown"))
    assert visitor.page.get_by_text("Not sent yet.").count() == 0


def test_a_past_day_is_looked_at_and_nothing_can_be_done_there(visit: Callable[[str], Visitor]) -> None:
    visitor = visit("light")
    visitor.sit("Noor Arden")
    to_the_situation(visitor)
    visitor.sees("Begin a reading")
    visitor.open(f"{visitor.page.url}?as_of=2026-04-01")
    visitor.heading(SITUATION)
    visitor.look("situation-past")
    said = visitor.page.get_by_role("region", name="As of a past day").inner_text()
    assert re.search(r"You see what was known on 1 April 2026", said)
    assert visitor.page.get_by_role("button", name="Begin the draft").count() == 0


def test_the_sheet_that_left_is_taken_as_it_left(visit: Callable[[str], Visitor], tmp_path: Path) -> None:
    visitor = visit("light")
    visitor.sit("Daniel Okore")
    visitor.open("/warnings/")
    visitor.go(visitor.page.locator("main tbody th a").first)
    visitor.go(visitor.page.locator("#notes a").first)
    with visitor.page.expect_download() as taken:
        visitor.page.get_by_role("link", name="PDF as it left").click()
    sheet = tmp_path / "sheet.pdf"
    taken.value.save_as(sheet)
    assert sheet.read_bytes().startswith(b"%PDF")
    assert taken.value.suggested_filename.startswith("EXERCISE")
    first_page(sheet, name="note-print")
