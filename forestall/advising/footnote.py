"""The numbered sources of a note: one number for each set of observations that its sentences cite together.

A line says how many items, what kinds of source and how many independent origins, never who: the reader of a note
learns how well founded a sentence is, and the desk keeps the names.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from forestall.monitoring.models import Item
from forestall.monitoring.queries import Standing

from .queries import Claim


@dataclass(frozen=True)
class Footnote:
    """One number of the source list, with the observations behind it."""

    number: int
    standing: tuple[Standing, ...]

    @property
    def items(self) -> tuple[Item, ...]:
        """The items under it that stand, each once."""
        return tuple({item.id: item for one in self.standing for item in one.items}.values())

    @property
    def origins(self) -> int:
        """How many independent origins its items have together."""
        return len({origin for one in self.standing for origin in one.origins})

    @property
    def natures(self) -> tuple[str, ...]:
        """The kinds of source that speak (ids of monitoring.states.SOURCE_NATURES), most of them first."""
        told = [one.sources[str(item.id)].nature for one in self.standing for item in one.items if str(item.id) in one.sources]
        return tuple(sorted(dict.fromkeys(told), key=lambda nature: -told.count(nature)))

    @property
    def grade(self) -> str:
        """The best grade among its items, or empty."""
        return min((one.best_grade for one in self.standing if one.best_grade), default="")

    @property
    def last(self) -> date | None:
        """The UTC day on which the newest of its items was received."""
        return max((item.received_at.date() for item in self.items), default=None)


def footnotes(claims: Sequence[Claim]) -> tuple[Footnote, ...]:
    """The source list of these sentences, numbered in order of first mention."""
    sets = dict.fromkeys(_cited(claim) for claim in claims if claim.standing)
    standing = {_cited(claim): claim.standing for claim in claims}
    return tuple(Footnote(number, standing[cited]) for number, cited in enumerate(sets, start=1))


def number_of(claim: Claim, *, among: Sequence[Footnote]) -> int | None:
    """The number under which a sentence's evidence is listed, if it cites any that can be seen."""
    wanted = _cited(claim)
    found = (one.number for one in among if frozenset(str(s.observation.id) for s in one.standing) == wanted)
    return next(found, None) if wanted else None


def _cited(claim: Claim) -> frozenset[str]:
    return frozenset(str(one.observation.id) for one in claim.standing)
