"""Making a backup: the data in an archive of its own, the keys in another that each backup replaces, and the ledger."""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.db import connection

from forestall.base.clock import now, trusted
from forestall.base.errors import Refused, Spoken, Unavailable
from forestall.base.home import Home, check_not_shut
from forestall.base.words import say
from forestall.record import keyring, lastbackup
from forestall.record.store import remove

from . import archive, ledger, lockdown, manifest, pouring, snapshot
from .archive import KEYS, Member, Recipient

FORM = "%Y%m%dT%H%M%S-%f"
NAMED = re.compile(r"forestall-(\d{8}T\d{6}-\d{6})\.age")
TRIES = 3


class Made(NamedTuple):
    """A backup that was made: where, how many entries, and how many files of the database were not to be found."""

    path: Path
    entries: int
    missing: int


def create(folder: Path, *, recipients: list[Recipient], with_vault_key: bool = False, with_ledger: bool = True) -> Made:
    """Back this home up into `folder`. Others may write meanwhile; what was confirmed before is in it.

    The vault's key ring is in it only `with_vault_key`. Raises `Refused` for a folder that is in the home and for a home
    that is shut, `Unavailable` when the folder or the home's keys are not here.
    """
    home: Home = settings.HOME
    check_not_shut(home)
    _check_folder(folder, home)
    keyring.check_available()
    with _alone(home):
        for left in home.backups.glob("copy-*.sqlite3"):
            left.unlink()
        for tried in range(TRIES):
            done = _try(folder, home, recipients=recipients, with_vault_key=with_vault_key)
            if not done.missing or tried == TRIES - 1:
                break
            remove(done.path)  # a file was sealed or removed while it was being read: the next copy knows
        if with_ledger:
            ledger.extend(folder, recipients=recipients)
    lastbackup.remember()
    return done


def make_before_upgrade() -> Made | None:
    """A backup of the home as it is before its tables change, where the settings ask for backups; else None.

    The ledger goes on afterwards: it is told from tables that are today's.
    """
    asked = settings.BACKUP
    if not asked.folder:
        return None
    return create(
        Path(asked.folder), recipients=archive.recipients_of(asked.recipients), with_vault_key=asked.vault_key, with_ledger=False
    )


def _check_folder(folder: Path, home: Home) -> None:
    if not folder.is_dir():  # never made here: on a disk that is not mounted it would be lost with the home
        raise Unavailable(say("The folder is not there."))
    if folder.resolve().is_relative_to(home.path):
        raise Refused(say("A backup inside the home is lost with it. Choose a folder elsewhere."))


@contextmanager
def _alone(home: Home) -> Iterator[None]:
    home.backups.mkdir(exist_ok=True, mode=0o700)
    descriptor = os.open(home.backups / "lock", os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise Unavailable(say("Another backup is being made just now.")) from error
    finally:
        os.close(descriptor)


def _try(folder: Path, home: Home, *, recipients: list[Recipient], with_vault_key: bool) -> Made:
    """Witness first, then the databases, then keys and files: each later one knows all that the one before rests on."""
    secret = settings.SECRET_KEY
    witness = [(f"witness/{path.name}", path.read_bytes()) for path in sorted(home.witness.glob("*.txt"))]
    stamp = now().strftime(FORM)
    copy, vault = (home.backups / f"copy-{which}{stamp}.sqlite3" for which in ("", "vault-"))
    path = folder / f"forestall-{stamp}.age"
    held: set[str] = set()
    try:
        take = snapshot.take if connection.vendor == "sqlite" else pouring.take
        facts = take(home, to=copy, vault=vault)
        _write_keys(folder / KEYS, home, recipients=recipients, with_vault_key=with_vault_key)

        def described(members: list[Member]) -> bytes:
            held.update(member.name.removeprefix("files/") for member in members)
            return manifest.made(
                "data", members, secret=secret, entries=facts.entries, root=facts.root, applied=facts.applied
            )

        plain: list[tuple[str, Path | bytes]] = [
            (snapshot.NAME, copy), (snapshot.VAULT, vault),
            *((name, home.path / name) for name in ("home.toml", lockdown.FILE)), *witness,
        ]  # fmt: skip
        archive.write(path, [*plain, *_below(home.files, "files"), *_facts(home)], recipients=recipients, manifest=described)
    finally:
        copy.unlink(missing_ok=True)
        vault.unlink(missing_ok=True)
    return Made(path, facts.entries, len(facts.addresses - held))


def _write_keys(path: Path, home: Home, *, recipients: list[Recipient], with_vault_key: bool) -> None:
    """The newest keys alone stay: what an earlier archive of them held is overwritten, so that a destroyed key is gone."""
    destroy = archive.overwrite(path)
    apart = [("keys/files.key", home.master_key), *_below(home.file_keys / "files", "keys/files")]
    apart += [("keys/vault", settings.VAULT_KEY)] if with_vault_key else []
    left_out = {place.with_suffix(end) for place in (settings.VAULT_KEY, home.keys / "vault") for end in ("", ".lock", ".new")}
    own = [
        (name, place)
        for name, place in _below(home.keys, "keys")
        if not name.startswith(("keys/files/", "keys/files.key")) and place not in left_out
    ]
    archive.write(
        path, [*own, *apart], recipients=recipients,
        manifest=lambda members: manifest.made("keys", members, secret=settings.SECRET_KEY),
    )  # fmt: skip
    destroy()


def _facts(home: Home) -> list[tuple[str, Path]]:
    """The files of facts and their lists; what questions spilled to the disk is nobody's."""
    return [found for name in ("files", "manifests") for found in _below(home.facts / name, f"facts/{name}")]


def _below(folder: Path, name: str) -> list[tuple[str, Path]]:
    found = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix != ".partial")
    return [(f"{name}/{path.relative_to(folder).as_posix()}", path) for path in found]


def made_at(path: Path) -> datetime | None:
    """When a data archive was made, by its name (UTC); None for what is no data archive."""
    named = NAMED.fullmatch(path.name)
    return datetime.strptime(named[1], FORM).replace(tzinfo=UTC) if named else None


def prune(folder: Path, *, days: int) -> int:
    """Remove data archives older than `days`, never the newest. Returns how many went."""
    dated = sorted((at, path) for path in folder.iterdir() if (at := made_at(path)) is not None)
    old = [path for at, path in dated[:-1] if trusted() - at > timedelta(days=days)]
    for path in old:
        remove(path)
    return len(old)


def make_if_due() -> None:
    """What the worker does: go on with the ledgers; when it is time, make a backup and let the old ones go.

    What fails is kept for the record's verification to tell, and raised.
    """
    asked = settings.BACKUP
    if not asked.folder:
        return
    _guarded(lambda: _go_on(Path(asked.folder), keep_days=asked.keep_days))


def _go_on(folder: Path, *, keep_days: int) -> None:
    recipients = archive.recipients_of(settings.BACKUP.recipients)
    ledger.extend(settings.HOME.path, recipients=recipients)
    _check_folder(folder, settings.HOME)
    ledger.extend(folder, recipients=recipients)
    if lastbackup.due():
        create(folder, recipients=recipients, with_vault_key=settings.BACKUP.vault_key)
        prune(folder, days=keep_days)


def _guarded(work: Callable[[], None]) -> None:
    try:
        work()
    except (Spoken, OSError) as error:
        lastbackup.remember(failure=str(error) or type(error).__name__)
        raise
