"""Evidence under an indicator: observations by independent origins, with the grades that each origin's items have.

Plain values made from what the session may see. Copies of one story share a column; a party's own word has none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from forestall.base.words import Words
from forestall.monitoring import queries as monitoring
from forestall.monitoring.queries import Standing
from forestall.monitoring.states import DIRECTIONS

from . import observationtable


@dataclass(frozen=True)
class Cell:
    """What one origin says of one observation: the grades of its items; the items beyond the first are copies."""

    grades: tuple[str, ...]
    items: int


@dataclass(frozen=True)
class Line:
    """One observation: which way it bears, whether the judgement cites it, and a cell (or None) for each origin."""

    row: observationtable.Row
    direction: Words | None
    cited: bool
    cells: tuple[Cell | None, ...]
    party: Cell | None


@dataclass(frozen=True)
class Matrix:
    """Observations × origins. `origins` are named by the source that spoke first; `gone` cited observations that no
    longer stand."""

    origins: tuple[str, ...]
    lines: tuple[Line, ...]
    gone: int
    has_party: bool


class Sight:
    """The observations of some countries with all they rest on, read once for a whole page."""

    def __init__(self, places: Sequence[str], *, framework: str) -> None:
        self.framework = framework
        self.standing = monitoring.standing(monitoring.observations(iso3=places))
        items = {item.id: item for one in self.standing.values() for item in one.items}
        self.origin_of = monitoring.origins_among(list(items.values()))
        self._received = {str(item.id): item.received_at for item in items.values()}

    def under(self, numbers: Sequence[str]) -> list[Standing]:
        """What stands under any of these indicators, newest first."""
        wanted = set(numbers)
        found = [
            one
            for one in self.standing.values()
            if one.supported
            and any(link.framework == self.framework and link.number in wanted for link in one.links)
        ]
        return sorted(found, key=lambda one: one.observation.on, reverse=True)

    def matrix(self, standing: Sequence[Standing], *, number: str, cited: Sequence[str]) -> Matrix:
        """The matrix of these observations, and of those the judgement cites besides."""
        listed = {str(one.observation.id): one for one in standing}
        for one in cited:
            if one in self.standing and self.standing[one].supported:
                listed.setdefault(one, self.standing[one])
        columns = self._columns(listed)
        return Matrix(
            origins=tuple(columns.values()),
            lines=tuple(self._line(one, number=number, cited=cited, columns=list(columns)) for one in listed.values()),
            gone=len([one for one in cited if one not in listed]),
            has_party=any(self._party(one) for one in listed.values()),
        )

    def _columns(self, listed: Mapping[str, Standing]) -> dict[str, str]:
        """Origins to the name of the source that spoke first, in the order they spoke."""
        said = sorted(
            (
                (self._received[str(item.id)], self.origin_of[str(item.id)], _source(one, item.id))
                for one in listed.values()
                for item in one.items
                if not _is_party(one, item.id)
            ),
            key=lambda told: told[0],
        )
        named: dict[str, str] = {}
        for _, origin, source in said:
            named.setdefault(origin, source)
        return named

    def _line(self, one: Standing, *, number: str, cited: Sequence[str], columns: Sequence[str]) -> Line:
        direction = next(
            (link.direction for link in one.links if link.framework == self.framework and link.number == number), None
        )
        return Line(
            row=observationtable.row_of(one, framework=self.framework),
            direction=DIRECTIONS[direction] if direction else None,
            cited=str(one.observation.id) in cited,
            cells=tuple(self._cell(one, origin=origin) for origin in columns),
            party=self._party(one),
        )

    def _cell(self, one: Standing, *, origin: str) -> Cell | None:
        return _cell_of(
            one,
            [item.id for item in one.items if self.origin_of[str(item.id)] == origin and not _is_party(one, item.id)],
        )

    def _party(self, one: Standing) -> Cell | None:
        return _cell_of(one, [item.id for item in one.items if _is_party(one, item.id)])


def _cell_of(one: Standing, items: Sequence[UUID]) -> Cell | None:
    if not items:
        return None
    return Cell(tuple(sorted({one.grades.get(str(item), "") for item in items})), len(items))


def _is_party(one: Standing, item_id: UUID) -> bool:
    source = one.sources.get(str(item_id))
    return source is None or source.interested_party


def _source(one: Standing, item_id: UUID) -> str:
    return one.sources[str(item_id)].name
