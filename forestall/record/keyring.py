"""The keys of sealed evidence: one small file for each, wrapped under its label, beside the home's master key.

None of it is in the database, so that a copy of the database opens nothing, and one file destroyed erases one evidence
for ever. The key that wraps is made from the master key, the level and the compartments: a label lowered by hand in the
database opens nothing either. An office can keep the folder on a token (`keys` in `home.toml`).
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from secrets import token_bytes
from typing import BinaryIO
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from forestall.base.canonical import canonical_json
from forestall.base.errors import Malformed, Unavailable
from forestall.base.home import Home, fingerprint
from forestall.base.words import say
from forestall.labels.label import Label

from .sealing import DataKey
from .store import remove, write_durably


class KeyGone(Malformed):
    """The key of this evidence was destroyed or lost: nobody can read its bytes any more."""


def scope_of(label: Label) -> str:
    """What a wrapping key is made for: the level and the compartments."""
    return canonical_json([int(label.level), sorted(label.compartments)])


def available() -> bool:
    """Whether the home's keys are here and are its own."""
    try:
        _master()
    except Unavailable:
        return False
    return True


def check_available() -> None:
    """Raise `Unavailable` when the home's keys are not here."""
    _master()


def _master() -> bytes:
    """The master key. Raises `Unavailable` when its folder is not here, or holds the key of another home."""
    home: Home = settings.HOME
    try:
        master = bytes.fromhex(home.master_key.read_text(encoding="ascii"))
    except (OSError, ValueError) as error:
        raise Unavailable(
            say("This home is sealed: the keys of its files are not here. Whoever keeps them must connect them first.")
        ) from error
    known = home.master_mark
    if not known.exists() or known.read_text(encoding="ascii").strip() != fingerprint(master):
        raise Unavailable(
            say("This home is sealed: the keys that are here belong to another home. Connect its own.")
        )
    return master


@lru_cache(maxsize=256)
def _wrapping_key(master: bytes, scope: str) -> bytes:
    info = b"forestall file key|" + scope.encode()
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(master)


def _path(owner: UUID) -> Path:
    home: Home = settings.HOME
    return home.file_keys / "files" / owner.hex[:2] / f"{owner.hex}.json"


def _bound(owner: UUID, key_id: bytes, scope: str) -> bytes:
    return canonical_json([str(owner), key_id.hex(), scope]).encode()


def _read(owner: UUID) -> dict[str, list[str]]:
    """Key id to its wrappings. Raises `KeyGone` when there is no file, `Unavailable` when the home is sealed."""
    _master()
    try:
        found = json.loads(_path(owner).read_text(encoding="ascii"))
    except FileNotFoundError as error:
        raise KeyGone(say("The key of this evidence is gone. Its bytes cannot be read any more.")) from error
    except (OSError, ValueError) as error:
        raise Malformed(say("The key of this evidence is damaged.")) from error
    return {str(name): [str(one) for one in wrapped] for name, wrapped in dict(found).items()}


def _write(owner: UUID, wrapped: dict[str, list[str]]) -> None:
    write_durably(_path(owner), [json.dumps(wrapped).encode("ascii")])


def _wrap(key: DataKey, *, owner: UUID, scope: str) -> str:
    nonce = token_bytes(12)
    cipher = AESGCM(_wrapping_key(_master(), scope))
    return (nonce + cipher.encrypt(nonce, key.secret, _bound(owner, key.id, scope))).hex()


def keep(key: DataKey, *, owner: UUID, label: Label) -> None:
    """Put a key into the keyring, durably, wrapped under `label`; what the file held besides stays.

    Called before the act that needs it is committed: a crash leaves a key without bytes, never bytes without a key.
    """
    try:
        held = _read(owner)
    except KeyGone:
        held = {}
    wrapped = _wrap(key, owner=owner, scope=scope_of(label))
    held[key.id.hex()] = [*held.get(key.id.hex(), []), wrapped]
    _write(owner, held)


def take(key_id: bytes, *, owner: UUID, label: Label) -> DataKey:
    """The key `key_id` of `owner`, unwrapped under `label`. Raises `KeyGone`, `Malformed` or `Unavailable`."""
    scope = scope_of(label)
    cipher = AESGCM(_wrapping_key(_master(), scope))
    held = _read(owner)
    if key_id.hex() not in held:
        raise KeyGone(say("The key of this evidence is gone. Its bytes cannot be read any more."))
    for wrapped in held[key_id.hex()]:
        try:
            raw = bytes.fromhex(wrapped)
            secret = cipher.decrypt(raw[:12], raw[12:], _bound(owner, key_id, scope))
        except (InvalidTag, ValueError):
            continue
        return DataKey(id=key_id, secret=secret)
    raise Malformed(
        say("The key of this evidence does not open under its label: key or label were changed or exchanged.")
    )


def settle(key_id: bytes, *, owner: UUID, label: Label) -> None:
    """Keep the wrapping of `key_id` under `label` alone: other labels and other keys of `owner` open nothing more."""
    scope = scope_of(label)
    cipher = AESGCM(_wrapping_key(_master(), scope))
    held = _read(owner)
    for wrapped in held.get(key_id.hex(), []):
        raw = bytes.fromhex(wrapped)
        try:
            cipher.decrypt(raw[:12], raw[12:], _bound(owner, key_id, scope))
        except InvalidTag:
            continue
        settled = {key_id.hex(): [wrapped]}
        if settled != held:
            with _path(owner).open("r+b") as before:  # the new file is safe on the disk before the old is overwritten
                _write(owner, settled)
                _overwrite(before)
        return


def destroy(owner: UUID) -> None:
    """Destroy every key of `owner`: overwritten, removed, and the folder flushed. Nothing opens its bytes again."""
    path = _path(owner)
    if path.exists():
        with path.open("r+b") as file:
            _overwrite(file)
        remove(path)


def _overwrite(file: BinaryIO) -> None:
    """Over what lies there, in place. A disk that moves blocks may keep the old ones: encrypt it, or use a token."""
    size = os.fstat(file.fileno()).st_size
    file.seek(0)
    file.write(token_bytes(size))
    file.flush()
    os.fsync(file.fileno())


def owners() -> Iterator[UUID]:
    """Whose keys the keyring holds."""
    home: Home = settings.HOME
    for path in sorted((home.file_keys / "files").glob("*/*.json")):
        yield UUID(path.stem)

