"""Which data set rows are of: they do not say it, so it is told by their columns, and by the name of the file."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from forestall.base.canonical import canonical_json, sha256
from forestall.base.errors import Malformed
from forestall.base.words import say
from forestall.collecting.cells import Cells, require
from forestall.collecting.contract import Source

_NAME = re.compile(
    r"\b((?:DGC|DOS|DPO|DPPA|DPPADPO|DPPADPOSS|UN[A-Z]{2,8})(?:-[A-Z0-9]+)+?)(?:-JSON|-CSV|-XML)?(?![A-Z0-9-])"
)
_WEB = ("last_update",)  # what the hub adds to the rows of every data set


@dataclass(frozen=True)
class Dataset:
    """A data set: its identifier at the hub, and which columns say what (`shape`). `repeats`: its people are counted in
    another one as well.
    """

    id: str
    shape: Mapping[str, Any] = field(default_factory=dict)
    repeats: bool = False

    @property
    def makes(self) -> str:
        """What a row of it becomes; empty when nothing is laid down for it."""
        return str(self.shape.get("makes", ""))

    def columns(self, role: str) -> tuple[str, ...]:
        """The columns in which something may stand."""
        found = self.shape.get(role, ())
        return (found,) if isinstance(found, str) else tuple(found)


def dataset_of(rows: list[Cells], name: str, *, source: Source) -> Dataset:
    """The data set that these rows (with plain names) are of. Raises `Malformed` when nothing says that the hub has it."""
    columns = set().union(*(cells.row.cells for cells in rows[:1000]))
    named = _named(name, source)
    for known in sorted(source.settings["marks"].items(), key=lambda one: -len(one[1])):
        if columns.issuperset(known[1]):
            return _twin(known[0], rows, named, source) or _known(known[0], source)
    if named:
        found = _known(named, source)
        if found.makes:
            require(
                columns, source.settings["marks"][source.settings["twins"].get(named, {}).get("of", named)]
            )
        return found
    if not columns.intersection(_WEB):
        raise Malformed(
            say("These are rows of no data set of the hub that is known here. Columns: %(names)s.",
                names=", ".join(sorted(columns))[:300])
        )  # fmt: skip
    return Dataset("columns-" + sha256(canonical_json(sorted(columns)))[:12])


def _known(identity: str, source: Source) -> Dataset:
    twin = source.settings["twins"].get(identity, {})
    shapes = source.settings["shapes"]
    shape = shapes.get(identity) or shapes.get(twin.get("of"), {})
    return Dataset(identity, shape, bool(twin.get("repeats")))


def _twin(base: str, rows: Collection[Cells], named: str, source: Source) -> Dataset | None:
    """Of data sets with the same columns, the one that the file is named for, or whose word stands in every row."""
    twins = {key: twin for key, twin in source.settings["twins"].items() if twin["of"] == base}
    if named == base:
        return None
    for key, twin in twins.items():
        if named == key or all(twin["holds"] in cells.text(twin["column"]) for cells in rows):
            return _known(key, source)
    return None


def _named(name: str, source: Source) -> str:
    """The identifier that stands in the name of a file, however it is written there."""
    squeezed = _squeezed(name)
    known = [*source.settings["marks"], *source.settings["twins"]]
    found = [one for one in known if _squeezed(one) in squeezed]
    if found:
        return str(max(found, key=len))
    other = _NAME.search(name.upper())
    return other[1] if other else ""


def _squeezed(text: str) -> str:
    return re.sub(r"[^A-Z0-9]", "", text.upper())
