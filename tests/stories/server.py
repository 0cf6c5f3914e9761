"""Where the suite runs on a server, each home that a story makes or copies has a database of its own there."""

from __future__ import annotations

import os
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

OWNER, APPLICATION = (os.environ.get(f"FORESTALL_{name}", "") for name in ("DATABASE_OWNER", "DATABASE"))
OURS = f"forestall_story_{os.getppid() if 'PYTEST_XDIST_WORKER' in os.environ else os.getpid()}_"
"""How the names of all databases of this run begin, in the process that began it and in its workers."""


def told(home: Path) -> dict[str, str]:
    """What a command on `home` must be told of its database: nothing, where it is a file in it."""
    if not OWNER:
        return {}
    name = _named(home)
    _once(name, "")
    return {"FORESTALL_DATABASE": _at(APPLICATION, name), "FORESTALL_DATABASE_OWNER": _at(OWNER, name)}


def copy(home: Path, *, to: Path) -> None:
    """The database of a home that nobody works in, once more for a copy of it."""
    if OWNER:
        _once(_named(to), f' TEMPLATE "{_named(home)}"')


def drop_all() -> None:
    """Take away every database of this run. For the process that began it, when its workers are done."""
    import psycopg

    if not OWNER or "PYTEST_XDIST_WORKER" in os.environ:
        return
    with psycopg.connect(_at(OWNER, "postgres"), autocommit=True) as connection:
        names = connection.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [OURS]).fetchall()
        for (name,) in names:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


def _named(home: Path) -> str:
    return f"{OURS}{sha256(str(home).encode()).hexdigest()[:12]}"


def _at(address: str, database: str) -> str:
    return urlunsplit(urlsplit(address)._replace(path=f"/{database}"))


def _once(name: str, how: str) -> None:
    """Make a database, unless it was made before."""
    import psycopg

    with psycopg.connect(_at(OWNER, "postgres"), autocommit=True) as connection, suppress(psycopg.errors.DuplicateDatabase):
        connection.execute(f'CREATE DATABASE "{name}"{how}'.encode())
