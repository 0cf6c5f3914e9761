"""External identifiers that occur once in an answer, made of the keys that a producer declares, which may not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from forestall.base.canonical import canonical_json, sha256
from forestall.facts import Quality

_LENGTH = 32


def digest(value: object) -> str:
    """A short hash of a plain value: the same for the same value on every machine."""
    return sha256(canonical_json(value))[:_LENGTH]


class Keys:
    """Names rows so that nothing is overwritten. `keys` are those of every row of the answer, in any order.

    A key that occurs once is the name. Of rows that share one, each is told apart by its own content, whatever the
    order they come in, and bears the remark; a row that repeats another word for word is counted, and may not be added.
    """

    def __init__(self, keys: Iterable[str]) -> None:
        self._shared = {key for key, count in Counter(keys).items() if count > 1}
        self._named: Counter[str] = Counter()

    def name(self, key: str, *, own: Mapping[str, Any]) -> tuple[str, tuple[Quality, ...]]:
        """The identifier of the row that holds `own`, and what must be said of it."""
        if key not in self._shared:
            return key, ()
        name = f"{key}-{digest(own)[:12]}"
        self._named[name] += 1
        if self._named[name] == 1:
            return name, (Quality.KEY_REPEATED,)
        return f"{name}-{self._named[name]}", (Quality.KEY_REPEATED, Quality.NOT_ADDITIVE)
