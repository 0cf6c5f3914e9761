"""What a declared source asks for, and how far it has come.

The state of a key in the cursor: `more` is where its next page is, `asked` the day it was read to its end, `high` the mark
that its next turn goes on from, `seen` the highest of the pages of this turn.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from forestall.collecting.asking import Cursor, Page, Request
from forestall.collecting.contract import Source

from .definition import Ask, Definition, Pager, definition

Values = Mapping[str, str]


def plan(cursor: Mapping[str, Any], *, source: Source, today: date) -> Iterable[Request]:
    """What is unfinished, then what is due today, in the order of the definition."""
    made = definition(source)
    wanted = [one for one in _asked(made, today) if _due(cursor.get(one[0], {}), one[1], today)]
    wanted.sort(key=lambda one: not cursor.get(one[0], {}).get("more"))
    return [
        _request(key, ask, values, cursor.get(key, {}), made, source, today) for key, ask, values in wanted
    ]


def _asked(made: Definition, today: date) -> Iterator[tuple[str, Ask, Values]]:
    """Each key, what is asked under it, and what fills its places."""
    ours = {"year": str(today.year), "last_year": str(today.year - 1), "today": today.isoformat()}
    for ask in made.asks:
        if not ask.each:
            yield ask.key, ask, ours
        for name, values in ask.each.items():
            for value in dict.fromkeys(_filled(one, ours) for one in values):
                yield f"{ask.key}:{value}", ask, {**ours, name: value}


def _due(state: Mapping[str, Any], ask: Ask, today: date) -> bool:
    if state.get("more") or not state.get("asked"):
        return True
    return date.fromisoformat(state["asked"]) + timedelta(days=ask.again_days) <= today


def _request(
    key: str,
    ask: Ask,
    values: Values,
    state: Mapping[str, Any],
    made: Definition,
    source: Source,
    today: date,
) -> Request:
    pager = made.answer(ask.answer).pager
    values = {**values, "since": _since(state, ask, source, today).isoformat()}
    query: dict[str, Any] = {name: _filled(value, values) for name, value in ask.query.items()}
    carried: dict[str, Any] = {"answer": ask.answer}
    url = made.base + _filled(ask.path, values)
    if pager.kind == "cursor_window":
        first, last = _window(state, pager, ask, source, today)
        query |= {pager.since: _written(first, pager), pager.until: _written(last, pager)}
        carried["until"] = last.isoformat() if last < today else ""
    elif pager.name:
        carried["at"] = int(state.get("more") or pager.first)
        query |= {pager.name: str(carried["at"])}
    sent = json.dumps(query, ensure_ascii=False) if ask.method == "POST" else ""
    if query and not sent:
        url += ("&" if "?" in url else "?") + urlencode(query, safe="{}:,")
    if pager.kind == "next_link" and state.get("more"):
        # What a producer writes into its link is no place for a credential of ours.
        url = str(state["more"]).replace("{", "%7B").replace("}", "%7D")
    headers = {**made.headers, **({"Content-Type": "application/json"} if sent else {})}
    name = _filled(ask.name, values) or f"{key.replace(':', '-')}.json"
    return Request(key, url, headers, sent=sent, name=name, carried=json.dumps(carried))


def _filled(given: Any, values: Values) -> Any:
    """A text, or every text within a list or a table, with its places filled."""
    if isinstance(given, Mapping):
        return {name: _filled(one, values) for name, one in given.items()}
    if isinstance(given, list):
        return [_filled(one, values) for one in given]
    if not isinstance(given, str):
        return given
    for name, value in values.items():
        given = given.replace(f"{{{name}}}", value)
    return given


def _since(state: Mapping[str, Any], ask: Ask, source: Source, today: date) -> date:
    """The mark, and some days before it, because producers date back; before there is one, `history_days` ago."""
    mark = _day(str(state.get("high", "")))
    overlap = source.asks.overlap_days if source.asks else 0
    return mark - timedelta(days=overlap) if mark else today - timedelta(days=ask.history_days)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _window(
    state: Mapping[str, Any], pager: Pager, ask: Ask, source: Source, today: date
) -> tuple[date, date]:
    """The days of the next window: from where the one before ended, or in a new turn from the mark less the overlap."""
    first = _day(str(state.get("more", ""))) or _since(state, ask, source, today)
    return first, min(first + timedelta(days=pager.days), today)


def _written(day: date, pager: Pager) -> str:
    if pager.written == "epoch":
        return str(int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()))
    return day.isoformat()


def advance(cursor: Mapping[str, Any], *, page: Page) -> Cursor:
    """The next page, or the day and the mark at the end. What was refused leaves everything as it was."""
    moved = {key: dict(state) for key, state in cursor.items()}
    if page.status not in (200, 304):
        return moved
    before = moved.get(page.request.key, {})
    carried = json.loads(page.request.carried or "{}")
    more = carried.get("until", page.envelope.more)
    day = page.at.date().isoformat() if page.at else ""
    seen = max(str(before.get("seen", "")), page.envelope.high, day if "until" in carried else "")
    high = str(before.get("high", ""))
    state = {"more": more, "high": high, "seen": seen} if more else {"asked": day, "high": max(high, seen)}
    moved[page.request.key] = {name: value for name, value in state.items() if value}
    return moved
