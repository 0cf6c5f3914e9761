"""One consistent copy of the database while others write, and what it needs of the files beside it."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from forestall.base.errors import Malformed, Refused
from forestall.base.home import Home
from forestall.base.words import say

NAME = "forestall.sqlite3"


class Facts(NamedTuple):
    """What a copy says of itself: entries and last root of its log, migrations applied, files and keys it rests on."""

    entries: int
    root: str
    applied: list[tuple[str, str]]
    addresses: set[str]
    keyed: set[str]


def check_file(home: Home) -> None:
    """Raise `Refused` when the home keeps its tables elsewhere than in its own file."""
    if not home.database.is_file():
        raise Refused(
            say(
                "This home keeps its tables in PostgreSQL. Back that up with your server's own means (pg_dump, WAL), and"
                " the home's folder beside it."
            )
        )


def take(home: Home, *, to: Path) -> Facts:
    """Copy the home's database to `to`, for its owner alone, as it stood at one moment; writers go on.

    SQLite's online backup in one step: it reads one state of the write-ahead log and holds nobody up.
    """
    os.close(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with closing(sqlite3.connect(home.database, timeout=30)) as source, closing(sqlite3.connect(to)) as copy:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
    descriptor = os.open(to, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    return facts_of(to)


def facts_of(copy: Path) -> Facts:
    """What a copy says of itself. Raises `Malformed` when it is damaged or no database of ours."""
    try:
        with closing(sqlite3.connect(f"{copy.as_uri()}?mode=ro", uri=True)) as database:
            found = database.execute("PRAGMA integrity_check(5)").fetchall()
            if found != [("ok",)]:
                raise Malformed(say("The database file is damaged: %(what)s", what="; ".join(str(one[0]) for one in found)))
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
