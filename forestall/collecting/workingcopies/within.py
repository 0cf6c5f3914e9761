"""A file that came inside another: the attachment of a message, the member of an archive."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..formats import message, package
from ..identification import identify
from ..kinds import Kind
from ..names import ending
from ..received import Received


def part_of(received: Received) -> Received:
    """What lies at `received.locator` in the file, however deep; the file itself when nothing lies there."""
    if not received.locator:
        return received
    for name, locator, content in _parts(received):
        if received.locator == locator or received.locator.startswith(f"{locator}/"):
            rest = received.locator[len(locator) + 1 :]
            return part_of(replace(received, name=name, content=content, locator=rest))
    return received


def _parts(received: Received) -> Iterator[tuple[str, str, bytes]]:
    kind = identify(received.content, ending=ending(received.name), charset=received.declared_charset).kind
    if kind is Kind.MAIL:
        for one in message.read(received.content).attachments:
            yield one.name, one.locator, one.content
    elif kind is Kind.ARCHIVE:
        for name, content in package.members(received.content):
            yield name, name, content
