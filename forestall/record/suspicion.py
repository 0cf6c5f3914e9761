"""A disk that failed once to keep what was written is not asked again: the process writes no more, and ends.

After a failed fsync the system may drop the very pages that it could not write and report success the next time
(PostgreSQL's and SQLite's authors met this in 2018), so trying again would confirm what is not kept. Whoever supervises
the process starts another, which reads the database as it lies on the disk.
"""

from __future__ import annotations

import os
import signal
from typing import NoReturn

from forestall.base.errors import Unavailable
from forestall.base.words import say

_suspected = False


def check() -> None:
    """Raise `Unavailable` when the disk has failed in this process."""
    if _suspected:
        _refuse()


def suspect(error: Exception) -> NoReturn:
    """The disk failed: write no more, ask this process to end in good order, and tell whoever was waiting."""
    global _suspected
    if not _suspected:
        _suspected = True
        os.kill(os.getpid(), signal.SIGTERM)
    _refuse(error)


def _refuse(error: Exception | None = None) -> NoReturn:
    raise Unavailable(
        say("The disk did not keep what was written. What was confirmed before is kept; look whether this was, and do it again.")
    ) from error
