"""A table as it stands: cells are text, line numbers are the file's, and nothing is repaired."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from forestall.base.words import Words


class NoteKind(StrEnum):
    """Why a cell needs a second look."""

    DATE_AMBIGUOUS = "date ambiguous"
    DATE_UNREADABLE = "date unreadable"
    DATE_LATER = "date after receipt"
    RANGE = "range"
    NUMBER_AMBIGUOUS = "number ambiguous"
    DIGITS = "digits of another script"
    FORMULA = "formula"


@dataclass(frozen=True)
class CellNote:
    """A cell kept as it stands, with the readings it allows. `column` counts from 0, `line` from 1."""

    line: int
    column: int
    kind: NoteKind
    text: str
    low: str = ""
    high: str = ""


@dataclass(frozen=True)
class RowProblem:
    """A row that was refused, with its line number (from 1) and why."""

    line: int
    reason: Words


@dataclass(frozen=True)
class Row:
    """One row of data. `line` counts from 1 in the file or sheet."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """One sheet or file of rows. `tags` is the HXL row when there is one; `preface` the lines above the header."""

    name: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    tags: tuple[str, ...] = ()
    preface: tuple[str, ...] = ()
    problems: tuple[RowProblem, ...] = ()
    notes: tuple[CellNote, ...] = ()
    formulas: int = 0
    hidden: bool = False
