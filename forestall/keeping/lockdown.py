"""Shutting a home at once: its keys are sealed to a key that only two of its holders can put together again.

Each holder has a card, shown once and kept nowhere. For every two holders the home holds the lock's own key, sealed to
the one's card inside the other's. Shutting needs no secret; whoever takes the machine afterwards finds no key on it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, permutations
from pathlib import Path

from pyrage import DecryptError, IdentityError, decrypt, encrypt
from pyrage.x25519 import Identity, Recipient

from forestall.base.canonical import canonical_json
from forestall.base.errors import Malformed, Refused
from forestall.base.home import Home
from forestall.base.words import say
from forestall.record import keyring
from forestall.record.store import remove, write_durably

FEWEST, MOST = 2, 7
FILE = "lockdown.json"
NOT_SECRET = ("files.mark", "hashing-", "worker")
"""Beginnings of names in the folders of keys that open nothing."""


@dataclass(frozen=True)
class Preparation:
    """Who can open the home again, two together. `pairs` holds, for every two, what their cards unseal."""

    recipient: str
    holders: tuple[str, ...]
    pairs: tuple[str, ...]


def _path(home: Home) -> Path:
    return home.path / FILE


def prepared(home: Home) -> Preparation | None:
    """What was prepared, or None. Raises `Malformed` when the file cannot be read."""
    try:
        held = json.loads(_path(home).read_text(encoding="utf-8"))
        return Preparation(str(held["recipient"]), tuple(held["holders"]), tuple(held["pairs"]))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Malformed(say("lockdown.json in the home is damaged. Prepare the lock-down again.")) from error


def prepare(home: Home, holders: Sequence[str]) -> dict[str, str]:
    """Name who can open the home again, by id. Returns each one's card; cards handed out before open nothing any more."""
    if len(set(holders)) != len(holders) or not FEWEST <= len(holders) <= MOST:
        raise Refused(
            say("Name from %(fewest)s to %(most)s different people; any two of them open the home again.", fewest=FEWEST, most=MOST)
        )
    lock = Identity.generate()
    cards = {holder: Identity.generate() for holder in holders}
    pairs = [_within(lock, cards[one], cards[other]).hex() for one, other in combinations(holders, 2)]
    held = {"recipient": str(lock.to_public()), "holders": list(holders), "pairs": pairs}
    write_durably(_path(home), [canonical_json(held).encode()])
    return {holder: str(card) for holder, card in cards.items()}


def _within(lock: Identity, one: Identity, other: Identity) -> bytes:
    return bytes(encrypt(encrypt(str(lock).encode(), [other.to_public()]), [one.to_public()]))


def check_prepared(home: Home) -> Preparation:
    """What was prepared. Raises `Refused` when nothing was."""
    ready = prepared(home)
    if ready is None:
        raise Refused(
            say("Nobody could open the home again: no lock-down was prepared. Whoever keeps the accounts prepares it: ./go lockdown prepare.")
        )
    return ready


def shut(home: Home, *, also: Sequence[Path] = ()) -> None:
    """Seal every key of the home, and `also` those that lie elsewhere, and take them from their places.

    Raises `Refused` when nothing was prepared. The sealed file is on the disk before the first key goes; shutting again
    goes on where a crash left off.
    """
    ready = check_prepared(home)
    every = [*(path for path in also if path.is_file()), *_keys(home)]
    if not home.is_locked:
        keys = {str(path): path.read_bytes().hex() for path in every}
        write_durably(home.locked, [encrypt(canonical_json(keys).encode(), [Recipient.from_str(ready.recipient)])])
    for path in every:
        remove(path)
    keyring.forget()


def _keys(home: Home) -> Iterator[Path]:
    """The files that hold a key as such; those of the files themselves are wrapped under one of these."""
    for folder in dict.fromkeys((home.keys, home.file_keys)):
        for path in sorted(folder.iterdir()) if folder.is_dir() else ():
            if path.is_file() and not path.name.startswith(NOT_SECRET):
                yield path


def open_again(home: Home, cards: Sequence[str]) -> tuple[str, ...]:
    """Put the keys back with two holders' cards, in any order. Returns whose they are.

    Raises `Refused` when they do not open it, `Malformed` when one is no card.
    """
    ready = prepared(home)
    if ready is None or not home.is_locked:
        raise Refused(say("This home is not shut."))
    lock, whose = _lock(ready, [_card(text) for text in cards])
    for path, content in json.loads(decrypt(home.locked.read_bytes(), [lock])).items():
        write_durably(Path(path), [bytes.fromhex(content)])
    remove(home.locked)
    return whose


def _card(text: str) -> Identity:
    try:
        return Identity.from_str(text.strip().upper())
    except IdentityError as error:
        raise Malformed(say("That is no card. It begins with AGE-SECRET-KEY-1.")) from error


def _lock(ready: Preparation, cards: Sequence[Identity]) -> tuple[Identity, tuple[str, ...]]:
    for whose, pair in zip(combinations(ready.holders, 2), ready.pairs, strict=True):
        for one, other in permutations(cards, 2):
            try:
                return Identity.from_str(decrypt(decrypt(bytes.fromhex(pair), [one]), [other]).decode()), whose
            except DecryptError:
                continue
    raise Refused(say("These two cards do not open the home. They must be of two of its holders, and of the last preparation."))
