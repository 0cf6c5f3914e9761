"""Reading a file by hand tells what a source would bring of it: facts where it knows the table, else row by row."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

from forestall.collecting.byhand import told
from forestall.collecting.childprocess import InProcess
from forestall.collecting.received import Received
from forestall.sources import all_sources

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def of(name: str, content: bytes, *, source: str = "table") -> dict[str, Any]:
    sources = all_sources()
    received = Received(name, content, NOW)
    return told(received, source=sources[source], sources=sources, reader=InProcess(), files=InProcess())


def test_a_table_that_a_mapping_names_is_told_as_facts():
    found = of("x.csv", b"countries_gwid,year,countryname,exclpop\n625,2024,Sudan,0.31\n625,2023,Sudan,0.3\n")

    assert (found["records"], found["kinds"], found["mapping"]) == (2, {"measures": 2}, "epr-country-year")
    assert found["first"]["own"]["exclpop"] == "0.31"


def test_any_other_table_is_told_row_by_row_with_the_first_by_its_columns():
    found = of("x.csv", b"place,killed,\nReeds,3,a\nShore,4,b\n")

    assert (found["records"], found["kinds"], found["mapping"]) == (2, {"row": 2}, "")
    assert found["first"] == {"place": "Reeds", "killed": "3", "column 3": "a"}


def test_a_refused_row_of_a_table_is_told_by_its_line_and_reason():
    rows = "".join(f"Place {number},{number}\n" for number in range(100))
    found = of("x.csv", f"place,killed\n{rows}torn\n".encode())

    assert (found["records"], found["quarantined_count"]) == (100, 1)
    assert found["quarantined"][0]["where"] == "row 102"
    assert "1 cells" in found["quarantined"][0]["reason"]


def test_rows_of_several_sheets_are_told_together_and_hidden_ones_are_not():
    from openpyxl import Workbook

    book = Workbook()
    book.active.append(["place", "killed"])
    book.active.append(["Reeds", 3])
    for name in ("Second", "Hidden"):
        sheet = book.create_sheet(name)
        sheet.append(["place", "hurt"])
        sheet.append(["Shore", 2])
    book["Hidden"].sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)

    found = of("x.xlsx", out.getvalue())

    assert found["records"] == 2
    assert found["first"] == {"place": "Reeds", "killed": "3"}


def test_what_another_source_reads_is_not_told_as_this_ones():
    found = of("x.eml", b"From: a@example.org\nTo: b@example.org\nSubject: x\n\nHello\n")

    assert found["records"] == 0
    assert "mail" in found["quarantined"][0]["reason"]


def test_a_file_of_another_kind_is_read_by_its_own_source_as_before():
    found = of("x.eml", b"From: a@example.org\nTo: b@example.org\nSubject: x\n\nHello\n", source="mail")

    assert (found["records"], found["kinds"]) == (1, {"message": 1})
