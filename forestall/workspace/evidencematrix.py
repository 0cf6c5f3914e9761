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

SHOWN = 6
"""Observations that stand open under an indicator; earlier ones are folded."""

GRID = 3
"""Origins up to which the matrix has a column for each; beyond, each line names its own."""


@dataclass(frozen=True)
class Origin:
    """An independent origin: a letter to find it by, and the source that spoke first."""

    letter: str
    name: str


@dataclass(frozen=True)
class Cell:
    """What one origin says of one observation: the grades of its items; the items beyond the first are copies."""

    origin: Origin | None
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

    @property
    def told(self) -> list[Cell]:
        """The origins that do speak of it."""
        return [cell for cell in self.cells if cell is not None]


@dataclass(frozen=True)
class Matrix:
    """Observations × origins × grades, newest first; `gone` counts cited observations that no longer stand."""

    origins: tuple[Origin, ...]
    lines: tuple[Line, ...]
    gone: int
    has_party: bool

    @property
    def is_grid(self) -> bool:
        return len(self.origins) <= GRID

    @property
    def parts(self) -> list[tuple[Line, ...]]:
        """The newest lines, then the earlier ones, if any."""
        return [part for part in (self.lines[:SHOWN], self.lines[SHOWN:]) if part]


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
            lines=tuple(self._line(one, number=number, cited=cited, columns=columns) for one in listed.values()),
            gone=len([one for one in cited if one not in listed]),
            has_party=any(self._party(one) for one in listed.values()),
        )

    def _columns(self, listed: Mapping[str, Standing]) -> dict[str, Origin]:
        """Origins by the source that spoke first, in the order they spoke."""
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
        return {origin: Origin(_letter(place), name) for place, (origin, name) in enumerate(named.items())}

    def _line(
        self, one: Standing, *, number: str, cited: Sequence[str], columns: Mapping[str, Origin]
    ) -> Line:
        direction = next(
            (link.direction for link in one.links if link.framework == self.framework and link.number == number), None
        )
        return Line(
            row=observationtable.row_of(one, framework=self.framework),
            direction=DIRECTIONS[direction] if direction else None,
            cited=str(one.observation.id) in cited,
            cells=tuple(self._cell(one, key=key, origin=origin) for key, origin in columns.items()),
            party=self._party(one),
        )

    def _cell(self, one: Standing, *, key: str, origin: Origin) -> Cell | None:
        of_it = [item.id for item in one.items if self.origin_of[str(item.id)] == key and not _is_party(one, item.id)]
        return _cell_of(one, of_it, origin=origin)

    def _party(self, one: Standing) -> Cell | None:
        return _cell_of(one, [item.id for item in one.items if _is_party(one, item.id)], origin=None)


def _letter(place: int) -> str:
    """A, B … Z, AA, AB …: what stands at the head of a narrow column."""
    first, last = divmod(place, 26)
    return (_letter(first - 1) if first else "") + chr(ord("A") + last)


def _cell_of(one: Standing, items: Sequence[UUID], *, origin: Origin | None) -> Cell | None:
    if not items:
        return None
    return Cell(origin, tuple(sorted({one.grades.get(str(item), "") for item in items})), len(items))


def _is_party(one: Standing, item_id: UUID) -> bool:
    source = one.sources.get(str(item_id))
    return source is None or source.interested_party


def _source(one: Standing, item_id: UUID) -> str:
    return one.sources[str(item_id)].name
