"""The record as one file for an outsider, who verifies it with `forestall-verify` and nothing else.

How much it holds is chosen: `entries` (who did what to which opaque id, and commitments that tell nothing), `states`
(also labels and times of every state, with the salts that bind them), `content` (also the content itself). A salt lets
its holder try guesses at the content, so the first alone is for anybody who may not read everything.
"""

from __future__ import annotations

import heapq
import json
from collections.abc import Collection, Iterator
from operator import itemgetter
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import models

from forestall.base.canonical import canonical_json
from forestall.base.clock import now
from forestall.base.errors import Unavailable
from forestall.base.words import say
from forestall.labels.models import everything

from .models import Checkpoint, Entry, Head, Payload, Redaction, Revision, Seal, SigningKey, Telling
from .seals import line
from .witnesses import lines_of

SCHEME = "forestall-bundle-1"
VERIFIER = Path(__file__).with_name("forestall-verify")
ENTRIES, STATES, CONTENT = "entries", "states", "content"
HELD = (ENTRIES, STATES, CONTENT)
AT_ONCE = 400


def verifier() -> bytes:
    """The one file with which an outsider verifies a bundle or a statement: Python's standard library alone."""
    return VERIFIER.read_bytes()


def lines(holds: str = ENTRIES) -> Iterator[bytes]:
    """The bundle, line by line, as it stood when the first was asked for. `holds` is one of `HELD`.

    Reads past the bound session. Raises `Unavailable` when content was removed while it was read.
    """
    size = _size()
    yield _head(holds)
    yield from signed_lines()
    yield from _entries(size, holds=holds)
    if holds == CONTENT:
        yield from _ownerless()
    if Entry.objects.filter(seq__gte=size, verb__in=("expunged", "redacted")).exists():
        raise Unavailable(say("Content was removed while the bundle was written. Write it again."))
    yield _told("Z", canonical_json({"entries": Entry.objects.filter(seq__lt=size).count()}))


def _size() -> int:
    """How many entries there are, by the head or by the entries, whichever tells of more."""
    head = Head.objects.filter(id=1).values_list("size", flat=True).first() or 0
    last = Entry.objects.aggregate(last=models.Max("seq"))["last"]
    return max(head, 0 if last is None else int(last) + 1)


def _told(sort: str, text: str) -> bytes:
    return f"{sort} {text}\n".encode()


def _head(holds: str) -> bytes:
    told = {
        "holds": holds,
        "made_at": now(),
        "exercise": settings.HOME.is_exercise,
        "every_minutes": settings.SEALS.every_minutes,
        "key_days": settings.SEALS.key_days,
    }
    return _told(SCHEME, canonical_json(told))


def signed_lines() -> Iterator[bytes]:
    """Keys, seals with what opens them, open checkpoints, time stamps, and what the witnesses in reach keep."""
    for key in SigningKey.objects.order_by("number"):
        yield _told("K", key.binding())
    for seal in Seal.objects.order_by("at").iterator():
        yield _told("S", canonical_json(row(seal)))
    for checkpoint in Checkpoint.objects.order_by("size").iterator():
        yield _told("C", line(checkpoint))
    for telling in Telling.objects.exclude(receipt="").order_by("seal_at").iterator():
        yield _told("T", canonical_json({"seal_at": telling.seal_at, "receipt": telling.receipt}))
    for witness in settings.WITNESSES:
        for kept in lines_of(witness):
            yield _told("W", json.dumps(kept))


def row(kept: models.Model) -> dict[str, object]:
    """Every column of a row, by name."""
    return {field.attname: getattr(kept, field.attname) for field in kept._meta.concrete_fields}


def entry_line(entry: Entry) -> bytes:
    """One entry: the root kept with it, and the very bytes of its leaf."""
    return b"E " + entry.root.encode() + b" " + entry.leaf() + b"\n"


def _entries(size: int, *, holds: str) -> Iterator[bytes]:
    states = _states(size, holds=holds) if holds != ENTRIES else iter(())
    waiting = next(states, None)
    for entry in Entry.objects.filter(seq__lt=size).order_by("seq").iterator(chunk_size=AT_ONCE):
        yield entry_line(entry)
        while waiting is not None and waiting[0] <= entry.seq:
            yield from waiting[1]
            waiting = next(states, None)
    while waiting is not None:
        yield from waiting[1]
        waiting = next(states, None)


def _states(size: int, *, holds: str) -> Iterator[tuple[int, list[bytes]]]:
    """Every state under the place of its entry: its binding and, where it is held and still there, its content.

    Where words were taken out of a state, what is left of its content stands under the last entry that took some out.
    """
    redactions = list(everything(Redaction).filter(entry_seq__lt=size).order_by("entry_seq"))
    last = {one.revision_id: one.entry_seq for one in redactions}
    return heapq.merge(
        _written(size, holds=holds, redacted=last.keys()), _taken_out(redactions, last, holds=holds), key=itemgetter(0)
    )


def _taken_out(redactions: list[Redaction], last: dict[UUID, int], *, holds: str) -> Iterator[tuple[int, list[bytes]]]:
    for one in redactions:
        told = [_told("D", one.binding())]
        if holds == CONTENT and last[one.revision_id] == one.entry_seq:
            told += [_told("P", canonical_json(row(kept))) for kept in everything(Payload).filter(pk=one.revision_id)]
        yield one.entry_seq, told


def _written(size: int, *, holds: str, redacted: Collection[UUID]) -> Iterator[tuple[int, list[bytes]]]:
    found = everything(Revision).filter(entry_seq__lt=size).order_by("entry_seq")
    batch: list[Revision] = []
    for revision in found.iterator(chunk_size=AT_ONCE):
        batch.append(revision)
        if len(batch) == AT_ONCE:
            yield from _batch(batch, holds=holds, redacted=redacted)
            batch = []
    yield from _batch(batch, holds=holds, redacted=redacted)


def _batch(revisions: list[Revision], *, holds: str, redacted: Collection[UUID]) -> Iterator[tuple[int, list[bytes]]]:
    whole = [one.id for one in revisions if one.id not in redacted]
    bodies = everything(Payload).in_bulk(whole) if holds == CONTENT else {}
    for one in revisions:
        told = [_told("R", one.binding())]
        if one.id in bodies:
            told.append(_told("P", canonical_json(row(bodies[one.id]))))
        yield one.entry_seq, told


def _ownerless() -> Iterator[bytes]:
    """Content that no state owns: there should be none, and whoever verifies is told."""
    owned = everything(Revision).values("id")
    for payload in everything(Payload).exclude(revision_id__in=owned).iterator():
        yield _told("P", canonical_json(row(payload)))
