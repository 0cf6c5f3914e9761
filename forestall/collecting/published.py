"""The forms in which producers publish rows: delimited text, workbook, JSON, each alone or packed; with or without HXL.

`rows_of` gives every row as its columns by name, whatever the form, with the place where it stood. A page of the web
where data was expected is refused with the page's own words.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import PurePosixPath
from typing import Any

from forestall.base.errors import Malformed
from forestall.base.words import say

from .asking import BadRow
from .encodings import decode
from .formats import delimited, package, strictjson, workbook
from .hostile import Hostile
from .kinds import Kind
from .limits import BULK, LIMITS, Limits, megabytes
from .received import Received
from .tables import Row

_TAG = re.compile(r"#[a-z][a-z0-9_]*(?:\s*\+[a-z][a-z0-9_]*)*", re.IGNORECASE)
_HXL_WITHIN = 25
_DATA = (".csv", ".tsv", ".tab", ".txt", ".json", ".xlsx", ".xml")
_SAYING = ("message", "messages", "error_description", "detail", "error", "errors", "title", "reason")
_SAID = 200  # characters of a page that came instead of data


class Form(StrEnum):
    """How rows are published."""

    DELIMITED = "delimited"
    WORKBOOK = "workbook"
    JSON = "json"
    XML = "xml"


@dataclass(frozen=True)
class Published:
    """An answer unpacked: its form, the bytes of the one file that matters, and that file's name."""

    form: Form
    content: bytes
    name: str


@dataclass(frozen=True)
class NamedRow:
    """One row. `line` counts from 1: the line of the file, the row of the sheet, the number in the list.

    `sheet` is named where an answer has several.
    """

    line: int
    cells: dict[str, Any]
    sheet: str = ""

    @property
    def place(self) -> str:
        """Where it stood, as a person would look it up."""
        return f"{self.sheet}, row {self.line}" if self.sheet else f"row {self.line}"


def unpack(received: Received, *, limits: Limits = BULK) -> Published:
    """What an answer holds, out of its ZIP or gzip. Raises `Malformed` for a page, an empty answer, or several files."""
    content, name = received.content, received.name
    if not content.strip():
        raise Malformed(say("The answer is empty."))
    if content.startswith(b"\x1f\x8b"):
        content, name = _inflated(content, limits), name.removesuffix(".gz")
    if content.startswith(b"PK\x03\x04") and package.package_kind(content) is not Kind.WORKBOOK:
        name, content = _member(content, limits)
    if content.startswith(b"PK\x03\x04"):
        return Published(Form.WORKBOOK, content, name)
    beginning = content[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()
    if re.match(rb"<!doctype\s+html|<html|<head|<body", beginning, re.IGNORECASE):
        raise page_refused(content)
    if beginning.startswith(b"<"):
        return Published(Form.XML, content, name)
    if beginning.startswith((b"{", b"[")):
        return Published(Form.JSON, content, name)
    return Published(Form.DELIMITED, content, name)


def page_refused(content: bytes) -> Malformed:
    """Why a page of the web is no data, in the page's own words."""
    from .formats import webpage

    said = " ".join(webpage.read(content[:200_000].decode("utf-8", "replace")).text.split())[:_SAID]
    return Malformed(say("A page of the web came instead of data. It says: “%(said)s”.", said=said))


def _inflated(content: bytes, limits: Limits) -> bytes:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as file:
            found = file.read(limits.inflated + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise Malformed(say("The answer is packed, and cut short or damaged.")) from error
    if len(found) > limits.inflated:
        raise Hostile(say("What lies within unpacks to more than %(limit)s MB.", limit=megabytes(limits.inflated)))
    return found


def _member(content: bytes, limits: Limits) -> tuple[str, bytes]:
    """The one file of data in an archive; a codebook beside it (PDF, Word) is left."""
    with package.open_package(content) as archive:
        package.guard(archive, members=limits.members, limits=limits)
        files = [info for info in archive.infolist() if not info.is_dir()]
        data = [info for info in files if info.filename.lower().endswith(_DATA)] or files
        if len(data) != 1:
            raise Malformed(
                say("The archive holds %(count)s files of data, and one was expected: %(names)s.", count=len(data),
                    names=", ".join(info.filename[:60] for info in data[:5]))
            )  # fmt: skip
        return PurePosixPath(data[0].filename).name, package.read_member(archive, data[0], limits=limits)


def rows_of(
    received: Received, *, at: str = "", sheet: str = "", limits: Limits = BULK
) -> Iterator[NamedRow | BadRow]:
    """Every row by the names of its columns, in order; a row with too many or too few cells is a bad one.

    `at` is where in a JSON object the list lies (`data.rows`), `sheet` which sheet of a workbook (the first that is
    shown). Cells of text forms are text as it stands; of JSON, its values. Raises `Malformed` when there is no table.
    """
    found = unpack(received, limits=limits)
    if found.form is Form.JSON:
        yield from json_rows(json_of(found, limits=limits), at=at)
    elif found.form is Form.WORKBOOK:
        yield from named(_sheet(found.content, sheet, limits), ragged=True)
    elif found.form is Form.DELIMITED:
        yield from named(_lines(found, received.declared_charset, limits), ragged=False)
    else:
        raise Malformed(say("Rows were expected; what came is XML."))


def sheets_of(found: Published, *, limits: Limits = BULK) -> Iterator[tuple[str, Iterator[NamedRow | BadRow]]]:
    """Every sheet of a workbook that is shown and holds anything: its name and its rows. Raises `Malformed`."""
    for sheet in workbook.read(found.content, limits=limits, computed=True).sheets:
        if sheet.rows and not sheet.hidden:
            yield sheet.name, _of_sheet(sheet.name, sheet.rows)


def _of_sheet(name: str, rows: tuple[Row, ...]) -> Iterator[NamedRow | BadRow]:
    for row in named(iter(rows), ragged=True):
        yield replace(row, sheet=name) if isinstance(row, NamedRow) else replace(row, place=f"{name}, {row.place}")


def refused_in_words(value: Any, *, wanted: str) -> Malformed:
    """Why a JSON answer without the rows that were `wanted` cannot be read, with what its producer says in it."""
    said = " ".join(_said_in(value).split())[:_SAID]
    if said:
        return Malformed(say("The answer holds no rows. It says: “%(said)s”.", said=said))
    return Malformed(say("The answer has no “%(key)s”, where its rows were expected.", key=wanted))


def _said_in(value: Any) -> str:
    """The first sentence under a name that producers give to what went wrong."""
    if isinstance(value, list):
        return next((said for said in map(_said_in, value[:5]) if said), "")
    if not isinstance(value, dict):
        return value if isinstance(value, str) else ""
    return next((said for name in _SAYING if (said := _said_in(value.get(name)))), "")


def json_of(found: Published, *, limits: Limits = BULK) -> Any:
    """The value of a JSON answer. Raises `Malformed`; `Hostile` on towers."""
    return strictjson.load(decode(found.content, declared="utf-8").text.lstrip("\ufeff"), limits=limits)


def json_rows(value: Any, *, at: str = "") -> Iterator[NamedRow | BadRow]:
    """The rows of a list in a JSON value, reached by the keys in `at`. Raises `Malformed` when there is no list."""
    for key in at.split(".") if at else ():
        if not isinstance(value, dict) or key not in value:
            raise Malformed(say("The answer has no “%(key)s”, where its rows were expected.", key=at))
        value = value[key]
    if not isinstance(value, list):
        raise Malformed(say("A list of rows was expected; what came is %(found)s.", found=type(value).__name__))
    for number, row in enumerate(value, start=1):
        if isinstance(row, dict):
            yield NamedRow(number, row)
        else:
            yield BadRow(f"row {number}", say("It is no row with named fields."), str(row)[:1000])


def _lines(found: Published, charset: str, limits: Limits) -> Iterator[Row]:
    text = decode(found.content, declared=charset or "utf-8").text.removeprefix("\ufeff")
    delimiter = "\t" if found.name.lower().endswith((".tsv", ".tab")) else ""
    return delimited.read(text, delimiter=delimiter, limits=limits)


def _sheet(content: bytes, name: str, limits: Limits) -> Iterator[Row]:
    shown = [sheet for sheet in workbook.read(content, limits=limits, computed=True).sheets if not sheet.hidden]
    chosen = [sheet for sheet in shown if sheet.name == name] if name else [s for s in shown if s.rows][:1]
    if not chosen:
        raise Malformed(say("The workbook has no sheet %(name)s.", name=name or "1"))
    return iter(chosen[0].rows)


def named(rows: Iterator[Row], *, ragged: bool, numbered: bool = False) -> Iterator[NamedRow | BadRow]:
    """Rows under the names of the header: the first row, or the one above a row of HXL tags.

    `ragged`: short rows are filled up. `numbered`: a name that the header repeats gets a number, and is not refused.
    """
    waiting: list[Row] = []
    header: Row | None = None
    for row in rows:
        if header is None and len(waiting) < _HXL_WITHIN and _is_tags(row):
            header = waiting[-1] if waiting else Row(row.line, row.cells)
            waiting = []
            continue
        waiting.append(row)
        if header is None and len(waiting) >= _HXL_WITHIN:
            break
    if header is None:
        if not waiting:
            raise Malformed(say("The table has no row of data."))
        header, *waiting = waiting
    names = _names(header, numbered=numbered)
    for row in [*waiting, *rows]:
        yield _under(names, row, ragged=ragged)


@dataclass(frozen=True)
class Laid:
    """A table as it is laid out: rows of cells, nothing said yet of which is the header. `ragged`: short rows are usual."""

    name: str
    rows: tuple[Row, ...]
    ragged: bool


def laid_out(found: Published, *, charset: str = "", limits: Limits = BULK) -> list[Laid]:
    """The tables that are shown in a text or a workbook, formulas as the values saved with them. Raises `Malformed`."""
    if found.form is Form.WORKBOOK:
        book = workbook.read(found.content, limits=limits, computed=True)
        return [Laid(sheet.name, sheet.rows, ragged=True) for sheet in book.sheets if not sheet.hidden]
    return [Laid(PurePosixPath(found.name).stem, tuple(_lines(found, charset, limits)), ragged=False)]


def named_by(header: Row, rows: Iterable[Row], *, ragged: bool) -> Iterator[NamedRow | BadRow]:
    """Rows under the names in `header`; a row of HXL tags among them is none. Raises `Malformed` for a name given twice."""
    names = _names(header, numbered=False)
    return (_under(names, row, ragged=ragged) for row in rows if not _is_tags(row))


def _is_tags(row: Row) -> bool:
    """Whether every cell is a tag, or most are and the rest only lack their sign (`geo+lat`)."""
    cells = [cell.strip() for cell in row.cells if cell.strip()]
    tags = sum(bool(_TAG.fullmatch(cell)) for cell in cells)
    return tags * 2 > len(cells) and all(_TAG.fullmatch("#" + cell.removeprefix("#")) for cell in cells)


def _names(header: Row, *, numbered: bool) -> list[str]:
    names = [cell.strip() for cell in header.cells]
    while names and not names[-1]:
        names.pop()
    if numbered:
        before = [names[:place].count(name) for place, name in enumerate(names)]
        names = [f"{name} ({count + 1})" if name and count else name for name, count in zip(names, before, strict=True)]
    repeated = {name for name in names if name and names.count(name) > 1}
    if repeated:
        raise Malformed(say("The header names a column twice: %(names)s.", names=", ".join(sorted(repeated))))
    return [name or f"column {number}" for number, name in enumerate(names, start=1)]


def _under(names: list[str], row: Row, *, ragged: bool) -> NamedRow | BadRow:
    cells = list(row.cells)
    extra = any(cell.strip() for cell in cells[len(names) :])
    if extra or (len(cells) < len(names) and not ragged):
        reason = say(
            "Line %(line)s has %(count)s cells; the header has %(width)s.",
            line=row.line, count=len(cells), width=len(names),
        )  # fmt: skip
        return BadRow(f"row {row.line}", reason, _as_csv(cells))
    cells += [""] * (len(names) - len(cells))
    return NamedRow(row.line, dict(zip(names, cells, strict=False)))


def _as_csv(cells: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue().rstrip("\r\n")[: LIMITS.cell]


