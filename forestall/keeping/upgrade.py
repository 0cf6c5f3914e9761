"""Before tables change: one copy of both databases beside them, so that there is a way back. The last two stay."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor

from forestall import __version__
from forestall.base.clock import now
from forestall.base.home import Home
from forestall.record.store import remove, write_durably

from . import snapshot

KEPT = 2
GOING = "upgrading"


def unapplied() -> int:
    """How many migrations this home lacks."""
    executor, vault = MigrationExecutor(connection), MigrationExecutor(connections["vault"])
    sealed = vault.migration_plan([node for node in vault.loader.graph.leaf_nodes() if node[0] == "vault"])
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes())) + len(sealed)


def copy_before() -> Path | None:
    """A copy of the databases from before the migrations that it lacks; None when it lacks none, or is empty.

    While an upgrade that was stopped has not been finished, the copy is the one from before it began.
    """
    home: Home = settings.HOME
    if not home.database.is_file() or connection.vendor != "sqlite" or not _has_data() or not unapplied():
        return None
    mark = home.backups / GOING
    if mark.is_file():
        before = home.backups / mark.read_text(encoding="utf-8").strip()
        if before.is_file():
            return before
    home.backups.mkdir(exist_ok=True, mode=0o700)
    for left in home.backups.glob("before-*.partial"):
        remove(left)
        remove(left.with_suffix(".vault"))
    path = home.backups / f"before-{__version__}-{now():%Y%m%dT%H%M%S-%f}.sqlite3"
    partial, vault = path.with_suffix(".partial"), path.with_suffix(".vault")
    partial.unlink(missing_ok=True)
    snapshot.take(home, to=partial, vault=vault)
    partial.rename(path)
    write_durably(mark, [path.name.encode()])
    for old in sorted(home.backups.glob("before-*.sqlite3"), key=_made)[:-KEPT]:
        remove(old)
        remove(old.with_suffix(".vault"))
    return path


def _made(copy: Path) -> list[str]:
    """When a copy was made, as its name says: other programs set the age of a file."""
    return copy.stem.rsplit("-", 2)[1:]


def _has_data() -> bool:
    return "record_entry" in connection.introspection.table_names() and _one("SELECT EXISTS (SELECT 1 FROM record_entry)")


def _one(question: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return bool(cursor.fetchone()[0])


def finished() -> None:
    """The tables are those of this version."""
    remove(settings.HOME.backups / GOING)
