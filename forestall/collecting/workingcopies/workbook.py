"""Workbooks built anew from the values that show: no formulas, names, remarks, hidden sheets, rows or columns."""

from __future__ import annotations

import io
import warnings
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from forestall.base.errors import Malformed
from forestall.base.words import Words, say

from ..formats.office import open_office
from ..limits import LIMITS, Limits
from .workingcopy import WorkingCopy

_EPOCH = datetime(1980, 1, 1, tzinfo=UTC).replace(tzinfo=None)  # the writer wants it without a zone
_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_DAY, _MOMENT, _HOUR = "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss", "hh:mm:ss"


def copy(content: bytes, *, limits: Limits = LIMITS) -> WorkingCopy:
    """The values of the sheets that show, as last reckoned. Raises `Malformed` or `Hostile`."""
    import openpyxl
    import xlsxwriter

    open_office(content, limits=limits)
    out = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl tells of what it leaves out
        try:
            read = openpyxl.load_workbook(io.BytesIO(content), data_only=True, keep_links=False)
            shown = [sheet for sheet in read.worksheets if sheet.sheet_state == "visible"]
            with xlsxwriter.Workbook(out, _OPTIONS) as made:
                made.set_properties({"author": "", "created": _EPOCH})
                left = sum(_brought(sheet, made, limits) for sheet in shown)
        except Malformed:
            raise
        except (KeyError, ValueError, TypeError, AttributeError, IndexError, OSError) as error:
            raise Malformed(say("The workbook is broken and cannot be read.")) from error
    return WorkingCopy(out.getvalue(), "xlsx", _told(len(read.sheetnames) - len(shown), left))


def _told(sheets: int, lines: int) -> tuple[Words, ...]:
    told = []
    if sheets:
        told.append(say("Hidden sheets and charts' own sheets are not in the copy: %(count)s", count=sheets))
    if lines:
        told.append(say("Hidden rows and columns are not in the copy: %(count)s", count=lines))
    return tuple(told)


def _brought(sheet: Any, made: Any, limits: Limits) -> int:
    """Write one sheet; returns how many hidden rows and columns stayed behind."""
    if sheet.max_row > limits.rows or sheet.max_column > limits.columns:
        raise Malformed(say("The table has more than %(limit)s rows.", limit=limits.rows))
    target = made.add_worksheet(sheet.title)
    if sheet.sheet_view.rightToLeft:
        target.right_to_left()
    rows = [row for row in range(1, sheet.max_row + 1) if not _hidden(sheet.row_dimensions, row)]
    unseen = _hidden_columns(sheet)
    columns = [column for column in range(1, sheet.max_column + 1) if column not in unseen]
    formats: dict[str, Any] = {}
    for place, row in enumerate(rows):
        for across, column in enumerate(columns):
            _write(target, made, place, across, sheet.cell(row, column).value, formats)
    return int(sheet.max_row - len(rows) + sheet.max_column - len(columns))


def _hidden(dimensions: Any, key: int) -> bool:
    return bool(key in dimensions and (dimensions[key].hidden or dimensions[key].height == 0))


def _hidden_columns(sheet: Any) -> set[int]:
    """Numbers of the columns that do not show; the file names them in spans."""
    found: set[int] = set()
    for one in sheet.column_dimensions.values():
        if (one.hidden or one.width == 0) and one.min and one.max:
            found.update(range(one.min, min(one.max, sheet.max_column) + 1))
    return found


def _write(target: Any, made: Any, row: int, column: int, value: object, formats: dict[str, Any]) -> None:
    if value is None:
        return
    if isinstance(value, bool):
        target.write_boolean(row, column, value)
    elif isinstance(value, int | float):
        target.write_number(row, column, value)
    elif isinstance(value, datetime | date | time | timedelta):
        sign = _MOMENT if isinstance(value, datetime) else _DAY if isinstance(value, date) else _HOUR
        if sign not in formats:
            formats[sign] = made.add_format({"num_format": sign})
        plain = value.replace(tzinfo=None) if isinstance(value, datetime | time) else value
        target.write_datetime(row, column, plain, formats[sign])
    else:
        target.write_string(row, column, str(value)[:32_767])
