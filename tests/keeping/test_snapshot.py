"""Both databases are copied as they stood at one moment, and nobody waits for the larger one."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from forestall.base.errors import Malformed, Unavailable
from forestall.base.home import Home, Kind, create
from forestall.keeping import snapshot

TABLES = """
PRAGMA journal_mode=WAL;
CREATE TABLE record_entry (seq INTEGER, root TEXT);
CREATE TABLE django_migrations (id INTEGER, app TEXT, name TEXT);
CREATE TABLE record_evidence (id TEXT, address TEXT, expunged BOOL);
INSERT INTO record_entry VALUES (0, 'first');
"""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = create(tmp_path / "home", kind=Kind.REAL)
    with closing(sqlite3.connect(made.database)) as database:
        database.executescript(TABLES)
    with closing(sqlite3.connect(made.vault)) as database:
        database.executescript("CREATE TABLE entry (id INTEGER); INSERT INTO entry VALUES (0);")
    return made


def write(home: Home, number: int) -> bool:
    """One act that is in both databases; False when it has to wait."""
    try:
        with closing(sqlite3.connect(home.database, timeout=0.05)) as database, closing(sqlite3.connect(home.vault, timeout=0.05)) as vault:
            with vault, database:
                database.execute("INSERT INTO record_entry VALUES (?, ?)", (number, "later"))
                vault.execute("INSERT INTO entry VALUES (?)", (number,))
            return True
    except sqlite3.OperationalError:
        return False


def test_R10_both_databases_are_copied_as_they_stood_at_one_moment(home: Home, tmp_path: Path, monkeypatch: Any) -> None:
    wrote, copy = [], snapshot._copy

    def copy_while_somebody_writes(source: sqlite3.Connection, *, to: Path) -> None:
        wrote.append(write(home, len(wrote) + 1))
        copy(source, to=to)
        wrote.append(write(home, len(wrote) + 1))

    monkeypatch.setattr(snapshot, "_copy", copy_while_somebody_writes)
    facts = snapshot.take(home, to=tmp_path / "main", vault=tmp_path / "vault")

    assert wrote == [False, False, True, True], "writers wait for the vault alone"
    assert (facts.entries, facts.root) == (1, "first")
    with closing(sqlite3.connect(tmp_path / "vault")) as vault:
        assert vault.execute("SELECT id FROM entry").fetchall() == [(0,)]
    with closing(sqlite3.connect(home.vault)) as vault:
        assert vault.execute("SELECT id FROM entry").fetchall() == [(0,), (3,), (4,)]


@pytest.mark.parametrize("which", ["forestall.sqlite3", "vault.sqlite3"])
def test_R11_a_damaged_database_is_told_and_not_backed_up(which: str, home: Home, tmp_path: Path) -> None:
    (home.path / which).write_bytes(b"SQLite format 3\0" + b"\xff" * 4000)

    with pytest.raises((Malformed, Unavailable)):
        snapshot.take(home, to=tmp_path / "main", vault=tmp_path / "vault")
