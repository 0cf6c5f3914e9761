"""All rows of one database into another, empty one: how an office's tables on a server become a file, and a file tables.

The new database is made by the very migrations that the old one has, and the rows are read by the models of then: so
it works before an upgrade too. Guards, triggers and the index of the words are the new database's own.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.color import no_style
from django.db import DatabaseError, connection, connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor

from forestall.base import durable
from forestall.base.clock import now
from forestall.base.errors import Refused, Unavailable
from forestall.base.home import Home
from forestall.base.words import say
from forestall.labels.rowsecurity import as_owner
from forestall.labels.telling import Elevation, elevated

from . import snapshot
from .snapshot import Facts

AT_ONCE = 500
"""Rows that are held at a time."""


def take(home: Home, *, to: Path, vault: Path) -> Facts:
    """As `snapshot.take`, from a server: its tables go into a file at `to`, as they and the vault stood at one moment.

    Whoever writes waits at the end of the log while the vault is copied; the tables are read in one state of the server.
    Raises `Unavailable` when the server or a file cannot be read.
    """
    try:
        _take(home, to=to, vault=vault)
    except (DatabaseError, sqlite3.Error) as error:
        raise Unavailable(say("The database cannot be copied: %(why)s", why=str(error))) from error
    durable.flush(to)
    snapshot.check_whole(vault)
    return snapshot.facts_of(to)


def _take(home: Home, *, to: Path, vault: Path) -> None:
    from psycopg import IsolationLevel

    like = dict(connection.settings_dict)
    still = {**like["OPTIONS"], "isolation_level": IsolationLevel.REPEATABLE_READ}
    snapshot.made_new(to)
    with another("gate", **like) as gate, another("reading", **{**like, "OPTIONS": still}) as reading, transaction.atomic(using="reading"):
        with transaction.atomic(using="gate"), gate.cursor() as held:
            held.execute("SELECT size FROM record_head FOR UPDATE")  # first, as every act does
            with snapshot.vault_copied(home, to=vault), reading.cursor() as cursor:
                cursor.execute("SELECT size FROM record_head")  # from here on it reads this very state
        with another("copy", **described_file(to)):
            pour(source="reading", target="copy")


@contextmanager
def another(alias: str, **described: Any) -> Iterator[BaseDatabaseWrapper]:
    """A connection of its own under `alias`, to what `described` says, while the block lasts."""
    like = connections.configure_settings({"default": {}, alias: described})[alias]
    connections.settings[alias] = like
    connections[alias] = connections.create_connection(alias)
    try:
        yield connections[alias]
    finally:
        connections[alias].close()
        del connections[alias]
        del connections.settings[alias]


def described_file(path: Path) -> dict[str, Any]:
    """A database in a file of its own, as a connection is described."""
    return {"ENGINE": "forestall.record.sqlite", "NAME": path, "OPTIONS": {"transaction_mode": "IMMEDIATE"}}


def pour(*, source: str, target: str) -> int:
    """Make at the alias `target`, which is empty, the tables of `source`, and copy every row. Returns how many rows.

    `source` is read in whatever transaction it is in, whole, whoever may see what.
    """
    executor = MigrationExecutor(connections[source])
    applied = list(executor.loader.applied_migrations)
    then = executor.loader.project_state(applied).apps
    MigrationExecutor(connections[target]).migrate(applied)
    into = connections[target]
    there = set(into.introspection.table_names())
    every = [one for one in then.get_models(include_auto_created=True) if one._meta.managed and not one._meta.proxy]
    kept = [one for one in every if one._meta.db_table in there]  # the sealed tables are the vault's
    rows = 0
    with elevated(Elevation.WHOLE), into.constraint_checks_disabled(), transaction.atomic(using=target):
        for model in kept:
            _emptied(model, alias=target)
        for model in kept:
            rows += _poured(model, source=source, target=target)
        into.check_constraints()
        with into.cursor() as cursor:
            for statement in into.ops.sequence_reset_sql(no_style(), kept):
                cursor.execute(statement)
    return rows


def _emptied(model: type[models.Model], *, alias: str) -> None:
    """What migrations put there goes: the rows that are poured hold it too."""
    table = connections[alias].ops.quote_name(model._meta.db_table)
    with connections[alias].cursor() as cursor:
        cursor.execute(f"SELECT EXISTS (SELECT 1 FROM {table})")  # noqa: S608 - our own name
        if cursor.fetchone()[0]:
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608


def _poured(model: type[models.Model], *, source: str, target: str) -> int:
    rows = 0
    for batch in _batches(model, alias=source):
        for one in batch:
            one._state.adding, one._state.db = True, None
        models.QuerySet(model, using=target).bulk_create(batch)
        rows += len(batch)
    return rows


def _batches(model: type[models.Model], *, alias: str) -> Iterator[list[Any]]:
    """All rows in the order of their keys, a few at a time: a server would else send a whole table at once."""
    every: Any = models.QuerySet(model, using=alias).order_by("pk")
    rest = every
    while batch := list(rest[:AT_ONCE]):
        yield batch
        rest = every.filter(pk__gt=batch[-1].pk)


def move_to_server(home: Home) -> int:
    """Bring the tables of a home's own file to the server that its settings name, and put the file aside. Returns how many rows.

    The server's database must be empty. Nobody may work in the home meanwhile. Raises `Refused` when there is nothing to
    bring, nowhere to bring it, or something is there already.
    """
    if connection.vendor == "sqlite":
        raise Refused(say("home.toml names no server. Write database and database_owner there first: docs/how-to/backup.md"))
    if not home.database.is_file():
        raise Refused(say("There is no file of tables in this home."))
    with as_owner():
        if connection.introspection.table_names():
            raise Refused(say("There are tables in this database already. Name an empty one."))
        with another("file", **described_file(home.database)):
            rows = pour(source="file", target="default")
    return rows


def put_aside(home: Home) -> Path:
    """The file whose tables are on the server now, under another name among the copies of the home, for its owner alone."""
    home.backups.mkdir(exist_ok=True, mode=0o700)
    place = home.backups / f"moved-{now():%Y%m%dT%H%M%S}.sqlite3"
    for ending in ("", "-wal", "-shm"):
        part = home.database.with_name(home.database.name + ending)
        if part.is_file():
            part.rename(place.with_name(place.name + ending))
    return place


def check_moved(home: Home) -> None:
    """Raise `Refused` when a server is named, nothing is there, and the tables still lie in the home's own file."""
    if connection.vendor != "sqlite" and home.database.is_file() and not connection.introspection.table_names():
        raise Refused(
            say("home.toml names a server, and the tables lie in the home's own file still. Bring them: ./go database move --home %(home)s",
                home=str(home.path))
        )  # fmt: skip
