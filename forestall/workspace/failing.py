"""What is answered when a page fails: a database that does not answer is told as such, anything else as a mistake of ours."""

from __future__ import annotations

import sqlite3
import sys

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.defaults import server_error

AGAIN_IN = 30
"""Seconds after which it is worth asking again."""
_SQLITE = frozenset({
    sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_READONLY, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_PROTOCOL,
})  # fmt: skip
"""Why a file of SQLite cannot be worked on just now; its other errors are mistakes in a statement."""


def failed(request: HttpRequest) -> HttpResponse:
    """The page for an exception that nobody caught. It needs no table, no key and no session."""
    if not is_away(sys.exc_info()[1]):
        return server_error(request)
    response = HttpResponse(render_to_string("workspace/away.html", {"home": settings.HOME}), status=503)
    response.headers["Retry-After"] = str(AGAIN_IN)
    response.headers["Cache-Control"] = "no-store, private"
    return response


def is_away(error: BaseException | None) -> bool:
    """Whether a failure is that the database is locked, full, gone or too busy, and not a mistake in what it was asked."""
    while error is not None:
        if isinstance(error, InterfaceError):
            return True
        if isinstance(error, OperationalError):
            code = getattr(error.__cause__, "sqlite_errorcode", None)
            return code is None or code & 0xFF in _SQLITE
        error = error.__cause__ or error.__context__
    return False
