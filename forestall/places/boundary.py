"""Shapes to draw and to ask: whose is this point, and what must be said about the lines.

The shipped shapes come from public-domain data, thinned to about three kilometres, with disputed areas on their own.
An office that has boundaries of its own loads them instead (`load`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from forestall.base.words import Words, say

from .outline import Ring, inside, path, rings_of
from .ownfile import Disputes, Shapes, read
from .projection import NORTH, SOUTH, Point, position
from .shape import discs, disputed_rings, labels
from .tabletext import DATA, in_language
from .territory import Territory, territories

Box = tuple[float, float, float, float]

_SHIPPED_WORDS = say(
    "The lines on this map are drawn from public-domain data and are approximate. They imply no opinion on the legal "
    "status of any State, territory, city or area, nor on its frontiers. Areas with a dashed edge are disputed or "
    "undetermined, approximate, and carry no shade. References to Kosovo shall be understood in the context of "
    "Security Council resolution 1244 (1999). The table holds the same values."
)


@dataclass(frozen=True)
class Disputed:
    """What `owner_at` answers inside a disputed or undetermined area: its English name, and its territory's id."""

    name: str
    id: str = ""


@dataclass(frozen=True)
class DisputedArea:
    """A disputed area as drawn. `code` is the M49 area it is, or empty."""

    id: str
    code: str
    names: Mapping[str, str]
    shape: str

    def name(self, language: str) -> str:
        """Its name in one of the six languages, else in English."""
        return in_language(self.names, language=language)


@dataclass(frozen=True)
class Boundaries:
    """Everything a map draws, in tenths of a point of a picture 960 wide: path data, discs and places for names.

    `disclaimer` is the sentence that must stand beside the map.
    """

    areas: Mapping[str, str]
    points: Mapping[str, Point]
    labels: Mapping[str, Point]
    disputed: tuple[DisputedArea, ...]
    disclaimer: Words
    is_own: bool = False

    def codes(self) -> list[str]:
        """The codes that have a shape or a disc, in order."""
        return sorted({*self.areas, *self.points})


@cache
def shipped() -> Boundaries:
    """The shapes that come with the software."""
    made = json.loads((DATA / "world.json").read_text(encoding="utf-8"))
    return Boundaries(
        areas={code: "".join(paths) for code, paths in made["areas"].items()},
        points={code: (x, y) for code, (x, y) in made["points"].items()},
        labels={code: (x, y) for code, (x, y) in made["labels"].items()},
        disputed=tuple(_shipped_disputed(made["territories"])),
        disclaimer=_SHIPPED_WORDS,
    )


def _shipped_disputed(drawn: Mapping[str, list[str]]) -> Iterable[DisputedArea]:
    shapes = {id_: path(rings) for id_, rings in disputed_rings().items()}
    shapes |= {id_: "".join(paths) for id_, paths in drawn.items()}
    return (_area(one, shape=shapes[one.id]) for one in territories() if one.id in shapes)


def _area(one: Territory, *, shape: str) -> DisputedArea:
    return DisputedArea(id=one.id, code=one.code, names=one.names, shape=shape)


def owner_at(lon: float, lat: float, *, boundaries: Boundaries | None = None) -> str | Disputed | None:
    """Whose a point is (degrees): a code, `Disputed`, or None at sea, in Antarctica and where no shape reaches.

    True to a few kilometres at best: no ground to say on which side of a line something happened. States of a few
    kilometres (Monaco, the Holy See) have no shape, and their neighbour is answered.
    """
    if not SOUTH <= lat <= NORTH:
        return None
    known = boundaries or shipped()
    point = position(lon, lat)
    for area in known.disputed:
        if _holds(area.shape, point):
            return Disputed(name=area.name("en"), id=area.id)
    return next((code for code, shape in known.areas.items() if _holds(shape, point)), None)


def _holds(shape: str, point: Point) -> bool:
    (left, top, right, bottom), rings = _measured(shape)
    return left <= point[0] <= right and top <= point[1] <= bottom and inside(point, rings)


@lru_cache(maxsize=1024)
def _measured(shape: str) -> tuple[Box, list[Ring]]:
    rings = rings_of(shape)
    xs = [x for ring in rings for x, _ in ring]
    ys = [y for ring in rings for _, y in ring]
    return (min(xs), min(ys), max(xs), max(ys)), rings


def load(file: Path) -> Boundaries:
    """An office's own boundaries from a GeoJSON file (WGS 84 longitudes and latitudes, in degrees).

    Each feature has the property `iso3`, or `disputed: true` with a `name`; shapes are polygons. Raises `Malformed`
    with the place of the first thing that cannot be read, and `Refused` for a code nobody has.
    """
    shapes, disputed = read(file)
    return _own(shapes, disputed, file=file)


def _own(shapes: Shapes, disputed: Disputes, *, file: Path) -> Boundaries:
    return Boundaries(
        areas={code: "".join(map(path, those)) for code, those in sorted(shapes.items())},
        points={code: (x, y) for code, (x, y) in discs(shapes).items()},
        labels={code: (x, y) for code, (x, y) in labels(shapes).items()},
        disputed=tuple(_own_area(name, rings) for name, rings in disputed),
        disclaimer=say(
            "The lines on this map come from the boundary file %(file)s, which this office has loaded. The table holds "
            "the same values.",
            file=file.name,
        ),
        is_own=True,
    )


def _own_area(name: str, rings: list[Ring]) -> DisputedArea:
    return DisputedArea(id="", code="", names={"en": name}, shape=path(rings))
