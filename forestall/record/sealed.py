"""Whether keys, seals, checkpoints and what witnesses keep agree with the log. Part of `record verify`.

The rules are those of the file for outsiders (`forestall-verify`): a key signs from its `since` until the next one's,
what it signed stays signed, and what a witness keeps must be what stands here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings

from forestall.base.canonical import sha256
from forestall.base.clock import now
from forestall.base.words import Words, say

from . import keys
from .models import Checkpoint, Seal, SigningKey
from .seals import NONE_BEFORE, line, statement
from .witnesses import lines_of

SLACK = timedelta(minutes=5)
"""How far a clock may be set back between a seal and what follows it without being a fault."""


def shown(at: datetime) -> str:
    """A moment as faults name it."""
    return f"{at:%Y-%m-%d %H:%M} UTC"


@dataclass
class Sealed:
    """What was signed, held against the entries as they pass by."""

    keys: list[SigningKey]
    seals: list[Seal]
    checkpoints: list[Checkpoint]
    misdated: dict[str, Words] = field(default_factory=dict)
    _roots: dict[int, str] = field(default_factory=dict)
    _wanted: set[int] = field(default_factory=set)
    _covering: list[Seal] = field(default_factory=list)
    _passed: Seal | None = None

    @classmethod
    def read(cls) -> Sealed:
        """Everything signed that this home keeps."""
        found = cls(
            list(SigningKey.objects.order_by("number")),
            list(Seal.objects.order_by("at")),
            list(Checkpoint.objects.order_by("size")),
        )
        found._wanted = {one.size for one in found.seals} | {one.size for one in found.checkpoints}
        found._covering = sorted(found.seals, key=lambda one: (one.size, one.made_at), reverse=True)
        found._roots[0] = hashlib.sha256(b"").hexdigest()
        return found

    def pass_entry(self, place: int, *, at: datetime, root: str) -> None:
        """Take note of the entry at `place`: its root where something signed covers it, and its date."""
        while self._covering and self._covering[-1].size <= place:
            self._passed = self._covering.pop()
        if place + 1 in self._wanted:
            self._roots[place + 1] = root
        if self._passed and at < self._passed.made_at - SLACK:
            self.misdated.setdefault(
                "back", say("Entry %(seq)s is dated before the seal that it came after.", seq=place)
            )
        if at > (self._covering[-1].made_at if self._covering else now()) + SLACK:
            self.misdated.setdefault(
                "ahead", say("Entry %(seq)s is dated after the seal that covers it, or after now.", seq=place)
            )

    def faults(self, size: int, *, commitments: dict[int, str]) -> list[Words]:
        """All that does not hold, once every entry has passed; `size` is how many there were."""
        return [
            *self.misdated.values(),
            *self._keys(commitments),
            *self._seals(size),
            *self._checkpoints(size),
            *self._witnesses(),
        ]

    def key_entries(self) -> list[int]:
        """The entries that bind a key."""
        return [key.entry_seq for key in self.keys if key.entry_seq is not None]

    def stated(self) -> list[Words]:
        """Keys stated lost: true if the officers say so, and to be asked about."""
        return [
            say(
                "On %(at)s two officers stated that the key was lost (%(why)s). Ask both.", at=shown(key.since), why=key.reason
            )
            for key in self.keys
            if key.why == "lost"
        ]

    def _keys(self, commitments: dict[int, str]) -> Iterator[Words]:
        before: SigningKey | None = None
        for place, key in enumerate(self.keys):
            if not self._key_holds(key, place=place, before=before, commitments=commitments):
                yield say("Key %(number)s is not as it was signed and recorded.", number=key.number)
            before = key

    def _key_holds(
        self, key: SigningKey, *, place: int, before: SigningKey | None, commitments: dict[int, str]
    ) -> bool:
        signed = keys.holds(key=key.public, signature=key.signature, over=key.statement())
        if key.number != place or not signed:
            return False
        if before is None:
            return key.why == "first" and key.entry_seq is None and not key.previous
        bound = key.entry_seq is not None and commitments.get(key.entry_seq) == sha256(key.binding())
        if not bound or key.previous != before.public or key.since <= before.since:
            return False
        if key.why == "lost":
            return bool(key.second) and key.second != key.by and bool(key.reason)
        return key.why == "rotated" and keys.holds(key=before.public, signature=key.handed_over, over=key.statement())

    def _may_sign(self, public: str, *, at: datetime, size: int) -> Words | None:
        """Why a key could not have signed then, over so many entries; None when it could."""
        found = keys.in_force(self.keys, at=at)
        if found is None or public not in {key.public for key in self.keys}:
            return say("a key that is not the log's")
        later = [key for key in self.keys if key.number > found.number]
        handed_over = bool(later) and later[0].entry_seq is not None and size > later[0].entry_seq
        return say("a key that was not in force") if found.public != public or handed_over else None

    def _seals(self, size: int) -> Iterator[Words]:
        previous, behind = NONE_BEFORE, 0
        for seal in self.seals:
            at = shown(seal.at)
            forbidden = self._may_sign(seal.key, at=seal.made_at, size=seal.size)
            if not keys.holds(key=seal.key, signature=seal.signature, over=seal.signed().encode()):
                yield say("The seal of %(at)s is not signed by its key.", at=at)
            elif forbidden:
                yield say("The seal of %(at)s is signed by %(whose)s.", at=at, whose=forbidden)
            if seal.previous != previous:
                yield say("A seal before that of %(at)s was taken away or changed.", at=at)
            if sha256(seal.opening()) != seal.commitment:
                yield say("The seal of %(at)s does not open.", at=at)
            elif seal.size < behind or seal.size > size or self._roots.get(seal.size) != seal.root:
                yield say("The seal of %(at)s over %(size)s entries does not agree with the log.", at=at, size=seal.size)
            previous, behind = sha256(seal.line()), seal.size

    def _checkpoints(self, size: int) -> Iterator[Words]:
        for one in self.checkpoints:
            over = statement(size=one.size, root=one.root, at=one.at.isoformat())
            forbidden = self._may_sign(one.key, at=one.at, size=one.size)
            if not keys.holds(key=one.key, signature=one.signature, over=over):
                yield say("The checkpoint of %(size)s entries is not signed by its key.", size=one.size)
            elif forbidden:
                yield say("The checkpoint of %(size)s entries is signed by %(whose)s.", size=one.size, whose=forbidden)
            if one.size > size or self._roots.get(one.size) != one.root:
                yield say("The checkpoint of %(size)s entries does not agree with the log.", size=one.size)

    def _witnesses(self) -> Iterator[Words]:
        """Every line that a witness keeps must be one that stands here: the rest was rewritten, cut short, or forged."""
        ours = {seal.line() for seal in self.seals} | {line(one) for one in self.checkpoints}
        for name in settings.WITNESSES:
            strange = [kept for kept in lines_of(name) if kept not in ours]
            if strange:
                yield say(
                    "The witness %(where)s keeps %(count)s lines that this log does not have; the first: %(line)s",
                    where=name, count=len(strange), line=strange[0][:60],
                )  # fmt: skip
