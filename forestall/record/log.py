"""Appending to the log. Called inside the transaction of the act itself."""

from __future__ import annotations

from uuid import UUID

from forestall.base.clock import now

from . import merkle
from .models import Entry, Head


def take_head() -> Head:
    """The log's end, locked until the transaction ends. Must be called inside one."""
    head = Head.objects.select_for_update().filter(id=1).first()
    return head or Head.objects.get_or_create(id=1)[0]


def append(
    head: Head, *, by: str, on_behalf_of: str, verb: str, kind: str, object_id: UUID, commitment: str
) -> Entry:
    """Write the next entry and move `head`, which the caller took with `take_head`."""
    entry = Entry(
        seq=head.size, at=now(), by=by, on_behalf_of=on_behalf_of, verb=verb, kind=kind, object_id=object_id,
        commitment=commitment,
    )  # fmt: skip
    frontier = merkle.append(_unpack(head.frontier), size=head.size, leaf=merkle.leaf_hash(entry.leaf()))
    entry.root = merkle.frontier_root(frontier).hex()
    entry.save(force_insert=True)
    head.size += 1
    head.frontier = "".join(node.hex() for node in frontier)
    head.save()
    return entry


def root_of(head: Head) -> str:
    """The root of the log that ends at `head`, hexadecimal."""
    return merkle.frontier_root(_unpack(head.frontier)).hex()


def _unpack(frontier: str) -> list[bytes]:
    return [bytes.fromhex(frontier[start : start + 64]) for start in range(0, len(frontier), 64)]
