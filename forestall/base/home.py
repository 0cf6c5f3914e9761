"""A home: the folder that holds one office's (or one exercise's) database, files and keys.

`home.toml` says for ever whether the home is an exercise. Nothing here opens the database.
"""

from __future__ import annotations

import os
import secrets
import tomllib
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from pathlib import Path

from . import durable
from .errors import Malformed, Refused
from .words import say


class Kind(StrEnum):
    """What a home is, from its first day and for ever."""

    EXERCISE = "exercise"
    REAL = "real"


@dataclass(frozen=True)
class Home:
    """Where one installation keeps what it knows. Paths are absolute."""

    path: Path
    kind: Kind
    keys_elsewhere: Path | None = None

    @property
    def database(self) -> Path:
        return self.path / "forestall.sqlite3"

    @property
    def vault(self) -> Path:
        return self.path / "vault.sqlite3"

    @property
    def files(self) -> Path:
        return self.path / "files"

    @property
    def facts(self) -> Path:
        """Where the files of facts lie: what producers publish row by row, public and internal."""
        return self.path / "facts"

    @property
    def credentials(self) -> Path:
        """The secrets that producers gave this office, one file for each source."""
        return self.keys / "credentials"

    @property
    def keys(self) -> Path:
        return self.path / "keys"

    @property
    def file_keys(self) -> Path:
        """Where the keys of sealed files are: in the home, or in the folder (a token) that `home.toml` names."""
        return self.keys_elsewhere or self.keys

    @property
    def master_key(self) -> Path:
        return self.file_keys / "files.key"

    @property
    def master_mark(self) -> Path:
        """Which master key is this home's. It stays in the home when the keys go to a token, and opens nothing."""
        return self.keys / "files.mark"

    @property
    def locked(self) -> Path:
        """Where the keys lie, sealed, while the home is shut. There is such a file then and only then."""
        return self.path / "locked.age"

    @property
    def is_locked(self) -> bool:
        return self.locked.exists()

    @property
    def witness(self) -> Path:
        return self.path / "witness"

    @property
    def backups(self) -> Path:
        """What the home knows of its backups, and the copies from before an upgrade. The backups lie elsewhere."""
        return self.path / "backups"

    @property
    def left_over(self) -> Path:
        """Since when each file of the store that no evidence keeps was found there."""
        return self.path / "left-over.json"

    @property
    def left_over_facts(self) -> Path:
        """Since when each file of facts that no list names was found there."""
        return self.path / "left-over-facts.json"

    @property
    def closed(self) -> Path:
        """While this file is there the home is being restored, and nothing serves it."""
        return self.path / "closed"

    @property
    def is_exercise(self) -> bool:
        return self.kind is Kind.EXERCISE


def chosen_path() -> Path:
    """The home folder asked for: `FORESTALL_HOME`, else `home` in the user's data folder."""
    asked = os.environ.get("FORESTALL_HOME")
    if asked:
        return Path(asked).expanduser().resolve()
    data = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return (Path(data) / "forestall" / "home").resolve()


def exists(path: Path) -> bool:
    """Whether a home has been made at `path`."""
    return (path / "home.toml").is_file()


def create(path: Path, *, kind: Kind) -> Home:
    """Make a home at `path` with its own secret. Refuses when one of another kind is there; else returns it."""
    if exists(path):
        home = open_home(path)
        if home.kind is not kind:
            raise Refused(
                say(
                    "%(path)s is an %(found)s home and stays one. Choose another folder.",
                    path=str(path),
                    found=home.kind.value,
                )
            )
        return home
    if path.exists() and any(path.iterdir()):
        raise Refused(
            say("%(path)s is not empty and is no home. Choose a folder that does not exist yet.", path=str(path))
        )
    for folder in (path, path / "files", path / "keys", path / "witness"):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    durable.write_new(path / "keys" / "secret", secrets.token_hex(32).encode())
    durable.write_new(path / "home.toml", f'kind = "{kind.value}"\n'.encode())
    home = Home(path=path, kind=kind)
    make_master_key(home)
    return home


def make_master_key(home: Home) -> bool:
    """Give a home that never had one its master key; whether it did. One that had one gets no other, ever."""
    if home.master_mark.exists() or home.master_key.exists():
        return False
    master = secrets.token_bytes(32)
    home.file_keys.mkdir(parents=True, exist_ok=True, mode=0o700)
    durable.write_new(home.master_key, master.hex().encode())
    durable.write_new(home.master_mark, fingerprint(master).encode())
    return True


def fingerprint(master: bytes) -> str:
    """What tells one master key from another and tells nothing else of it."""
    return sha256(b"forestall master key|" + master).hexdigest()


def working_folder() -> str | None:
    """A folder in memory for what must not reach the disk, or None where the system has none."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108


def open_home(path: Path) -> Home:
    """The home at `path`. Raises `Refused` when there is none, `Malformed` when it cannot be told what it is."""
    if not exists(path):
        raise Refused(
            say(
                "There is no home at %(path)s. `./go demo` makes an exercise home; `./go init` a real one.",
                path=str(path),
            )
        )
    try:
        said = tomllib.loads((path / "home.toml").read_text(encoding="utf-8"))
        kind = Kind(said["kind"])
    except (tomllib.TOMLDecodeError, KeyError, ValueError) as error:
        raise Malformed(
            say('%(path)s/home.toml must say kind = "exercise" or kind = "real".', path=str(path))
        ) from error
    keys = said.get("keys", "")
    if not isinstance(keys, str) or (keys and not Path(keys).is_absolute()):
        raise Malformed(say("home.toml: keys must be the full path of a folder, in quotes."))
    return Home(path=path, kind=kind, keys_elsewhere=Path(keys) if keys else None)


def check_open(home: Home) -> None:
    """Raise `Refused` while the home is being restored: what was decided since its backup may not hold in it yet."""
    if home.closed.exists():
        raise Refused(
            say(
                "%(path)s is closed: its restore did not finish, and what was removed or revoked since the backup may not"
                " hold in it. Restore it once more.",
                path=str(home.path),
            )
        )


def check_not_shut(home: Home) -> None:
    """Raise `Refused` while the home is shut: its keys are sealed to the cards of its holders."""
    if home.is_locked:
        raise Refused(say("This home is shut. Two holders of its cards open it again: ./go lockdown open."))
