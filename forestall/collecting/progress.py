"""How a turn of asking goes on: what is asked next, and how far the answers have been read. No network, no tables."""

from __future__ import annotations

import importlib
from datetime import date, datetime
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

from .asking import Cursor, Page, Request
from .contract import Collector, Source
from .received import Channel, Received
from .responses import Response

if TYPE_CHECKING:
    from .enquiry import Reply


def host_of(request: Request) -> str:
    """Whom a request asks."""
    return urlsplit(request.url).hostname or ""


def received(source: Source, request: Request, *, body: bytes, at: datetime) -> Received:
    """An answer as the source's reader takes it; `at` is when it came, UTC."""
    channel = Channel.FEED if source.reads else Channel.FOLDER
    return Received(request.name, body, at, channel, carried=request.carried)


class Progress:
    """One turn of one source, on a UTC day. `cursor` is how far it has been read; whoever keeps an answer moves it."""

    def __init__(self, source: Source, *, cursor: Cursor, on: date) -> None:
        self.source, self.cursor, self.on = source, cursor, on
        self._collector = cast(Collector, importlib.import_module(source.module))
        self._made: set[tuple[str, str, str]] = set()
        self._closed: set[str] = set()

    def next(self) -> Request | None:
        """The first request not made yet, which is made from now on; None when there is nothing more to ask."""
        planned = self._collector.plan(self.cursor, source=self.source, today=self.on)
        open_ones = (one for one in planned if not {host_of(one), one.key} & self._closed)
        found = next((one for one in open_ones if one.identity not in self._made), None)
        if found is not None:
            self._made.add(found.identity)
        return found

    def close(self, what: str) -> None:
        """Ask a host, or for what one key names, no more in this turn: it did not answer, or cannot be believed."""
        self._closed.add(what)

    def after(self, page: Page) -> Cursor:
        """How far the source has been read with this answer; nothing is moved yet."""
        return self._collector.advance(self.cursor, page=page)


def page_of(request: Request, reply: Reply, read: Response) -> Page:
    """An answer as `advance` is told of it: what it said of itself, and how much it held; not its bytes."""
    body = Received(request.name, b"", reply.at) if reply.status == 200 else None
    return Page(request, reply.status, reply.headers, body, reply.at, read.count, read.envelope)
