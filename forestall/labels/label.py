"""The label of a record, as a plain value.

Levels follow the Secretary-General's bulletin ST/SGB/2007/6 with a public level below: 0 public, 1 internal,
2 confidential, 3 strictly confidential. A label is a lattice value: `join` is the strictest of all its inputs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import IntEnum

from forestall.base.words import Words, say

NOBODY = "nobody"
"""An audience that no person's id can match: what is left when two audiences share no member."""


NO_SCOPE = "none"
"""A scope of consent that nobody reads by: what is left when everything was taken back."""


class Level(IntEnum):
    """How far a record may travel. The order is the order of harm."""

    PUBLIC = 0
    INTERNAL = 1
    CONFIDENTIAL = 2
    STRICTLY_CONFIDENTIAL = 3

    @property
    def words(self) -> Words:
        return LEVEL_WORDS[self]


LEVEL_WORDS = {
    Level.PUBLIC: say("Public"),
    Level.INTERNAL: say("Internal"),
    Level.CONFIDENTIAL: say("Confidential"),
    Level.STRICTLY_CONFIDENTIAL: say("Strictly confidential"),
}


@dataclass(frozen=True)
class Label:
    """Level, compartments (all required), audience (any of, when not empty) and flags.

    `consent` is the set of scopes a source agreed to; empty means that no consent was recorded and none is needed.
    """

    level: Level = Level.CONFIDENTIAL
    compartments: frozenset[str] = frozenset()
    audience: frozenset[str] = frozenset()
    embargo_until: datetime | None = None
    quarantined: bool = False
    expunged: bool = False
    hold: bool = False
    consent: frozenset[str] = frozenset()

    def holds_closer(self, other: Label) -> bool:
        """Whether this label lets nobody see, sooner or for more, what `other` would not: one person may set it."""
        return (
            self.level >= other.level
            and self.compartments >= other.compartments
            and _within(self.audience, other.audience)
            and (self.consent == {NO_SCOPE} or _within(self.consent, other.consent))
            and (other.embargo_until is None or (self.embargo_until is not None and self.embargo_until >= other.embargo_until))
            and self.quarantined >= other.quarantined
            and self.expunged >= other.expunged
            and self.hold >= other.hold
        )

    def raised_to(self, level: Level) -> Label:
        """The same label at `level` or where it stands, whichever is higher."""
        return replace(self, level=max(self.level, level))

    def within(self, *compartments: str) -> Label:
        """The same label, needing these compartments too."""
        return replace(self, compartments=self.compartments | set(compartments))


def join(labels: Iterable[Label]) -> Label:
    """The strictest of `labels`: what a value derived from all of them must carry. Of nothing: public."""
    joined = Label(level=Level.PUBLIC)
    for label in labels:
        joined = Label(
            level=max(joined.level, label.level),
            compartments=joined.compartments | label.compartments,
            audience=_meet_audience(joined.audience, label.audience),
            embargo_until=_later(joined.embargo_until, label.embargo_until),
            quarantined=joined.quarantined or label.quarantined,
            expunged=joined.expunged or label.expunged,
            hold=joined.hold or label.hold,
            consent=_meet_consent(joined.consent, label.consent),
        )
    return joined


def _within(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether the set `one` allows no member that `other` does not; an empty set allows everybody."""
    return not other or (bool(one) and one <= other)


def _meet_audience(one: frozenset[str], other: frozenset[str]) -> frozenset[str]:
    if not one or not other:
        return one or other
    return (one & other) or frozenset({NOBODY})


def _meet_consent(one: frozenset[str], other: frozenset[str]) -> frozenset[str]:
    if not one or not other:
        return one or other
    return (one & other) or frozenset({NO_SCOPE})


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    if one is None or other is None:
        return one or other
    return max(one, other)


def spell(members: Iterable[str]) -> str:
    """A set as one text, `,a,b,` in order, or empty: the spelling in the database."""
    ordered = sorted(set(members))
    for member in ordered:
        if "," in member or not member:
            raise ValueError(f"{member!r} cannot be a compartment, audience member or scope")
    return f",{','.join(ordered)}," if ordered else ""


def unspell(text: str) -> frozenset[str]:
    """The set that `spell` wrote."""
    return frozenset(member for member in text.split(",") if member)


COMPARTMENT_WORDS: dict[str, Words] = {
    "SRC": say("who our sources are"),
    "SURV": say("survivors and children"),
    "DIP": say("quiet diplomacy"),
    "LEG": say("material for accountability"),
}
"""What is kept apart whatever the desk; `desk:key` is a desk's own and `3P:name` what a third party gave in confidence."""


CONSENT_WORDS: dict[str, Words] = {
    "collect": say("to collect it"),
    "store": say("to keep it"),
    "analyse": say("to analyse it"),
    "share-UN": say("to share it within the United Nations"),
    "judicial": say("to hand it to a court"),
    "public": say("to publish it"),
}
"""What a source can agree to; the rule of sight asks for `analyse`."""


def compartment_words(compartment: str, *, desks: Mapping[str, str]) -> Words:
    """A compartment as a reader calls it. `desks` gives titles by key."""
    kind, _, name = compartment.partition(":")
    if kind == "desk" and name:
        return say("desk %(title)s", title=desks.get(name, name))
    if kind == "3P" and name:
        return say("given in confidence by %(name)s", name=name)
    return COMPARTMENT_WORDS.get(compartment, say("%(name)s", name=compartment))
