"""What a store of facts holds, as text that two stores can be compared by."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from forestall.base.canonical import canonical_json
from forestall.facts.arrow import SCHEMAS

from .factstore import read
from .manifest import Manifest

Row = Mapping[str, Any]


def whole(row: Row) -> Row:
    """All of a row."""
    return row


def dump(root: Path, manifest: Manifest, *, telling: Callable[[Row], Row] = whole) -> Iterator[str]:
    """What holds, a line of canonical JSON for each row in the order of their keys, without when and whence it came.

    Two stores that were brought the same rows in any order, whatever was repeated or broken off, give the same lines.
    `telling` says what of a row is told.
    """
    for dataset in SCHEMAS:
        rows = read(root, manifest, dataset).drop_columns(["raw_sha256", "received_at", "row"]).to_pylist()
        for row in sorted(rows, key=lambda one: one["external_id"]):
            moved = {"rank": "", "own": ""} if row["content"] else {}
            yield canonical_json(telling({"dataset": dataset, **row, **moved}))
