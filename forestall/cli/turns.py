"""Whose turn it is: of all the workers of an office, one acts at a time. A killed one gives its turn back.

On SQLite the turn is a lock on a file in the home; on a server, whose workers may be on several machines, one of the
server's own, held by the connection.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection

NAME = 0x464F5245
"""The lock's number on the server: “FORE”."""


@contextmanager
def turn() -> Iterator[bool]:
    """Whether it is this process's turn, for as long as the block lasts. Never waits."""
    with _on_the_server() if connection.vendor == "postgresql" else _in_the_home() as mine:
        yield mine


@contextmanager
def _in_the_home() -> Iterator[bool]:
    descriptor = os.open(settings.HOME.keys / "worker", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        yield _held(descriptor)
    finally:
        os.close(descriptor)


def _held(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def _on_the_server() -> Iterator[bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [NAME])
        mine = bool(cursor.fetchone()[0])
    try:
        yield mine
    finally:
        if mine:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [NAME])
