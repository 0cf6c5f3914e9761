"""From rows to a table: where its header is, which rows are bad, which cells need a second look."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from forestall.base.errors import Malformed
from forestall.base.words import say

from .dates import Moment, Order, read_date
from .digits import read_quantity, western
from .limits import LIMITS, Limits
from .mapping import Mapping
from .tables import CellNote, NoteKind, Row, RowProblem, Table

_HXL_WITHIN = 25  # rows
_TAG = re.compile(r"#[a-z][a-z0-9_]*(?:\s*\+[a-z][a-z0-9_]*)*", re.IGNORECASE)
_DATE_NAME = re.compile(r"date|day|fecha|дата|день|تاريخ|يوم|日期|時間|时间|jour", re.IGNORECASE)
_FORMULA = re.compile(r"^[=@]|^[+-](?![\d.,\s])")
_LONGEST_QUANTITY = 40


def tabulate(
    rows: Iterable[Row],
    *,
    name: str,
    mapping: Mapping,
    received_at: datetime,
    ragged: bool,
    hidden: bool = False,
    limits: Limits = LIMITS,
) -> Table:
    """The table in `rows`. `ragged`: short rows are usual (a workbook's), not a sign of damage.

    Raises `Malformed` when more than two rows in a hundred are bad, or a key that is declared unique is not.
    """
    everything = list(rows)
    at, tags, preface = _header_place(everything)
    header = tuple(cell.strip() for cell in everything[at].cells) if at is not None else ()
    first = 0 if at is None else at + (2 if tags else 1)
    if tags and not header:
        header = tags
    width = max(len(header), len(tags)) or max((len(row.cells) for row in everything), default=0)
    good, problems = _sorted_out(everything[first:], header, width, mapping, ragged=ragged)
    _refuse_bad(problems, len(good), limits)
    _refuse_repeated(good, header, mapping)
    notes = tuple(_notes(good, header, tags, mapping, received_at))
    formulas = sum(bool(_FORMULA.match(cell)) for row in good for cell in row.cells)
    return Table(name, header, tuple(good), tags, preface, tuple(problems), notes, formulas, hidden)


def _header_place(rows: Sequence[Row]) -> tuple[int | None, tuple[str, ...], tuple[str, ...]]:
    """The index of the header, the HXL tags below it, and the lines above it."""
    for at, row in enumerate(rows[:_HXL_WITHIN]):
        cells = [cell.strip() for cell in row.cells if cell.strip()]
        if cells and all(_TAG.fullmatch(cell) for cell in cells):
            tags = tuple(cell.strip() for cell in row.cells)
            return (at - 1 if at else None), tags, _lines(rows[: max(at - 1, 0)])
    filled = [sum(bool(cell.strip()) for cell in row.cells) for row in rows]
    wide = max(filled, default=0) > 1
    at = next((place for place, count in enumerate(filled) if count > 1 or not wide), 0)
    at += _is_title(rows[at:])
    if not rows or _is_value(rows[at].cells[0]):
        return None, (), _lines(rows[:at])
    return at, (), _lines(rows[:at])


def _is_title(rows: Sequence[Row]) -> bool:
    """Whether the first row is a title with a comma in it: an empty line, names of columns and then figures follow."""
    if len(rows) < 3:
        return False
    title, header, *others = rows[:_HXL_WITHIN]
    apart = header.line - title.line > 1 + sum(cell.count("\n") for cell in title.cells)
    named = not any(_is_value(cell) for cell in header.cells)
    return apart and named and all(any(_is_value(cell) for cell in row.cells) for row in others)


def _lines(rows: Sequence[Row]) -> tuple[str, ...]:
    return tuple(" ".join(cell.strip() for cell in row.cells if cell.strip()) for row in rows)


def _is_value(cell: str) -> bool:
    return read_quantity(cell) is not None or read_date(cell) is not None


def _sorted_out(
    rows: Sequence[Row], header: tuple[str, ...], width: int, mapping: Mapping, *, ragged: bool
) -> tuple[list[Row], list[RowProblem]]:
    good: list[Row] = []
    problems: list[RowProblem] = []
    dated = [header.index(name) for name in mapping.dates if name in header]
    keyed = [header.index(name) for name in mapping.key if name in header]
    for row in rows:
        problem = _problem(row, width, dated, keyed, mapping.date_order, ragged=ragged)
        if problem is None:
            good.append(Row(row.line, row.cells + ("",) * (width - len(row.cells))))
        else:
            problems.append(problem)
    return good, problems


def _problem(
    row: Row, width: int, dated: list[int], keyed: list[int], order: Order | None, *, ragged: bool
) -> RowProblem | None:
    count = len(row.cells)
    if any(cell.strip() for cell in row.cells[width:]) or (count < width and not ragged):
        return RowProblem(
            row.line,
            say(
                "Line %(line)s has %(count)s cells; the header has %(width)s.",
                line=row.line,
                count=count,
                width=width,
            ),
        )
    for column in dated:
        cell = row.cells[column] if column < count else ""
        if cell.strip() and read_date(cell, order=order) is None:
            return RowProblem(
                row.line, say("Line %(line)s: “%(text)s” is no date.", line=row.line, text=cell[:40])
            )
    if any(column >= count or not row.cells[column].strip() for column in keyed):
        return RowProblem(row.line, say("Line %(line)s lacks its key.", line=row.line))
    return None


def _refuse_bad(problems: list[RowProblem], good: int, limits: Limits) -> None:
    total = good + len(problems)
    if problems and len(problems) > limits.bad_rows * total:
        raise Malformed(
            say("%(bad)s of %(total)s rows are bad, which is too many. %(first)s", bad=len(problems), total=total, first=problems[0].reason)
        )  # fmt: skip


def _refuse_repeated(rows: list[Row], header: tuple[str, ...], mapping: Mapping) -> None:
    columns = [header.index(name) for name in mapping.key if name in header]
    if len(columns) != len(mapping.key):
        raise Malformed(say("The table lacks a column that the mapping calls its key."))
    seen: dict[tuple[str, ...], Row] = {}
    for row in rows if columns else ():
        before = seen.setdefault(tuple(row.cells[column] for column in columns), row)
        if before.cells != row.cells:
            raise Malformed(
                say(
                    "Lines %(first)s and %(second)s have one key and differ.",
                    first=before.line,
                    second=row.line,
                )
            )


def _notes(
    rows: list[Row], header: tuple[str, ...], tags: tuple[str, ...], mapping: Mapping, received_at: datetime
) -> Iterator[CellNote]:
    width = len(rows[0].cells) if rows else 0
    dated = {column for column in range(width) if _holds_dates(rows, column, header, tags)}
    for row in rows:
        for column, cell in enumerate(row.cells):
            if not cell or cell.isspace():
                continue
            found = (
                _date_note(row.line, column, cell, mapping.date_order, received_at)
                if column in dated
                else None
            )
            found = found or (None if column in dated else _number_note(row.line, column, cell))
            if found is not None:
                yield found


def _holds_dates(rows: list[Row], column: int, header: tuple[str, ...], tags: tuple[str, ...]) -> bool:
    if column < len(tags) and tags[column]:
        return tags[column].lower().startswith("#date")
    cells = [row.cells[column] for row in rows[:50] if row.cells[column].strip()]
    dates = sum("-" in cell or not cell.isdigit() for cell in cells if read_date(cell) is not None)
    if column < len(header) and _DATE_NAME.search(header[column]):
        return dates > 0
    return dates * 2 > len(cells)


def _date_note(
    line: int, column: int, cell: str, order: Order | None, received_at: datetime
) -> CellNote | None:
    moment: Moment | None = read_date(cell, order=order)
    if moment is None:
        return CellNote(line, column, NoteKind.DATE_UNREADABLE, cell[:80])
    if moment.ambiguous:
        return CellNote(line, column, NoteKind.DATE_AMBIGUOUS, cell, moment.readings[0], moment.readings[-1])
    if moment.earliest > received_at:
        return CellNote(line, column, NoteKind.DATE_LATER, cell, moment.readings[0], moment.readings[0])
    return None


def _number_note(line: int, column: int, cell: str) -> CellNote | None:
    if _FORMULA.match(cell):
        return CellNote(line, column, NoteKind.FORMULA, cell[:200])
    if len(cell) > _LONGEST_QUANTITY or (cell.isascii() and cell.isdigit()):
        return None
    found = read_quantity(cell)
    if found is None:
        return None
    low, high = ("" if end is None else f"{end:g}" for end in (found.low, found.high))
    if found.ambiguous:
        return CellNote(line, column, NoteKind.NUMBER_AMBIGUOUS, cell, low, high)
    if not found.sure:
        return CellNote(line, column, NoteKind.RANGE, cell, low, high)
    if western(cell) != cell:
        return CellNote(line, column, NoteKind.DIGITS, cell, low, high)
    return None
