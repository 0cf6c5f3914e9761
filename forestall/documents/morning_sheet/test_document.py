"""The morning sheet is one page, by region, and says what it left out."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

import docx

from forestall.documents import typst_pdf, word
from forestall.documents.morning_sheet import (
    MorningSheetContent,
    Place,
    Region,
    fits,
    one_page,
    remarks,
    sheet,
)
from forestall.documents.sheet import Heading, Sentence, told

DAY = date(2026, 11, 22)


def change(number: int) -> Sentence:
    return Sentence(f"A report of {number} homes burned in Tavelune was filed, with one independent origin.")


def sample(changes: int = 2, places: int = 2) -> MorningSheetContent:
    return MorningSheetContent(
        day=DAY,
        since=date(2026, 11, 19),
        language="en",
        level=2,
        exercise=True,
        compiled_by="N. Arden",
        regions=(
            Region(
                "Exercise",
                tuple(
                    Place(f"Karvania {n}", "of concern", tuple(change(one) for one in range(changes)))
                    for n in range(places)
                ),
            ),
        ),
        ahead=(Sentence("Karvania: review due 30 November 2026."),),
        silent=(Sentence("Harrow Road Gazette, silent for 9 days."),),
    )


def test_a_short_sheet_fits_its_page_and_leaves_nothing_out() -> None:
    assert fits(sample()) == 0
    assert one_page(sample()) == sample()


def test_a_long_sheet_is_brought_to_one_page_and_says_how_much_is_left_out() -> None:
    long = sample(changes=30, places=3)
    assert fits(long) > 0
    short = one_page(long)
    assert fits(short) == 0
    kept = sum(len(place.changes) for region in short.regions for place in region.places)
    assert short.left_out == 90 - kept > 0
    assert typst_pdf.layout(sheet(short)).pages == 1
    assert any(str(short.left_out) in told(one.text, None) for one in sheet(short).closing)


def test_every_place_keeps_its_first_change() -> None:
    short = one_page(sample(changes=40, places=4))
    assert all(place.changes for region in short.regions for place in region.places)


def test_a_quiet_night_is_not_called_calm() -> None:
    quiet = replace(sample(), regions=(), ahead=(), silent=())
    assert "not to say that nothing happened" in str(sheet(quiet).blocks)


def test_the_regions_are_headings_in_their_order() -> None:
    headings = [told(block.text, None) for block in sheet(sample()).blocks if isinstance(block, Heading)]
    assert headings == ["Exercise", "Days ahead", "Sources gone silent"]


def test_word_says_exercise_and_the_marking_on_the_page() -> None:
    document = docx.Document(io.BytesIO(word.word(sheet(sample()))))
    edge = document.sections[0].header.paragraphs[0].text
    assert "CONFIDENTIAL" in edge
    assert "EXERCISE" in edge


def test_a_verdict_is_refused_and_a_public_marking_too() -> None:
    region = Region("Exercise", (Place("Karvania", "alert", (Sentence("The Home Guard is committing genocide."),)),))
    found = remarks(replace(sample(), regions=(region,), level=0))
    assert {one.section for one in found if one.refuses} == {"", "changes"}


def test_a_sheet_before_its_last_meeting_is_refused() -> None:
    found = remarks(replace(sample(), since=date(2026, 11, 23)))
    assert any("after the day" in str(one.words) for one in found)
