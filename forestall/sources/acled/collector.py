"""ACLED: events as they change, events taken back, forecasts (CAST), and the monthly totals that need no account.

What an answer is, its columns say. Fields and precisions are those of the ACLED Codebook; an event is its
`event_id_cnty`, and a later `timestamp` is a later version of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from typing import Any
from urllib.parse import urlencode

from forestall.base.errors import Malformed
from forestall.base.words import Words, say
from forestall.collecting.asking import BadRow, Cursor, Envelope, Ignored, Page, Request, Withdrawn
from forestall.collecting.cells import Cells, each
from forestall.collecting.contract import Found, Source
from forestall.collecting.kinds import Kind
from forestall.collecting.published import (
    Form,
    NamedRow,
    Published,
    json_of,
    json_rows,
    refused_in_words,
    rows_of,
    sheets_of,
    unpack,
)
from forestall.collecting.received import Received

from .events import event, moment
from .forecasts import forecast, old
from .totals import totals

Rows = Iterator[NamedRow | BadRow]


def plan(cursor: Mapping[str, Any], *, source: Source, today: date) -> Iterable[Request]:
    """All that is due today, unfinished pages first. The totals carry no credential: they come without an account."""
    keys = [
        "events",
        "deletions",
        *_years(today),
        *(f"totals:{at}" for at in range(len(source.settings["totals"]))),
    ]
    due = [key for key in keys if _due(cursor.get(key, {}), key, source, today)]
    due.sort(key=lambda key: cursor.get(key, {}).get("page", 1) == 1)
    return [_request(key, cursor.get(key, {}), source, today) for key in due]


def _years(today: date) -> list[str]:
    """Forecasts reach six months ahead; asked without a year the service begins with its oldest."""
    return list(dict.fromkeys(f"cast:{day.year}" for day in (today, today + timedelta(days=183))))


def _due(state: Mapping[str, Any], key: str, source: Source, today: date) -> bool:
    if not state.get("asked"):
        return True
    wait = 1 if state.get("page", 1) > 1 else int(source.settings["every_days"][key.partition(":")[0]])
    return date.fromisoformat(state["asked"]) + timedelta(days=wait) <= today


def _request(key: str, state: Mapping[str, Any], source: Source, today: date) -> Request:
    kind, _, which = key.partition(":")
    if kind == "totals":
        url = source.settings["totals"][int(which)]
        return Request(key, url, name=url.rsplit("/", 1)[-1])
    page = int(state.get("page", 1))
    asked = {"limit": source.settings["page_size"], "page": page}
    path, wanted = {
        "events": ("acled", {**_since("timestamp", ">", state, source, today), "with_total": "true"}),
        "deletions": ("deleted", _since("deleted_timestamp", ">=", state, source, today)),
        "cast": ("cast", {"year": which}),
    }[kind]
    url = f"{source.settings['api']}/{path}/read?{urlencode({'_format': 'json', **wanted, **asked})}"
    return Request(
        key, url, {"Authorization": "Bearer {access_token}"}, name=f"acled-{kind}-{which or page}.json"
    )


def _since(field: str, sign: str, state: Mapping[str, Any], source: Source, today: date) -> dict[str, Any]:
    """From the newest change that was read, and some days before it, because changes are dated back."""
    overlap = source.asks.overlap_days if source.asks else 0
    mark = state.get("high")
    if mark:
        since = int(mark) - overlap * 86_400
    else:
        first = today - timedelta(days=int(source.settings["history_days"]))
        since = int(datetime(first.year, first.month, first.day, tzinfo=UTC).timestamp())
    return {field: since, f"{field}_where": sign}


def advance(cursor: Mapping[str, Any], *, page: Page) -> Cursor:
    """Where each kind of answer has been read to. The mark moves when the last page is in: pages start at the newest."""
    moved = {key: dict(state) for key, state in cursor.items()}
    state = moved.setdefault(page.request.key, {})
    state["asked"] = page.at.date().isoformat() if page.at else ""
    if page.status != 200:
        return moved
    seen = max(str(state.get("seen", "")), page.envelope.high, key=_number)
    if _unfinished(page, int(state.get("page", 1))):
        state.update(page=int(state.get("page", 1)) + 1, seen=seen, asked="")
        return moved
    moved[page.request.key] = {"asked": state["asked"]}
    mark = max(str(state.get("high", "")), seen, key=_number)
    if mark:
        moved[page.request.key]["high"] = mark
    return moved


def _number(text: str) -> int:
    return int(text) if text.isdigit() else 0


def _unfinished(page: Page, number: int) -> bool:
    """A full page is followed by another, unless the total says that it was the last."""
    if not page.envelope.more:
        return False
    total = page.envelope.total
    return total is None or number * int(page.envelope.more) < total


def parse(received: Received, *, kind: Kind, source: Source) -> Iterator[Found]:
    """Events, what was taken back, forecasts, or totals. Raises `Malformed` in ACLED's own words when it refuses."""
    found = unpack(received)
    if found.form is Form.WORKBOOK:
        yield from _workbook(found, received, source)
        return
    if found.form is not Form.JSON:
        yield from _read(rows_of(received), received, source, found.name, Envelope())
        return
    value = json_of(found)
    yield from _read(_listed(value), received, source, found.name, _envelope(value, source))


def _listed(value: Any) -> Rows:
    if isinstance(value, dict) and (not isinstance(value.get("data"), list) or _refuses(value)):
        raise refused_in_words(value, wanted="data")
    return json_rows(value, at="data" if isinstance(value, dict) else "")


def _refuses(value: Mapping[str, Any]) -> bool:
    """Whether the service says no. A status may be a number, text, or left out."""
    status = str(value.get("status", "200"))
    return value.get("success") is False or (status.isdigit() and int(status) >= 400)


def _envelope(value: Any, source: Source) -> Envelope:
    """How many there are, whether the page was full, and where the account's access ends: there an answer is empty."""
    if not isinstance(value, dict):
        return Envelope()
    total, rows = value.get("total_count"), value.get("data")
    length = len(rows) if isinstance(rows, list) else 0
    size = int(source.settings["page_size"])
    ends = _ends(value)
    return Envelope(
        total=int(str(total)) if str(total).isdigit() else None,
        more=str(size) if length >= size else "",
        notice=say("ACLED access ends at %(day)s: this account gets nothing newer.", day=ends)
        if ends
        else None,
    )


def _ends(value: Mapping[str, Any]) -> str:
    limits = value.get("data_query_restrictions")
    recency = limits.get("date_recency") if isinstance(limits, dict) else None
    return str(recency.get("date") or "") if isinstance(recency, dict) else ""


def _workbook(found: Published, received: Received, source: Source) -> Iterator[Found]:
    """Totals spread over sheets, beside one that holds the terms of use."""
    left: list[str] = []
    taken: list[Rows] = []
    for name, rows in sheets_of(found):
        try:
            first = next(rows)
        except (StopIteration, Malformed):
            left.append(name)
            continue
        if isinstance(first, NamedRow) and _sort_of(Cells(first).loosely()):
            taken.append(chain([first], rows))
        else:
            left.append(name)
    if not taken:
        raise Malformed(
            say("No sheet is a table of ACLED's. There are: %(names)s.", names=", ".join(left)[:300])
        )
    yield from _read(chain.from_iterable(taken), received, source, found.name, Envelope())
    if left:
        yield Ignored(tuple(f"sheet {name}" for name in left))


def _read(rows: Rows, received: Received, source: Source, name: str, envelope: Envelope) -> Iterator[Found]:
    """The rows as what the columns of the first say they are."""
    first, rows = _first(rows)
    if first is None:
        yield from (row for row in rows if isinstance(row, BadRow))
        yield envelope
        return
    sort = _sort_of(Cells(first).loosely())
    if sort == "totals":
        yield from totals(rows, source=source, name=name)
    elif sort == "events":
        yield from _noting(
            each(rows, lambda cells: event(cells.loosely(), source, received.received_at)), envelope
        )
    elif sort == "deletions":
        yield from _noting(each(rows, lambda cells: _withdrawn(cells.loosely())), envelope)
    elif sort == "cast":
        yield from _forecasts(rows, received, source, envelope)
    else:
        columns = ", ".join(list(first.cells)[:12])
        raise Malformed(
            say("This is no table of ACLED's. Its columns are: %(columns)s.", columns=columns[:300])
        )


def _first(rows: Rows) -> tuple[NamedRow | None, Rows]:
    passed: list[NamedRow | BadRow] = []
    for row in rows:
        passed.append(row)
        if isinstance(row, NamedRow):
            return row, chain(passed, rows)
    return None, iter(passed)


def _sort_of(cells: Cells) -> str:
    if cells.has("deleted_timestamp"):
        return "deletions"
    if cells.has("event_id_cnty"):
        return "events"
    if cells.has("total_forecast"):
        return "cast"
    placed = cells.has("country", "location_code", "iso3", "location_name")
    timed = cells.has("year", "month", "week", "reference_period_start")
    return "totals" if placed and timed and cells.has("events", "fatalities") else ""


def _withdrawn(cells: Cells) -> Withdrawn:
    return Withdrawn(cells.needed("event_id_cnty"), moment(cells, "deleted_timestamp"))


def _noting(found: Iterable[Found], envelope: Envelope) -> Iterator[Found]:
    """What was found, and at its end the newest change among it, in seconds since 1970."""
    high = 0
    for one in found:
        at = getattr(one, "published_at", None) or getattr(one, "at", None)
        high = max(high, int(at.timestamp()) if at else 0)
        yield one
    yield Envelope(envelope.total, envelope.more, high=str(high or ""), notice=envelope.notice)


def _forecasts(rows: Rows, received: Received, source: Source, envelope: Envelope) -> Iterator[Found]:
    """Forecasts, and a notice when even the newest was issued long ago: the service answers as if nothing were amiss."""
    newest: datetime | None = None
    for one in each(rows, lambda cells: forecast(cells.loosely(), source, received.received_at)):
        issued = getattr(one, "published_at", None)
        newest = max(filter(None, (newest, issued)), default=None)
        yield one
    notice: Words | None = envelope.notice
    if old(newest, received.received_at, source):
        issued_on = newest.date().isoformat() if newest else "—"
        notice = say("The newest of these forecasts was issued on %(day)s. They tell nothing of what lies ahead.", day=issued_on)  # fmt: skip
    yield Envelope(envelope.total, envelope.more, notice=notice)
