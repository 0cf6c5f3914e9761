"""Workbooks: every sheet's cells as text, formulas as text, hidden sheets named. Macros and live links are refused."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from forestall.base.errors import Malformed
from forestall.base.words import say

from ..flags import Flag, FlagCode
from ..hostile import Hostile
from ..limits import LIMITS, Limits
from ..tables import Row
from . import computedsheets, safexml
from .office import Properties, open_office


@dataclass(frozen=True)
class Sheet:
    """One sheet. `formulas` counts cells whose text is a formula."""

    name: str
    rows: tuple[Row, ...]
    hidden: bool
    formulas: int


@dataclass(frozen=True)
class Book:
    """A workbook's sheets, in its order, and what it says of itself."""

    sheets: tuple[Sheet, ...]
    properties: Properties
    flags: tuple[Flag, ...]


def read(content: bytes, *, limits: Limits = LIMITS, computed: bool = False) -> Book:
    """The workbook in `content`. Raises `Malformed` or `Hostile`.

    `computed`: where a cell holds a formula, the value that the maker's program last computed and saved. Nothing is
    computed here, and a formula that was saved without its value is an empty cell.
    """
    office = open_office(content, limits=limits)
    for name, part in office.parts.items():
        _refuse_live(name, part)
        safexml.check(
            part, limits=limits
        )  # document types, entities and towers are refused before anybody else reads
    flags = list(office.flags)
    if any(name.startswith("xl/externalLinks/") for name in office.parts):
        flags.append(Flag(FlagCode.EXTERNAL_LINK, "externalLinks"))
    sheets = _quickly(content, office.parts.values(), limits) if computed else None
    if sheets is None:
        sheets = _sheets(content, limits, computed=computed)
    flags += [Flag(FlagCode.HIDDEN_SHEET, sheet.name) for sheet in sheets if sheet.hidden]
    return Book(sheets, office.properties, tuple(flags))


def _refuse_live(name: str, part: bytes) -> None:
    if name.startswith("xl/externalLinks/") and b"ddeLink" in part:
        raise Hostile(say("The workbook holds a link that starts another program (DDE)."))


def _quickly(content: bytes, parts: Iterable[bytes], limits: Limits) -> tuple[Sheet, ...] | None:
    """The values of a workbook by the quick reader, or None when a cell of it would be told otherwise."""
    if not computedsheets.fits(parts):
        return None
    found = []
    try:
        for sheet in computedsheets.sheets(content):
            rows = tuple(_rows(sheet.rows, limits))
            formulas = sum(cell.startswith("=") for row in rows for cell in row.cells)
            found.append(Sheet(sheet.name, rows, sheet.hidden, formulas))
    except computedsheets.Differently:
        return None
    return tuple(found)


def _sheets(content: bytes, limits: Limits, *, computed: bool) -> tuple[Sheet, ...]:
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl tells of styles and validations it leaves out
        try:
            book = openpyxl.load_workbook(
                io.BytesIO(content), read_only=True, data_only=computed, keep_links=False
            )
            try:
                return tuple(_sheet(sheet, limits) for sheet in book.worksheets)
            finally:
                book.close()
        except (
            InvalidFileException,
            KeyError,
            ValueError,
            TypeError,
            AttributeError,
            IndexError,
            OSError,
        ) as error:
            raise Malformed(say("The workbook is broken and cannot be read.")) from error


def _sheet(sheet: Any, limits: Limits) -> Sheet:
    sheet.reset_dimensions()  # what the file says of its own size is not believed
    rows = tuple(_rows(sheet.iter_rows(values_only=True), limits))
    formulas = sum(cell.startswith("=") for row in rows for cell in row.cells)
    return Sheet(str(sheet.title), rows, sheet.sheet_state != "visible", formulas)


def _rows(given: Iterable[Sequence[Any]], limits: Limits) -> Iterator[Row]:
    for line, values in enumerate(given, start=1):
        if line > limits.rows:
            raise Malformed(say("The table has more than %(limit)s rows.", limit=limits.rows))
        if len(values) > limits.columns:
            raise Malformed(
                say("Line %(line)s has %(count)s columns; %(limit)s are read.", line=line, count=len(values), limit=limits.columns)
            )  # fmt: skip
        cells = [_text(value) for value in values]
        while cells and not cells[-1]:
            cells.pop()
        if any(cell.strip() for cell in cells):
            yield Row(line, tuple(cells))


def _text(value: object) -> str:
    """A cell's value as text: dates in ISO, whole numbers without a point, nothing as nothing."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(timespec="seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    if isinstance(value, float):
        if value != value or value in (float("inf"), float("-inf")):
            raise Malformed(say("The workbook holds a number that is none."))
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    text = str(getattr(value, "text", value))  # array formulas keep their text apart
    if len(text) > LIMITS.cell:
        raise Malformed(say("The workbook holds a cell too long to be one."))
    return re.sub(
        r"_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found[1], 16)) if int(found[1], 16) >= 32 else " ", text
    )
