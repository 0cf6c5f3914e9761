"""The numbered sources of a note: one number for each set of items that its sentences rest on together.

A line says how many items, what kinds of source and how many independent origins, never who: the reader of a note
learns how well founded a sentence is, and the desk keeps the names.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

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
    standing: dict[frozenset[UUID], dict[UUID, Standing]] = {}
    for claim in claims:
        if rests_on(claim.standing):
            under = standing.setdefault(rests_on(claim.standing), {})
            under.update({one.observation.id: one for one in claim.standing})
    return tuple(Footnote(number, tuple(under.values())) for number, under in enumerate(standing.values(), start=1))


def number_of(claim: Claim, *, among: Sequence[Footnote]) -> int | None:
    """The number under which a sentence's evidence is listed; None when nothing it cites stands or can be seen."""
    wanted = rests_on(claim.standing)
    return next((one.number for one in among if rests_on(one.standing) == wanted), None) if wanted else None


def rests_on(standing: Iterable[Standing]) -> frozenset[UUID]:
    """Ids of the items under these observations."""
    return frozenset(item.id for one in standing for item in one.items)
