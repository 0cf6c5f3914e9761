"""Reading TopoJSON: lines that neighbours share are kept once, so thinning a border leaves no gap between States.

Source: the TopoJSON format specification, 1.0 (M. Bostock, C. Metcalf).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate
from typing import Any

from forestall.base.errors import Malformed
from forestall.base.words import say

from .projection import Point

Line = list[Point]
Polygon = list[Line]


def arcs(topology: Mapping[str, Any]) -> list[Line]:
    """The shared lines as longitudes and latitudes. Raises `Malformed` when this is no quantised topology."""
    if topology.get("type") != "Topology" or "transform" not in topology:
        raise Malformed(
            say("Expected a TopoJSON file with a transform, found %(type)s.", type=topology.get("type"))
        )
    scale, start = topology["transform"]["scale"], topology["transform"]["translate"]
    return [_line(arc, scale=scale, start=start) for arc in topology["arcs"]]


def _line(arc: Sequence[Sequence[int]], *, scale: Sequence[float], start: Sequence[float]) -> Line:
    steps = accumulate(((dx, dy) for dx, dy in arc), lambda at, step: (at[0] + step[0], at[1] + step[1]))
    return [(x * scale[0] + start[0], y * scale[1] + start[1]) for x, y in steps]


def thin_arcs(lines: Sequence[Line], *, keep: Callable[[Line], list[int]]) -> list[Line]:
    """The same lines with only the points that `keep` names."""
    return [[line[index] for index in keep(line)] for line in lines]


def polygons(geometry: Mapping[str, Any], *, lines: Sequence[Line]) -> list[Polygon]:
    """The polygons of a geometry; the first ring of each is its outside, the others are holes."""
    if geometry["type"] == "Polygon":
        return [_polygon(geometry["arcs"], lines=lines)]
    if geometry["type"] == "MultiPolygon":
        return [_polygon(one, lines=lines) for one in geometry["arcs"]]
    raise Malformed(say("Expected polygons, found %(type)s.", type=geometry["type"]))


def _polygon(rings: Sequence[Sequence[int]], *, lines: Sequence[Line]) -> Polygon:
    return [_ring(indices, lines=lines) for indices in rings]


def _ring(indices: Sequence[int], *, lines: Sequence[Line]) -> Line:
    # Each line ends where the next begins; a negative index runs a line backwards.
    joined: Line = []
    for index in indices:
        line = lines[index] if index >= 0 else lines[~index][::-1]
        joined += line[:-1]
    return joined
