"""UN Peace and Security Data Hub: every data set that it releases, each time as a whole.

The list of data sets comes first and says which there are and when each changed. Rows do not say which data set they are
of; `datasets` tells it by their columns.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import quote

from forestall.base.errors import Malformed
from forestall.base.words import say
from forestall.collecting.asking import BadRow, Cursor, Envelope, Page, Request
from forestall.collecting.cells import Cells, each
from forestall.collecting.contract import Found, Source
from forestall.collecting.kinds import Kind
from forestall.collecting.published import NamedRow
from forestall.collecting.received import Received
from forestall.facts import Fact, Quality

from . import metadata
from .datasets import Dataset, dataset_of
from .figures import casualty, incidents, measure
from .findings import finding
from .guessing import guessed
from .keys import keys
from .rows import day, plain, rows

_LIST = "metadata"
_MOVING = "last_update"  # of every row at once, whatever changed: it orders versions, and makes none
_MAKERS: Mapping[str, Callable[..., Fact]] = {
    "casualty": casualty,
    "incidents": incidents,
    "measure": measure,
}


def plan(cursor: Mapping[str, Any], *, source: Source, today: date) -> Iterable[Request]:
    """The list of data sets once a day, then each data set of it that changed or was not read for some days."""
    listed = cursor.get(_LIST, {})
    if listed.get("asked") != today.isoformat():
        return [Request(_LIST, f"{source.settings['api']}/metadata/all", name="metadata-all.json")]
    for key, changed in listed.get("datasets", {}).items():
        if _due(cursor.get(key, {}), changed, source, today):
            return [
                Request(key, f"{source.settings['api']}/data/{quote(key, safe='')}/json", name=f"{key}.json")
            ]
    return []


def _due(state: Mapping[str, Any], changed: str, source: Source, today: date) -> bool:
    if not state.get("asked"):
        return True
    rested = (today - date.fromisoformat(state["asked"])).days
    return rested >= int(source.settings["again_days"]) or (rested > 0 and state.get("changed") != changed)


def advance(cursor: Mapping[str, Any], *, page: Page) -> Cursor:
    """What was read, and in which state. What is refused is asked for again on another day."""
    moved = {key: dict(state) for key, state in cursor.items()}
    state = moved.get(page.request.key, {}) | {"asked": page.at.date().isoformat() if page.at else ""}
    if page.request.key == _LIST and page.status == 200:
        state["datasets"] = json.loads(page.envelope.more or "{}")
    elif page.request.key != _LIST:
        listed = moved.get(_LIST, {}).get("datasets", {})
        state["changed"] = listed.get(page.request.key, "") if page.status == 200 else None
    moved[page.request.key] = state
    return moved


def parse(received: Received, *, kind: Kind, source: Source) -> Iterator[Found]:
    """One fact per row of a data set, or one finding per data set of the list. Raises `Malformed`."""
    given = rows(received)
    whole = [Cells(row) for row in given if isinstance(row, NamedRow)]
    named = [plain(cells) for cells in whole]
    if not named:
        raise Malformed(say("The answer holds no rows."))
    if all(metadata.MARKS.issubset(cells.row.cells) for cells in named):
        yield Envelope(total=len(given), more=metadata.to_ask(whole, source))
        yield from each(given, lambda cells: metadata.described(cells, source=source))
        return
    dataset = guessed(dataset_of(named, received.name, source=source), named)
    yield from (row for row in given if isinstance(row, BadRow))
    yield from _facts(whole, named, dataset, source)


def _facts(whole: list[Cells], named: list[Cells], dataset: Dataset, source: Source) -> Iterator[Found]:
    make = _MAKERS.get(dataset.makes, finding)
    known = dict(zip((cells.row.line for cells in named), keys(named, dataset), strict=True))
    twice = _twice(named)

    def fact(cells: Cells) -> Fact:
        row = plain(cells)
        key, flags = known[cells.row.line]
        if dataset.repeats or row.text("casualty_id") in twice:
            flags = (*flags, Quality.NOT_ADDITIVE)
        changed = day(row, "last_update")[0]
        made = make(
            row,
            dataset=dataset,
            key=key,
            rank=changed.isoformat() if changed else "",
            source=source,
            flags=flags,
        )
        moving = tuple(name for name in cells.row.cells if name.strip().lower() == _MOVING)
        return replace(made, own=cells.row.cells, moving=moving)

    yield from each((cells.row for cells in whole), fact)


def _twice(named: list[Cells]) -> frozenset[str]:
    """Casualties that stand in two rows, once under each country that their own one has become."""
    came = Counter(cells.text("casualty_id") for cells in named if cells.code("casualty_id"))
    return frozenset(key for key, count in came.items() if count > 1)
