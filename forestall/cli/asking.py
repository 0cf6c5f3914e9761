"""Asking sources from the command line and from the worker: with this office's credentials, over the one door."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from forestall.base.clock import today
from forestall.base.errors import Spoken
from forestall.base.home import chosen_path, exists, open_home
from forestall.cli.command import Arguments
from forestall.collecting.asking import Request
from forestall.collecting.byhand import nothing, of_response
from forestall.collecting.childprocess import AnsweringChild
from forestall.collecting.contract import Source
from forestall.collecting.credentials import credentials_of
from forestall.collecting.enquiry import Enquirer, said
from forestall.collecting.progress import Progress, page_of, received

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
    asker = Enquirer(source, credentials=credentials)
    progress = Progress(source, cursor={}, on=today())
    with AnsweringChild() as reader:
        for _ in range(pages):
            request = progress.next()
            if request is None:
                return
            yield _answer(request, progress, asker=asker, reader=reader)


def _answer(request: Request, progress: Progress, *, asker: Enquirer, reader: AnsweringChild) -> dict[str, Any]:
    named, source = {"request": request.url}, progress.source
    try:
        reply = asker.ask(request)
    except Spoken as error:
        return {**named, "status": 0, **nothing(request.name, error.words.text())}
    if reply.status != 200:
        return {**named, "status": reply.status, **nothing(request.name, said(reply.body))}
    came = received(source, request, body=reply.body, at=reply.at)
    read = reader.read(came, source=source)
    if read.refusal is None:
        progress.cursor = progress.after(page_of(request, reply, read))
    return {**named, "status": 200, "bytes": len(reply.body), **of_response(read, source=source, received=came)}


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
