"""Named as Django asks it of a database: the connection to SQLite."""

from __future__ import annotations

import sqlite3
from typing import Any

from django.db import OperationalError
from django.db.backends.sqlite3 import base, schema

from forestall.record import suspicion


class _Deferred(list[Any]):
    """Statements that come last in a migration. Django asks whether there are any, and then marks it as done too late."""

    def __bool__(self) -> bool:
        return False


class SchemaEditor(schema.DatabaseSchemaEditor):
    """A migration and the mark that it was done are one transaction: killed in between, it would be done twice and fail."""

    @property
    def deferred_sql(self) -> list[Any]:
        return self._deferred

    @deferred_sql.setter
    def deferred_sql(self, statements: list[Any]) -> None:
        self._deferred = _Deferred(statements)


class DatabaseWrapper(base.DatabaseWrapper):
    """Begins nothing once the disk has failed, and takes a failed commit for such a failure."""

    SchemaEditorClass = SchemaEditor

    def _start_transaction_under_autocommit(self) -> None:
        suspicion.check()
        super()._start_transaction_under_autocommit()  # type: ignore[misc]  # Django's, unknown to its stubs

    def _commit(self) -> Any:
        try:
            return super()._commit()  # type: ignore[misc]
        except OperationalError as error:
            if _of_the_disk(error.__cause__):
                suspicion.suspect(error)
            raise


def _of_the_disk(cause: BaseException | None) -> bool:
    """Whether SQLite says that reading, writing or flushing failed: what it holds in memory may no longer be so."""
    code = getattr(cause, "sqlite_errorcode", 0)
    return isinstance(cause, sqlite3.Error) and code & 0xFF == sqlite3.SQLITE_IOERR
