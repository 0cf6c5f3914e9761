"""Asking sources from the command line and from the worker: with this office's credentials, over the one door."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, cast

from forestall.base.clock import today
from forestall.base.errors import Spoken
from forestall.base.home import chosen_path, exists, open_home
from forestall.cli.command import Arguments
from forestall.collecting.asking import Page, Request
from forestall.collecting.byhand import nothing, of_response
from forestall.collecting.childprocess import AnsweringChild
from forestall.collecting.contract import Collector, Source
from forestall.collecting.credentials import credentials_of
from forestall.collecting.enquiry import Enquirer, said
from forestall.collecting.received import Channel, Received

DRY_PAGES = 3
"""Requests that a dry run makes at most: enough to see whether the producer answers as it should."""


def home_credentials(given: Arguments, source: Source) -> Mapping[str, str]:
    """The credentials of the home that is meant, if there is one: a dry run needs none to exist."""
    path = (given.home or chosen_path()).expanduser().resolve()
    return credentials_of(open_home(path).credentials, source) if exists(path) else {}


def home_is_there(given: Arguments) -> bool:
    """Whether the home that is meant exists."""
    return exists((given.home or chosen_path()).expanduser().resolve())


def first_answers(source: Source, *, credentials: Mapping[str, str], pages: int = DRY_PAGES) -> Iterator[dict[str, Any]]:
    """What the first answers of a producer hold, told and not stored. A refusal is told in the producer's own words."""
    collector = cast(Collector, importlib.import_module(source.module))
    asker = Enquirer(source, credentials=credentials)
    cursor: dict[str, Any] = {}
    made: set[tuple[str, str, str]] = set()
    with AnsweringChild() as reader:
        for _ in range(pages):
            planned = collector.plan(cursor, source=source, today=today())
            request = next((one for one in planned if one.identity not in made), None)
            if request is None:
                return
            made.add(request.identity)
            told, cursor = _answer(source, request, cursor, asker=asker, reader=reader, collector=collector)
            yield told


def _answer(
    source: Source, request: Request, cursor: dict[str, Any], *, asker: Enquirer, reader: AnsweringChild, collector: Collector
) -> tuple[dict[str, Any], dict[str, Any]]:
    named = {"request": request.url}
    try:
        reply = asker.ask(request)
    except Spoken as error:
        return {**named, "status": 0, **nothing(request.name, error.words.text())}, cursor
    if reply.status != 200:
        return {**named, "status": reply.status, **nothing(request.name, said(reply.body))}, cursor
    channel = Channel.FEED if source.reads else Channel.FOLDER
    received = Received(request.name, reply.body, reply.at, channel, carried=request.carried)
    read = reader.read(received, source=source)
    told = {**named, "status": 200, "bytes": len(reply.body), **of_response(read, source=source, received=received)}
    if read.refusal is None:
        page = Page(request, 200, reply.headers, received, reply.at, read.count, read.envelope)
        cursor = collector.advance(cursor, page=page)
    return told, cursor


def one_turn(source: Source, *, memory: Any = None) -> Any:
    """One turn of asking `source`, kept in the home that is open. Returns the outcome.

    `memory` (`copies.Memory`) is what the process keeps in mind of earlier items, when it takes more than one turn.
    """
    from django.conf import settings

    from forestall.access.session import bound_to, system_reader
    from forestall.cli import receiving
    from forestall.monitoring.actions import collecting, copies
    from forestall.monitoring.suggesting import office_readers

    if source.mailbox:
        return receiving.one_turn(source, memory=memory or copies.Memory())
    source = as_set(source)
    asker = Enquirer(source, credentials=credentials_of(Path(settings.HOME.credentials), source))
    with bound_to(system_reader("collector", reason="a turn of asking")) as by, AnsweringChild() as reader:
        outcome = collecting.collect(source, by=by, asker=asker, reader=reader, readers=office_readers())
        (memory or copies.Memory()).recognise(outcome.items, by=by)
    return outcome


def as_set(source: Source) -> Source:
    """The source as the office of the home that is open has set it."""
    from forestall.access.session import bound_to, system_reader
    from forestall.monitoring.actions import collection

    with bound_to(system_reader("collector", reason="how a source is set")):
        return collection.of_office(source)


@cache
def in_mind() -> Any:
    """What this process keeps in mind of earlier items."""
    from forestall.monitoring.actions.copies import Memory

    return Memory()
