"""The hub's list of its data sets: what each holds, who keeps it, and whether it may be read here at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from forestall.base.canonical import canonical_json
from forestall.collecting.cells import Cells
from forestall.collecting.contract import Source
from forestall.facts import Finding, FindingForm, Quality

from .rows import day, plain

MARKS = frozenset({"dataset_id", "column_definitions"})
"""Columns by which the list is known."""


def described(cells: Cells, *, source: Source) -> Finding:
    """One data set of the list, with all that it says of it."""
    row = plain(cells)
    identity = row.needed("dataset_id")
    dated, precision = day(row, "last_update_date")
    return Finding(
        source_id=source.id,
        external_id=f"metadata:{identity}",
        rank=dated.isoformat() if dated else "",
        form=FindingForm.DATASET,
        source_form=row.text("type"),
        title=row.text("name") or identity,
        symbol=identity,
        text="\n\n".join(
            row.text(name) for name in ("description", "limitations_and_exceptions") if row.code(name)
        ),
        body=", ".join(_words(row.value("originating_offices"))) or row.text("organization"),
        themes=tuple(dict.fromkeys((*_words(row.value("themes")), *_words(row.value("tags"))))),
        dated=dated,
        date_precision=precision,
        valid_from=day(row, "start_range")[0],
        valid_until=day(row, "end_range")[0],
        url=f"{source.settings['page']}{identity}",
        licence=source.licence,
        flags=() if public(row, source) and not row.truth("personal_data") else (Quality.SOURCE_WARNS,),
        row=cells.row.line,
        own=cells.row.cells,
    )


def public(row: Cells, source: Source) -> bool:
    """Whether the hub releases a data set to everybody and classes it as nothing."""
    released = row.text("type") in ("", source.settings["released"])
    return released and row.text("security_classification") in source.settings["unclassified"]


def to_ask(rows: list[Cells], source: Source) -> str:
    """The data sets that may be asked for, each with the day of its last change, as JSON."""
    given = [plain(cells) for cells in rows]
    found = {row.text("dataset_id"): row.text("last_update_date") for row in given if public(row, source)}
    return canonical_json({key: changed for key, changed in found.items() if key})


def _words(value: Any) -> Iterator[str]:
    """The words in a list of objects that have one value each: `[{"Theme": "Gender"}]`."""
    for one in value if isinstance(value, list) else ():
        if isinstance(one, Mapping):
            yield from (str(word).strip() for word in list(one.values())[:1] if word)
