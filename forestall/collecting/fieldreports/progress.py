"""Asking a server of forms: the unfinished page first, then each form, its submissions, and the files beside them.

A cursor holds, by key: `form:ID` what the form calls its questions and the day it was asked; `data:ID` how far its
submissions were read; `attachment:ID` a file that waits, or that it was fetched. Servers do not tell of every edit, so
that everything is read again from time to time.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any, Protocol
from urllib.parse import urlsplit

from forestall.base.errors import Malformed
from forestall.base.words import say

from ..asking import Cursor, Page, Request
from ..contract import Source

LONGEST_QUERY = 4_000


class Server(Protocol):
    """How a server is asked. `form` is the source's name of one; `known` what its definition said (may be empty)."""

    def ask_form(self, form: str, *, source: Source) -> Request:
        """For what the form calls its questions."""

    def ask_since(self, form: str, *, source: Source, since: str, known: str) -> Request:
        """For submissions since a day (ISO), or for all of them."""

    def ask_more(self, form: str, *, source: Source, query: str, known: str) -> Request:
        """For the page that the last answer pointed to."""

    def ask_file(self, waiting: Mapping[str, str], *, source: Source) -> Request:
        """For a file beside a submission, by what `Envelope.carried` said of it."""


def planned(cursor: Mapping[str, Any], *, server: Server, source: Source, today: date) -> Iterable[Request]:
    """The next request, or none when everything of today is read."""
    day = today.isoformat()
    for form in source.settings["forms"]:
        known = cursor.get(f"form:{form}", {})
        data = cursor.get(f"data:{form}", {})
        if data.get("more"):
            return [server.ask_more(form, source=source, query=data["more"], known=known.get("carried", ""))]
        if known.get("asked") != day:
            return [server.ask_form(form, source=source)]
        if data.get("asked") != day:
            since = _since(data, source, today)
            return [server.ask_since(form, source=source, since=since, known=known.get("carried", ""))]
    waiting = [
        state["waiting"] for state in cursor.values() if state.get("waiting") and state.get("asked") != day
    ]
    return [server.ask_file(waiting[0], source=source)] if waiting else []


def _since(data: Mapping[str, Any], source: Source, today: date) -> str:
    """The day to read from, with the overlap; empty when it is time to read everything again."""
    again = timedelta(days=int(source.settings["whole_every_days"]))
    whole = data.get("whole")
    if not data.get("high") or not whole or date.fromisoformat(whole) + again <= today:
        return ""
    overlap = timedelta(days=source.asks.overlap_days if source.asks else 0)
    return (date.fromisoformat(data["high"][:10]) - overlap).isoformat()


def advanced(cursor: Mapping[str, Any], *, page: Page, whole: bool) -> Cursor:
    """The next cursor. `whole`: the page was asked for without a first day."""
    moved = {key: dict(state) for key, state in cursor.items()}
    key, day = page.request.key, page.at.date().isoformat() if page.at else ""
    kind = key.partition(":")[0]
    before = moved.get(key, {})
    if kind == "attachment":
        moved[key] = _fetched(before, page, day)
    elif page.status != 200:
        moved[key] = {name: value for name, value in before.items() if name not in ("more", "all")} | {
            "asked": day
        }
    elif kind == "form":
        moved[key] = {"asked": day, "version": page.envelope.version, "carried": page.envelope.carried}
    else:
        moved[key] = _read(before, page, day, whole=whole)
        _wait_for_files(moved, page)
    return moved


def _fetched(before: Mapping[str, Any], page: Page, day: str) -> dict[str, Any]:
    """What became of a file: kept, not there any more, or to be asked for another day."""
    if page.status == 200:
        return {"kept": day}
    return {"gone": day} if page.status in (404, 410) else {**before, "asked": day, "status": page.status}


def _read(before: Mapping[str, Any], page: Page, day: str, *, whole: bool) -> dict[str, Any]:
    """How far a form's submissions are read. A page that points to itself is the last.

    Whether everything is read was settled by the first page: what servers point to next need not say it again.
    """
    whole = bool(before["all"]) if before.get("more") else whole
    found = {"high": max(before.get("high", ""), page.envelope.high), "whole": before.get("whole", "")}
    if page.envelope.more and page.envelope.more != urlsplit(page.request.url).query:
        return {**found, "more": page.envelope.more, "all": whole}
    return {**found, "asked": day, "whole": day if whole else found["whole"]}


def _wait_for_files(cursor: Cursor, page: Page) -> None:
    for one in json.loads(page.envelope.carried or "[]"):
        cursor.setdefault(one["key"], {"waiting": one})


def next_query(address: str, *, source: Source) -> str:
    """The query of the address of the next page: all that is used of it. Raises `Malformed` when it lies elsewhere."""
    if not address:
        return ""
    parts = urlsplit(address)
    hosts = source.asks.hosts if source.asks else ()
    if parts.netloc and parts.hostname not in hosts:
        raise Malformed(
            say("The next page would lie at %(host)s, which this source may not ask.", host=(parts.hostname or "")[:80])
        )  # fmt: skip
    if len(parts.query) > LONGEST_QUERY:
        raise Malformed(say("The address of the next page is too long to be one."))
    return parts.query
