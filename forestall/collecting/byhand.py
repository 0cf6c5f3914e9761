"""Reading one recorded answer by hand: what a source would bring of it, told and not stored.

What is told is plain JSON: how many `records`, what was `quarantined` and why, which `fields_ignored` are given and not
kept, how many were `withdrawn`, what the answer gives `notice` of, the `first` record as it would be kept, and its
`quality` (see there). Of a table that no mapping names, every row is one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import date, datetime
from enum import Enum
from typing import Any

from forestall.base.words import Words, say

from .childprocess import AnswerReader, Reader
from .contract import Source
from .intake import read as read_file
from .quality import quality
from .received import Received
from .record import Record
from .responses import Batch, Response
from .tables import Table

SHOWN = 100
"""Rows set aside that are told one by one; the rest are counted."""

KEPT_APART = say("kept apart")
"""What is told in the place of who reported something."""


def told(
    received: Received, *, source: Source, sources: Mapping[str, Source], reader: AnswerReader, files: Reader
) -> dict[str, Any]:
    """What `source` finds in `received`. Never raises for what is in it."""
    if source.reads:
        known = reader.recognise(received, source=source)
        if known.mapping or known.refusal is not None:
            return of_response(known, source=source, received=received)
        return _of_file(received, source=source, sources=sources, files=files)
    return of_response(reader.read(received, source=source), source=source, received=received)


def of_response(response: Response, *, received: Received, source: Source | None = None) -> dict[str, Any]:
    """What a response held, as plain JSON; how good it is where its `source` is named."""
    if response.refusal is not None:
        return nothing(received.name, response.refusal.text(), mapping=response.mapping)
    aside = [{"where": bad.place, "reason": bad.reason.text(), "content": bad.content[:1000]} for bad in response.bad]
    return {
        "records": response.count,
        "quarantined": aside[:SHOWN],
        "quarantined_count": len(aside),
        "fields_ignored": list(response.ignored),
        "first": _first(response),
        "kinds": _kinds(response),
        "withdrawn": len(response.withdrawn),
        "total": response.envelope.total,
        "more": response.envelope.more,
        "mapping": response.mapping,
        "notice": response.envelope.notice.text() if response.envelope.notice else "",
        "quality": quality(response, source=source, at=received.received_at) if source else {},
    }


def _of_file(
    received: Received, *, source: Source, sources: Mapping[str, Source], files: Reader
) -> dict[str, Any]:
    reading = read_file(received, sources=sources, child=files)
    aside = [
        {"where": one.locator or one.name, "reason": one.reason.text(), "content": ""} for one in reading.quarantined
    ]
    outer = reading.records[0].source_id if reading.records else source.id
    if outer != source.id:
        reason = say("%(name)s reads this, not %(asked)s.", name=outer, asked=source.id)
        return nothing(received.name, reason.text())
    tables = [table for one in reading.records[:1] for table in one.tables if not table.hidden]
    if tables:
        return _of_tables(tables, aside)
    kinds: dict[str, int] = {}
    for one in reading.records:
        kinds[one.kind.value] = kinds.get(one.kind.value, 0) + 1
    first = plain(reading.records[0]) if reading.records else {}
    told = _as_read(len(reading.records), aside, first=first, kinds=kinds)
    return {**told, "quality": quality(Response(records=reading.records), source=source, at=received.received_at)}


def _of_tables(tables: list[Table], aside: list[dict[str, str]]) -> dict[str, Any]:
    """A table row by row: those that can be read, and those that were refused, by the place where they stand."""
    for table in tables:
        where = f"{table.name}, row " if len(tables) > 1 else "row "
        aside += [
            {"where": f"{where}{bad.line}", "reason": bad.reason.text(), "content": ""} for bad in table.problems
        ]
    count = sum(len(table.rows) for table in tables)
    filled = next((table for table in tables if table.rows), None)
    return _as_read(count, aside, first=_row(filled) if filled else {}, kinds={"row": count})


def _row(table: Table) -> dict[str, str]:
    """The first row by the names of its columns; one without a name goes by its number."""
    names = [*table.header, *("" for _ in table.rows[0].cells[len(table.header) :])]
    cells = zip(names, table.rows[0].cells, strict=False)
    return {name or f"column {number}": cell for number, (name, cell) in enumerate(cells, start=1)}


def _as_read(
    count: int, aside: list[dict[str, str]], *, first: dict[str, Any], kinds: dict[str, int]
) -> dict[str, Any]:
    return {
        "records": count,
        "quarantined": aside[:SHOWN],
        "quarantined_count": len(aside),
        "fields_ignored": [],
        "first": first,
        "kinds": kinds,
        "withdrawn": 0,
        "total": None,
        "more": "",
        "mapping": "",
        "notice": "",
        "quality": {},
    }


def nothing(name: str, reason: str, *, mapping: str = "") -> dict[str, Any]:
    """What is told of an answer of which nothing can be taken, and why."""
    aside = [{"where": name, "reason": reason, "content": ""}]
    return {**_as_read(0, aside, first={}, kinds={}), "mapping": mapping}


def _first(response: Response) -> dict[str, Any]:
    if response.facts:
        return next(iter(_rows(response.facts[0])))
    taken = response.records or response.withdrawn
    found: dict[str, Any] = plain(taken[0]) if taken else {}
    return found


def _rows(batch: Batch) -> list[dict[str, Any]]:
    import pyarrow as pa

    from forestall.facts.arrow import rows_of

    with pa.ipc.open_stream(batch.stream) as stream:
        table = stream.read_next_batch()
    return [plain(row) for row in rows_of(table.slice(0, 1))]


def _kinds(response: Response) -> dict[str, int]:
    found: dict[str, int] = {}
    for one in response.facts:
        found[one.dataset] = found.get(one.dataset, 0) + one.rows
    for record in response.records:
        found[record.kind.value] = found.get(record.kind.value, 0) + 1
    return found


def plain(value: Any) -> Any:
    """A value as JSON can hold it."""
    if isinstance(value, Words):
        return value.text()
    if isinstance(value, Record):
        own = {part.name: plain(getattr(value, part.name)) for part in fields(value)}
        apart = dict.fromkeys(value.identity, KEPT_APART.text())
        return own | {"identity": apart, "sha256": value.sha256}
    if hasattr(value, "__dataclass_fields__"):
        return {part.name: plain(getattr(value, part.name)) for part in fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return value
