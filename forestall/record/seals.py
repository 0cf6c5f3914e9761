"""Signing where the log stands: closed, at fixed times, for witnesses (seals), or openly, when asked (checkpoints).

A seal's line has one length and comes at one rhythm, so that a quiet month looks like a busy one. It commits to size,
root and the moment it was made, under a salt that stays in the home; whoever is given the opening can hold it against
the log. It carries the hash of the line before it, so that one signature answers for all before it.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from forestall.base.canonical import canonical_json, sha256
from forestall.base.clock import now
from forestall.base.words import Words, say

from .keys import public_of, signing_key
from .log import root_of, take_head
from .models import Checkpoint, Seal

NONE_BEFORE = "0" * 64


def fixed_time(moment: datetime) -> datetime:
    """The fixed time that a moment (UTC) belongs to: the last multiple of the rhythm since midnight."""
    minutes = (moment.hour * 60 + moment.minute) // settings.SEALS.every_minutes * settings.SEALS.every_minutes
    return moment.replace(hour=minutes // 60, minute=minutes % 60, second=0, microsecond=0)


@transaction.atomic
def seal() -> Seal | None:
    """The seal of the present fixed time, made unless it was; None while the clock stands before the last seal.

    The log may be empty or unchanged: it is sealed all the same. Raises `Refused` when the key is lost.
    """
    head, at = take_head(), fixed_time(now())
    last = Seal.objects.order_by("-at").first()
    if last is not None and last.at >= at:
        return last if last.at == at else None
    key = signing_key()  # the first is in force from here on, and signs nothing older
    made = Seal(
        at=at,
        made_at=now(),
        size=head.size,
        root=root_of(head),
        salt=secrets.token_hex(32),
        previous=sha256(last.line()) if last else NONE_BEFORE,
        key=public_of(key),
    )
    made.commitment = sha256(made.opening())
    made.signature = key.sign(made.signed().encode()).hex()
    made.save(force_insert=True)
    return made


def late() -> list[Words]:
    """Whether the seals have stopped: the worker stands still, or the clock was wrong."""
    last = Seal.objects.order_by("-at").first()
    if last is None:
        return [say("The log was never sealed. Start the worker: forestall work.")]
    if last.at > now():
        return [say("The last seal is dated after now. The clock was or is wrong.")]
    if now() - last.at > timedelta(minutes=2 * settings.SEALS.every_minutes):
        return [say("No seal was made since %(at)s. Is the worker running?", at=f"{last.at:%Y-%m-%d %H:%M} UTC")]
    return []


def statement(*, size: int, root: str, at: str) -> bytes:
    """The bytes that an open checkpoint's signature covers."""
    return canonical_json({"log": "forestall", "size": size, "root": root, "at": at}).encode()


@transaction.atomic
def checkpoint() -> Checkpoint | None:
    """Sign openly where the log stands, to print or hand over; None when it is empty. Twice changes nothing.

    Witnesses are not told: a statement that comes when somebody asks tells when somebody asked.
    """
    head = take_head()
    if head.size == 0:
        return None
    known = Checkpoint.objects.filter(size=head.size).first()
    if known is not None:
        return known
    key, at, root = signing_key(), now(), root_of(head)
    signature = key.sign(statement(size=head.size, root=root, at=at.isoformat()))
    return Checkpoint.objects.create(
        size=head.size, root=root, at=at, key=public_of(key), signature=signature.hex()
    )


def line(made: Checkpoint) -> str:
    """A checkpoint as one line of text, as it is printed and handed over."""
    return f"{made.size} {made.root} {made.at.isoformat()} {made.key} {made.signature}"
