"""Facts as Arrow: one schema for each kind, the same for every source, and batches of bounded size.

Times are UTC microseconds, days are days; `own` is the source's row, word for word: canonical JSON, or for a bulk file
of lines the line itself. `content` is a hash of it without the fields that move by themselves, for sources that have
such fields; empty where the row itself says whether it changed. Where a column cannot be known it is null.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

import pyarrow as pa

from forestall.base.canonical import canonical_json, sha256

from .event import Event
from .finding import Finding
from .measure import Measure

BATCH = 5_000
"""Rows of a batch made from single facts."""

_TEXT = pa.string()
_CODE = pa.dictionary(pa.int32(), pa.string())
_TEXTS = pa.list_(pa.string())
_TIME = pa.timestamp("us", tz="UTC")

_FIRST = [
    pa.field("source_id", _CODE, nullable=False),
    pa.field("external_id", _TEXT, nullable=False),
    pa.field("rank", _TEXT, nullable=False),
    pa.field("day", pa.date32()),
    pa.field("published_at", _TIME),
]
_LAST = [
    pa.field("title", _TEXT, nullable=False),
    pa.field("url", _TEXT, nullable=False),
    pa.field("licence", _CODE, nullable=False),
    pa.field("flags", _TEXTS, nullable=False),
    pa.field("row", pa.int64(), nullable=False),
    pa.field("own", _TEXT, nullable=False),
    pa.field("content", _TEXT, nullable=False),
]

EVENTS = pa.schema([
    *_FIRST,
    pa.field("event_type", _CODE, nullable=False),
    pa.field("source_type", _CODE, nullable=False),
    pa.field("started", pa.date32()),
    pa.field("ended", pa.date32()),
    pa.field("date_precision", _CODE, nullable=False),
    pa.field("iso3", _CODE, nullable=False),
    pa.field("country", _CODE, nullable=False),
    pa.field("admin1", _CODE, nullable=False),
    pa.field("admin2", _CODE, nullable=False),
    pa.field("place", _CODE, nullable=False),
    pa.field("latitude", pa.float64()),
    pa.field("longitude", pa.float64()),
    pa.field("place_precision", _CODE, nullable=False),
    pa.field("source_precision", _CODE, nullable=False),
    pa.field("actor1", _CODE, nullable=False),
    pa.field("actor1_side", _CODE, nullable=False),
    pa.field("actor2", _CODE, nullable=False),
    pa.field("actor2_side", _CODE, nullable=False),
    pa.field("deaths_low", pa.int32()),
    pa.field("deaths_best", pa.int32()),
    pa.field("deaths_high", pa.int32()),
    pa.field("deaths_civilians", pa.int32()),
    pa.field("people", pa.int64()),
    pa.field("count", pa.int32(), nullable=False),
    pa.field("reports", pa.int32()),
    pa.field("text", _TEXT, nullable=False),
    *_LAST,
])  # fmt: skip

MEASURES = pa.schema([
    *_FIRST,
    pa.field("name", _CODE, nullable=False),
    pa.field("value", pa.float64()),
    pa.field("unit", _CODE, nullable=False),
    pa.field("period_start", pa.date32()),
    pa.field("period_end", pa.date32()),
    pa.field("period_precision", _CODE, nullable=False),
    pa.field("iso3", _CODE, nullable=False),
    pa.field("country", _CODE, nullable=False),
    pa.field("admin1", _CODE, nullable=False),
    pa.field("admin2", _CODE, nullable=False),
    pa.field("breakdown", _TEXT, nullable=False),
    *_LAST,
])  # fmt: skip

FINDINGS = pa.schema([
    *_FIRST,
    pa.field("form", _CODE, nullable=False),
    pa.field("source_form", _CODE, nullable=False),
    pa.field("symbol", _TEXT, nullable=False),
    pa.field("text", _TEXT, nullable=False),
    pa.field("body", _CODE, nullable=False),
    pa.field("countries", _TEXTS, nullable=False),
    pa.field("groups", _TEXTS, nullable=False),
    pa.field("themes", _TEXTS, nullable=False),
    pa.field("language", _CODE, nullable=False),
    pa.field("dated", pa.date32()),
    pa.field("date_precision", _CODE, nullable=False),
    pa.field("valid_from", pa.date32()),
    pa.field("valid_until", pa.date32()),
    *_LAST,
])  # fmt: skip

SCHEMAS: dict[str, pa.Schema] = {"events": EVENTS, "measures": MEASURES, "findings": FINDINGS}
DATASETS: dict[type[Event] | type[Measure] | type[Finding], str] = {
    Event: "events", Measure: "measures", Finding: "findings",
}  # fmt: skip



def batches(facts: Iterable[Event | Measure | Finding], *, size: int = BATCH) -> Iterator[tuple[str, pa.RecordBatch]]:
    """Facts of any kind as batches of at most `size` rows, each with the name of its dataset, in the order they came."""
    waiting: dict[str, list[Event | Measure | Finding]] = {}
    for fact in facts:
        dataset = DATASETS[type(fact)]
        rows = waiting.setdefault(dataset, [])
        rows.append(fact)
        if len(rows) >= size:
            yield dataset, _batch(dataset, waiting.pop(dataset))
    for dataset, rows in waiting.items():
        yield dataset, _batch(dataset, rows)


def _batch(dataset: str, facts: list[Event | Measure | Finding]) -> pa.RecordBatch:
    schema = SCHEMAS[dataset]
    columns = []
    for column in schema:
        if column.name == "content":
            values: list[Any] = [_content(fact) for fact in facts]
        elif column.name in ("own", "breakdown"):
            values = [canonical_json(getattr(fact, column.name)) for fact in facts]
        else:
            values = [getattr(fact, column.name) for fact in facts]
        columns.append(_array(values, column.type))
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def _content(fact: Event | Measure | Finding) -> str:
    if not fact.moving:
        return ""
    return sha256(canonical_json({name: one for name, one in fact.own.items() if name not in fact.moving}))[:32]


def _array(values: list[Any], kind: pa.DataType) -> pa.Array:
    if pa.types.is_dictionary(kind):
        return pa.array(values, pa.string()).dictionary_encode()
    return pa.array(values, kind)


def dataset_of(batch: pa.RecordBatch) -> str:
    """Which dataset a batch belongs to, by its columns. Raises `KeyError` for a batch that is none of ours."""
    return next(name for name, schema in SCHEMAS.items() if batch.schema.names == schema.names)


def rows_of(batch: pa.RecordBatch) -> Iterator[dict[str, Any]]:
    """The rows of a batch as plain values, with the source's own fields unpacked where they are JSON."""
    for row in batch.to_pylist():
        if row["own"].startswith("{"):
            row["own"] = json.loads(row["own"])
        if row.get("breakdown"):
            row["breakdown"] = json.loads(row["breakdown"])
        yield row
