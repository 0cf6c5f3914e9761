"""Exports of submissions as tables: one row each, and tables of repeats beside them whose rows belong to one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from forestall.base.words import say

from ..asking import BadRow
from ..encodings import decode
from ..formats import delimited, workbook
from ..limits import BULK
from ..published import NamedRow, named

Rows = Iterable[NamedRow | BadRow]


def of_text(content: bytes, *, charset: str = "") -> Iterator[NamedRow | BadRow]:
    """The rows of delimited text, whichever its delimiter."""
    text = decode(content, declared=charset or "utf-8").text.removeprefix("\ufeff")
    yield from named(delimited.read(text, limits=BULK), ragged=False, numbered=True)


def of_workbook(content: bytes) -> Iterator[tuple[str, Rows]]:
    """Each sheet that is shown and has rows, by its name."""
    for sheet in workbook.read(content, limits=BULK).sheets:
        if sheet.rows and not sheet.hidden:
            yield sheet.name, named(iter(sheet.rows), ragged=True, numbered=True)


def joined(
    main: Rows,
    repeats: Mapping[str, Rows],
    *,
    key: Callable[[Mapping[str, Any]], str],
    parent: Callable[[Mapping[str, Any]], str],
) -> Iterator[NamedRow | BadRow]:
    """The main rows, each with the rows of its repeats as lists under their tables' names.

    `key` names a main row, `parent` the main row that a repeat's row belongs to; one that belongs to none is set aside.
    """
    belonging: dict[str, dict[str, list[Any]]] = {}
    places: list[tuple[str, str, str]] = []
    for table, rows in repeats.items():
        for row in rows:
            if isinstance(row, BadRow):
                yield row
                continue
            belonging.setdefault(parent(row.cells), {}).setdefault(table, []).append(row.cells)
            places.append((parent(row.cells), table, row.place))
    known: set[str] = set()
    for row in main:
        if isinstance(row, NamedRow):
            known.add(key(row.cells))
            row = NamedRow(row.line, {**row.cells, **belonging.get(key(row.cells), {})})
        yield row
    for owner, table, place in places:
        if owner not in known:
            where = f"{table}, {place}"
            yield BadRow(where, say("%(place)s: it belongs to no submission of this export.", place=where))
