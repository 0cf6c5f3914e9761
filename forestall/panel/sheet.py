"""A table as bytes, plain or packed, read row by row; what is no table is refused with a sentence."""

from __future__ import annotations

import csv
import gzip
import io
import math
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO, cast

from forestall.base.errors import Malformed
from forestall.base.words import say

LARGEST = 2 * 1024**3
"""Bytes a file may unpack to: the largest UCDP file has about a sixth of that."""
SHOWN = 40
"""Characters of a wrong text that a sentence repeats."""

csv.field_size_limit(4 * 1024**2)  # a UCDP event lists its sources in one field


@dataclass(frozen=True)
class Cells:
    """One line of a sheet: its number in the file (the header is line 1) and its texts by column."""

    line: int
    texts: dict[str, str]


@dataclass(frozen=True)
class Sheet:
    """The header of a table and its lines, read once, in order. `name` is what sentences call it."""

    name: str
    columns: tuple[str, ...]
    lines: Iterable[Cells]

    def require(self, wanted: Iterable[str]) -> None:
        """Raise `Malformed` naming the columns that are missing."""
        missing = [column for column in wanted if column not in self.columns]
        if missing:
            raise Malformed(
                say(
                    "%(name)s lacks the columns %(missing)s. It has: %(found)s.",
                    name=self.name, missing=", ".join(missing), found=", ".join(self.columns[:12])[:300],
                )
            )  # fmt: skip


def read_sheet(data: bytes, *, name: str) -> Sheet:
    """The table in `data`: CSV in UTF-8, plain, gzipped, or the one CSV in a ZIP file. Raises `Malformed`."""
    stream = io.TextIOWrapper(_unpacked(data, name=name), encoding="utf-8-sig", newline="")
    reader = csv.reader(_guarded(stream, name=name))
    header = next(reader, [])
    if _is_markup(header):
        raise Malformed(
            say("%(name)s is a web page, not a table: the address answered with HTML.", name=name)
        )
    if len(header) < 2:
        raise Malformed(say("%(name)s has no header with column names.", name=name))
    columns = tuple(column.strip() for column in header)
    return Sheet(name=name, columns=columns, lines=_lines(reader, columns=columns, name=name))


def count_of(cells: Cells, column: str, *, name: str) -> float:
    """A count of deaths in `column`: a whole number, zero or more. Raises `Malformed` with line and text."""
    text = cells.texts[column].strip()
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or value < 0 or value != int(value):
        raise Malformed(
            say(
                "%(name)s, line %(line)d: %(column)s should be a whole number of deaths, and is '%(text)s'.",
                name=name, line=cells.line, column=column, text=text[:SHOWN],
            )
        )  # fmt: skip
    return value


def whole(cells: Cells, column: str, *, name: str, low: int, high: int) -> int:
    """A whole number between `low` and `high` in `column`. Raises `Malformed` with line and text."""
    text = cells.texts[column].strip()
    if not text.isascii() or not text.isdecimal() or not low <= int(text) <= high:
        raise Malformed(
            say(
                "%(name)s, line %(line)d: %(column)s should be a number from %(low)d to %(high)d, "
                "and is '%(text)s'.",
                name=name, line=cells.line, column=column, low=low, high=high, text=text[:SHOWN],
            )
        )  # fmt: skip
    return int(text)


def _unpacked(data: bytes, *, name: str) -> IO[bytes]:
    if data[:2] == b"\x1f\x8b":
        return cast(IO[bytes], gzip.GzipFile(fileobj=io.BytesIO(data)))
    if data[:4] == b"PK\x03\x04":
        return _from_zip(data, name=name)
    return io.BytesIO(data)


def _from_zip(data: bytes, *, name: str) -> IO[bytes]:
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except zipfile.BadZipFile as error:
        raise Malformed(say("%(name)s is a ZIP file that cannot be opened.", name=name)) from error
    tables = [info for info in archive.infolist() if info.filename.lower().endswith(".csv")]
    if len(tables) != 1:
        raise Malformed(
            say("%(name)s should hold one CSV file, and holds %(found)d.", name=name, found=len(tables))
        )
    if tables[0].file_size > LARGEST:
        raise Malformed(say("%(name)s unpacks to more than any file of this source.", name=name))
    return archive.open(tables[0])


def _guarded(stream: io.TextIOWrapper, *, name: str) -> Iterator[str]:
    read = 0
    try:
        for line in stream:
            read += len(line)
            if read > LARGEST:
                raise Malformed(say("%(name)s unpacks to more than any file of this source.", name=name))
            yield line
    except (UnicodeDecodeError, EOFError, OSError, zlib.error, zipfile.BadZipFile) as error:
        raise Malformed(
            say("%(name)s is damaged or cut short: %(error)s", name=name, error=str(error))
        ) from error


def _is_markup(header: list[str]) -> bool:
    start = "".join(header).lstrip().lower()
    return start.startswith(("<!doctype", "<html", "<?xml", "<head", "<body"))


def _lines(reader: Iterator[list[str]], *, columns: tuple[str, ...], name: str) -> Iterator[Cells]:
    number = 1
    try:
        for number, texts in enumerate(reader, start=2):
            if not texts:
                continue
            if len(texts) != len(columns):
                raise Malformed(
                    say(
                        "%(name)s, line %(line)d: %(found)d fields where the header has %(expected)d.",
                        name=name, line=number, found=len(texts), expected=len(columns),
                    )
                )  # fmt: skip
            yield Cells(line=number, texts=dict(zip(columns, texts, strict=True)))
    except csv.Error as error:
        raise Malformed(
            say("%(name)s, line %(line)d: not CSV: %(error)s", name=name, line=number + 1, error=str(error))
        ) from error
