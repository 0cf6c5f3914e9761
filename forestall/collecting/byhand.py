"""Reading one recorded answer by hand: what a source would bring of it, told and not stored.

What is told is plain JSON: how many `records`, what was `quarantined` and why, which `fields_ignored` are given and not
kept, and the `first` record as it would be kept.
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
from .received import Received
from .record import Record
from .responses import Batch, Response

SHOWN = 100
"""Rows set aside that are told one by one; the rest are counted."""

KEPT_APART = say("kept apart")
"""What is told in the place of who reported something."""


def told(
    received: Received, *, source: Source, sources: Mapping[str, Source], reader: AnswerReader, files: Reader
) -> dict[str, Any]:
    """What `source` finds in `received`. Never raises for what is in it."""
    if source.reads:
        return _of_file(received, source=source, sources=sources, files=files)
    return of_response(reader.read(received, source=source), received=received)


def of_response(response: Response, *, received: Received) -> dict[str, Any]:
    """What a response held, as plain JSON."""
    if response.refusal is not None:
        return _nothing(received, response.refusal)
    aside = [{"where": bad.place, "reason": bad.reason.text(), "content": bad.content[:1000]} for bad in response.bad]
    return {
        "records": response.count,
        "quarantined": aside[:SHOWN],
        "quarantined_count": len(aside),
        "fields_ignored": list(response.ignored),
        "first": _first(response),
        "kinds": _kinds(response),
        "total": response.envelope.total,
        "more": response.envelope.more,
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
        return _nothing(received, reason)
    kinds: dict[str, int] = {}
    for one in reading.records:
        kinds[one.kind.value] = kinds.get(one.kind.value, 0) + 1
    return {
        "records": len(reading.records),
        "quarantined": aside[:SHOWN],
        "quarantined_count": len(aside),
        "fields_ignored": [],
        "first": plain(reading.records[0]) if reading.records else {},
        "kinds": kinds,
        "total": None,
        "more": "",
    }


def _nothing(received: Received, reason: Words) -> dict[str, Any]:
    return {
        "records": 0,
        "quarantined": [{"where": received.name, "reason": reason.text(), "content": ""}],
        "quarantined_count": 1,
        "fields_ignored": [],
        "first": {},
        "kinds": {},
        "total": None,
        "more": "",
    }


def _first(response: Response) -> dict[str, Any]:
    if response.facts:
        return next(iter(_rows(response.facts[0])))
    return plain(response.records[0]) if response.records else {}


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
