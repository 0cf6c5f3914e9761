"""What PostgreSQL is told before each statement: who reads, so that its own row security can hold the same rule.

Every statement of a connection passes `_Teller`, whoever wrote it and whether a transaction is open or not: a request
is not one transaction, and a forgotten place must read nothing, not everything. What is told is signed for this one
server process with a key that the application's role cannot read, so that SQL smuggled into a statement cannot tell
the database that somebody else reads. While nobody is bound, nothing is told, and no row is seen.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import IntEnum
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper

from forestall.base.canonical import canonical_json

from .binding import reading

SETTING = "forestall.sight"
_IDLE, _IN_ERROR = 0, 3  # libpq's states of a transaction
_BOUNDARIES = ("SAVEPOINT", "RELEASE", "ROLLBACK")


class Elevation(IntEnum):
    """How far a statement may go beyond the sight of who is bound. Only `elevated` gives one, and a test lists where.

    RECORDING writes what its writer may not see afterwards (what the collector keeps, what a raise closes), but changes
    no row that the writer could not see before. WHOLE reads and writes everything.
    """

    NONE = 0
    RECORDING = 1
    WHOLE = 2


_elevation: ContextVar[Elevation] = ContextVar("elevation", default=Elevation.NONE)


@contextmanager
def elevated(to: Elevation) -> Iterator[None]:
    """Let the statements inside the block go further than the bound reader sees. For the record alone."""
    token = _elevation.set(max(to, _elevation.get()))
    try:
        yield
    finally:
        _elevation.reset(token)


def signing_key() -> bytes:
    """The key that both this home and its database hold. 32 bytes; the application's role reads it in neither."""
    return hmac.digest(settings.SECRET_KEY.encode(), b"what the database is told of a reader", "sha256")


def spelled(*, process: int) -> str:
    """What is to be told now to the server process with this id; empty while nobody is bound and nothing elevated."""
    reader, elevation = reading(), _elevation.get()
    if reader is None and elevation is Elevation.NONE:
        return ""
    said = canonical_json({**(reader.told() if reader else {}), "elevation": int(elevation), "process": process})
    return hmac.new(signing_key(), said.encode(), sha256).hexdigest() + said


class _Teller:
    """Wraps every statement of one connection, and tells the database what changed since the last.

    What is told inside a transaction ends with it, and what is told outside one cannot be rolled back: so the two are
    remembered apart, and a rolled back savepoint makes the first of them unknown.
    """

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self._connection = connection
        self._raw: Any = None
        self._outside: str | None = None
        self._inside: str | None = None
        self._inside_known = False

    def __call__(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        if isinstance(sql, str) and sql.startswith(_BOUNDARIES):
            self._inside_known = False
        else:
            self._tell()
        return execute(sql, params, many, context)

    def _tell(self) -> None:
        raw = self._connection.connection
        if raw is not self._raw:
            self._raw, self._outside, self._inside_known = raw, None, False
        state = raw.info.transaction_status
        if state == _IN_ERROR:
            return  # nothing is answered in a transaction that has failed
        begins = state == _IDLE
        local = not (begins and raw.autocommit)
        wanted = spelled(process=raw.info.backend_pid)
        if local and (begins or not self._inside_known or self._inside != wanted):
            self._set(wanted, local=True)
            self._inside, self._inside_known = wanted, True
        elif not local and self._outside != wanted:
            self._set(wanted, local=False)
            self._outside = wanted

    def _set(self, told: str, *, local: bool) -> None:
        with self._raw.cursor() as cursor:
            cursor.execute("SELECT pg_catalog.set_config(%s, %s, %s)", [SETTING, told, local])


def tell(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Have every statement of a connection to PostgreSQL pass a teller. Called when a connection is made."""
    wrappers = connection.execute_wrappers
    if connection.vendor == "postgresql" and not any(isinstance(one, _Teller) for one in wrappers):
        wrappers.append(_Teller(connection))
