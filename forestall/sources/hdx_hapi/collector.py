"""HDX HAPI and the catalogue of HDX: conflict counts, displaced people, refugees, needs, hunger, risk; country by country.

The catalogue is asked each day which files changed; those are fetched whole and need no credential. Tables named in the
settings are asked of the API page by page as well.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from forestall.base.errors import Malformed
from forestall.base.words import say
from forestall.collecting.asking import BadRow, Cursor, Envelope, Page, Request
from forestall.collecting.cells import Cells, each
from forestall.collecting.contract import Found, Source
from forestall.collecting.keys import Keys
from forestall.collecting.kinds import Kind
from forestall.collecting.published import Form, NamedRow, json_of, json_rows, rows_of, unpack
from forestall.collecting.received import Received

from . import catalogue
from .endpoint import Endpoint, endpoint_of
from .rows import fact_of, key_of

Rows = Callable[[], Iterator[NamedRow | BadRow]]

_PACKAGE, _FILE, _SEARCH, _TABLE = "package:", "file:", "search:", "table:"
_FROM = re.compile(r"[?&](?:offset|start)=(\d+)")
_AT_MOST = re.compile(r"[?&](?:limit|rows)=(\d+)")


def plan(cursor: Mapping[str, Any], *, source: Source, today: date) -> Iterable[Request]:
    """A file that changed, else a page that is followed by another, else whatever was not asked for today."""
    day = today.isoformat()
    for key, state in cursor.items():
        if state.get("due") and state.get("asked") != day:
            return [Request(key, state["url"], name=state["name"])]
    for key, state in cursor.items():
        if state.get("more") and state.get("asked") != day:
            return [_request(key, source, first=state["more"])]
    fresh = [key for key in _asked_daily(source) if cursor.get(key, {}).get("asked") != day]
    return [_request(key, source, first="0") for key in fresh[:1]]


def _asked_daily(source: Source) -> list[str]:
    found = source.settings
    return [
        *(_PACKAGE + name for name in found["datasets"]),
        *(_SEARCH + query for query in found["searches"]),
        *(_TABLE + path for path in found["tables"]),
    ]


def _request(key: str, source: Source, *, first: str) -> Request:
    kind, _, name = key.partition(":")
    found = source.settings
    if f"{kind}:" == _PACKAGE:
        return Request(
            key, f"{found['catalogue']}/package_show?{urlencode({'id': name})}", name=f"{name}.json"
        )
    if f"{kind}:" == _SEARCH:
        asked = {"fq": name, "sort": "metadata_modified desc", "rows": found["rows"], "start": first}
        return Request(
            key, f"{found['catalogue']}/package_search?{urlencode(asked)}", name="package_search.json"
        )
    asked = {"output_format": "json", "limit": found["limit"], "offset": first}
    url = f"{found['api']}/{name}?app_identifier={{app_identifier}}&{urlencode(asked)}"
    return Request(key, url, name=f"{name.replace('/', '-')}.json")


def advance(cursor: Mapping[str, Any], *, page: Page) -> Cursor:
    """Files that changed become due; a file that was read is kept as it is until it changes again."""
    moved = {key: dict(state) for key, state in cursor.items()}
    key, day = page.request.key, page.at.date().isoformat() if page.at else ""
    before = moved.get(key, {})
    if page.status != 200:
        moved[key] = {**before, "asked": day}
    elif key.startswith(_FILE):
        moved[key] = {"kept": before.get("due", ""), "asked": day}
    elif key.startswith(_PACKAGE):
        moved[key] = {"asked": day, "high": page.envelope.high}
        moved.update(_due(page.envelope, moved))
    else:
        following = _following(page)
        moved[key] = {"more": following} if following else {"asked": day}
    return moved


def _due(envelope: Envelope, known: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, str]]]:
    """The files of a dataset that changed since they were read: rows alone, not the guides beside them."""
    for file in json.loads(envelope.more or "[]"):
        key = _FILE + file["id"]
        before = known.get(key, {})
        if file["format"] in ("csv", "xlsx", "json") and file["changed"] not in (
            before.get("kept"),
            before.get("due"),
        ):
            kept = {"kept": before["kept"]} if before.get("kept") else {}
            yield key, {**kept, "due": file["changed"] or "once", "url": file["url"], "name": file["name"]}


def _following(page: Page) -> str:
    """Where the next page begins; empty when this one was not full."""
    begin, size = _FROM.search(page.request.url), _AT_MOST.search(page.request.url)
    if begin is None or size is None:
        return ""
    after = int(begin[1]) + int(size[1])
    if page.request.key.startswith(_SEARCH):
        return str(after) if page.count and after < (page.envelope.total or 0) else ""
    return str(after) if int(page.envelope.more or 0) >= int(size[1]) else ""


def parse(received: Received, *, kind: Kind, source: Source) -> Iterator[Found]:
    """One fact per row of any table of HDX HAPI, or per file of a dataset in an answer of the catalogue.

    Raises `Malformed`, in the words of HDX when it answered with an error.
    """
    found = unpack(received)
    if found.form is not Form.JSON:
        inner = replace(received, name=found.name, content=found.content)
        yield from _facts(lambda: rows_of(inner), source, paged=False)
        return
    value = json_of(found)
    if catalogue.is_answer(value):
        yield from catalogue.findings(value, source=source)
        return
    listed = _listed(value)
    yield Envelope(more=str(len(listed)) if listed else "")
    yield from _facts(lambda: json_rows(listed), source, paged=True)


def _listed(value: Any) -> list[Any]:
    if isinstance(value, list):
        return value
    if isinstance(value, dict) and isinstance(value.get("data"), list):
        return list(value["data"])
    said = (
        value.get("detail") or value.get("error") or value.get("message") if isinstance(value, dict) else None
    )
    if said:
        raise Malformed(say("HDX HAPI refused. It says: “%(said)s”.", said=_said(said)))
    raise Malformed(say("The answer has no “%(key)s”, where its rows were expected.", key="data"))


def _said(value: Any) -> str:
    """What HDX HAPI says is wrong: a sentence, or a list of what is wrong where."""
    if isinstance(value, list):
        return "; ".join(_said(one) for one in value)[:200]
    return str(value.get("msg") or value.get("message") or value if isinstance(value, dict) else value)[:200]


def _facts(rows: Rows, source: Source, *, paged: bool) -> Iterator[Found]:
    """The rows are gone through twice: keys that repeat must be known before the first of them is named."""
    first = next((row for row in rows() if isinstance(row, NamedRow)), None)
    if first is None:
        if paged and not any(True for _ in rows()):
            return
        raise Malformed(say("The table has no row of data."))
    endpoint = _endpoint(first)
    keys = Keys(key_of(Cells(row), endpoint) for row in rows() if isinstance(row, NamedRow))
    yield from each(rows(), lambda cells: fact_of(cells, endpoint, source=source, keys=keys))


def _endpoint(row: NamedRow) -> Endpoint:
    found = endpoint_of(row.cells)
    if found is None:
        names = ", ".join(list(row.cells)[:8])[:200]
        raise Malformed(say("These columns are those of no table of HDX HAPI: %(names)s.", names=names))
    return found
