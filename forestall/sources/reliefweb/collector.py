"""ReliefWeb API v2: reports and disasters as documents to read, countries and sources as entries of registers.

Pages are not asked for by their number: the day from which changes are wanted is moved to the last row of the page
before, because rows change their place while one pages. The envelope is the one of version 1, which can still be read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from forestall.base.canonical import canonical_json
from forestall.base.errors import Malformed
from forestall.base.words import say
from forestall.collecting.asking import BadRow, Cursor, Envelope, Ignored, Page, Request
from forestall.collecting.contract import Found, Source
from forestall.collecting.kinds import Kind
from forestall.collecting.published import Form, json_of, json_rows, unpack
from forestall.collecting.received import Received
from forestall.collecting.record import Record

from .documents import document
from .registers import entry

_CHANGED, _CREATED = "date.changed", "date.created"
_REGISTERS = ("countries", "sources")
_ENDPOINT = re.compile(r"/v\d+/([a-z]+)")
_VOLATILE = ("href", "score")


def plan(cursor: Mapping[str, Any], *, source: Source, today: date) -> Iterable[Request]:
    """The next page of the first endpoint that is not read to its end today."""
    for endpoint in source.settings["asked"]:
        state = cursor.get(endpoint, {})
        if not _done(endpoint, state, source, today):
            return [_request(endpoint, state, source, today)]
    return []


def _done(endpoint: str, state: Mapping[str, Any], source: Source, today: date) -> bool:
    if not state.get("asked"):
        return False
    rest = source.settings["register_days"] if endpoint in _REGISTERS and not state.get("again") else 1
    return (today - date.fromisoformat(state["asked"])).days < int(rest)


def _request(endpoint: str, state: Mapping[str, Any], source: Source, today: date) -> Request:
    asked: dict[str, Any] = {"limit": source.settings["page_size"], "offset": state.get("offset", 0)}
    if endpoint in _REGISTERS:
        asked |= {"profile": "full", "sort": ["id:asc"]}
    else:
        asked |= _since(endpoint, state, source, today)
    url = f"{source.settings['api']}/{endpoint}?appname={{appname}}"
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    return Request(endpoint, url, headers, canonical_json(asked), name=f"{endpoint}.json")


def _since(endpoint: str, state: Mapping[str, Any], source: Source, today: date) -> dict[str, Any]:
    field = state.get("field", _CHANGED)
    conditions: list[dict[str, Any]] = [{"field": field, "value": {"from": _floor(state, source, today)}}]
    asked: dict[str, Any] = {"preset": "latest", "profile": "full", "sort": [f"{field}:asc", "id:asc"]}
    if endpoint == "reports":
        conditions.append({"field": "theme.name", "value": source.settings["themes"], "operator": "OR"})
        asked |= {"profile": "list", "fields": {"include": source.settings["report_fields"]}}
    return asked | {"filter": {"operator": "AND", "conditions": conditions}}


def _floor(state: Mapping[str, Any], source: Source, today: date) -> str:
    """From when: where the last page ended, else some days before the newest row of the last run."""
    if state.get("floor"):
        return str(state["floor"])
    overlap = source.asks.overlap_days if source.asks else 0
    if state.get("field") == _CREATED:
        overlap = int(source.settings["created_overlap_days"])
    if state.get("high"):
        start = date.fromisoformat(state["high"][:10]) - timedelta(days=overlap)
    else:
        start = today - timedelta(days=int(source.settings["first_days"]))
    return f"{start.isoformat()}T00:00:00+00:00"


def advance(cursor: Mapping[str, Any], *, page: Page) -> Cursor:
    """Where the next page starts. What is refused is left for another day; a 400 makes us ask by day of creation."""
    moved = {key: dict(state) for key, state in cursor.items()}
    state = moved.get(page.request.key, {})
    if page.status != 200:
        moved[page.request.key] = _refused(state, page)
    elif page.request.key in _REGISTERS:
        moved[page.request.key] = _turned(state, page)
    else:
        moved[page.request.key] = _moved(state, page)
    return moved


def _day(page: Page) -> str:
    return page.at.date().isoformat() if page.at else ""


def _refused(state: dict[str, Any], page: Page) -> dict[str, Any]:
    """Left for tomorrow, also where a register would rest for longer."""
    if page.status == 400 and page.request.key not in _REGISTERS and state.get("field") != _CREATED:
        return {"high": state.get("high", ""), "field": _CREATED}
    return state | {"asked": _day(page), "again": True}


def _turned(state: dict[str, Any], page: Page) -> dict[str, Any]:
    if page.envelope.more:
        return {"offset": state.get("offset", 0) + page.count}
    return {"asked": _day(page)}


def _moved(state: dict[str, Any], page: Page) -> dict[str, Any]:
    kept = {"field": state["field"]} if "field" in state else {}
    kept["high"] = max(state.get("high", ""), page.envelope.high)
    if not page.envelope.more:
        return kept | {"asked": _day(page)}
    # A page full of rows that changed in one second does not move the floor; only there rows are skipped by number.
    stuck = page.envelope.more == state.get("floor")
    return kept | {"floor": page.envelope.more, "offset": state.get("offset", 0) + page.count if stuck else 0}


def parse(received: Received, *, kind: Kind, source: Source) -> Iterator[Found]:
    """A record per report or disaster, a finding per country or source. Raises `Malformed` in the API's own words."""
    value = _answer(received)
    rows = list(json_rows(value, at="data"))
    given = [row for row in rows if not isinstance(row, BadRow)]
    endpoint = _endpoint(value, [row.cells for row in given])
    yield _envelope(value, [row.cells for row in given], source)
    ignored = tuple(name for name in _VOLATILE if any(name in row.cells for row in given))
    if ignored:
        yield Ignored(ignored)
    seen: dict[str, str] = {}
    for row in rows:
        made = _made(row, endpoint, received, source) if not isinstance(row, BadRow) else row
        if isinstance(made, Record):
            _hold_unique(made, seen)
        yield made


def _answer(received: Received) -> dict[str, Any]:
    found = unpack(received)
    if found.form is not Form.JSON:
        raise Malformed(say("JSON of the ReliefWeb API was expected, and this is none."))
    value = json_of(found)
    if isinstance(value, dict) and "data" not in value and (value.get("error") or value.get("message")):
        raise Malformed(say("ReliefWeb refuses. It says: “%(said)s”", said=_said(value)))
    if not isinstance(value, dict) or "data" not in value:
        raise Malformed(say("This is no answer of the ReliefWeb API: it has no “data”."))
    return value


def _said(value: Mapping[str, Any]) -> str:
    error = value.get("error") or value.get("message")
    words = error.get("message") or error.get("type") if isinstance(error, dict) else error
    return str(words or "")[:500]


def _endpoint(value: Mapping[str, Any], rows: list[dict[str, Any]]) -> str:
    """What the rows are: as their addresses say, else as their fields do."""
    for address in (value.get("href"), *(row.get("href") for row in rows[:1])):
        found = _ENDPOINT.search(str(address or ""))
        if found:
            return found[1]
    fields: set[str] = set().union(*(row["fields"] for row in rows if isinstance(row.get("fields"), dict)))
    if "glide" in fields or ({"type", "status"} <= fields and "title" not in fields):
        return "sources" if "homepage" in fields else "disasters"
    if "title" in fields:
        return "reports"
    return (
        "countries"
        if "iso3" in fields
        else "sources"
        if "longname" in fields or "homepage" in fields
        else "reports"
    )


def _envelope(value: Mapping[str, Any], rows: list[dict[str, Any]], source: Source) -> Envelope:
    """How many there are, and where the next page starts: after a full page only, since `links.next` is always there."""
    total = value.get("totalCount")
    marks = [_mark(row) for row in rows]
    full = len(rows) >= int(source.settings["page_size"])
    more = (marks[-1] or str(rows[-1].get("id") or "")) if full and marks else ""
    return Envelope(total=total if isinstance(total, int) else None, more=more, high=max(marks, default=""))


def _mark(row: Mapping[str, Any]) -> str:
    fields = row.get("fields")
    dates = fields.get("date") if isinstance(fields, dict) else None
    return str(dates.get("changed") or dates.get("created") or "") if isinstance(dates, dict) else ""


def _made(row: Any, endpoint: str, received: Received, source: Source) -> Found:
    fields = row.cells.get("fields", {})
    if not row.cells.get("id") or not isinstance(fields, dict):
        return BadRow(
            row.place,
            say("%(place)s: It has no id or no fields.", place=row.place),
            canonical_json(row.cells),
        )
    if endpoint in _REGISTERS:
        return entry(row, endpoint=endpoint, source=source)
    return document(row, endpoint=endpoint, received=received, source=source)


def _hold_unique(record: Record, seen: dict[str, str]) -> None:
    if seen.setdefault(record.external_id, record.sha256) != record.sha256:
        raise Malformed(
            say("Two entries have one identifier and differ: %(key)s.", key=record.external_id[:80])
        )
