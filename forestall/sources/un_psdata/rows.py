"""Rows of the hub, in every form in which it gives them, with columns named alike however a form spells them.

The hub writes days as milliseconds since 1970 (before it they are negative), or as text in its files of text. In XML a
row is an element whose children are its columns.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from forestall.base.errors import Malformed
from forestall.base.words import say
from forestall.collecting.asking import BadRow
from forestall.collecting.cells import MISSING, BadCell, Cells, as_text, day_of
from forestall.collecting.dates import Precision, read_date
from forestall.collecting.formats import safexml
from forestall.collecting.limits import BULK
from forestall.collecting.published import Form, NamedRow, json_of, json_rows, rows_of, unpack
from forestall.collecting.received import Received
from forestall.facts import DatePrecision

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element  # noqa: TID251 - the type only; parsing is defusedxml's

_WORD = re.compile(r"[^a-z0-9]+")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_LISTS = ("data", "results", "records", "value")
_PRECISIONS = {Precision.MONTH: DatePrecision.MONTH, Precision.YEAR: DatePrecision.YEAR}
_YEARS = (1800, 2199)


def spelled(column: str) -> str:
    """The name of a column in small letters and underscores: `Voting - yes` is `voting_yes`."""
    return _WORD.sub("_", column.lower()).strip("_")


def plain(cells: Cells) -> Cells:
    """The same row with its columns as `spelled` names them; of two that become one, the first."""
    named: dict[str, Any] = {}
    for column, value in cells.row.cells.items():
        named.setdefault(spelled(column), value)
    return Cells(NamedRow(cells.row.line, named))


def rows(received: Received) -> list[NamedRow | BadRow]:
    """Every row of an answer. Raises `Malformed`, in the hub's own words where it says why."""
    found = unpack(received)
    if found.form is Form.JSON:
        return list(_of_json(json_of(found)))
    if found.form is Form.XML:
        return list(_of_xml(safexml.parse(found.content, limits=BULK).root))
    return list(rows_of(received))


def _of_json(value: Any) -> Iterator[NamedRow | BadRow]:
    if isinstance(value, dict):
        if "Dataset ID" in value:
            return json_rows([value])
        at = next((name for name in _LISTS if isinstance(value.get(name), list)), "")
        if not at:
            raise _refused(value)
        return json_rows(value, at=at)
    return json_rows(value)


def _refused(value: Mapping[str, Any]) -> Malformed:
    said = next((value[name] for name in ("error", "message", "detail", "title") if value.get(name)), "")
    if isinstance(said, dict):
        said = said.get("message") or said
    if said:
        return Malformed(say("The hub refuses. It says: “%(said)s”", said=as_text(said)[:500]))
    return Malformed(
        say("A list of rows was expected; the answer has only %(names)s.", names=", ".join(value)[:200])
    )


def _of_xml(root: Element) -> Iterator[NamedRow | BadRow]:
    for number, element in enumerate(root, start=1):
        cells = {str(child.tag).rpartition("}")[2]: child.text or "" for child in element if not len(child)}
        if cells:
            yield NamedRow(number, cells)
        else:
            yield BadRow(f"row {number}", say("It is no row with named fields."), element.text or "")


def day(cells: Cells, *names: str) -> tuple[date | None, DatePrecision]:
    """The day in the first of these columns that the row has, and how exact it is; what is no day is none."""
    value = cells.value(*names)
    text = as_text(value)
    if text.lower() in MISSING:
        return None, DatePrecision.UNKNOWN
    if isinstance(value, str) and (found := day_of(text)):
        return found, DatePrecision.DAY
    if _NUMBER.fullmatch(text):
        return _of_number(cells, float(text), names)
    moment = read_date(text)
    if moment is None or moment.precision not in _PRECISIONS:
        return None, DatePrecision.UNKNOWN
    return moment.earliest.date(), _PRECISIONS[moment.precision]


def _of_number(cells: Cells, value: float, names: tuple[str, ...]) -> tuple[date | None, DatePrecision]:
    """A year, or milliseconds."""
    if value.is_integer() and _YEARS[0] <= value <= _YEARS[1]:
        return date(int(value), 1, 1), DatePrecision.YEAR
    try:
        return cells.day_of_milliseconds(*names), DatePrecision.DAY
    except BadCell:
        return None, DatePrecision.UNKNOWN
