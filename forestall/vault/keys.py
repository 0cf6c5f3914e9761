"""The vault's key ring: one file, readable by its owner alone, apart from the vault's database and best on another medium.

It holds the vault's key and, for each entry, a secret of its own. What an entry is sealed with is derived from both,
so that destroying the entry's secret makes it unreadable for ever, also in an old copy of the database (which never
holds secrets). While the key is being changed the ring holds two generations; each sealed row names its own.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from forestall.base import durable
from forestall.base.canonical import sha256
from forestall.base.errors import Malformed, Refused, Unavailable
from forestall.base.words import say


@dataclass
class Generation:
    """The vault's key at one time (hexadecimal, 256 bits), and the secret of each entry."""

    key: str = field(repr=False)
    entries: dict[str, str] = field(default_factory=dict, repr=False)

    @property
    def id(self) -> str:
        """What a sealed row calls this generation; tells nothing of the key."""
        return sha256(f"forestall vault key {self.key}")[:16]

    def key_of(self, entry: UUID) -> bytes:
        """The 256-bit key that one entry is sealed with. Raises `Unavailable` when its secret was destroyed."""
        secret = self.entries.get(str(entry))
        if secret is None:
            raise Unavailable(say("The key of this entry was destroyed. Nobody can read it any more."))
        derived = HKDF(SHA256(), length=32, salt=bytes.fromhex(secret), info=b"forestall vault entry " + entry.bytes)
        return derived.derive(bytes.fromhex(self.key))


@dataclass
class Ring:
    """Generations by their id. New entries are sealed under `current`."""

    current: str
    generations: dict[str, Generation] = field(repr=False)

    def generation(self, key_id: str) -> Generation:
        """The generation a row was sealed under. Raises `Unavailable` when the ring lacks it."""
        if key_id not in self.generations:
            raise Unavailable(say("This entry was sealed with another key of the vault. Bring that key back first."))
        return self.generations[key_id]


def new_generation() -> Generation:
    """A fresh key without entries."""
    return Generation(secrets.token_hex(32))


def new_secret() -> str:
    """A fresh secret for one entry, hexadecimal."""
    return secrets.token_hex(32)


def path() -> Path:
    """Where the ring lies: in the home, unless `home.toml` names another place."""
    return Path(settings.VAULT_KEY)


def is_sealed() -> bool:
    """Whether the key is away, so that the vault answers nobody."""
    return not path().is_file()


def make() -> Path:
    """Make the key of a new vault. Raises `Refused` when one is there, `Unavailable` without its folder."""
    if path().exists():
        raise Refused(say("The vault has a key already. To change it: forestall vault rotate-key"))
    if not path().parent.is_dir():
        raise Unavailable(say("The folder for the vault's key is not here: %(path)s", path=str(path().parent)))
    made = new_generation()
    store(Ring(made.id, {made.id: made}))
    return path()


def read() -> Ring:
    """The ring. Raises `Unavailable` when the key is away, `Malformed` when the file is damaged."""
    try:
        found = json.loads(path().read_text(encoding="ascii"))
        generations = [Generation(one["key"], dict(one["entries"])) for one in found["generations"]]
        return Ring(found["current"], {one.id: one for one in generations})
    except OSError as error:
        raise Unavailable(
            say("The vault is sealed: its key is not here. Ask whoever keeps the key, then try again.")
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise Malformed(say("The file of the vault's key is damaged. Put back the copy that is kept of it.")) from error


@contextmanager
def holding() -> Iterator[Ring]:
    """The ring, while no other process writes the ring or what is sealed; `store` keeps what was changed of it.

    Whoever writes sealed rows holds it from before they are read until after they are written. Not to be nested.
    """
    if is_sealed():
        read()
    lock = os.open(path().with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield read()
    finally:
        os.close(lock)


def store(ring: Ring) -> None:
    """Whole or not at all: written beside, flushed, then put in the place of the old file."""
    told = {
        "current": ring.current,
        "generations": [{"key": one.key, "entries": one.entries} for one in ring.generations.values()],
    }
    durable.replace(path(), json.dumps(told).encode("ascii"))
