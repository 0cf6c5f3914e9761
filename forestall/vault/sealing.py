"""Sealing a field: AES-256-GCM, bound to the very place it stands at, so that nothing sealed can be moved elsewhere."""

from __future__ import annotations

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from forestall.base.errors import Malformed
from forestall.base.words import say

NONCE = 12
"""Bytes of random nonce before each sealed field. An entry's key seals some tens of fields: a clash is out of reach."""


def place(table: str, row: str, field: str, key_id: str) -> bytes:
    """The associated data of a field: where it stands, and under which key."""
    return "|".join((table, row, field, key_id)).encode()


def seal(plain: bytes, *, key: bytes, at: bytes) -> bytes:
    """Nonce and ciphertext with its tag. `at` is from `place`."""
    nonce = os.urandom(NONCE)
    return nonce + AESGCM(key).encrypt(nonce, plain, at)


def unseal(sealed: bytes, *, key: bytes, at: bytes) -> bytes:
    """The plain bytes. Raises `Malformed` when they were changed, or were sealed for another place or key."""
    try:
        return AESGCM(key).decrypt(bytes(sealed[:NONCE]), bytes(sealed[NONCE:]), at)
    except (InvalidTag, ValueError) as error:
        raise Malformed(
            say("What is sealed in the vault was changed or moved. Nothing of it is shown. Run: forestall vault verify")
        ) from error
