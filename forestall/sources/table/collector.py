"""Tables: delimited text, workbooks and JSON rows, with or without a mapping. HXL rows are recognised.

Bytes already lie here: there is nothing to plan and nothing to advance. A table that a ready mapping knows (`mapping`,
`mappings/`) can be read as facts instead of as a document.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import PurePosixPath
from typing import Any

from forestall.base.canonical import sha256
from forestall.base.errors import Malformed
from forestall.base.words import say
from forestall.collecting.asking import Page, Request
from forestall.collecting.contract import Recognised, Source
from forestall.collecting.encodings import decode
from forestall.collecting.flags import Flag, FlagCode
from forestall.collecting.formats import delimited, strictjson, workbook
from forestall.collecting.kinds import Kind
from forestall.collecting.limits import LIMITS
from forestall.collecting.mapping import Mapping as Terms
from forestall.collecting.mapping import read_mapping
from forestall.collecting.received import Part, Received
from forestall.collecting.record import Record, RecordKind
from forestall.collecting.tables import NoteKind, Row, Table
from forestall.collecting.tabulation import tabulate

from .facts import facts_of
from .laid import AnsweredWithError, find_table
from .mapping import ready_mappings

_SHOWN_ROWS = 2_000  # in the body, for people and for suggestions
_NOTE_FLAGS = {
    NoteKind.DATE_AMBIGUOUS: FlagCode.DATE_AMBIGUOUS,
    NoteKind.DATE_UNREADABLE: FlagCode.DATE_UNREADABLE,
    NoteKind.DATE_LATER: FlagCode.DATE_AFTER_RECEIPT,
    NoteKind.RANGE: FlagCode.NUMBER_AS_RANGE,
    NoteKind.NUMBER_AMBIGUOUS: FlagCode.NUMBER_AS_RANGE,
}


def plan(cursor: Mapping[str, Any], *, source: Source, today: date) -> Iterable[Request]:
    """Nothing: tables come by themselves."""
    return ()


def advance(cursor: Mapping[str, Any], *, page: Page) -> dict[str, Any]:
    """The same cursor: there is none to move."""
    return dict(cursor)


def recognised(received: Received, *, source: Source) -> Recognised | None:
    """The facts of a table that a ready mapping knows; None for every other file, whatever is wrong with it.

    Raises `Malformed` when its producer answered with an error.
    """
    try:
        found = find_table(received, mappings=ready_mappings())
    except AnsweredWithError:
        raise
    except Malformed:
        return None  # it is read as a document then, and refused in that reader's words
    if found is None:
        return None
    return Recognised(found.ready.id, found.ready.level, facts_of(found, source=source))


def parse(received: Received, *, kind: Kind, source: Source) -> Iterator[Record | Part]:
    """One record with all sheets of the table. Raises `Malformed` when too many rows are bad, or none is there."""
    terms = read_mapping(received.mapping)
    readers = {Kind.DELIMITED: _delimited, Kind.WORKBOOK: _workbook, Kind.JSON_ROWS: _json}
    tables, flags, author = readers[kind](received, terms)
    if not any(table.rows for table in tables if not table.hidden):
        raise Malformed(say("The table has no row of data."))
    yield _record(received, source, terms, tables, flags, author)


def _delimited(received: Received, terms: Terms) -> tuple[list[Table], tuple[Flag, ...], str]:
    decoded = decode(received.content, declared=terms.encoding or received.declared_charset)
    text = decoded.text.removeprefix("\ufeff")
    delimiter = terms.delimiter or ("\t" if received.name.lower().endswith((".tsv", ".tab")) else "")
    rows = delimited.read(text, delimiter=delimiter)
    name = PurePosixPath(received.name).stem
    table = tabulate(rows, name=name, mapping=terms, received_at=received.received_at, ragged=False)
    return [table], decoded.flags, ""


def _workbook(received: Received, terms: Terms) -> tuple[list[Table], tuple[Flag, ...], str]:
    book = workbook.read(received.content)
    tables = [
        tabulate(
            sheet.rows,
            name=sheet.name,
            mapping=terms if number == 0 else Terms(date_order=terms.date_order),
            received_at=received.received_at,
            ragged=True,
            hidden=sheet.hidden,
        )
        for number, sheet in enumerate(book.sheets)
    ]
    return tables, book.flags, book.properties.author


def _json(received: Received, terms: Terms) -> tuple[list[Table], tuple[Flag, ...], str]:
    decoded = decode(received.content, declared=terms.encoding or received.declared_charset)
    found = strictjson.load(decoded.text)
    header = list(dict.fromkeys(str(key) for row in found for key in row))
    if len(header) > LIMITS.columns or len(found) > LIMITS.rows:
        raise Malformed(say("The table has more rows or columns than are read."))
    rows = [Row(1, tuple(header))]
    rows += [Row(at, tuple(_cell(row.get(key)) for key in header)) for at, row in enumerate(found, start=2)]
    name = PurePosixPath(received.name).stem
    return (
        [tabulate(rows, name=name, mapping=terms, received_at=received.received_at, ragged=False)],
        decoded.flags,
        "",
    )


def _cell(value: object) -> str:
    """A JSON value as a cell: null is empty, a list or an object stays JSON."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    import json

    return json.dumps(value, ensure_ascii=False)


def _record(
    received: Received,
    source: Source,
    terms: Terms,
    tables: list[Table],
    flags: tuple[Flag, ...],
    author: str,
) -> Record:
    preface = [line for table in tables for line in table.preface]
    same_place = received.parent and received.locator
    return Record(
        source_id=source.id,
        external_id=f"{received.parent}/{received.locator}"
        if same_place
        else f"sha256:{sha256(received.content)}",
        kind=RecordKind.EVENT_TABLE,
        title=(terms.title or (preface[0] if preface else PurePosixPath(received.name).stem))[:300],
        body=_body(tables),
        received_at=received.received_at,
        language=terms.language or "und",
        reporter=author,
        licence=terms.licence or source.licence,
        level=terms.level,
        flags=(*flags, *_flags(tables)),
        tables=tuple(tables),
        native={"columns": ", ".join(f"{ours}={theirs}" for ours, theirs in terms.columns)}
        if terms.columns
        else {},
    )


def _body(tables: list[Table]) -> str:
    """The visible tables as lines of cells: to be read, searched, and suggested from."""
    lines: list[str] = []
    for table in tables:
        if not table.hidden:
            lines += [*table.preface, "\t".join(table.header)]
            lines += ["\t".join(row.cells) for row in table.rows[:_SHOWN_ROWS]]
    return "\n".join(lines)


def _flags(tables: list[Table]) -> Iterator[Flag]:
    formulas = sum(table.formulas for table in tables)
    if formulas:
        yield Flag(FlagCode.FORMULAS, str(formulas))
    problems = [problem for table in tables for problem in table.problems]
    if problems:
        lines = ", ".join(str(problem.line) for problem in problems[:10])
        yield Flag(FlagCode.ROWS_REFUSED, f"{len(problems)} ({lines})")
    notes = [note for table in tables for note in table.notes]
    counts = Counter(_NOTE_FLAGS[note.kind] for note in notes if note.kind in _NOTE_FLAGS)
    for code in sorted(counts):
        first = next(note for note in notes if _NOTE_FLAGS.get(note.kind) is code)
        yield Flag(code, f"{counts[code]} × (“{first.text[:40]}”, {first.line})")
