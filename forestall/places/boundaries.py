"""Builds `data/world.json`, the shapes on the world map, from the public-domain lines of Natural Earth.

Run once, by hand: `npm pack world-atlas@2`, unpack, then
`python -m forestall.places.boundaries package/countries-50m.json`. Lines are thinned and kept as SVG paths. Natural
Earth draws who holds what; we draw what the United Nations lists (`_JOINED`, `_SPLIT`), and leave out what lies in an
area of `data/disputed.json`, which is drawn on its own.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from .outline import area, drawn, inside, middle, path, thinned
from .projection import HEIGHT, MERIDIAN, WIDTH, Point, placed, turned
from .register import Status, countries, country
from .shape import discs, disputed_rings, drawn_apart, labels
from .tabletext import DATA
from .topology import Polygon, arcs, polygons, thin_arcs

TOLERANCE = 0.8  # of a tenth of a point: about 3 km
SMALLEST_RING = 6.0  # smaller islands are left out, unless they are all there is

# Shapes that Natural Earth has no number for, or gives apart.
_JOINED = {"Somaliland": "SOM", "N. Cyprus": "CYP", "Ashmore and Cartier Is.": "AUS"}
_TERRITORIES = {"Kosovo": "kosovo"}
# The first lies in the Jammu and Kashmir area, which is drawn by hand; the second lies south of the picture.
_LEFT_OUT = {"Siachen Glacier", "Antarctica"}
# Areas that M49 lists apart and Natural Earth draws with a State: west, south, east, north in degrees.
_SPLIT: dict[str, dict[str, tuple[float, float, float, float]]] = {
    "FRA": {
        "GUF": (-55, 2, -51, 6),
        "GLP": (-62, 15.7, -61, 16.6),
        "MTQ": (-61.3, 14.3, -60.7, 15),
        "REU": (55, -21.5, 56, -20.8),
        "MYT": (45, -13.1, 45.4, -12.5),
    },
    "NOR": {"SJM": (-10, 70.5, 35, 81)},
    "NLD": {"BES": (-69, 12, -62.8, 18)},
    "": {"CXR": (105, -11, 106, -10), "CCK": (96, -13, 97.5, -11)},
}


def world(topology: Mapping[str, Any]) -> dict[str, Any]:
    """The contents of `world.json`: shapes, discs and places for names, by code, in tenths of a point."""
    shapes = _without_disputed(_shapes(topology))
    states = {
        code: _worth_drawing(those) for code, those in shapes.items() if code not in _TERRITORIES.values()
    }
    return {
        "source": "Natural Earth 1:50m (public domain) by way of world-atlas 2, thinned; see boundaries.py.",
        "projection": {"name": "Equal Earth", "meridian": MERIDIAN, "width": WIDTH, "height": HEIGHT},
        "areas": {code: [path(one) for one in those] for code, those in sorted(states.items())},
        "territories": {
            code: [path(one) for one in shapes[code]] for code in _TERRITORIES.values() if code in shapes
        },
        "points": discs(states),
        "labels": labels(states),
    }


def _shapes(topology: Mapping[str, Any]) -> dict[str, list[Polygon]]:
    lines = thin_arcs(arcs(topology), keep=_kept_points)
    found: defaultdict[str, list[Polygon]] = defaultdict(list)
    for geometry in topology["objects"]["countries"]["geometries"]:
        if geometry["properties"]["name"] not in _LEFT_OUT:
            for polygon in polygons(geometry, lines=lines):
                found[_code(geometry, polygon=polygon)] += in_picture(polygon)
    return dict(found)


def in_picture(polygon: Polygon) -> list[Polygon]:
    """A polygon of longitudes and latitudes as one in the picture, holes with it; none when too thin to draw."""
    rings = [one for ring in polygon for one in drawn(ring)]
    return [rings] if rings else []


def _kept_points(line: list[Point]) -> list[int]:
    # Unwrapped, so that a line across the edge of the picture is measured whole.
    flat, last = [], 0.0
    for index, (lon, lat) in enumerate(line):
        x = turned(lon)
        last = x + 360.0 * round((last - x) / 360.0) if index else x
        flat.append(placed(last, lat))
    if line[0] != line[-1]:
        return thinned(flat, tolerance=TOLERANCE)
    far = max(range(len(flat)), key=lambda index: _apart(flat[0], flat[index]))
    second = [far + index for index in thinned(flat[far:], tolerance=TOLERANCE)]
    return [*thinned(flat[: far + 1], tolerance=TOLERANCE), *second[1:]]


def _apart(one: Point, other: Point) -> float:
    return (one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2


def _code(geometry: Mapping[str, Any], *, polygon: Polygon) -> str:
    name = geometry["properties"]["name"]
    if name in _TERRITORIES:
        return _TERRITORIES[name]
    owner = _JOINED.get(name) or _by_m49().get(str(geometry.get("id", "")), "")
    lon, lat = polygon[0][0]
    for part, (west, south, east, north) in _SPLIT.get(owner, {}).items():
        if west <= lon <= east and south <= lat <= north:
            return part
    if not owner:
        raise LookupError(f"No code for {name} at {lon}, {lat}: name it in boundaries.py")
    return owner


def _by_m49() -> dict[str, str]:
    return {one.m49: one.iso3 for one in (*countries(), country("TWN")) if one.status is not Status.FORMER}


def _without_disputed(shapes: Mapping[str, list[Polygon]]) -> dict[str, list[Polygon]]:
    states = {code: those for code, those in shapes.items() if code not in drawn_apart()}
    return {code: kept for code, those in states.items() if (kept := [one for one in those if _agreed(one)])}


def _agreed(polygon: Polygon) -> bool:
    return not any(inside(middle(polygon[0]), rings) for rings in disputed_rings().values())


def _worth_drawing(those: Sequence[Polygon]) -> list[Polygon]:
    kept = [one for one in those if area(one[0]) >= SMALLEST_RING]
    return kept or [max(those, key=lambda one: area(one[0]))]


def main(arguments: Sequence[str], *, write: Callable[[str], object] = sys.stdout.write) -> None:
    """Rebuild `data/world.json` from the TopoJSON file named first."""
    made = world(json.loads(Path(arguments[0]).read_text(encoding="utf-8")))
    text = json.dumps(made, ensure_ascii=False, separators=(",", ":")).replace('"],"', '"],\n"')
    (DATA / "world.json").write_text(text + "\n", encoding="utf-8")
    write(f"{len(made['areas'])} shapes, {len(made['points'])} discs, {len(text) // 1024} KB\n")


if __name__ == "__main__":
    main(sys.argv[1:])
