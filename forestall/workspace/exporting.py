"""The same rows as a file: CSV and XLSX, in which no cell can act as a formula; dates as a file for a calendar."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import xlsxwriter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language_bidi, gettext

from forestall.access import takingout
from forestall.access.actions import taken_out
from forestall.access.session import current
from forestall.base.clock import now
from forestall.base.words import Words
from forestall.labels.label import LEVEL_WORDS, Level
from forestall.workspace.download import as_file
from forestall.workspace.icalendar import Entry, calendar_of

if TYPE_CHECKING:
    from forestall.access.models import TakingOut

ACTING = ("=", "+", "-", "@", "\t", "\r", "\n", "\0")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Value = str | int | float | Words | None


def asked(request: HttpRequest) -> bool:
    """Whether the page was asked for as a file."""
    return request.GET.get("format") in ("csv", "xlsx")


def table_file(
    request: HttpRequest,
    *,
    name: str,
    head: Sequence[Words | str],
    rows: Iterable[Sequence[Value]],
    levels: Iterable[int],
) -> HttpResponse:
    """The rows as the file asked for; the record tells that it was taken. `levels`: that of each row, or of all as one.

    Its first line says the level, EXERCISE in an exercise home, who took it and on which day (UTC); for a long table,
    the public id of what two people decided too. Raises `SecondNeeded` for a long one that nobody agreed to.
    """
    marking = _let_out(request, name=name, levels=levels)
    told = [[_plain(cell) for cell in row] for row in [head, *rows]]
    kind = request.GET.get("format")
    content = _xlsx(told, marking=marking) if kind == "xlsx" else _csv(told, marking=marking)
    return _named(content, name=f"{name}.{kind}", kind=XLSX if kind == "xlsx" else "text/csv; charset=utf-8")


def asked_as_dates(request: HttpRequest) -> bool:
    """Whether the page was asked for as a calendar's file."""
    return request.GET.get("format") == "ics"


def dates_file(request: HttpRequest, *, name: str, entries: Sequence[Entry], levels: Iterable[int]) -> HttpResponse:
    """Dates as a file for a calendar (RFC 5545), under the same rules as a table; its name says the level and EXERCISE."""
    marking = _let_out(request, name=name, levels=levels)
    content = calendar_of(entries, name=f"{name} · {marking}", at=_morning())
    return _named(content, name=f"{name}.ics", kind="text/calendar; charset=utf-8")


def _let_out(request: HttpRequest, *, name: str, levels: Iterable[int]) -> str:
    """What a file says of itself, once it is known that this reader may take it; the record tells that it was taken."""
    by, each = current(), list(levels)
    level = max([int(Level.INTERNAL), *each])
    closed = sum(one >= Level.CONFIDENTIAL for one in each)
    agreed = takingout.check(address=_address(request), table=name, rows=closed, level=level, by=by)
    taken_out(what=name, by=by)
    return " · ".join(_marks(level, by=by.name, agreed=agreed))


def _named(content: bytes, *, name: str, kind: str) -> HttpResponse:
    prefix = "EXERCISE-" if settings.HOME.is_exercise else ""
    return as_file(HttpResponse(content, content_type=kind), name=f"{prefix}{name}")


def _address(request: HttpRequest) -> str:
    """The page that the table is from, with all that it was narrowed to, in whatever order it was asked."""
    asked = sorted((name, value) for name in request.GET if name != "format" for value in request.GET.getlist(name))
    return f"{request.path}?{urlencode(asked)}" if asked else request.path


def _marks(level: int, *, by: str, agreed: TakingOut | None) -> list[str]:
    exercise = [gettext("EXERCISE")] if settings.HOME.is_exercise else []
    return [*exercise, gettext(LEVEL_WORDS[Level(level)].message), by, f"{now():%Y-%m-%d}", *([str(agreed.id)] if agreed else [])]


def _plain(cell: Value) -> str | int | float:
    if isinstance(cell, Words):
        return cell.text(gettext)
    return "" if cell is None else cell


def inert(cell: str | int | float) -> str | int | float:
    """A text that no spreadsheet takes for a formula; numbers stay numbers."""
    if not isinstance(cell, str):
        return cell
    seen = unicodedata.normalize("NFKC", cell).lstrip(" '\"\ufeff")
    return f"'{cell}" if seen.startswith(ACTING) else cell


def _csv(rows: Sequence[Sequence[str | int | float]], *, marking: str) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([marking])
    writer.writerows([[inert(cell) for cell in row] for row in rows])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _morning() -> datetime:
    """The first second of this day (UTC): a file tells on which day it was taken, and not when."""
    return now().replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)


def _xlsx(rows: Sequence[Sequence[str | int | float]], *, marking: str) -> bytes:
    buffer = io.BytesIO()
    options: dict[str, Any] = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties({"author": "Forestall", "title": marking, "created": _morning()})
        sheet = book.add_worksheet()
        if get_language_bidi():
            sheet.right_to_left()
        sheet.write_string(0, 0, marking)
        strong = book.add_format({"bold": True})
        for place, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                if isinstance(cell, str):
                    sheet.write_string(place, column, cell, strong if place == 1 else None)
                else:
                    sheet.write_number(place, column, cell)
    return buffer.getvalue()
