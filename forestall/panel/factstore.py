"""The store of facts: Parquet files that never change, merged by key, every version kept.

A load brings rows of one source. Of each key the row with the highest rank holds; what it replaced, and what was
withdrawn, is kept as ended, with when and why. The result is a new manifest; until somebody says that it stands, nothing
has changed. The same rows in any order, any number of times, end in the same rows.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from forestall.base import durable
from forestall.base.errors import Refused
from forestall.base.identifiers import new_id
from forestall.base.words import say
from forestall.facts.arrow import SCHEMAS

from .factfate import Fates, fates
from .manifest import CURRENT, ENDED, Change, FactFile, Manifest

HIGHEST_LEVEL = 1
"""What is confidential is never among facts: internal is the most that a file here holds."""
LARGEST, AT_ONCE = 150_000, 2
"""Rows of one new file, and files written at the same time."""
MANY = 32
"""Files of one period from which they are written together as one."""
LONG, LONG_LEVEL = ("own", "title", "url"), -3
"""Columns of long texts that no question searches: the most of a file. They are packed fast (Zstandard), not as small as could be."""
UNDATED = "undated"
SWEPT_SHARE, SWEPT_ROWS = 0.05, 500
"""What may vanish from a snapshot at once: more is not believed."""

_CODE = pa.dictionary(pa.int32(), pa.string())
NARROWED_BY = (
    "source_id", "external_id", "day", "published_at", "iso3", "event_type", "name", "form", "received_at", "latitude", "longitude",
)  # fmt: skip
"""Columns by which questions pass over whole parts of a file: their least and greatest are written with each part."""
_KEPT = [
    pa.field("raw_sha256", _CODE, nullable=False),
    pa.field("received_at", pa.timestamp("us", tz="UTC"), nullable=False),
]
_ENDS = [pa.field("ended_at", pa.timestamp("us", tz="UTC"), nullable=False), pa.field("ending", _CODE, nullable=False)]
SUPERSEDED, WITHDRAWN, OLDER = "superseded", "withdrawn", "older"


@dataclass(frozen=True)
class Load:
    """Rows to bring in. `tables` by dataset, in the schemas of `facts.arrow`; `raw_sha256` of the bytes they were read
    from, which came at `received_at` (UTC). `snapshot`: these are all that there are. `by_arrival`: filed by the month
    in which the source published them, for sources whose rows come in small files, rather than by the year of their day.
    `scope`: how the identifiers of a snapshot begin, when it is one of a part. `reread`: the bytes were read before, by an
    older reader; what is read otherwise now takes its place, although the producer's row is the same.
    """

    source_id: str
    level: int
    tables: Mapping[str, pa.Table]
    raw_sha256: str
    received_at: datetime
    snapshot: bool = False
    by_arrival: bool = False
    scope: str = ""
    reread: bool = False


def schema_of(dataset: str, *, state: str = CURRENT) -> pa.Schema:
    """The columns of a file: those of the facts, where each row came from, and for ended ones when and why."""
    return pa.schema([*SCHEMAS[dataset], *_KEPT, *(_ENDS if state == ENDED else ())])


def merge(root: Path, manifest: Manifest | None, load: Load) -> tuple[Manifest, Change]:
    """The manifest after `load`, its files already on the disk, and what changed. Raises `Refused` for a level above 1.

    Files of `manifest` are left as they are: those whose rows ended are written anew beside them.
    """
    if load.level > HIGHEST_LEVEL:
        raise Refused(say("Facts are public or internal. What is confidential stays with the items."))
    manifest = manifest or Manifest(load.source_id, load.level)
    change = Change()
    for dataset, table in load.tables.items():
        manifest = _merge(root, manifest, dataset, _stamped(table, load), load, change)
    snapshots = dict(manifest.snapshots)
    if load.snapshot:
        snapshots[load.scope] = max(snapshots.get(load.scope, ""), load.received_at.isoformat())
    return replace(manifest, level=max(manifest.level, load.level), snapshots=tuple(sorted(snapshots.items()))), change


def withdraw(
    root: Path, manifest: Manifest, *, keys: Collection[str], at: datetime
) -> tuple[Manifest, Change]:
    """The manifest without the rows of these identifiers, which are kept as withdrawn."""
    change = Change()
    for dataset in SCHEMAS:
        ending = pa.array(sorted(keys), pa.string())
        manifest, count = _end(root, manifest, dataset, ending, at=at, ending=WITHDRAWN)
        change.withdrawn += count
    return manifest, change


def _stamped(table: pa.Table, load: Load) -> pa.Table:
    """The rows with where they came from; of a key that occurs twice, the highest alone."""
    count = table.num_rows
    raw = pa.DictionaryArray.from_arrays(pa.repeat(pa.scalar(0, pa.int32()), count), pa.array([load.raw_sha256]))
    received = pa.repeat(pa.scalar(load.received_at, pa.timestamp("us", tz="UTC")), count)
    columns = [*table.columns, raw, received]
    return _highest(pa.Table.from_arrays(columns, schema=pa.schema([*table.schema, *_KEPT])))


def _highest(table: pa.Table) -> pa.Table:
    """One row for each key: the highest rank, then the latest received, then the greater text, so that order is none."""
    keys = table.column("external_id").combine_chunks()
    if not len(keys) or pc.all(pc.less(keys[:-1], keys[1:])).as_py() or pc.count_distinct(keys).as_py() == len(keys):
        return table
    order = pc.sort_indices(
        table.select(["external_id", "rank", "received_at", "own"]),
        sort_keys=[("external_id", "ascending"), ("rank", "descending"), ("received_at", "descending"), ("own", "descending")],
    )
    ordered = table.take(order)
    names = ordered.column("external_id").combine_chunks()
    first = pa.concat_arrays([pa.array([True]), pc.not_equal(names[1:], names[:-1])])
    return ordered.filter(first)


def _merge(
    root: Path, manifest: Manifest, dataset: str, table: pa.Table, load: Load, change: Change
) -> Manifest:
    if not table.num_rows and not load.snapshot:
        return manifest
    late = _late(manifest, load)
    held = _held(root, manifest, dataset, table, whole=load.reread)
    fate = fates(table, held, late=late, reread=load.reread)
    change.new, change.changed = change.new + fate.new.num_rows, change.changed + fate.changed.num_rows
    change.unchanged += fate.unchanged
    manifest = _replaced(root, manifest, dataset, fate, load)
    older = _not_ended_yet(root, manifest, dataset, fate.older)
    change.older += older.num_rows
    manifest = _add(root, manifest, dataset, _ended(older, at=load.received_at, ending=OLDER), ENDED, load)
    manifest = _add(root, manifest, dataset, fate.coming, CURRENT, load)
    if load.snapshot and not late:
        manifest = _sweep(root, manifest, dataset, table, load, change)
    return _gathered(root, manifest, dataset)


def _late(manifest: Manifest, load: Load) -> bool:
    """Whether a newer snapshot of the same scope is here already, so that nothing of this one holds."""
    return load.snapshot and load.received_at.isoformat() < dict(manifest.snapshots).get(load.scope, "")


def _replaced(root: Path, manifest: Manifest, dataset: str, fate: Fates, load: Load) -> Manifest:
    """Take out what other versions replace, and what is only seen again: of that nothing is kept as ended.

    What a snapshot shows again unchanged is left as it lies: a snapshot that came before the newest never wins.
    """
    manifest, _ = _end(
        root, manifest, dataset, fate.changed.column("external_id"), at=load.received_at, ending=SUPERSEDED
    )
    if load.snapshot:
        fate.coming = pa.concat_tables([fate.new, fate.changed])
        return manifest
    manifest, _ = _end(root, manifest, dataset, fate.again.column("external_id"), at=load.received_at, ending="")
    return manifest


def _held(root: Path, manifest: Manifest, dataset: str, table: pa.Table, *, whole: bool = False) -> pa.Table:
    """The rows held that may share a key with those that come: what decides their fate, or the `whole` of them."""
    columns = schema_of(dataset).names if whole else ["external_id", "rank", "received_at", "own", "content"]
    near = []
    if table.num_rows:
        low, high = _bounds(table)
        near = [one for one in manifest.of(dataset) if one.may_hold(low, high)]
    if not near:
        return schema_of(dataset).empty_table().select(columns)
    keys = pc.unique(table.column("external_id"))
    found = [pq.read_table(one.path_of(root), columns=columns) for one in near]
    together = pa.concat_tables(found)
    return together.filter(pc.is_in(together.column("external_id"), value_set=keys))


def _end(
    root: Path, manifest: Manifest, dataset: str, keys: Any, *, at: datetime, ending: str
) -> tuple[Manifest, int]:
    """Move the rows with these keys from what holds to what ended; without `ending` they are only taken out."""
    if not len(keys):
        return manifest, 0
    wanted = pc.unique(keys)
    low, high = pc.min(wanted).as_py(), pc.max(wanted).as_py()
    count, gone = 0, []
    for one in [part for part in manifest.of(dataset) if part.may_hold(low, high)]:
        table = pq.read_table(one.path_of(root), schema=schema_of(dataset))
        hit = pc.is_in(table.column("external_id"), value_set=wanted)
        if not pc.any(hit).as_py():
            continue
        ended = table.filter(hit)
        count += ended.num_rows
        if ending:
            gone.append(_ended(ended, at=at, ending=ending))
        rest = table.filter(pc.invert(hit))
        stays = [_write(root, dataset, one.period, CURRENT, rest)] if rest.num_rows else []
        manifest = _swapped(manifest, [one], stays)
    for table in gone:
        manifest = _swapped(manifest, [], [_write(root, dataset, UNDATED, ENDED, table)])
    return manifest, count


def _ended(table: pa.Table, *, at: datetime, ending: str) -> pa.Table:
    count = table.num_rows
    when = pa.repeat(pa.scalar(at, pa.timestamp("us", tz="UTC")), count)
    why = pa.DictionaryArray.from_arrays(pa.repeat(pa.scalar(0, pa.int32()), count), pa.array([ending]))
    return pa.Table.from_arrays([*table.columns, when, why], schema=pa.schema([*table.schema, *_ENDS]))


def _not_ended_yet(root: Path, manifest: Manifest, dataset: str, older: pa.Table) -> pa.Table:
    """Of older versions that come late, those that are not kept already: the same key and content."""
    if not older.num_rows:
        return older
    low, high = _bounds(older)
    kept: set[tuple[str, str]] = set()
    for one in manifest.of(dataset, state=ENDED):
        if one.may_hold(low, high):
            found = pq.read_table(one.path_of(root), columns=["external_id", "own"])
            kept |= set(zip(found.column(0).to_pylist(), found.column(1).to_pylist(), strict=True))
    pairs = zip(older.column("external_id").to_pylist(), older.column("own").to_pylist(), strict=True)
    return older.filter(pa.array([pair not in kept for pair in pairs]))


def _sweep(
    root: Path, manifest: Manifest, dataset: str, table: pa.Table, load: Load, change: Change
) -> Manifest:
    """Withdraw what a snapshot no longer holds, unless that is too much to be believed."""
    gone, total = _gone(root, manifest, dataset, table, scope=load.scope)
    if _too_many(len(gone), total=total):
        change.withheld += len(gone)
        return manifest
    manifest, count = _end(
        root, manifest, dataset, pa.array(gone, pa.string()), at=load.received_at, ending=WITHDRAWN
    )
    change.withdrawn += count
    return manifest


def _gone(root: Path, manifest: Manifest, dataset: str, table: pa.Table, *, scope: str) -> tuple[list[str], int]:
    """Keys held in a scope that a snapshot no longer shows, and how many are held in it."""
    there = pc.unique(table.column("external_id"))
    gone: list[str] = []
    total = 0
    for one in manifest.of(dataset):
        keys = pq.read_table(one.path_of(root), columns=["external_id"]).column(0)
        keys = keys.filter(pc.starts_with(keys, scope))
        total += len(keys)
        gone += keys.filter(pc.invert(pc.is_in(keys, value_set=there))).to_pylist()
    return gone, total


def _too_many(gone: int, *, total: int) -> bool:
    """Whether so many may not vanish at once."""
    return gone > min(SWEPT_ROWS, max(SWEPT_SHARE * total, 1))


def _add(root: Path, manifest: Manifest, dataset: str, table: pa.Table, state: str, load: Load) -> Manifest:
    """New files for these rows, one for each period; of very many rows several, written at the same time."""
    periods = _by_period(table, load) if state == CURRENT else [(UNDATED, table)]
    pieces = [(period, piece) for period, rows in periods for piece in _pieces(rows)]

    def write(piece: tuple[str, pa.Table]) -> FactFile:
        return _write(root, dataset, piece[0], state, piece[1], in_order=not load.by_arrival)

    if len(pieces) < 2:
        return _swapped(manifest, [], map(write, pieces))
    with ThreadPoolExecutor(AT_ONCE) as threads:
        return _swapped(manifest, [], list(threads.map(write, pieces)))


def _pieces(rows: pa.Table) -> Iterator[pa.Table]:
    count = -(-rows.num_rows // LARGEST)
    size = -(-rows.num_rows // count) if count else 0
    for first in range(0, rows.num_rows, size or 1):
        yield rows.slice(first, size)


def _by_period(table: pa.Table, load: Load) -> Iterator[tuple[str, pa.Table]]:
    if not table.num_rows:
        return
    column, form = ("published_at", "%Y-%m") if load.by_arrival else ("day", "%Y")
    days = pc.cast(table.column(column), pa.timestamp("s"))
    spelled = days.dictionary_encode().unify_dictionaries().combine_chunks()
    names = pc.strftime(spelled.dictionary, format=form)
    if len(pc.unique(names)) == 1 and not spelled.null_count:
        yield names[0].as_py(), table
        return
    periods = pc.fill_null(names.take(spelled.indices), UNDATED)
    for period in sorted(pc.unique(periods).to_pylist()):
        yield period, table.filter(pc.equal(periods, period))


def _gathered(root: Path, manifest: Manifest, dataset: str) -> Manifest:
    """Periods that lie in many files are written together as one, in the order of days."""
    for state in (CURRENT, ENDED):
        by_period: dict[str, list[FactFile]] = {}
        for one in manifest.of(dataset, state=state):
            by_period.setdefault(one.period, []).append(one)
        for period, files in by_period.items():
            if len(files) > MANY:
                whole = pa.concat_tables(
                    pq.read_table(one.path_of(root), schema=schema_of(dataset, state=state)) for one in files
                )
                manifest = _swapped(manifest, files, [_write(root, dataset, period, state, whole)])
    return manifest


def _swapped(manifest: Manifest, gone: Iterable[FactFile], made: Iterable[FactFile]) -> Manifest:
    left_out = set(gone)
    files = [one for one in manifest.files if one not in left_out]
    files += [one for one in made if one not in files]
    return replace(manifest, files=tuple(sorted(files, key=lambda one: (one.dataset, one.state, one.period, one.low, one.sha256))))


def _write(
    root: Path, dataset: str, period: str, state: str, table: pa.Table, *, in_order: bool = True
) -> FactFile:
    """Rows as one Parquet file under its own hash, on the disk before it is named; `in_order` of their days."""
    (root / "new").mkdir(parents=True, exist_ok=True)
    written = root / "new" / f"{new_id()}.partial"
    if in_order:
        table = table.sort_by([("day", "ascending"), ("external_id", "ascending")])
    coded = [column.name for column in table.schema if pa.types.is_dictionary(column.type)]
    pq.write_table(
        table, written, compression="zstd", compression_level=_levels(table.schema), row_group_size=200_000, use_dictionary=coded,
        write_statistics=[name for name in NARROWED_BY if name in table.schema.names],
    )  # fmt: skip
    with written.open("rb") as file:
        digest = sha256()
        while piece := file.read(1 << 20):
            digest.update(piece)
    low, high = _bounds(table)
    made = FactFile(dataset, period, state, digest.hexdigest(), table.num_rows, written.stat().st_size, low, high)
    path = made.path_of(root)
    path.parent.mkdir(parents=True, exist_ok=True)
    durable.settle(written, path)
    return made


def _levels(schema: pa.Schema) -> dict[str, int]:
    return {name: LONG_LEVEL if name in LONG else 1 for name in schema.names}


def _bounds(table: pa.Table) -> tuple[str, str]:
    found = pc.min_max(table.column("external_id")).as_py()
    return found["min"], found["max"]


def read(
    root: Path, manifest: Manifest, dataset: str, *, state: str = CURRENT, columns: Sequence[str] | None = None
) -> pa.Table:
    """The rows of a dataset, all at once: for one source's small sets; questions to many go through `factquery`."""
    schema = schema_of(dataset, state=state)
    wanted = pa.schema([schema.field(name) for name in columns]) if columns else schema
    tables = [pq.read_table(one.path_of(root), schema=wanted, columns=columns) for one in manifest.of(dataset, state=state)]
    return pa.concat_tables(tables) if tables else wanted.empty_table()
