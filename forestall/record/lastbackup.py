"""How the last backup went, kept beside the database: a database that is gone cannot tell of its own backups."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

from forestall.base.clock import now
from forestall.base.words import Words, say

from .store import write_durably


class LastBackup(NamedTuple):
    """When one was made last (UTC; None: never), when it was tried last, and why that failed (empty: it did not)."""

    made: datetime | None = None
    tried: datetime | None = None
    failure: str = ""


def _path() -> Path:
    return Path(settings.HOME.backups) / "last.json"


def last() -> LastBackup:
    """How the last one went; what cannot be read counts as never made."""
    try:
        told = json.loads(_path().read_text(encoding="utf-8"))
        made, tried = (datetime.fromisoformat(told[key]) if told[key] else None for key in ("made", "tried"))
        return LastBackup(made, tried, str(told["failure"]))
    except (OSError, ValueError, KeyError, TypeError):
        return LastBackup()


def remember(*, failure: str = "") -> None:
    """Keep that a backup was made now, or why it could not be."""
    made = last().made if failure else now()
    told = {"made": made.isoformat() if made else "", "tried": now().isoformat(), "failure": failure[:300]}
    write_durably(_path(), [json.dumps(told).encode()])


def due() -> bool:
    """Whether the settings ask for one now. After a failure it is tried again within the hour."""
    found, every = last(), timedelta(hours=settings.BACKUP.every_hours)
    if not settings.BACKUP.folder or (found.failure and found.tried and now() - found.tried < timedelta(hours=1)):
        return False
    return found.made is None or not timedelta(0) <= now() - found.made < every


def worries() -> list[Words]:
    """What is to be done about backups: none is asked for, the last failed, or it is too long ago."""
    found = last()
    if not settings.BACKUP.folder and found.made is None:
        return [] if settings.HOME.is_exercise else [say("No backup was ever made. Name a folder for them in home.toml.")]
    if found.failure:
        return [say("The last backup failed: %(why)s", why=found.failure)]
    every = timedelta(hours=settings.BACKUP.every_hours if settings.BACKUP.folder else 7 * 24)
    if found.made is None or now() - found.made > 2 * every:
        at = f"{found.made:%Y-%m-%d %H:%M} UTC" if found.made else "–"
        return [say("The last backup is too old: %(at)s. Is the worker running?", at=at)]
    return []
