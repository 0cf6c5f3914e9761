"""A long log as a bundle, written straight to a file: what the outside verifier is measured on.

No table is used: the entries, keys and seals are spelled as the record spells them, sealed every hour of a year.
"""

from __future__ import annotations

import random
import secrets
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from forestall.base.canonical import canonical_json, sha256
from forestall.record import merkle
from forestall.record.bundle import SCHEME, row
from forestall.record.keys import public_of
from forestall.record.models import Entry, Seal, SigningKey
from forestall.record.seals import NONE_BEFORE

BEGAN = datetime(2025, 1, 1, tzinfo=UTC)
YEAR = timedelta(days=365)
HOURS = 8760


def write(path: Path, *, entries: int) -> None:
    """A whole bundle of so many entries over one year, with one key and a seal for every hour."""
    leaves = path.with_suffix(".entries")
    roots = _write_entries(leaves, entries=entries)
    with path.open("wb") as file:
        for line in _signed(roots, entries=entries):
            file.write(line)
        with leaves.open("rb") as body:
            while piece := body.read(1 << 20):
                file.write(piece)
        file.write(f"Z {canonical_json({'entries': entries})}\n".encode())
    leaves.unlink()


def _sizes(entries: int) -> list[int]:
    return [min(entries, (entries + 1) * hour // HOURS) for hour in range(HOURS + 1)]


def _write_entries(path: Path, *, entries: int) -> dict[int, str]:
    """Write the entries' lines; the roots at the sizes that are sealed."""
    draw, wanted, roots = random.Random(130), set(_sizes(entries)), {0: merkle.root([]).hex()}  # noqa: S311 - no secret
    frontier: list[bytes] = []
    with path.open("wb") as file:
        for place in range(entries):
            leaf = Entry(
                seq=place, at=BEGAN + YEAR * (place + 1) / (entries + 1), by=f"person-{place % 40}", verb="viewed",
                kind="monitoring.item", object_id=UUID(int=draw.getrandbits(128)), commitment=secrets.token_hex(32),
            ).leaf()  # fmt: skip
            frontier = merkle.append(frontier, size=place, leaf=merkle.leaf_hash(leaf))
            root = merkle.frontier_root(frontier).hex()
            if place + 1 in wanted:
                roots[place + 1] = root
            file.write(b"E " + root.encode() + b" " + leaf + b"\n")
    return roots


def _signed(roots: dict[int, str], *, entries: int) -> Iterator[bytes]:
    private = Ed25519PrivateKey.generate()
    told = {"holds": "entries", "made_at": BEGAN + YEAR, "exercise": True, "every_minutes": 60, "key_days": 730}
    yield f"{SCHEME} {canonical_json(told)}\n".encode()
    key = SigningKey(number=0, public=public_of(private), since=BEGAN, why="first", by="system:keeper")
    key.signature = private.sign(key.statement()).hex()
    yield f"K {key.binding()}\n".encode()
    previous = NONE_BEFORE
    for hour, size in enumerate(_sizes(entries)):
        at = BEGAN + timedelta(hours=hour)
        seal = Seal(at=at, made_at=at, size=size, root=roots[size], salt=secrets.token_hex(32), previous=previous)
        seal.key, seal.commitment = key.public, sha256(seal.opening())
        seal.signature = private.sign(seal.signed().encode()).hex()
        previous = sha256(seal.line())
        yield f"S {canonical_json(row(seal))}\n".encode()


def change_one_byte(path: Path, *, draw: Callable[[int], int]) -> int:
    """Flip one bit of one entry of a bundle, in place; the offset. `draw(n)` is a number below n."""
    size = path.stat().st_size
    with path.open("r+b") as file:
        while True:
            file.seek(draw(size))
            file.readline()  # to the beginning of a line
            began = file.tell()
            line = file.readline()
            if line.startswith(b"E "):
                break
        offset = 2 + draw(len(line) - 3)
        file.seek(began + offset)
        file.write(bytes([line[offset] ^ 1]))
    return began + offset
