"""Mail and uploads, read from their samples in this process."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from forestall.collecting.childprocess import InProcess
from forestall.collecting.intake import Reading, read
from forestall.collecting.received import Received
from forestall.sources import all_sources
from forestall.sources.mail import collector

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SAMPLE = Path(__file__).parent / "sample"


def reading_of(name: str) -> Reading:
    received = Received(name, (SAMPLE / name).read_bytes(), NOW)
    return read(received, sources=all_sources(), child=InProcess())


def test_a_report_from_the_field_is_an_item_with_its_table():
    found = reading_of("sitrep.eml")

    assert (found.items, found.rows, found.level, found.languages) == (2, 2, 2, ("en",))
    assert found.records[0].title == "CONFIDENTIAL - Sitrep 46: checkpoints asking for identity cards"
    assert found.records[0].marking == "CONFIDENTIAL"
    assert found.records[0].body.endswith("The elders of both towns meet tomorrow.")


def test_a_page_tells_its_language_its_date_and_its_text():
    record = reading_of("page.html").records[0]

    assert (record.title, record.language) == ("Le marché rouvre", "fr")
    assert record.body == "Le marché du district nord a rouvert après trois semaines."
    assert record.published is not None and record.published.readings == ("2026-11-18T10:00:00+00:00",)


def test_a_note_is_titled_by_its_first_line():
    assert reading_of("note.txt").records[0].title == "Note de terrain"


def test_there_is_nothing_to_ask_for():
    source = all_sources()["mail"]

    assert list(collector.plan({}, source=source, today=date(2026, 11, 20))) == []


def test_what_it_brings_is_confidential():
    assert all_sources()["mail"].default_level == 2
