"""Tables: HXL rows, mappings, and cells that stay as they stand."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from forestall.collecting.flags import FlagCode
from forestall.collecting.kinds import Kind
from forestall.collecting.received import Received
from forestall.collecting.record import Record
from forestall.collecting.tables import NoteKind
from forestall.sources import all_sources
from forestall.sources.table import collector

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SAMPLE = Path(__file__).parent / "sample"
SOURCE = all_sources()["table"]


def record_of(
    name: str, content: bytes, *, kind: Kind = Kind.DELIMITED, mapping: bytes | None = None
) -> Record:
    found = list(collector.parse(Received(name, content, NOW, mapping=mapping), kind=kind, source=SOURCE))
    assert len(found) == 1 and isinstance(found[0], Record)
    return found[0]


def test_a_row_of_tags_is_no_row_of_data():
    record = record_of("incidents.csv", (SAMPLE / "incidents.csv").read_bytes())
    table = record.tables[0]

    assert record.rows == 3
    assert table.header == ("Date", "Place", "Killed", "Source")
    assert table.tags == ("#date", "#adm1+name", "#affected+killed", "#meta+source")
    assert [row.line for row in table.rows] == [3, 4, 5]


def test_what_can_be_read_in_two_ways_keeps_both():
    notes = record_of("incidents.csv", (SAMPLE / "incidents.csv").read_bytes()).tables[0].notes

    assert [(note.line, note.kind) for note in notes] == [
        (4, NoteKind.DATE_AMBIGUOUS),
        (4, NoteKind.RANGE),
        (5, NoteKind.DIGITS),
    ]


def test_missing_is_empty_and_never_nought():
    table = record_of("displaced.json", (SAMPLE / "displaced.json").read_bytes(), kind=Kind.JSON_ROWS).tables[
        0
    ]

    assert [row.cells[1] for row in table.rows] == ["120", ""]


def test_a_mapping_settles_the_order_of_dates():
    mapping = b'date_order = "month-day-year"\ntitle = "Deaths"\nlicence = "CC BY 4.0"\nlevel = 3\n'
    record = record_of("x.csv", b"day,killed\n03/04/2026,1\n", mapping=mapping)

    assert (record.title, record.licence, record.level) == ("Deaths", "CC BY 4.0", 3)
    assert not record.tables[0].notes


def test_a_title_above_the_header_is_kept():
    table = record_of("x.csv", b"Incidents of the month,,\nday,place,killed\n2026-11-01,North,1\n").tables[0]

    assert table.preface == ("Incidents of the month",)
    assert table.header == ("day", "place", "killed")


def test_a_table_without_header_keeps_its_first_row():
    assert record_of("x.csv", b"2026-11-01,North,1\n2026-11-02,South,2\n").rows == 2


def test_a_title_with_a_comma_above_an_empty_line_is_no_header():
    table = record_of(
        "x.csv", b"Prices of rice, October 2026\n\ncountry,price\nOldania,3\nNewland,4\n"
    ).tables[0]

    assert (table.header, len(table.rows)) == (("country", "price"), 2)
    assert table.preface == ("Prices of rice October 2026",)


def test_an_empty_line_under_a_header_makes_no_title_of_it():
    table = record_of("x.csv", b"country,place\n\nOldania,North\nNewland,South\n").tables[0]

    assert (table.header, len(table.rows)) == (("country", "place"), 2)


def test_a_semicolon_and_a_decimal_comma_are_read_as_they_stand():
    record = record_of("x.csv", "région;taux\nNord;12,5\nSud;3,75\n".encode())

    assert [row.cells for row in record.tables[0].rows] == [("Nord", "12,5"), ("Sud", "3,75")]
    assert not record.has(FlagCode.NUMBER_AS_RANGE)


def test_a_real_table_is_read_whole():
    data = os.environ.get("FORESTALL_DATA")
    if not data:
        pytest.skip("FORESTALL_DATA is not set: no real table to read")
    record = record_of("report.csv", (Path(data) / "payloads/feeds/rss-feeds-report.csv").read_bytes())

    assert record.rows > 100
    assert not record.tables[0].problems


def test_what_it_brings_is_confidential():
    assert SOURCE.default_level == 2
