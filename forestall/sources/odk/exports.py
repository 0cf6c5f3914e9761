"""What Central answers and exports, by its content: OData, an XForm, one CSV, or a ZIP of a main CSV and its repeats."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from forestall.base.errors import Malformed
from forestall.base.words import say
from forestall.collecting.asking import BadRow
from forestall.collecting.cells import as_text
from forestall.collecting.fieldreports import form, sheets
from forestall.collecting.formats import package
from forestall.collecting.kinds import Kind
from forestall.collecting.limits import BULK
from forestall.collecting.published import Form, NamedRow, json_of, unpack
from forestall.collecting.received import Received

from .rows import ENCRYPTED


@dataclass(frozen=True)
class Answer:
    """A value of JSON."""

    value: Any


@dataclass(frozen=True)
class Document:
    """A document of XML."""

    content: bytes


def opened(received: Received) -> Answer | Document | Iterator[NamedRow | BadRow]:
    """What came, or the rows of it where it is an export. Raises `Malformed`."""
    if received.content.startswith(b"PK\x03\x04") and package.package_kind(received.content) is Kind.ARCHIVE:
        return _of_archive(received.content)
    found = unpack(received)
    if found.form is Form.JSON:
        return Answer(json_of(found))
    if found.form is Form.XML:
        if b"encrypted=" in found.content[:2000]:
            raise Malformed(ENCRYPTED)
        return Document(found.content)
    if found.form is Form.WORKBOOK:
        tables = dict(sheets.of_workbook(found.content))
    else:
        tables = {found.name: sheets.of_text(found.content, charset=received.declared_charset)}
    return _joined({name: list(rows) for name, rows in tables.items()})


def _of_archive(content: bytes) -> Iterator[NamedRow | BadRow]:
    files = dict(package.members(content, limits=BULK))
    if any(name.lower().endswith(".enc") for name in files):
        raise Malformed(ENCRYPTED)
    tables = {
        PurePosixPath(name).stem: list(sheets.of_text(file))
        for name, file in files.items()
        if name.lower().endswith(".csv") and not name.startswith("media/")
    }
    if not tables:
        raise Malformed(say("The archive holds no table of submissions (CSV)."))
    yield from _joined(tables)


def _joined(tables: Mapping[str, list[NamedRow | BadRow]]) -> Iterator[NamedRow | BadRow]:
    """The main table with its repeats, known by the column that names the row each belongs to."""
    repeats = {name: rows for name, rows in tables.items() if _has(rows, "PARENT_KEY")}
    main = [name for name in tables if name not in repeats]
    if len(main) != 1:
        raise Malformed(
            say("One table of submissions was expected; there are %(count)s: %(names)s.", count=len(main), names=", ".join(main[:5]))
        )  # fmt: skip
    short = {name.removeprefix(f"{main[0]}-"): rows for name, rows in repeats.items()}
    for row in sheets.joined(tables[main[0]], short, key=_key, parent=_parent):
        yield NamedRow(row.line, form.with_names(_by_path(row.cells))) if isinstance(row, NamedRow) else row


def _by_path(cells: Mapping[str, Any]) -> dict[str, Any]:
    """Columns of groups (`incident-type`) under the paths that OData has for them."""
    return {name.replace("-", "/"): value for name, value in cells.items()}


def _has(rows: list[NamedRow | BadRow], column: str) -> bool:
    return any(isinstance(row, NamedRow) and column in row.cells for row in rows)


def _key(cells: Mapping[str, Any]) -> str:
    return as_text(cells.get("KEY") or cells.get("meta-instanceID") or cells.get("instanceID"))


def _parent(cells: Mapping[str, Any]) -> str:
    """The submission, out of the path of the row: `uuid:…/children[2]`."""
    return as_text(cells.get("PARENT_KEY")).split("/")[0]
