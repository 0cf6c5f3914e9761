"""What questions to the store of facts run on: DuckDB on a desk, bounded and shut in; another engine where one is handed in.

An engine is an Ibis backend. The same question gives the same rows on each, which `digest` compares.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
from ibis import expr as ir

from forestall.base.errors import Malformed, Refused
from forestall.base.words import say

from .factstore import schema_of
from .manifest import FactFile, Manifest

Engine = Any
"""A connected Ibis backend."""
MEGABYTES = 144
"""Memory that a question may take before it goes on over the disk."""
DECIMALS = 6
"""To how many places fractions are compared between engines, which add them up in different orders."""


@contextmanager
def asking(root: Path, *, megabytes: int = MEGABYTES, threads: int | None = None) -> Iterator[Engine]:
    """DuckDB for questions to the store below `root`, until the end of the block.

    It opens no file outside the store and no connection, loads no extension, and what does not fit into its memory goes
    to a folder of its own in the store, which is gone afterwards. None of that can be changed by a question.
    """
    (root / "spill").mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="asking-", dir=root / "spill") as spill:
        engine = ibis.duckdb.connect(
            memory_limit=f"{megabytes}MB",
            threads=threads or min(os.cpu_count() or 1, 4),
            temp_directory=spill,
            preserve_insertion_order=False,
            autoinstall_known_extensions=False,
            autoload_known_extensions=False,
            allow_community_extensions=False,
        )
        try:
            for name, value in _shut_in(root).items():
                engine.settings[name] = value
            yield engine
        finally:
            engine.disconnect()


def _shut_in(root: Path) -> dict[str, Any]:
    return {
        "parquet_metadata_cache": True,  # files never change
        "allowed_directories": [str(root)],
        "enable_external_access": False,
        "lock_configuration": True,
    }


def facts(
    manifests: Iterable[Manifest], root: Path, dataset: str, *, level: int, engine: Engine
) -> ir.Table:
    """The rows of a dataset (events, measures, findings) that hold by these manifests, for a reader of `level`.

    A manifest of a higher level is passed over whole. What was held earlier is asked of the manifests that stood then.
    Raises `Refused` for two manifests of one source, whose rows would count twice, and `Malformed` when a file is gone.
    """
    seen = [one for one in manifests if one.level <= level]
    if len({one.source_id for one in seen}) < len(seen):
        raise Refused(say("Two lists of the files of one source were given. Its facts would count twice."))
    files = [file for one in seen for file in one.of(dataset) if file.rows]
    if not files:
        return ibis.memtable(_plain(schema_of(dataset)).empty_table())
    for file in files:
        if not file.path_of(root).is_file():
            raise Malformed(say("A file of facts is not in the store: %(name)s.", name=file.path_of(root).name))
    return engine.read_parquet(_paths(root, files, engine))


def _paths(root: Path, files: Sequence[FactFile], engine: Engine) -> Any:
    """A list where the engine takes one; else one pattern that names them all, as Hadoop's file systems read it."""
    paths = [file.path_of(root) for file in files]
    if engine.name == "duckdb":
        return [str(path) for path in paths]
    return f"{root}/{{{','.join(str(path.relative_to(root)) for path in paths)}}}"


def _plain(schema: pa.Schema) -> pa.Schema:
    """The schema without dictionaries: how a column is stored is no matter of a question."""
    return pa.schema(
        field.with_type(pa.string()) if pa.types.is_dictionary(field.type) else field for field in schema
    )


def answer(question: ir.Table, *, engine: Engine) -> pa.Table:
    """The rows of an answer, as columns."""
    if engine.name != "duckdb":
        return engine.to_pyarrow(question)
    try:  # the other way loads pandas, and holds all rows twice
        return engine.to_pyarrow_batches(question).read_all()
    except pa.ArrowInvalid:  # DuckDB answers in other types than Ibis foretells: a sum in 128 bits
        return engine.to_pyarrow(question)


def rows(question: ir.Table, *, engine: Engine) -> list[dict[str, Any]]:
    """The rows of a short answer, as plain values."""
    return answer(question, engine=engine).to_pylist()  # type: ignore[no-any-return]


def digest(table: pa.Table) -> str:
    """SHA-256 of an answer: the same rows in any order have the same, whatever engine gave them.

    Rows are put in the order of all their columns, nulls last. Fractions are rounded to `DECIMALS` places, half to even;
    whole numbers count alike in any width; times are UTC microseconds; lists are joined.
    """
    table = pa.table({name: _spelled(table.column(name)) for name in sorted(table.column_names)})
    table = table.sort_by([(name, "ascending") for name in table.column_names])
    hashed = _Hashed()
    pa.csv.write_csv(table, hashed)
    return hashed.sum.hexdigest()


def _spelled(column: pa.ChunkedArray) -> pa.ChunkedArray:
    kind = column.type
    if pa.types.is_dictionary(kind) or pa.types.is_large_string(kind) or pa.types.is_null(kind):
        return column.cast(pa.string())
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return pc.binary_join(column.cast(pa.list_(pa.string())), "\x1f")
    if pa.types.is_timestamp(kind):
        return column.cast(pa.timestamp("us", tz=kind.tz)).cast(pa.int64())
    if pa.types.is_integer(kind):
        return column.cast(pa.int64())
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        rounded = pc.round(column.cast(pa.float64()), ndigits=DECIMALS, round_mode="half_to_even")
        return pc.add(rounded, 0.0)  # no negative nought
    return column


class _Hashed:
    """A file that is only hashed."""

    closed = False

    def __init__(self) -> None:
        self.sum = sha256()

    def write(self, piece: Any) -> int:
        self.sum.update(piece)
        return len(piece)

    def flush(self) -> None:
        """Nothing waits."""
