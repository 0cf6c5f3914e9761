"""How much is handed in: by one person and by all in a day, and never more than the disk has room for."""

from __future__ import annotations

import shutil
from datetime import timedelta

from django.conf import settings
from django.db import transaction

from forestall.access import tally
from forestall.access.session import Session
from forestall.base.errors import Refused, Unavailable
from forestall.base.words import say

DAY = timedelta(days=1)
KIB = 1024
FILES, BYTES = 200, 2 << 30
"""What one person may hand in within a day. More comes by the drop folder, which an officer looks after."""
FILES_OF_ALL, BYTES_OF_ALL = 2_000, 20 << 30
"""What all may together."""
ROOM = 1 << 30
"""Bytes that stay free on the disk for the record itself: what is handed in must not end it."""


def take(size: int, *, by: Session) -> None:
    """Count a file of `size` bytes. Raises `Refused` beyond what is allowed, `Unavailable` when the disk has no room.

    Two at one moment are counted one after the other, so that no pair goes beyond it.
    """
    if shutil.disk_usage(settings.HOME.path).free < ROOM + size:
        raise Unavailable(say("The disk is nearly full: nothing can be handed in. Tell an administrator."))
    counted = (
        (by.person_id, "files handed in", 1, FILES),
        (by.person_id, "KiB handed in", -(-size // KIB), BYTES // KIB),
        ("all", "files handed in", 1, FILES_OF_ALL),
        ("all", "KiB handed in", -(-size // KIB), BYTES_OF_ALL // KIB),
    )
    with transaction.atomic():  # what was counted before one of them is too much is taken back with it
        if not all(tally.take(what, who, window=DAY, many=many, most=most) for who, what, many, most in counted):
            raise Refused(
                say(
                    "This is more than may be handed in here within a day: %(files)s files or %(size)s GB by one person. Try"
                    " again tomorrow, or have it laid into the drop folder.",
                    files=FILES,
                    size=BYTES >> 30,
                )
            )
