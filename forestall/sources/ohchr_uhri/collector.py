"""The Universal Human Rights Index: what treaty bodies, special procedures and the Periodic Review found and asked.

The export is one list of some 400 MB, so that it is read entry by entry and never held whole. Smaller answers of the same
fields, in an object around the list or in a table, are read alike; names of fields go by their letters alone.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from itertools import chain
from typing import Any

from forestall.base.errors import Malformed
from forestall.base.words import say
from forestall.collecting.asking import BadRow, Cursor, Envelope, Page, Request
from forestall.collecting.cells import Cells, each
from forestall.collecting.contract import Found, Source
from forestall.collecting.hostile import Hostile
from forestall.collecting.kinds import Kind
from forestall.collecting.limits import BULK, LIMITS
from forestall.collecting.published import (
    Form,
    NamedRow,
    json_of,
    json_rows,
    refused_in_words,
    rows_of,
    unpack,
)
from forestall.collecting.received import Received

from .annotations import ID, finding

_BOM = b"\xef\xbb\xbf"
_LISTS = ("data", "results", "items", "annotations", "value")
_TOTALS = ("total", "totalcount", "count")
_DEEPEST = 20
_EDITION = re.compile(r"export-[a-z-]*?(en|fr|es|ar|ru|zh)\b", re.IGNORECASE)
Rows = Iterator[NamedRow | BadRow]


def plan(cursor: Mapping[str, Any], *, source: Source, today: date) -> Iterable[Request]:
    """The whole index once a week."""
    language = source.settings["language"]
    state = cursor.get(f"full-{language}", {})
    asked = state.get("asked")
    kept = asked and date.fromisoformat(asked) + timedelta(days=int(source.settings["every_days"])) > today
    if kept or state.get("tried") == today.isoformat():
        return []
    name = f"export-full-{language}.json"
    return [Request(f"full-{language}", source.settings["export"].format(language=language), name=name)]


def advance(cursor: Mapping[str, Any], *, page: Page) -> Cursor:
    """The day of the last whole answer, and the newest entry in it. One that failed is asked for again the next day."""
    state = dict(cursor.get(page.request.key, {}))
    state["tried"] = page.at.date().isoformat() if page.at else ""
    if page.status == 200:
        state["asked"] = state["tried"]
        state["high"] = page.envelope.high or state.get("high", "")
    return {**cursor, page.request.key: state}


def parse(received: Received, *, kind: Kind, source: Source) -> Iterator[Found]:
    """One finding per annotation. Raises `Malformed`, even at its very end when the list is cut short."""
    found = unpack(received)
    total: int | None = None
    if found.form is not Form.JSON:
        rows: Rows = rows_of(received)
    elif found.content[:64].removeprefix(_BOM).lstrip().startswith(b"["):
        rows = _entries(found.content)
    else:
        value = json_of(found)
        rows, total = _around(value)
    edition = _EDITION.search(found.name)
    language = edition[1].lower() if edition else str(source.settings["language"])
    count, high = 0, ""
    for one in each(_ours(rows), lambda cells: finding(cells.loosely(), source, language)):
        count, high = count + 1, max(high, getattr(one, "rank", ""))
        yield one
    yield Envelope(total=count if total is None else total, high=high)


def _entries(content: bytes) -> Rows:
    """The entries of one long list, as they come."""
    import ijson

    stream = io.BytesIO(content)
    stream.seek(len(_BOM) if content.startswith(_BOM) else 0)
    number = 0
    try:
        for number, entry in enumerate(ijson.items(stream, "item", use_float=True), start=1):
            yield _row(number, entry)
    except ijson.JSONError as error:
        raise Malformed(
            say("The list is cut short or broken, somewhere after entry %(count)s.", count=number)
        ) from error


def _row(number: int, entry: object) -> NamedRow | BadRow:
    if number > BULK.rows:
        raise Malformed(say("The table has more than %(limit)s rows.", limit=BULK.rows))
    if not isinstance(entry, dict):
        return BadRow(f"row {number}", say("It is no row with named fields."), str(entry)[:1000])
    if _depth(entry) > _DEEPEST:
        raise Hostile(say("The JSON is nested deeper than %(limit)s levels.", limit=_DEEPEST))
    return NamedRow(number, entry)


def _depth(value: object) -> int:
    """How deep lists and objects lie in each other, told level by level and without calling itself."""
    depth, level = 0, [value]
    while level and depth <= _DEEPEST:
        inner = [
            one.values() if isinstance(one, dict) else one for one in level if isinstance(one, dict | list)
        ]
        level = list(chain.from_iterable(inner))
        depth += bool(inner)
    return depth


def _around(value: Mapping[str, Any]) -> tuple[Rows, int | None]:
    """The list within an object, and how many there are in all."""
    plain = {name.casefold(): name for name in value}
    total = next((value[plain[name]] for name in _TOTALS if name in plain), None)
    for name in _LISTS:
        if name in plain and isinstance(value[plain[name]], list):
            return json_rows(value[plain[name]]), total if isinstance(total, int) else None
    if Cells(NamedRow(1, dict(value))).loosely().has(*ID):
        return json_rows([value]), None
    raise refused_in_words(value, wanted="data")


def _ours(rows: Rows) -> Rows:
    """Rows, once the first that is one has turned out to be an annotation."""
    looked = False
    for row in rows:
        if isinstance(row, NamedRow) and not looked:
            looked = True
            cells = Cells(row).loosely()
            lacking = [
                names[0] for names in (ID, ("Text",), ("AnnotationType", "Type")) if not cells.has(*names)
            ]
            if lacking:
                raise Malformed(
                    say("Columns are not there: %(names)s.", names=", ".join(lacking)[: LIMITS.cell])
                )
        yield row
