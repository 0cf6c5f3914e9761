"""What was removed must leave the disk too: words of the index stay in pages that nothing uses any more.

SQLite's FTS5 keeps the words of what was deleted in its own segments (3.40, whatever `secure_delete` says), and the
write-ahead log keeps whole pages as they were. PostgreSQL keeps rows that nobody sees until they are vacuumed. So every
removal leaves a mark in its own transaction; it is swept as soon as that is committed, and where the database was busy
the worker does it at its next turn.
"""

from __future__ import annotations

import structlog
from django.db import DatabaseError, connection, transaction

from forestall.base.clock import now
from forestall.labels.rowsecurity import as_owner

from .models import Residue

log = structlog.get_logger()


def on_removed(**_: object) -> None:
    """What the record announces of every removal. Where the owner of the tables must do it, the worker does."""
    Residue.objects.get_or_create(pk=1, defaults={"since": now()})
    if connection.vendor == "sqlite":
        transaction.on_commit(sweep)


def sweep() -> bool:
    """Take from the disk what removals left there. False when something still stands: the worker comes again."""
    if not Residue.objects.exists():
        return True
    if connection.vendor != "sqlite" and connection.in_atomic_block:
        return False
    try:
        swept = _SWEEPS[connection.vendor]()
    except DatabaseError as error:
        log.warning("search residue not swept yet", why=type(error).__name__)
        return False
    if swept:
        Residue.objects.all().delete()
    return swept


def _sweep_sqlite() -> bool:
    """Make the words' segments anew, then empty the write-ahead log; pages let go are zeroed by `secure_delete`."""
    with connection.cursor() as cursor:
        with transaction.atomic():
            cursor.execute("INSERT INTO search_words(search_words) VALUES('rebuild')")
            cursor.execute("INSERT INTO search_words(search_words) VALUES('optimize')")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        busy, _, _ = cursor.fetchone()
    return not busy


def _sweep_postgresql() -> bool:
    """Write the table and its index anew, as their owner. What lies in the server's own write-ahead log goes with its retention."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("VACUUM (FULL) search_document, search_words")
    return True


_SWEEPS = {"sqlite": _sweep_sqlite, "postgresql": _sweep_postgresql}
