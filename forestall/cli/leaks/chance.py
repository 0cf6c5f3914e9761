"""Chance that can be had again: identifiers, salts and tokens drawn from a seed, so that two worlds draw the same."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class Chance:
    """The source of what the program draws at random while `drawn` holds. Never used outside an exercise home."""

    def __init__(self, seed: str) -> None:
        self.again(seed)

    def again(self, seed: str) -> None:
        """Draw from `seed` on. The same in both worlds before each step."""
        self._draw = random.Random(seed)  # noqa: S311 - to be had again is the point

    def __call__(self, size: int) -> bytes:
        return self._draw.randbytes(size)


@contextmanager
def drawn(chance: Chance) -> Iterator[Chance]:
    """Inside the block whatever asks the machine for random bytes gets them from `chance`."""
    library: Any = random
    asked = os.urandom, library._urandom
    os.urandom, library._urandom = chance, chance
    try:
        yield chance
    finally:
        os.urandom, library._urandom = asked
