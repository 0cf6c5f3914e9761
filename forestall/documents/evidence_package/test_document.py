"""The cover of an evidence package says what is in it and how to verify it, and nothing that would tell on anybody."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, date, datetime

import docx
import pytest

from forestall.documents import preview, typst_pdf, word
from forestall.documents.evidence_package import EvidencePackageContent, File, remarks, sheet
from forestall.documents.sheet import told
from forestall.documents.translations import in_language, messages

SAMPLE = EvidencePackageContent(
    reference="EP-4F20C1", language="en", level=2, exercise=True, requester="Tribunal", authority="Order 14", purpose="Case 7",
    received_on=date(2026, 11, 2), decided_on=date(2026, 11, 5), assembled_on=date(2026, 11, 9),
    sealed_at=datetime(2026, 11, 9, 12, tzinfo=UTC), opened=False,
    files=(File("data/0001.eml", 48213, "ab" * 32, datetime(2026, 10, 1, 8, 30, tzinfo=UTC), 14),), left_out=(2, 5),
)  # fmt: skip


def test_it_names_each_file_by_number_and_hash_and_what_was_left_out_by_number_alone() -> None:
    text = str(sheet(SAMPLE).blocks)
    assert "data/0001.eml" in text and "ab" * 32 in text and "2, 5" in text
    assert "What was left out" not in str(sheet(replace(SAMPLE, left_out=())).blocks)


@pytest.mark.parametrize("language", ["en", "fr", "es", "ru", "ar", "zh"])
def test_X06_it_prints_in_each_language_the_same_each_time(language: str) -> None:
    content, translate = replace(SAMPLE, language=language), in_language(language)
    assert typst_pdf.pdf(sheet(content), translate=translate) == typst_pdf.pdf(sheet(content), translate=translate)
    assert docx.Document(io.BytesIO(word.word(sheet(content), translate=translate))).paragraphs


def test_every_fixed_word_of_it_is_translated() -> None:
    asked: set[str] = set()

    def listen(message: str) -> str:
        asked.add(message)
        return message

    for opened in (True, False):
        preview.preview(sheet(replace(SAMPLE, opened=opened)), translate=listen)
    assert asked - set(messages()) == set()


def test_it_says_whether_the_log_or_the_office_vouches_for_the_bytes() -> None:
    one, other = (told(sheet(replace(SAMPLE, opened=opened)).blocks[-3].sentences[0].text, None) for opened in (True, False))  # type: ignore[union-attr]
    assert "the log itself shows" in one and "signed word of the Office" in other


@pytest.mark.parametrize(
    ("changed", "part"),
    [({"files": ()}, "no file"), ({"level": 1}, "at least confidential"), ({"decided_on": date(2026, 11, 1)}, "do not follow")],
    ids=["empty", "level", "days"],
)
def test_what_cannot_leave_so_is_refused(changed: dict[str, object], part: str) -> None:
    assert remarks(SAMPLE) == ()
    assert [one.refuses for one in remarks(replace(SAMPLE, **changed)) if part in str(one.words)] == [True]  # type: ignore[arg-type]
