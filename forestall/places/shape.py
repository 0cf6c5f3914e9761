"""What follows from shapes: discs for countries too small to see, places for names, and the hand-drawn areas."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from .outline import Ring, area, drawn, middle
from .projection import Point, position
from .register import countries
from .tabletext import DATA
from .territory import territories
from .topology import Polygon

SMALL_STATE = 600.0  # smaller countries get a disc; about 10,000 km2


def discs(shapes: Mapping[str, Sequence[Polygon]]) -> dict[str, list[int]]:
    """Where a disc stands for a country too small to see, or without a shape."""
    small = {code: _largest(those) for code, those in shapes.items() if _size(those) < SMALL_STATE}
    found = {code: _whole(middle(ring)) for code, ring in small.items()}
    for one in countries():
        if one.iso3 not in {*shapes, *drawn_apart()} and one.lat is not None and one.lon is not None:
            found[one.iso3] = _whole(position(one.lon, one.lat))
    return dict(sorted(found.items()))


def drawn_apart() -> set[str]:
    """Codes that have no shape as a country: disputed areas are drawn on their own, Antarctica is not in the picture."""
    return {one.code for one in territories() if one.id in disputed_rings()} | {"ATA"}


def labels(shapes: Mapping[str, Sequence[Polygon]]) -> dict[str, list[int]]:
    """Where a country's name goes: in the middle of its largest part."""
    return {code: _whole(middle(_largest(those))) for code, those in sorted(shapes.items())}


@cache
def disputed_rings() -> Mapping[str, list[Ring]]:
    """The hand-drawn areas of `disputed.json`, in the picture, by the id of their territory."""
    areas = json.loads((DATA / "disputed.json").read_text(encoding="utf-8"))["areas"]
    return {
        one: [piece for ring in rings for piece in drawn([(lon, lat) for lon, lat in ring])]
        for one, rings in areas.items()
    }


def _largest(those: Iterable[Polygon]) -> Ring:
    return max((one[0] for one in those), key=area)


def _size(those: Iterable[Polygon]) -> float:
    return sum(area(one[0]) for one in those)


def _whole(point: Point) -> list[int]:
    return [round(point[0]), round(point[1])]
