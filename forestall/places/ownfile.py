"""Reading an office's own boundary file: GeoJSON (RFC 7946) polygons, each with the code of whom it shows."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from forestall.base.errors import Malformed, Unavailable
from forestall.base.words import say

from .outline import Ring, drawn
from .register import country
from .topology import Polygon

Shapes = Mapping[str, list[Polygon]]
Disputes = list[tuple[str, list[Ring]]]

_DEPTH = {"Polygon": 1, "MultiPolygon": 2}


def read(file: Path) -> tuple[Shapes, Disputes]:
    """The shapes by code, and the disputed areas by name, in the units of the picture."""
    shapes: defaultdict[str, list[Polygon]] = defaultdict(list)
    disputed: Disputes = []
    for number, feature in enumerate(_features(file), start=1):
        polygons = _polygons(feature, number=number)
        properties = feature.get("properties") or {}
        if properties.get("disputed") is True:
            disputed.append((_named(properties, number=number), [ring for one in polygons for ring in one]))
        elif (code := _coded(properties, number=number)) != "ATA":  # outside the picture
            shapes[code] += polygons
    return shapes, disputed


def _features(file: Path) -> Sequence[Mapping[str, Any]]:
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise Unavailable(
            say("%(file)s cannot be opened: %(error)s", file=file.name, error=str(error))
        ) from error
    except ValueError as error:
        raise Malformed(say("%(file)s is not JSON: %(error)s", file=file.name, error=str(error))) from error
    features = found.get("features") if isinstance(found, dict) else None
    if not isinstance(features, list) or not features:
        raise Malformed(
            say("%(file)s should be a GeoJSON collection with features; none was found.", file=file.name)
        )
    if not all(isinstance(one, dict) for one in features):
        raise Malformed(say("%(file)s has features that are no objects.", file=file.name))
    return features


def _coded(properties: Mapping[str, Any], *, number: int) -> str:
    code = properties.get("iso3")
    if not isinstance(code, str) or not code:
        raise Malformed(
            say(
                "Feature %(number)s has neither the property iso3 nor disputed: true with a name.",
                number=number,
            )
        )
    return country(code).iso3


def _named(properties: Mapping[str, Any], *, number: int) -> str:
    name = properties.get("name")
    if not isinstance(name, str) or not name:
        raise Malformed(say("Feature %(number)s is disputed and has no name.", number=number))
    return name


def _polygons(feature: Mapping[str, Any], *, number: int) -> list[Polygon]:
    geometry = feature.get("geometry") or {}
    kind = geometry.get("type")
    if kind not in _DEPTH:
        raise Malformed(
            say(
                "Feature %(number)s should be a Polygon or MultiPolygon, and is %(kind)s.",
                number=number,
                kind=kind,
            )
        )
    try:
        parts = [geometry["coordinates"]] if _DEPTH[kind] == 1 else geometry["coordinates"]
        made = [[piece for ring in part for piece in drawn(_closed(ring))] for part in parts]
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise Malformed(
            say("Feature %(number)s has coordinates that cannot be read.", number=number)
        ) from error
    if not any(made):
        raise Malformed(say("Feature %(number)s is too small to draw, or empty.", number=number))
    return [one for one in made if one]


def _closed(ring: Sequence[Sequence[float]]) -> Ring:
    points = [(float(point[0]), float(point[1])) for point in ring]
    if not all(-360 <= lon <= 360 and -90 <= lat <= 90 for lon, lat in points):
        raise ValueError("not degrees")
    return points
