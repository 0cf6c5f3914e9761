"""IDMC's updates on internal displacement: how many people had to move where, day by day, as first reported.

Every form that the centre and HDX publish is read: JSON, GeoJSON, workbook, CSV. All figures are provisional, and several
may count the people of one event.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from forestall.base.canonical import canonical_json, sha256
from forestall.base.errors import Malformed
from forestall.base.words import say
from forestall.collecting.asking import BadRow, Cursor, Envelope, Page, Request
from forestall.collecting.cells import Cells, each
from forestall.collecting.contract import Found, Source
from forestall.collecting.kinds import Kind
from forestall.collecting.published import (
    Form,
    NamedRow,
    json_of,
    json_rows,
    refused_in_words,
    rows_of,
    unpack,
)
from forestall.collecting.received import Received

from .displacements import displacement, event_named

Rows = Iterator[NamedRow | BadRow]


def plan(cursor: Mapping[str, Any], *, source: Source, today: date) -> Iterable[Request]:
    """Everything, once a day: an update is changed and removed without notice, so that no part of it can be skipped."""
    if cursor.get("all", {}).get("asked") == today.isoformat():
        return []
    url = f"{source.settings['api']}?client_id={{client_id}}"
    return [Request("all", url, name="idmc-idu.json")]


def advance(cursor: Mapping[str, Any], *, page: Page) -> Cursor:
    """The day of the last answer, and the newest update in the last that was whole."""
    state = dict(cursor.get("all", {}))
    state["asked"] = page.at.date().isoformat() if page.at else ""
    if page.status == 200 and page.envelope.high:
        state["high"] = page.envelope.high
    return {**cursor, "all": state}


def parse(received: Received, *, kind: Kind, source: Source) -> Iterator[Found]:
    """One event per figure of the centre's. Raises `Malformed`."""
    found = unpack(received)
    rows = list(_listed(json_of(found)) if found.form is Form.JSON else rows_of(received))
    named = [row for row in rows if isinstance(row, NamedRow)]
    if named:
        _check(named[0])
    figures = Counter(event_named(Cells(row).loosely()) for row in named)
    identity = _identities()
    high = ""
    for one in each(rows, lambda cells: displacement(cells.loosely(), source, identity, figures)):
        high = max(high, getattr(one, "rank", ""))
        yield one
    yield Envelope(total=len(rows), high=high)


def _check(row: NamedRow) -> None:
    cells = Cells(row).loosely()
    lacking = [name for name in ("displacement_type", "figure") if not cells.has(name)]
    if lacking:
        raise Malformed(say("Columns are not there: %(names)s.", names=", ".join(lacking)))


def _listed(value: Any) -> Rows:
    """Rows of a list, or the properties of a map's features with their point beside them."""
    if not isinstance(value, dict):
        return json_rows(value)
    if value.get("type") == "FeatureCollection":
        return map(_feature, json_rows(value, at="features"))
    for name in ("results", "data"):
        if isinstance(value.get(name), list):
            return json_rows(value, at=name)
    raise refused_in_words(value, wanted="data")


def _feature(row: NamedRow | BadRow) -> NamedRow | BadRow:
    """A feature's properties as a row, with its point where they do not give one."""
    if isinstance(row, BadRow) or not isinstance(row.cells.get("properties"), dict):
        return row
    around = {name: value for name, value in row.cells.items() if name not in ("type", "properties")}
    point = around.get("geometry")
    place = point.get("coordinates") if isinstance(point, dict) and point.get("type") == "Point" else None
    here = (
        {"longitude": place[0], "latitude": place[1]} if isinstance(place, list) and len(place) >= 2 else {}
    )
    return NamedRow(row.line, {**here, **around, **row.cells["properties"]})


def _identities() -> Callable[[Cells], str]:
    """The centre's number. A copy without it is known by its content, and by how often that came before."""
    keyless: Counter[str] = Counter()

    def identity(cells: Cells) -> str:
        if cells.code("id"):
            return cells.code("id").removesuffix(".0")
        content = sha256(canonical_json(cells.row.cells))[:32]
        keyless[content] += 1
        return f"{content}-{keyless[content]}"

    return identity
