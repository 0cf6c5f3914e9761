"""A chronicle tells its days, its basis and its digest, and depends on the day it was made in one row alone."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

import docx
import pytest

from forestall.base.words import say
from forestall.documents import preview, typst_pdf, word
from forestall.documents.chronicle import ChronicleContent, Line, remarks, sheet
from forestall.documents.sheet import Heading, told
from forestall.documents.translations import in_language, messages

SAMPLE = ChronicleContent(
    scope="Northern hills", since=date(2026, 10, 1), until=date(2026, 11, 1), made_on=date(2026, 12, 1), reader="N. Arden", language="en",
    level=2, handling="desk Karvania", exercise=True, digest="0f" * 32,
    known=(Line(date(2026, 10, 2), say("Reading of %(title)s issued.", title="Northern hills"), "1a2b3c4d5e6f", "/situations/"),),
)  # fmt: skip


def test_its_parts_stand_in_order_and_an_empty_one_is_not_called_calm() -> None:
    blocks = sheet(SAMPLE).blocks
    headings = [told(block.text, None) for block in blocks if isinstance(block, Heading)]
    assert headings == ["What was known", "What was said", "What was answered", "What was asked, and done about it"]
    assert str(blocks).count("That is not to say that there was nothing") == 3


def test_the_day_it_was_made_stands_in_one_row_alone() -> None:
    later = sheet(replace(SAMPLE, made_on=date(2027, 1, 9)))
    rows = [row for row, other in zip(sheet(SAMPLE).memo, later.memo, strict=True) if row != other]
    assert [told(name, None) for name, _ in rows] == ["Made on"]
    assert replace(later, memo=()) == replace(sheet(SAMPLE), memo=())


@pytest.mark.parametrize("language", ["en", "fr", "es", "ru", "ar", "zh"])
def test_X06_it_prints_in_each_language_the_same_each_time(language: str) -> None:
    content, translate = replace(SAMPLE, language=language), in_language(language)
    assert typst_pdf.pdf(sheet(content), translate=translate) == typst_pdf.pdf(sheet(content), translate=translate)
    paragraphs = " ".join(one.text for one in docx.Document(io.BytesIO(word.word(sheet(content), translate=translate))).paragraphs)
    assert "1a2b3c4d5e6f" in paragraphs and "Northern hills" in paragraphs


def test_every_fixed_word_of_it_but_those_of_the_pages_is_translated() -> None:
    asked: set[str] = set()

    def listen(message: str) -> str:
        asked.add(message)
        return message

    preview.preview(sheet(SAMPLE), translate=listen)
    assert asked - set(messages()) == {"date\x04From", "date\x04To"}


def test_days_in_the_wrong_order_and_a_public_marking_are_remarked() -> None:
    found = remarks(replace(SAMPLE, since=date(2026, 12, 1), level=0))
    assert len(found) == 2 and all(one.refuses for one in found) and remarks(SAMPLE) == ()
