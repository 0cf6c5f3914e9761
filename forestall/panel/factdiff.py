"""Two states of a source's facts beside each other, and a trial of what a load would make of the one that stands.

A trial merges for true, in a folder of its own that is gone afterwards: what it tells is what would happen.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from forestall.facts.arrow import SCHEMAS

from .factfate import read_otherwise
from .factstore import schema_of
from .manifest import FactFile, Manifest

SHOWN = 50
"""Differences told one by one; the rest are counted."""
_STAMPS = frozenset({"raw_sha256", "received_at", "row", "content", "source_id", "external_id", "own"})
_NOTHING = frozenset({"null", "[]", '""'})


@dataclass(frozen=True)
class Column:
    """One column of a row before and after; empty text is nothing."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class Row:
    """One row by its dataset and key; `columns` are those that differ, none for a row that arrives or goes."""

    dataset: str
    key: str
    title: str
    columns: tuple[Column, ...] = ()


@dataclass
class Differences:
    """What differs between two states. Counts are exact; of the rows, the first `SHOWN` of each kind are told."""

    new: int = 0
    changed: int = 0
    gone: int = 0
    changing: list[Row] = field(default_factory=list)
    arriving: list[Row] = field(default_factory=list)
    going: list[Row] = field(default_factory=list)


@contextmanager
def trial(root: Path, manifest: Manifest | None) -> Iterator[Path]:
    """A store for a trial, which begins with what stands and is gone afterwards with all that was written to it."""
    (root / "new").mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="trial-", dir=root / "new") as folder:
        apart = Path(folder)
        for one in manifest.files if manifest else ():
            path = one.path_of(apart)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.symlink_to(one.path_of(root).absolute())
        yield apart


def differences(root: Path, before: Manifest | None, after: Manifest | None) -> Differences:
    """What holds otherwise in `after` than in `before`, both readable below `root`. Files they share are not opened."""
    found = Differences()
    for dataset in SCHEMAS:
        old, new = set(before.of(dataset) if before else ()), set(after.of(dataset) if after else ())
        _compare(dataset, _table(root, dataset, old - new), _table(root, dataset, new - old), found)
    return found


def _table(root: Path, dataset: str, files: Iterable[FactFile]) -> pa.Table:
    schema = schema_of(dataset)
    read = [pq.read_table(one.path_of(root), schema=schema) for one in files]
    return (pa.concat_tables(read) if read else schema.empty_table()).unify_dictionaries().combine_chunks().sort_by("external_id")


def _compare(dataset: str, before: pa.Table, after: pa.Table, found: Differences) -> None:
    at = pc.index_in(after.column("external_id"), value_set=before.column("external_id").combine_chunks())
    new, both = after.filter(pc.is_null(at)), after.filter(pc.is_valid(at))
    held = before.take(pc.drop_null(at))
    differs = read_otherwise(both, held)
    kept = after.column("external_id").combine_chunks()
    gone = before.filter(pc.invert(pc.is_in(before.column("external_id"), value_set=kept)))
    changed, was = both.filter(differs), held.filter(differs)
    found.new, found.changed, found.gone = found.new + new.num_rows, found.changed + changed.num_rows, found.gone + gone.num_rows
    found.arriving += _named(dataset, new, room=SHOWN - len(found.arriving))
    found.going += _named(dataset, gone, room=SHOWN - len(found.going))
    room = SHOWN - len(found.changing)
    pairs = zip(was.slice(0, room).to_pylist(), changed.slice(0, room).to_pylist(), strict=True)
    found.changing += [Row(dataset, new["external_id"], new["title"], tuple(_columns(old, new))) for old, new in pairs]


def _named(dataset: str, rows: pa.Table, *, room: int) -> list[Row]:
    first = rows.select(["external_id", "title"]).slice(0, room).to_pylist()
    return [Row(dataset, one["external_id"], one["title"]) for one in first]


def _columns(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Column]:
    """The columns that differ; of the producer's own row, those of its fields that do."""
    for name in before:
        if name not in _STAMPS and before[name] != after[name]:
            yield Column(name, _said(before[name]), _said(after[name]))
    old, new = _own(before["own"]), _own(after["own"])
    for name in dict.fromkeys([*old, *new]):
        if old.get(name) != new.get(name):
            yield Column(f"own: {name}" if name else "own", _said(old.get(name)), _said(new.get(name)))


def _own(text: str) -> Mapping[str, Any]:
    """The producer's row by its fields; a line of a bulk file is one field without a name."""
    found = json.loads(text) if text.startswith("{") else None
    return found if isinstance(found, dict) else {"": text}


def _said(value: Any) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return "" if text in _NOTHING else text
