"""What of a producer's records may leave the office, and what must be printed beside it. Plain values, no Django.

Each source says what its publisher lets us pass on; a record may carry a stricter rule of its own, never a looser one.
Of what may not be passed on whole, its title, its address, its day and its source may (`REDUCED`): they lead whoever reads
them to the publisher. What the publisher forbids to pass on does not leave at all. A file for use inside the office is a
copy for an officer's own work: it may hold whole what is for the office alone, and says so; what is forbidden it lacks too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from forestall.base.errors import Refused
from forestall.base.words import Words, say

from .contract import Redistribution, Source

STRICTER = tuple(Redistribution)
"""The rules, each stricter than the one before it."""
RULE_WORDS: dict[Redistribution, Words] = {
    Redistribution.ALLOW: say("may be passed on"),
    Redistribution.ATTRIBUTE: say("may be passed on with its source"),
    Redistribution.INTERNAL_ONLY: say("for the office alone; title, address and day may be passed on"),
    Redistribution.FORBID: say("must not be passed on"),
}

NOT_KNOWN = say("its terms are not known")


class Use(StrEnum):
    """What somebody takes a file for."""

    PASSING_ON = "passing-on"
    INSIDE = "inside"


class Extent(StrEnum):
    """How much of a record a file may hold."""

    WHOLE = "whole"
    REDUCED = "reduced"
    NOTHING = "nothing"


_EXTENTS: dict[Use, dict[Redistribution, Extent]] = {
    Use.PASSING_ON: {Redistribution.INTERNAL_ONLY: Extent.REDUCED, Redistribution.FORBID: Extent.NOTHING},
    Use.INSIDE: {Redistribution.FORBID: Extent.NOTHING},
}


@dataclass(frozen=True)
class Terms:
    """The terms of one record: of which source, its rule, and what is printed beside it.

    `title`, `licence` and `attribution` are message ids of the catalogue, or the record's own words. `accessed` is the UTC
    day on which the record was received.
    """

    source: str
    title: str
    rule: Redistribution
    licence: str = ""
    attribution: str = ""
    accessed: date | None = None

    def extent(self, *, use: Use) -> Extent:
        """How much of the record a file for this use may hold."""
        return _EXTENTS[use].get(self.rule, Extent.WHOLE)


@dataclass(frozen=True)
class Resting:
    """What one row of a file rests on. `ours`: the row is the office's own work, of which only quoted words are theirs."""

    terms: tuple[Terms, ...] = ()
    ours: bool = False

    def extent(self, *, use: Use) -> Extent:
        """How much of the row may leave: as much as the strictest of what it rests on lets."""
        found = {one.extent(use=use) for one in self.terms}
        if Extent.NOTHING in found and not self.ours:
            return Extent.NOTHING
        return Extent.WHOLE if found <= {Extent.WHOLE} else Extent.REDUCED


def strictest(*rules: Redistribution) -> Redistribution:
    """The strictest of some rules."""
    return max(rules, key=STRICTER.index)


def terms_of(source: Source, *, licence: str = "", rule: str = "", accessed: date | None = None) -> Terms:
    """The terms of a record of `source` that names its own `licence`, or carries its own `rule`, or neither.

    Neither makes looser what the source says of all its records.
    """
    rules = [source.redistribution, source.licences.get(licence, source.redistribution)]
    if rule:
        rules.append(Redistribution(rule))
    return Terms(source.id, source.title, strictest(*rules), licence or source.licence, source.attribution, accessed)


def unknown(source_id: str, *, accessed: date | None = None) -> Terms:
    """The terms of a record whose source the catalogue does not know any more: nobody can say that it may leave."""
    return Terms(source_id, source_id, Redistribution.FORBID, NOT_KNOWN.message, accessed=accessed)


def check_leaves(terms: Terms) -> None:
    """Raise `Refused` when a record's bytes may not be taken out of the office, for whatever use."""
    if terms.extent(use=Use.INSIDE) is Extent.NOTHING:
        raise Refused(
            say("%(source)s does not let its records leave the office (%(licence)s). Read it here. A court or another body "
                "outside asks for a package of evidence.", source=say(terms.title), licence=_licence(terms))
        )  # fmt: skip


def told_first(rows: Sequence[Resting], *, use: Use, quoting: bool) -> list[Words]:
    """What a file says in its first lines: for what use it is, how many rows it lacks or has reduced, of whom and why.

    `quoting`: its rows hold words of their producers; of others nothing is there that could be reduced.
    """
    found = []
    fates = Counter(
        (extent, one)
        for row in rows
        if (extent := row.extent(use=use)) is Extent.NOTHING or (quoting and extent is Extent.REDUCED)
        for one in dict.fromkeys(replace(each, accessed=None) for each in row.terms if each.extent(use=use) is not Extent.WHOLE)
    )  # fmt: skip
    if use is Use.INSIDE and quoting and any(one.rule is Redistribution.INTERNAL_ONLY for row in rows for one in row.terms):
        found.append(say("For internal use only: it holds whole what may not be passed on."))
    for (extent, terms), count in sorted(fates.items(), key=lambda pair: (pair[0][0], pair[0][1].source)):
        sentence = _LEFT_OUT if extent is Extent.NOTHING else _REDUCED
        found.append(replace(sentence, parameters={"count": count, "source": say(terms.title), "licence": _licence(terms)}))
    return found


_LEFT_OUT = say("Rows left out: %(count)s. %(source)s must not be passed on (%(licence)s).")
_REDUCED = say("Rows reduced to title, address and day: %(count)s. %(source)s is for the office alone (%(licence)s).")


def credits_of(terms: Iterable[Terms]) -> list[Words]:
    """What is printed at the foot of whatever rests on these records: each source once, as it wants to be named."""
    latest: dict[tuple[str, str], Terms] = {}
    for one in terms:
        before = latest.get((one.source, one.licence))
        if before is None or (one.accessed or date.min) > (before.accessed or date.min):
            latest[one.source, one.licence] = one
    return [_credit(latest[key]) for key in sorted(latest)]


def _credit(one: Terms) -> Words:
    named = say(one.attribution or one.title)
    if one.accessed is None:
        return say("Source: %(name)s. %(licence)s.", name=named, licence=_licence(one))
    return say("Source: %(name)s. %(licence)s. Accessed %(day)s.", name=named, licence=_licence(one), day=one.accessed.isoformat())


def _licence(terms: Terms) -> Words:
    return say(terms.licence) if terms.licence else NOT_KNOWN
