"""Appending to the log. Called inside the transaction of the act itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from forestall.base.clock import now

from . import merkle
from .models import Entry, Head


def take_head() -> Head:
    """The log's end, locked until the transaction ends. Must be called inside one."""
    head = Head.objects.select_for_update().filter(id=1).first()
    return head or Head.objects.get_or_create(id=1)[0]


@dataclass(frozen=True)
class Said:
    """What one entry says beside who and when: what was done, to which thing, and the hash that binds its new state."""

    verb: str
    kind: str
    object_id: UUID
    commitment: str = ""


def append(head: Head, said: Sequence[Said], *, by: str, on_behalf_of: str = "") -> list[Entry]:
    """Write the next entries, in this order, and move `head`, which the caller took with `take_head`."""
    frontier, entries = _unpack(head.frontier), []
    for one in said:
        entry = Entry(
            seq=head.size, at=now(), by=by, on_behalf_of=on_behalf_of, verb=one.verb, kind=one.kind, object_id=one.object_id,
            commitment=one.commitment,
        )  # fmt: skip
        frontier = merkle.append(frontier, size=head.size, leaf=merkle.leaf_hash(entry.leaf()))
        entry.root = merkle.frontier_root(frontier).hex()
        head.size += 1
        entries.append(entry)
    Entry.objects.bulk_create(entries)
    head.frontier = "".join(node.hex() for node in frontier)
    head.save()
    return entries


def root_of(head: Head) -> str:
    """The root of the log that ends at `head`, hexadecimal."""
    return merkle.frontier_root(_unpack(head.frontier)).hex()


def _unpack(frontier: str) -> list[bytes]:
    return [bytes.fromhex(frontier[start : start + 64]) for start in range(0, len(frontier), 64)]
