"""UN Digital Library: documents by a pack of queries, as MARC records with every field.

The search page gives MARCXML with the total in a comment; the API for holders of a token wraps the same records together
with its total and the mark of the search. The library keeps programs out for hours at a time by answering 202 with
nothing in it, which is a refusal and no data.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from forestall.base.errors import Malformed
from forestall.base.words import say
from forestall.collecting.asking import BadRow, Cursor, Envelope, Page, Request
from forestall.collecting.contract import Found, Source
from forestall.collecting.formats import safexml
from forestall.collecting.kinds import Kind
from forestall.collecting.limits import BULK
from forestall.collecting.published import Form, Published, json_of, unpack
from forestall.collecting.received import Received
from forestall.collecting.record import Record

from .catalogue import document
from .marc import Marc

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element  # noqa: TID251 - the type only; parsing is defusedxml's

_TOTAL = re.compile(r"<!--\s*Search-Engine-Total-Number-Of-Results:\s*(\d+)\s*-->")


def plan(cursor: Mapping[str, Any], *, source: Source, today: date) -> Iterable[Request]:
    """The next page of the first query that is not read to its end today; nothing on a day of refusal."""
    if any(state.get("refused") == today.isoformat() for state in cursor.values()):
        return []
    for query in source.settings["queries"]:
        for year in _years(query["id"], cursor, source, today):
            key = f"{query['id']}:{year}"
            state = cursor.get(key, {})
            if state.get("asked") != today.isoformat():
                return [_request(key, query["find"], year, int(state.get("next", 1)), source)]
    return []


def _years(query: str, cursor: Mapping[str, Any], source: Source, today: date) -> list[int]:
    """This year; the one before while it may still grow; and for a query that was never read to its end, some more."""
    overlap = source.asks.overlap_days if source.asks else 0
    recent = {today.year, (today - timedelta(days=overlap)).year}
    first = {today.year - back for back in range(int(source.settings["first_years"]) + 1)}
    unread = {year for year in first if not cursor.get(f"{query}:{year}", {}).get("read")}
    return sorted(recent | unread, reverse=True)


def _request(key: str, find: str, year: int, start: int, source: Source) -> Request:
    asked = {
        "ln": "en", "p": f"({find}) AND year:{year}", "of": "xm", "rg": source.settings["page_size"], "jrec": start,
        "c": source.settings["collection"],
    }  # fmt: skip
    url = f"{source.settings['search']}?{urlencode(asked)}"
    return Request(key, url, {"Accept": "application/xml"}, name=f"{key.replace(':', '-')}-{start}.xml")


def advance(cursor: Mapping[str, Any], *, page: Page) -> Cursor:
    """Where the next page starts, or that the query is read. Everything but a 200 is a refusal, 202 above all."""
    moved = {key: dict(state) for key, state in cursor.items()}
    day = page.at.date().isoformat() if page.at else ""
    state = moved.get(page.request.key, {})
    start = int(state.get("next", 1)) + page.count
    if page.status != 200:
        moved[page.request.key] = state | {"refused": day}
    elif page.count and start <= (page.envelope.total or 0):
        moved[page.request.key] = {"next": start} | ({"read": state["read"]} if "read" in state else {})
    else:
        moved[page.request.key] = {"asked": day, "read": True}
    return moved


def parse(received: Received, *, kind: Kind, source: Source) -> Iterator[Found]:
    """One record per MARC record. Raises `Malformed` for what is no MARCXML."""
    found = _answer(received)
    parsed = safexml.parse(found.content, limits=BULK)
    rows = [one for one in parsed.root.iter() if _is_record(one)]
    if not rows and safexml.local_name(parsed.root) not in ("collection", "response"):
        raise Malformed(
            say("This is no MARCXML: its root is “%(name)s”.", name=safexml.local_name(parsed.root))
        )
    yield _envelope(parsed)
    seen: dict[str, str] = {}
    for number, row in enumerate(rows, start=1):
        marc = Marc.of(row)
        if not marc.control("001"):
            place = f"record {number}"
            yield BadRow(place, say("%(place)s: It has no number (001).", place=place), marc.canonical())
            continue
        record = document(marc, received=received, source=source, locator=f"record {number}")
        _hold_unique(record, seen)
        yield record


def _answer(received: Received) -> Published:
    if not received.content.strip():
        raise Malformed(
            say(
                "The library answered with nothing, which is how it holds programs back. Try again in some hours."
            )
        )
    found = unpack(received)
    if found.form is Form.JSON:
        value = json_of(found)
        said = value.get("error") or value.get("message") if isinstance(value, dict) else ""
        said = said.get("message") or said if isinstance(said, dict) else said
        if said:
            raise Malformed(say("The library refuses. It says: “%(said)s”", said=str(said)[:500]))
    if found.form is not Form.XML:
        raise Malformed(say("MARCXML was expected, and this is none."))
    return found


def _is_record(element: Element) -> bool:
    """A MARC record, whatever the prefix of its namespace; records of other kinds hold no fields."""
    if safexml.local_name(element) != "record":
        return False
    return any(safexml.local_name(child) in ("controlfield", "datafield") for child in element)


def _envelope(parsed: safexml.Parsed) -> Envelope:
    """The total out of the comment, or total and mark of the search out of the wrapping of the API."""
    given = {safexml.local_name(child): (child.text or "").strip() for child in parsed.root}
    comment = _TOTAL.search(parsed.text[:4000])
    total = comment[1] if comment else given.get("total", "")
    return Envelope(total=int(total) if total.isdecimal() else None, more=given.get("search_id", ""))


def _hold_unique(record: Record, seen: dict[str, str]) -> None:
    if seen.setdefault(record.external_id, record.sha256) != record.sha256:
        raise Malformed(
            say("Two entries have one identifier and differ: %(key)s.", key=record.external_id[:80])
        )
