"""One consistent copy of both databases while others write, and what it needs of the files beside them."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

from forestall.base import durable
from forestall.base.errors import Malformed, Unavailable
from forestall.base.home import Home
from forestall.base.words import say

NAME, VAULT = "forestall.sqlite3", "vault.sqlite3"


class Facts(NamedTuple):
    """What a copy says of itself: entries and last root of its log, migrations applied, files and keys it rests on."""

    entries: int
    root: str
    applied: list[tuple[str, str]]
    addresses: set[str]
    keyed: set[str]


def take(home: Home, *, to: Path, vault: Path) -> Facts:
    """Copy the home's database to `to` and the vault's to `vault`, for their owner alone, as both stood at one moment.

    Whoever writes waits while the vault is copied, which is small; then the home's is read on, in one state of its
    write-ahead log, and holds nobody up. Locks are taken in the order of every act: the home's first.

    Raises `Unavailable` when one cannot be read, `Malformed` when a copy is damaged.
    """
    try:
        _take(home, to=to, vault=vault)
    except sqlite3.Error as error:
        raise Unavailable(say("The database cannot be copied: %(why)s", why=str(error))) from error
    check_whole(vault)
    return facts_of(to)


def _take(home: Home, *, to: Path, vault: Path) -> None:
    with closing(_opened(home.database)) as source:
        with _nobody_writes(home.database), vault_copied(home, to=vault):
            source.execute("BEGIN")
            source.execute("SELECT count(*) FROM sqlite_master").fetchone()  # from here on it reads this very state
        _copy(source, to=to)


@contextmanager
def vault_copied(home: Home, *, to: Path) -> Iterator[None]:
    """Nobody writes into the vault inside the block, whose end copies it to `to`."""
    with _nobody_writes(home.vault), closing(_opened(home.vault)) as small:
        yield
        _copy(small, to=to)


def _opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=30, isolation_level=None)


@contextmanager
def _nobody_writes(path: Path) -> Iterator[None]:
    with closing(_opened(path)) as gate:
        gate.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            gate.execute("ROLLBACK")


def _copy(source: sqlite3.Connection, *, to: Path) -> None:
    made_new(to)
    with closing(sqlite3.connect(to)) as copy:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
    durable.flush(to)


def made_new(path: Path) -> None:
    """An empty file for its owner alone. Raises FileExistsError when there is one."""
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def check_whole(copy: Path) -> None:
    """Raise `Malformed` when a copy is damaged or no database."""
    try:
        with closing(sqlite3.connect(f"{copy.as_uri()}?mode=ro", uri=True)) as database:
            found = database.execute("PRAGMA integrity_check(5)").fetchall()
    except sqlite3.Error as error:
        raise Malformed(say("The database file is damaged: %(what)s", what=str(error))) from error
    if found != [("ok",)]:
        raise Malformed(say("The database file is damaged: %(what)s", what="; ".join(str(one[0]) for one in found)))


def facts_of(copy: Path) -> Facts:
    """What a copy says of itself. Raises `Malformed` when it is damaged or no database of ours."""
    check_whole(copy)
    try:
        with closing(sqlite3.connect(f"{copy.as_uri()}?mode=ro", uri=True)) as database:
            last = database.execute("SELECT seq, root FROM record_entry ORDER BY seq DESC LIMIT 1").fetchone()
            applied = database.execute("SELECT app, name FROM django_migrations ORDER BY id").fetchall()
            kept = database.execute("SELECT id, address FROM record_evidence WHERE NOT expunged").fetchall()
    except sqlite3.Error as error:
        raise Malformed(say("The database file is damaged: %(what)s", what=str(error))) from error
    return Facts(
        entries=last[0] + 1 if last else 0,
        root=last[1] if last else "",
        applied=[(app, name) for app, name in applied],
        addresses={address for _, address in kept},
        keyed={one for one, address in kept if address.startswith("sealed/")},
    )
