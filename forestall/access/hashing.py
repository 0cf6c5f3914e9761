"""Passwords hashed with Argon2, at most two at once on this machine: each takes 100 MiB while it lasts.

The places are locks on two files in the home, held by whoever hashes, so that all processes share them and a killed one
gives its place back. Who finds no place waits a moment; when several wait already, one is asked to come again, so that
those who are signed in are never kept waiting by those who are not.
"""

from __future__ import annotations

import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher

from forestall.base.errors import Unavailable
from forestall.base.words import say

PLACES = 2
WAITING = 2
"""How many threads of one process may wait for a place; beyond, one is asked to come again."""
PATIENCE = 10.0
PAUSE = 0.005
_line = threading.BoundedSemaphore(PLACES + WAITING)


class BoundedArgon2(Argon2PasswordHasher):
    """Django's Argon2 with its parameters, in one of the places."""

    def encode(self, password: str, salt: str) -> str:
        with place():
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        with place():
            return super().verify(password, encoded)


@contextmanager
def place() -> Iterator[None]:
    """One of the places to hash in. Raises `Unavailable` when too many wait, or after ten seconds."""
    if not _line.acquire(blocking=False):
        raise Unavailable(BUSY)
    try:
        descriptor = _taken(time.monotonic() + PATIENCE)
        try:
            yield
        finally:
            os.close(descriptor)
    finally:
        _line.release()


BUSY = say("Many people are signing in just now. Try again in a minute.")


def _taken(until: float) -> int:
    while time.monotonic() < until:
        for path in _files():
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(descriptor)
            else:
                return descriptor
        time.sleep(PAUSE)
    raise Unavailable(BUSY)


def _files() -> list[Path]:
    return [settings.HOME.keys / f"hashing-{number}" for number in range(PLACES)]
