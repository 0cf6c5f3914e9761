"""What a command is: a name, a sentence, its arguments, and a function. A module in `commands/` is one."""

from __future__ import annotations

import argparse
import importlib
import os
import pkgutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from forestall.base.errors import Spoken, Unavailable
from forestall.base.home import Home, check_not_shut, check_open, chosen_path, open_home
from forestall.base.words import Words, say

Arguments = argparse.Namespace


@dataclass(frozen=True)
class Command:
    """`reader` declares as whom it reads: a system reader, `person` (named with --as), or empty: reads no record."""

    name: str
    help: Words
    arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[Arguments], int]
    reader: str = ""
    order: int = 50


def commands() -> list[Command]:
    """Every command there is, in the order of the help."""
    from . import commands as package

    found: list[Command] = []
    for module in pkgutil.iter_modules(package.__path__):
        found.append(importlib.import_module(f"{package.__name__}.{module.name}").COMMAND)
    return sorted(found, key=lambda command: (command.order, command.name))


def home_argument(parser: argparse.ArgumentParser) -> None:
    """Add `--home DIR`, the home a command works on."""
    parser.add_argument("--home", type=Path, metavar="DIR", help="the home to work on (default: FORESTALL_HOME, or the user's own)")


def open_chosen_home(arguments: Arguments) -> Home:
    """The home asked for, with Django set up on it. Raises `Refused` when there is none, or it is closed or shut."""
    home = chosen_home(arguments)
    check_open(home)
    check_not_shut(home)
    return set_up(home)


def chosen_home(arguments: Arguments) -> Home:
    """The home asked for, shut or not. Raises `Refused` when there is none."""
    return open_home((arguments.home or chosen_path()).expanduser().resolve())


def set_up(home: Home) -> Home:
    """Set Django up on a home, once per process."""
    os.environ["FORESTALL_HOME"] = str(home.path)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "forestall.config.settings")
    import django

    django.setup()
    return home


def migrate(*, copy: bool = True) -> None:
    """Bring the home's tables to this version, as their owner, and its files: what lies in clear and may not is sealed.

    When its tables change (`copy`), a backup is made first where the settings ask for backups, and a copy of the
    databases is kept. Raises `Unavailable` when the change fails, with the way back; running it once more goes on where
    it stopped. A home whose keys are not here is served all the same: sealed files do not open until they are.
    """
    from django.conf import settings
    from django.core.management import call_command

    from forestall.base.home import make_master_key
    from forestall.keeping import pouring, upgrade
    from forestall.labels.rowsecurity import as_owner
    from forestall.labels.telling import Elevation, elevated
    from forestall.record import keyring
    from forestall.record.resealing import seal_all

    pouring.check_moved(settings.HOME)
    before = upgrade.copy_before() if copy else None
    if before is not None:
        sys.stderr.write(f"The tables of this home change. The database from before is kept: {before}\n{_way_back(before)}\n")
        _back_up_first()
    try:
        with as_owner(), elevated(Elevation.WHOLE):  # a migration of content reads and writes all of it
            call_command("migrate", verbosity=0, interactive=False)
        call_command("migrate", "vault", database="vault", verbosity=0, interactive=False)
    except Exception as error:
        if before is None:
            raise
        raise Unavailable(say("The tables could not be changed (%(why)s). %(back)s", why=str(error)[:200], back=_way_back(before))) from error
    upgrade.finished()
    _key_for_a_new_vault()
    make_master_key(settings.HOME)
    if keyring.available():
        seal_all(by="system:keeper")


def _back_up_first() -> None:
    """A disk that is not there does not hold an upgrade up: the copy beside the database is made already."""
    from forestall.keeping.backing import make_before_upgrade

    try:
        made = make_before_upgrade()
    except (Spoken, OSError) as error:
        sys.stderr.write(f"No backup could be made first: {error}\n")
    else:
        sys.stderr.write(f"A backup was made first: {made.path}\n" if made else "")


def _way_back(before: Path) -> str:
    return (
        "If it stops half-way, start once more: it goes on. To go back, stop the server, remove forestall.sqlite3-wal and"
        f" forestall.sqlite3-shm, copy {before.name} over forestall.sqlite3 and {before.stem}.vault over vault.sqlite3, and start the former version."
    )


def _key_for_a_new_vault() -> None:
    """A vault in which nothing was ever sealed gets its key; one that lost its key stays sealed until it is back."""
    from forestall.vault import keys
    from forestall.vault.identities import is_empty

    if keys.is_sealed() and keys.path().parent.is_dir() and is_empty():
        keys.make()
