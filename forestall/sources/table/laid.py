"""Where in a file the table lies that a mapping knows: which sheet, which line is its header, which rows are its data."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from forestall.base.errors import Malformed
from forestall.base.words import say
from forestall.collecting.asking import BadRow, Envelope
from forestall.collecting.limits import BULK
from forestall.collecting.published import (
    Form,
    Laid,
    NamedRow,
    Published,
    json_of,
    json_rows,
    laid_out,
    named_by,
    unpack,
)
from forestall.collecting.received import Received
from forestall.collecting.tables import Row

from .mapping import Ready

_WITHIN = 25  # rows: titles, notes and codes stand above a header
_UNITS = re.compile(r"\(.*\)")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d)")
_WIDE = replace(BULK, columns=6_000)  # V-Dem has more than four thousand


class AnsweredWithError(Malformed):
    """A producer's own refusal, where rows were expected."""


@dataclass(frozen=True)
class Found:
    """A table that a mapping knows: its columns, its rows (asked for again, they come again), what it says of itself.

    `columns` are as they are spelled; `a.b` is the field `b` of the object in `a`. `edition` is the year in its title,
    `others` are sheets that were left.
    """

    ready: Ready
    columns: tuple[str, ...]
    rows: tuple[NamedRow | BadRow, ...]
    edition: str = ""
    others: tuple[str, ...] = ()
    envelope: Envelope | None = None


def find_table(received: Received, *, mappings: Sequence[Ready]) -> Found | None:
    """The first table in `received` that one of `mappings` knows, or None. Raises `Malformed` for what is no table."""
    found = unpack(received)
    if found.form is Form.JSON:
        return _in_json(json_of(found), mappings)
    if found.form is Form.XML:
        return None
    return _in_sheets(found, received, mappings)


def _in_sheets(found: Published, received: Received, mappings: Sequence[Ready]) -> Found | None:
    laid = laid_out(found, charset=received.declared_charset, limits=_WIDE)
    for one in laid:
        for at, header in enumerate(one.rows[:_WITHIN]):
            ready = _known(_cells(header), mappings)
            if ready is not None:
                others = tuple(other.name for other in laid if other is not one)
                return _below(one, at, ready, others, received.name)
    return None


def _below(laid: Laid, at: int, ready: Ready, others: tuple[str, ...], file: str) -> Found:
    """The rows below a header. A line of units under it, all in brackets, is part of it."""
    header, rows = laid.rows[at], list(laid.rows[at + 1 :])
    while rows and all(_UNITS.fullmatch(cell) for cell in _cells(rows[0])):
        del rows[0]
    above = [" ".join(_cells(row)) for row in laid.rows[:at]]
    named = tuple(named_by(header, rows, ragged=laid.ragged))
    columns = next((tuple(row.cells) for row in named if isinstance(row, NamedRow)), tuple(_cells(header)))
    return Found(ready, columns, named, _edition([laid.name, *above, file]), others)


def _cells(row: Row) -> list[str]:
    return [cell.strip() for cell in row.cells if cell.strip()]


def _edition(texts: Sequence[str]) -> str:
    years = (_YEAR.search(text) for text in texts)
    return next((year[1] for year in years if year), "")


def _known(columns: Sequence[str], mappings: Sequence[Ready]) -> Ready | None:
    return next((one for one in mappings if one.knows(columns)), None)


def _in_json(value: Any, mappings: Sequence[Ready]) -> Found | None:
    """A list of rows; one under a name; or, as the World Bank gives it, what is said of the page and then the rows."""
    _refuse_message(value)
    about: Mapping[str, Any] = {}
    if (
        isinstance(value, list)
        and len(value) == 2
        and isinstance(value[0], dict)
        and isinstance(value[1], list)
    ):
        about, value = value
    elif isinstance(value, dict):
        value = next((rows for rows in value.values() if isinstance(rows, list) and rows), None)
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value[:_WITHIN]):
        return None
    columns = tuple(dict.fromkeys(name for row in value for name in _flat(row)))
    ready = _known(columns, mappings)
    if ready is None:
        return None
    return Found(ready, columns, tuple(json_rows(value)), envelope=_envelope(about) if about else None)


def _flat(row: Any) -> Iterator[str]:
    for name, value in row.items() if isinstance(row, dict) else ():
        yield from (f"{name}.{inner}" for inner in value) if isinstance(value, dict) else (name,)


def _refuse_message(value: Any) -> None:
    """The World Bank answers what it refuses with a list that holds nothing but messages."""
    messages = (
        value[0].get("message")
        if isinstance(value, list) and len(value) == 1 and isinstance(value[0], dict)
        else None
    )
    if isinstance(messages, list) and messages and all(isinstance(one, dict) for one in messages):
        said = "; ".join(str(one.get("value") or one.get("key")) for one in messages)
        raise AnsweredWithError(say("The World Bank refused. It says: “%(said)s”.", said=said[:200]))


def _envelope(about: Mapping[str, Any]) -> Envelope:
    page, pages, total = (_whole(about.get(name)) for name in ("page", "pages", "total"))
    following = str(page + 1) if page is not None and pages is not None and page < pages else ""
    return Envelope(total=total, more=following, high=str(about.get("lastupdated") or ""))


def _whole(value: object) -> int | None:
    return int(str(value)) if str(value).isdecimal() else None
