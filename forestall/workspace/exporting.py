"""The same rows as a file: CSV and XLSX, in which no cell can act as a formula and nothing leaves against its terms; and
dates as a file for a calendar.

This is the one door for tables. Whoever opens it says what each row rests on: rows of a producer that must not be passed
on stay behind, others are reduced or go whole, and the file says so.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
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
from forestall.collecting.terms import Extent, Resting, Terms, Use, credits_of, told_first
from forestall.labels.label import LEVEL_WORDS, Level
from forestall.workspace.download import as_file
from forestall.workspace.icalendar import Entry, calendar_of
from forestall.workspace.templatetags.vocabulary import catalogued

if TYPE_CHECKING:
    from forestall.access.models import TakingOut

ACTING = ("=", "+", "-", "@", "\t", "\r", "\n", "\0")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Value = str | int | float | Words | None


def asked(request: HttpRequest) -> bool:
    """Whether the page was asked for as a file."""
    return request.GET.get("format") in ("csv", "xlsx")


@dataclass(frozen=True)
class Rests:
    """What the rows of a table rest on of producers' records: one `Resting` for each row, in the same order.

    `words` are the columns (from 0) that hold a producer's own words, which a reduced row lacks. `whole`: terms of figures
    from which all rows were computed; they are credited.
    """

    rows: Sequence[Resting] = ()
    words: Collection[int] = ()
    whole: Sequence[Terms] = ()


OURS = Rests()
"""The rows are the office's own work and quote nobody."""


def use(request: HttpRequest) -> Use:
    """What the file is asked for: to be passed on, unless the address says that it stays inside."""
    return Use.INSIDE if request.GET.get("use") == Use.INSIDE else Use.PASSING_ON


def table_file(
    request: HttpRequest,
    *,
    name: str,
    head: Sequence[Words | str],
    rows: Iterable[Sequence[Value]],
    levels: Iterable[int],
    rests: Rests,
) -> HttpResponse:
    """The rows as the file asked for; the record tells that it was taken. `levels`: that of each row, or of all as one.

    Its first line says the level, EXERCISE in an exercise home, who took it and on which day (UTC); for a long table,
    the public id of what two people decided too. The next lines say which rows their publisher keeps back, counted among
    those given; its last lines credit the publishers. Raises `SecondNeeded` for a long one that nobody agreed to.
    """
    asked_for = use(request)
    marking = _let_out(request, name=name, levels=levels)
    lacking = [one.text(catalogued) for one in told_first(rests.rows, use=asked_for, quoting=bool(rests.words))]
    first = _as_told([sentence] for sentence in (marking, *lacking))
    told = _Table(first, _as_told([head]), _as_told(_leaving(rows, rests, use=asked_for)), _as_told(_credits(rests, use=asked_for)))
    kind = request.GET.get("format")
    content = _xlsx(told) if kind == "xlsx" else _csv(told)
    inside = "internal-" if asked_for is Use.INSIDE else ""
    return _named(content, name=f"{inside}{name}.{kind}", kind=XLSX if kind == "xlsx" else "text/csv; charset=utf-8")


def asked_as_dates(request: HttpRequest) -> bool:
    """Whether the page was asked for as a calendar's file."""
    return request.GET.get("format") == "ics"


def dates_file(request: HttpRequest, *, name: str, entries: Sequence[Entry], levels: Iterable[int]) -> HttpResponse:
    """Dates as a file for a calendar (RFC 5545), under the same rules as a table; its name says the level and EXERCISE.

    They are the office's own, or plain facts that a source is named for: nobody's words are among them.
    """
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
    return _marked(level, by=by.name, agreed=agreed)


def _named(content: bytes, *, name: str, kind: str) -> HttpResponse:
    prefix = "EXERCISE-" if settings.HOME.is_exercise else ""
    return as_file(HttpResponse(content, content_type=kind), name=f"{prefix}{name}")


Cell = str | int | float


@dataclass(frozen=True)
class _Table:
    """A file's lines: what it says first, its head, its rows, whom it credits."""

    first: list[list[Cell]]
    head: list[list[Cell]]
    rows: list[list[Cell]]
    credits: list[list[Cell]]

    @property
    def lines(self) -> list[list[Cell]]:
        return [*self.first, *self.head, *self.rows, *([[], *self.credits] if self.credits else [])]


def _leaving(rows: Iterable[Sequence[Value]], rests: Rests, *, use: Use) -> list[Sequence[Value]]:
    """The rows that leave, each as far as it may. Rows that rest on nothing leave whole."""
    told = list(rows)
    if not rests.rows:
        return told
    kept: list[Sequence[Value]] = []
    for row, resting in zip(told, rests.rows, strict=True):
        extent = resting.extent(use=use)
        if extent is not Extent.NOTHING:
            kept.append(row if extent is Extent.WHOLE else ["" if at in rests.words else cell for at, cell in enumerate(row)])
    return kept


def _credits(rests: Rests, *, use: Use) -> list[Sequence[Value]]:
    leaving = [one for row in rests.rows if row.extent(use=use) is not Extent.NOTHING for one in row.terms]
    return [[one.text(catalogued)] for one in credits_of([*leaving, *rests.whole])]


def _as_told(rows: Iterable[Sequence[Value]]) -> list[list[Cell]]:
    return [[_plain(cell) for cell in row] for row in rows]


def _address(request: HttpRequest) -> str:
    """The page that the table is from, with all that it was narrowed to, in whatever order it was asked."""
    asked = sorted((name, value) for name in request.GET if name != "format" for value in request.GET.getlist(name))
    return f"{request.path}?{urlencode(asked)}" if asked else request.path


def _marked(level: int, *, by: str, agreed: TakingOut | None) -> str:
    exercise = [gettext("EXERCISE")] if settings.HOME.is_exercise else []
    marks = [*exercise, gettext(LEVEL_WORDS[Level(level)].message), by, f"{now():%Y-%m-%d}", *([str(agreed.id)] if agreed else [])]
    return " · ".join(marks)


def _plain(cell: Value) -> Cell:
    if isinstance(cell, Words):
        return cell.text(gettext)
    return "" if cell is None else cell


def inert(cell: Cell) -> Cell:
    """A text that no spreadsheet takes for a formula; numbers stay numbers."""
    if not isinstance(cell, str):
        return cell
    seen = unicodedata.normalize("NFKC", cell).lstrip(" '\"\ufeff")
    return f"'{cell}" if seen.startswith(ACTING) else cell


def _csv(table: _Table) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([[inert(cell) for cell in row] for row in table.lines])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _morning() -> datetime:
    """The first second of this day (UTC): a file tells on which day it was taken, and not when."""
    return now().replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)


def _xlsx(table: _Table) -> bytes:
    marking, place_of_head = str(table.first[0][0]), len(table.first)
    buffer = io.BytesIO()
    options: dict[str, Any] = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties({"author": "Forestall", "title": marking, "created": _morning()})
        sheet = book.add_worksheet()
        if get_language_bidi():
            sheet.right_to_left()
        strong = book.add_format({"bold": True})
        for place, row in enumerate(table.lines):
            for column, cell in enumerate(row):
                if isinstance(cell, str):
                    sheet.write_string(place, column, cell, strong if place == place_of_head else None)
                else:
                    sheet.write_number(place, column, cell)
    return buffer.getvalue()
