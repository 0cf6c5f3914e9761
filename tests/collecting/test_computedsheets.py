"""Large workbooks are read quickly, and every cell says what it said before; what would differ is read the slow way."""

# ruff: noqa: DTZ001 - a cell of a workbook has no time zone
from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from forestall.base.errors import Malformed
from forestall.collecting.childprocess import AnsweringChild
from forestall.collecting.formats import computedsheets, workbook
from forestall.collecting.formats.office import open_office
from forestall.collecting.hostile import Hostile
from forestall.collecting.limits import BULK, Limits
from forestall.collecting.received import Received
from forestall.sources import all_sources

Book = bytes
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def made(*rows: list[Any], change: Callable[[Any], object] = lambda book: None) -> Book:
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    for row in rows:
        sheet.append(row)
    change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def rewritten(book: Book, old: bytes, new: bytes, *, name: str = "xl/worksheets/sheet1.xml") -> Book:
    """The workbook with some bytes of one part replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as before, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after:
        for info in before.infolist():
            part = before.read(info)
            assert info.filename != name or old in part
            after.writestr(info, part.replace(old, new) if info.filename == name else part)
    return out.getvalue()


def quick(book: Book, *, limits: Limits = BULK) -> tuple[workbook.Sheet, ...] | None:
    return workbook._quickly(book, open_office(book, limits=limits).parts.values(), limits)


def slow(book: Book) -> tuple[workbook.Sheet, ...]:
    return workbook._sheets(book, BULK, computed=True)


def formatted(value: Any, form: str) -> Callable[[Any], object]:
    def change(book: Any) -> None:
        book.active["B2"] = value
        book.active["B2"].number_format = form

    return change


def hidden_sheets(book: Any) -> None:
    for state in ("hidden", "veryHidden", "visible"):
        book.create_sheet(state).sheet_state = state


ALIKE: dict[str, Book] = {
    "numbers": made([1, 1.5, 3.0, 100000.0, 0.1 + 0.2, -0.0, 1e-7, 999_999_999_999_999, -12]),
    "text that looks like numbers": made(["007", "1.0", "1e5", "'q", "é نص", "", " ", "  lead ", "new\nline", "tab\tbed"]),
    "booleans and nothing": made([True, False, None, "x"], [None], ["after"]),
    "days and times": made([datetime(2026, 1, 2), datetime(2026, 1, 2, 3, 4, 5), date(2026, 2, 3), time(4, 5, 6), timedelta(hours=30)]),
    "days of old": made([datetime(1900, 1, 1), datetime(1900, 2, 28), datetime(1900, 3, 1)]),
    "parts of a second": made([datetime(2026, 1, 2, 3, 4, 5, 600000), datetime(2026, 1, 2, 23, 59, 59, 999000)]),
    "per cent": made(["x"], change=formatted(0.125, "0.00%")),
    "a format that only looks like a day": made(["x"], change=formatted(45000, '"d"0')),
    "a day in a language": made(["x"], change=formatted(45000, "[$-409]d mmm yyyy;@")),
    "hours beyond a day": made(["x"], change=formatted(1.25, "[h]:mm:ss")),
    "signs as Excel escapes them": made(["_x000D_a", "_x0041_", "a_x0001_b"]),
    "merged cells": made(["a", "b"], ["c", "d"], change=lambda book: book.active.merge_cells("A1:B2")),
    "gaps before and within": made(change=lambda book: book.active.__setitem__("C4", "late")),
    "days counted from 1904": made([datetime(2026, 1, 2)], change=lambda book: setattr(book, "epoch", openpyxl.utils.datetime.CALENDAR_MAC_1904)),
    "hidden sheets and an empty one": made(["x"], change=hidden_sheets),
    "a formula with its saved value": rewritten(
        made(["=1+1", "=A1"]), b"<f>1+1</f><v></v>", b"<f>1+1</f><v>2</v>",
    ),
    "a formula that gave text": rewritten(made(['="a"&"b"']), b'<c r="A1"><f>"a"&amp;"b"</f><v></v>', b'<c r="A1" t="str"><f>"a"&amp;"b"</f><v>ab</v>'),
}  # fmt: skip


@pytest.mark.parametrize("what", ALIKE)
def test_every_cell_says_the_same(what: str) -> None:
    found = quick(ALIKE[what])

    assert found is not None
    assert found == slow(ALIKE[what])


LEFT: dict[str, Book] = {
    "an error": made(["#N/A"], change=lambda book: setattr(book.active["A1"], "data_type", "e")),
    "a number of too many digits": made([123456789012345678]),
    "a large number": made([1e20]),
    "a clock at midnight": made(["x"], change=formatted(0, "hh:mm")),
    "a day before all days": made(["x"], change=formatted(-1, "yyyy-mm-dd")),
    "one cell far out": made(["x"], change=lambda book: book.active.__setitem__("XFD1048576", "far")),
    "a cell far down and one far right": made(["x"], change=lambda book: [book.active.__setitem__(at, "far") for at in ("A1048576", "ZZ1")]),
    "a part in another encoding": rewritten(made(["x"]), b"<worksheet", b'<?xml version="1.0" encoding="windows-1252"?><worksheet'),
}


@pytest.mark.parametrize("what", LEFT)
def test_what_would_be_told_otherwise_or_fill_the_memory_is_read_the_slow_way(what: str) -> None:
    assert quick(LEFT[what]) is None


def test_an_error_stands_as_its_maker_saw_it() -> None:
    book = workbook.read(LEFT["an error"], limits=BULK, computed=True)

    assert book.sheets[0].rows[0].cells == ("#N/A",)


@settings(max_examples=40)
@given(st.lists(st.lists(st.one_of(
    st.none(), st.booleans(), st.integers(-(10**14), 10**14), st.floats(allow_nan=False, allow_infinity=False, min_value=-1e14, max_value=1e14),
    st.text(st.characters(min_codepoint=32, blacklist_categories=("Cs", "Cn")), max_size=12).filter(lambda text: "_x" not in text and not text.startswith(("=", "#"))),
    st.datetimes(datetime(1901, 1, 1), datetime(2099, 1, 1)).map(lambda at: at.replace(microsecond=0)),
), max_size=6), max_size=8))  # fmt: skip
def test_any_table_is_the_same_read_either_way(rows: list[list[Any]]) -> None:
    book = made(*rows)
    found = quick(book)

    assert found is None or found == slow(book)


def test_the_guards_look_before_the_quick_reader_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(computedsheets, "sheets", lambda content: pytest.fail("it was read"))
    entity = rewritten(made(["x"]), b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet')
    with pytest.raises(Hostile):
        workbook.read(entity, limits=BULK, computed=True)
    small = Limits(inflated=1000)
    with pytest.raises((Hostile, Malformed)):
        workbook.read(made(*[["x" * 50] * 20] * 50), limits=small, computed=True)


def test_rows_and_columns_are_bounded_as_before() -> None:
    with pytest.raises(Malformed, match="more than 3 rows"):
        workbook.read(made(*[["x"]] * 4), limits=Limits(rows=3), computed=True)
    with pytest.raises(Malformed, match="5 columns; 4 are read"):
        workbook.read(made(["x"] * 5), limits=Limits(columns=4), computed=True)


def test_a_broken_workbook_is_refused_with_a_sentence() -> None:
    torn = rewritten(made(["x"]), b"</sheetData>", b"")
    with pytest.raises(Malformed):
        workbook.read(torn, limits=BULK, computed=True)


def test_formulas_asked_for_as_text_are_never_read_quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(computedsheets, "fits", lambda parts: pytest.fail("it was read"))
    assert workbook.read(made(["=1+1"])).sheets[0].rows[0].cells == ("=1+1",)


def test_in_the_limited_process_a_large_workbook_is_read_and_a_cell_far_out_costs_nothing() -> None:
    source = all_sources()["table"]
    header = ["countries_gwid", "year", "countryname", "exclpop"]
    plain = made(header, [625, 2024, "Sudan", 0.31], [625, 2023, "Sudan", 0.3])
    far = made(header, [625, 2024, "Sudan", 0.31], change=lambda book: book.active.__setitem__("XFD900000", " "))
    with AnsweringChild() as reader:
        found = reader.recognise(Received("x.xlsx", plain, NOW), source=source)
        bomb = reader.recognise(Received("y.xlsx", far, NOW), source=source)
        again = reader.recognise(Received("x.xlsx", plain, NOW), source=source)

    assert (found.mapping, found.count, again.count) == ("epr-country-year", 2, 2)
    assert bomb.count <= 1
