"""What KPI exports: CSV with semicolons or commas, or a workbook with a sheet for each repeat; names or labels on top."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from forestall.base.errors import Malformed
from forestall.base.words import say
from forestall.collecting.asking import BadRow
from forestall.collecting.cells import as_text
from forestall.collecting.fieldreports import form, sheets
from forestall.collecting.published import Form, NamedRow, Published
from forestall.collecting.received import Received

MARKS = frozenset({"_id", "_uuid", "meta/instanceID", "_submission_time", "_xform_id_string", "formhub/uuid"})
"""Fields of which a submission has at least one."""

_OF_A_REPEAT = ("_parent_index", "_submission__uuid", "_parent_table_name")


def rows(found: Published, received: Received) -> Iterator[NamedRow | BadRow]:
    """The rows of an export, each with its repeats. Our own form's labels are told for its names."""
    if found.form is Form.DELIMITED:
        every = sheets.of_text(found.content, charset=received.declared_charset)
    else:
        every = _of_workbook(found.content)
    for row in every:
        yield NamedRow(row.line, form.with_names(row.cells)) if isinstance(row, NamedRow) else row


def _of_workbook(content: bytes) -> Iterator[NamedRow | BadRow]:
    tables = {name: list(rows) for name, rows in sheets.of_workbook(content)}
    repeats = {name: rows for name, rows in tables.items() if _is_repeat(rows)}
    others = {name: rows for name, rows in tables.items() if name not in repeats}
    main = {name: rows for name, rows in others.items() if _names(rows) & MARKS} or others
    if not main:
        raise Malformed(say("The workbook has no sheet of submissions."))
    every = [row for rows in main.values() for row in rows]
    by_index = {
        as_text(row.cells.get("_index")): _key(row.cells) for row in every if isinstance(row, NamedRow)
    }
    yield from sheets.joined(every, repeats, key=_key, parent=lambda cells: _parent(cells, by_index))
    for name in others.keys() - main.keys():
        yield BadRow(name, say("%(place)s: it is no sheet of submissions.", place=name))


def _names(rows: list[NamedRow | BadRow]) -> set[str]:
    return next((set(row.cells) for row in rows if isinstance(row, NamedRow)), set())


def _is_repeat(rows: list[NamedRow | BadRow]) -> bool:
    return not _names(rows).isdisjoint(_OF_A_REPEAT)


def _key(cells: Mapping[str, Any]) -> str:
    return as_text(cells.get("_uuid")) or as_text(cells.get("_index"))


def _parent(cells: Mapping[str, Any], by_index: Mapping[str, str]) -> str:
    """The submission that a row belongs to: a repeat within a repeat numbers its parent in another sheet."""
    index = as_text(cells.get("_parent_index"))
    return as_text(cells.get("_submission__uuid")) or by_index.get(index, index)
