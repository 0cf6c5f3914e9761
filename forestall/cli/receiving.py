"""What comes by itself, for the command line and the worker: the office's mailbox and its drop folder, as `home.toml` names them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings

from forestall.access.session import bound_to, system_reader
from forestall.base.clock import now
from forestall.collecting.byhand import told
from forestall.collecting.childprocess import AnsweringChild, Child
from forestall.collecting.contract import PASSWORD, Source
from forestall.collecting.credentials import credentials_of
from forestall.collecting.enquiry import CredentialMissing
from forestall.collecting.folder import Looks
from forestall.collecting.received import Channel, Received
from forestall.labels.label import Level
from forestall.monitoring.actions import answers, intake, mailbox
from forestall.monitoring.actions.copies import Memory
from forestall.monitoring.actions.intake import Taken
from forestall.monitoring.actions.mailbox import Box, NotConfigured, Way
from forestall.monitoring.suggesting import office_readers
from forestall.outbound import imap
from forestall.sources import all_sources

LOOKS = Looks()
"""What this process saw of the drop folder at its last look."""
SHOWN = 3
"""Messages that a dry run reads at most."""
SHOWN_BYTES = 1 << 20


def way_into(source: Source) -> Way:
    """The way into the office's mailbox. What is missing is told when it is entered."""
    inbound = settings.OFFICE.inbound
    box = inbound.box
    place = f"{box.user}@{box.host}:{box.port}/{box.folder}" if box else ""
    return Way(place, lambda: _entered(source), trusted=inbound.authenticated_by)


def _entered(source: Source) -> AbstractContextManager[Box]:
    box = settings.OFFICE.inbound.box
    if box is None:
        raise NotConfigured
    password = credentials_of(Path(settings.HOME.credentials), source).get(PASSWORD, "")
    if not password:
        raise CredentialMissing(source, PASSWORD)
    return imap.opened(box, password=password)


def one_turn(source: Source, *, memory: Memory) -> Any:
    """One turn of reading the mailbox, kept in the home that is open. Returns the outcome."""
    with bound_to(system_reader("collector", reason="a turn of reading the mailbox")) as by, Child() as child:
        outcome = mailbox.collect(source, by=by, way=way_into(source), child=child, readers=office_readers())
        memory.recognise(outcome.items, by=by)
    return outcome


def first_messages(source: Source) -> dict[str, Any]:
    """How many messages the next turn would find, and what the first of them hold; nothing is stored or changed."""
    way = way_into(source)
    with _looking(source, way) as (box, cursor):
        waiting = box.above(cursor["number"])
        messages = [_told(box, number, source=source, trusted=way.trusted) for number in waiting[:SHOWN]]
    return {"source": source.id, "waiting": len(waiting), "messages": messages}


@contextmanager
def _looking(source: Source, way: Way) -> Iterator[tuple[Box, dict[str, Any]]]:
    with way.enter() as box, bound_to(system_reader("collector", reason="a look into the mailbox")):
        yield box, mailbox.begin(answers.cursor_of(source), place=way.place, validity=box.validity)


def _told(box: Box, number: int, *, source: Source, trusted: str) -> dict[str, Any]:
    size = box.sizes([number]).get(number, 0)
    content = box.headers(number) if size > SHOWN_BYTES else box.message(number, most=SHOWN_BYTES) or b""
    received = Received(f"{number}.eml", content, now(), Channel.MAIL, carried=trusted, level=source.default_level)
    with AnsweringChild() as reader, Child() as files:
        found = told(received, source=source, sources=all_sources(), reader=reader, files=files)
    return {"name": received.name, "bytes": size, **found}


def take_from_folder(*, looks: Looks = LOOKS, memory: Memory | None = None) -> list[Taken]:
    """Take in the files of the drop folder that have not changed since the last look. They stay where they are.

    What comes of them is confidential at least. `memory` is what the process keeps in mind of earlier items. Raises `Refused` when the folder is not there.
    """
    folder = settings.OFFICE.inbound.folder
    whole = looks.whole(folder) if folder else []
    if folder is None or not whole:
        return []
    with bound_to(system_reader("collector", reason="what lies in the drop folder")) as by:
        taken = list(intake.take_in(folder, by=by, readers=office_readers(), level=Level.CONFIDENTIAL, only=whole))
        (memory or Memory()).recognise([made for one in taken for made in one.items], by=by)
    for path in whole:
        looks.took(path)
    return taken
