"""What a row is known by: the hub's own number of it, else the columns that its data set declares, else its content."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from forestall.base.canonical import canonical_json, sha256
from forestall.collecting.cells import Cells
from forestall.facts import Quality

from .datasets import Dataset
from .rows import day

_VOLATILE = frozenset({"last_update", "index"})
_ID = "id"
_DAYS = frozenset({"date", "month", "period"})
_POINT = re.compile(r"(?<=\d)\.0+$")


def keys(rows: Iterable[Cells], dataset: Dataset) -> list[tuple[str, tuple[Quality, ...]]]:
    """An identifier for each row, and a remark where declared columns do not tell rows apart.

    `id` is the hub's own and stands alone: that it occurs once is held by whoever reads the answer. Rows that have none
    and share the declared columns are told apart by their content; rows that are alike in all, by how often they came.
    """
    listed = list(rows)
    declared = [_declared(cells, dataset) for cells in listed]
    shared = Counter(declared)
    contents: dict[str, set[str]] = {}
    for cells, key in zip(listed, declared, strict=True):
        contents.setdefault(key, set()).add(_content(cells))
    came: Counter[str] = Counter()
    found: list[tuple[str, tuple[Quality, ...]]] = []
    for cells, key in zip(listed, declared, strict=True):
        differ = len(contents[key]) > 1
        flags = (Quality.KEY_REPEATED,) if key and differ else ()
        if _by_number(cells, dataset):
            flags = ()
        elif not key or shared[key] > 1:
            key = f"{key}#{_content(cells)}".lstrip("#")
            came[key] += 1
            key = key if came[key] == 1 else f"{key}-{came[key]}"
        found.append((f"{dataset.id}:{key}", flags))
    return found


def _by_number(cells: Cells, dataset: Dataset) -> bool:
    return bool(cells.code(_ID)) and not dataset.columns("key")


def _declared(cells: Cells, dataset: Dataset) -> str:
    names = dataset.columns("key") or (_ID,)
    given = [_part(cells, name) for name in names]
    return "|".join(given) if given[0] else ""


def _part(cells: Cells, name: str) -> str:
    """A value as a part of a key, the same from every form: a day as a day, `5.0` as `5`."""
    if _DAYS.intersection(name.split("_")):
        found, _ = day(cells, name)
        return found.isoformat() if found else cells.code(name)
    return _POINT.sub("", cells.code(name))


def _content(cells: Cells) -> str:
    kept = {name: _part(cells, name) for name in cells.row.cells if name not in _VOLATILE}
    return sha256(canonical_json(kept))[:24]
