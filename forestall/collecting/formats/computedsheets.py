"""The values that were saved in a workbook, read quickly, cell by cell as openpyxl reads them.

Where the quick reader would tell a cell otherwise (errors, very large numbers, a clock at midnight) or would fill the memory
(one cell far out in an empty sheet), it leaves the workbook to openpyxl. The guards of `workbook` have looked at every part
before it sees one.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import time
from typing import TYPE_CHECKING, Any

from forestall.base.errors import Malformed
from forestall.base.words import say

from . import safexml

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

LARGEST = 1e15
"""From here a number may no longer be told digit by digit once it has been one of floating point."""
MOST_CELLS = 100_000_000
"""Of a sheet as a rectangle, which is how the quick reader holds it."""
_ERROR = re.compile(rb"\bt\s*=\s*[\"']e[\"']")
_THREE_LETTERS, _TWO_LETTERS = re.compile(rb"\br\s*=\s*[\"'][A-Z]{3}"), re.compile(rb"\br\s*=\s*[\"'][A-Z]{2}")
_ROW = re.compile(rb"\br\s*=\s*[\"'][A-Z]{0,3}(\d+)[\"']")
_MIDNIGHT = time()
_AS_SPACES = {sign: " " for sign in range(32) if sign not in (9, 10)}


class Differently(Exception):
    """The quick reader would tell a cell otherwise than openpyxl."""


@dataclass(frozen=True)
class Values:
    """One sheet: its rows from the first, each with its cells from the first column.

    Iterating the rows may raise `Differently`.
    """

    name: str
    hidden: bool
    rows: Iterator[list[Any]]


def fits(parts: Iterable[bytes]) -> bool:
    """Whether a workbook with these XML parts can be read quickly: all of them in UTF-8, and none that would differ."""
    given = list(parts)
    return all(_utf8(part) for part in given) and all(_fits(part) for part in given if b"sheetData" in part)


def _utf8(part: bytes) -> bool:
    return not part.startswith((b"\xff\xfe", b"\xfe\xff")) and safexml.declared_encoding(part).lower() in ("", "utf-8", "utf8", "us-ascii")


def _fits(part: bytes) -> bool:
    """No error, which the quick reader tells as nothing, and no cell so far out that the rectangle would be too large."""
    if _ERROR.search(part) or _THREE_LETTERS.search(part):
        return False
    columns = 702 if _TWO_LETTERS.search(part) else 26
    rows = max((int(found[1]) for found in _ROW.finditer(part)), default=0)
    return rows * columns <= MOST_CELLS


def sheets(content: bytes) -> Iterator[Values]:
    """The sheets of a workbook that `fits`, in its order. Raises `Malformed` for one that is broken."""
    import python_calamine

    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        for entry in book.sheets_metadata:
            if entry.typ is python_calamine.SheetTypeEnum.WorkSheet:
                hidden = entry.visible is not python_calamine.SheetVisibleEnum.Visible
                yield Values(entry.name, hidden, _rows(book.get_sheet_by_name(entry.name)))
    except (python_calamine.CalamineError, ValueError, OSError) as error:
        raise Malformed(say("The workbook is broken and cannot be read.")) from error


def _rows(sheet: CalamineSheet) -> Iterator[list[Any]]:
    before: list[Any] = [""] * sheet.start[1] if sheet.start else []
    for row in sheet.iter_rows():
        while row and row[-1] == "":
            row.pop()
        yield [*before, *map(_cell, row)]


def _cell(value: Any) -> Any:
    """A value as openpyxl would give it."""
    kind = type(value)
    if kind is str:
        return value.translate(_AS_SPACES)
    if (kind is float and abs(value) >= LARGEST) or (kind is time and value == _MIDNIGHT):
        raise Differently
    return value

