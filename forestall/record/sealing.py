"""Bytes sealed with a key of their own: AES-256-GCM over chunks, each bound to its thing, its place and its end.

A key seals one content once, so that a chunk's number is a nonce that never repeats. The associated data of a chunk
are the evidence's id, the key's id, the chunk's number and whether it is the last: a chunk that was changed, dropped,
repeated, put elsewhere or taken from other evidence does not open. The construction is STREAM (Hoang, Reyhanitabar,
Rogaway and Vizár 2015). The length is hidden by padding to Padmé (Nikitin and others 2019): at most 12 % more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from secrets import token_bytes
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from forestall.base.errors import Malformed
from forestall.base.words import say

MAGIC = b"FORESTALL SEALED 1\n"
CHUNK = 64 * 1024
"""Bytes of content in a chunk; its tag comes on top."""
TAG = 16
_LENGTH = 8


@dataclass(frozen=True)
class DataKey:
    """A random 256-bit key for one content, and the name it is known by. Never shown, never in the database."""

    id: bytes
    secret: bytes

    def __repr__(self) -> str:
        return f"DataKey({self.id.hex()})"


def new_key() -> DataKey:
    """A key that has sealed nothing yet."""
    return DataKey(id=token_bytes(16), secret=token_bytes(32))


def padded_size(size: int) -> int:
    """`size` rounded up so that only O(log log size) bits of it can be told."""
    if size < 2:
        return size
    exponent = size.bit_length() - 1
    last = exponent - exponent.bit_length()
    mask = (1 << last) - 1
    return (size + mask) & ~mask


def seal(content: bytes, *, key: DataKey, owner: UUID) -> Iterator[bytes]:
    """The sealed bytes of `content`, piece by piece. `key` must be new."""
    yield MAGIC + key.id
    whole = len(content).to_bytes(_LENGTH, "big") + content
    padding = padded_size(len(whole)) - len(whole)
    pieces = _pieces(whole, padding)
    cipher = AESGCM(key.secret)
    number, piece = 0, next(pieces)
    for following in pieces:
        yield _sealed(cipher, piece, key=key, owner=owner, number=number, last=False)
        number, piece = number + 1, following
    yield _sealed(cipher, piece, key=key, owner=owner, number=number, last=True)


def _pieces(whole: bytes, padding: int) -> Iterator[bytes]:
    for start in range(0, len(whole) + padding, CHUNK):
        yield whole[start : start + CHUNK].ljust(min(CHUNK, len(whole) + padding - start), b"\0")


def _sealed(cipher: AESGCM, piece: bytes, *, key: DataKey, owner: UUID, number: int, last: bool) -> bytes:
    return cipher.encrypt(_nonce(number, last), piece, _bound(key, owner, number, last))


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


def _bound(key: DataKey, owner: UUID, number: int, last: bool) -> bytes:
    return b"forestall evidence|" + owner.bytes + key.id + number.to_bytes(8, "big") + bytes([last])


def opened(pieces: Iterable[bytes], *, key: DataKey, owner: UUID) -> Iterator[bytes]:
    """The content again, piece by piece. `pieces` is the sealed file as `chunks_of` cuts it.

    Raises `Malformed` at the first piece that is not what was sealed there; whoever joins the pieces must reach the
    end, which is what tells a whole file from one cut short.
    """
    cut = iter(pieces)
    if next(cut, b"") != MAGIC + key.id:
        raise _not_as_sealed()
    cipher, number, left = AESGCM(key.secret), 0, -1
    piece = next(cut, b"")
    while piece:
        following = next(cut, b"")
        last = not following
        try:
            plain = cipher.decrypt(_nonce(number, last), piece, _bound(key, owner, number, last))
        except (InvalidTag, ValueError) as error:
            raise _not_as_sealed() from error
        if left < 0:
            left, plain = int.from_bytes(plain[:_LENGTH], "big"), plain[_LENGTH:]
        yield plain[:left]
        left, number, piece = max(0, left - len(plain)), number + 1, following
    if number == 0 or left:
        raise _not_as_sealed()


def chunks_of(sealed: bytes) -> Iterator[bytes]:
    """A sealed file cut where it was sealed: its head, then every chunk with its tag."""
    head = len(MAGIC) + 16
    yield sealed[:head]
    for start in range(head, len(sealed), CHUNK + TAG):
        yield sealed[start : start + CHUNK + TAG]


def _not_as_sealed() -> Malformed:
    return Malformed(say("The sealed bytes do not open with their key: they were changed or exchanged."))
