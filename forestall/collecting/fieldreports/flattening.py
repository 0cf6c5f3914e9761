"""Answers of a form as one level of names: groups joined by strokes, repeats numbered from 1 in brackets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ..cells import as_text

_GEOMETRIES = frozenset(
    {"Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon", "GeometryCollection"}
)
_NUMBER = re.compile(r"\[\d+\]")


def flattened(row: Mapping[str, Any]) -> dict[str, Any]:
    """Every answer by its path, such as `incident/victims[2]/age`; a geometry stays whole, and so does a plain list.

    A path that comes twice, once as a name and once as a group, is numbered: nothing is written over.
    """
    found: dict[str, Any] = {}
    for path, value in _walk(row, ""):
        again = sum(one == path or one.startswith(f"{path} (") for one in found) if path in found else 0
        found[f"{path} ({again + 1})" if again else path] = value
    return found


def _walk(row: Mapping[str, Any], before: str) -> Iterator[tuple[str, Any]]:
    for name, value in row.items():
        path = f"{before}/{_within(str(name), before)}" if before else str(name)
        if isinstance(value, Mapping) and value and not is_geometry(value):
            yield from _walk(value, path)
        elif isinstance(value, list) and value and all(isinstance(one, Mapping) for one in value):
            for number, one in enumerate(value, start=1):
                yield from _walk(one, f"{path}[{number}]")
        else:
            yield path, value


def _within(name: str, before: str) -> str:
    """A name without the groups around it, which some servers repeat in every row of a repeat."""
    return name.removeprefix(unnumbered(before) + "/")


def unnumbered(path: str) -> str:
    """A path without the numbers of repeats: as the form's definition knows it."""
    return _NUMBER.sub("", path)


def last(path: str) -> str:
    """The name of the question itself."""
    return unnumbered(path).rsplit("/", 1)[-1]


def is_geometry(value: object) -> bool:
    """Whether a value is a GeoJSON geometry."""
    return (
        isinstance(value, Mapping)
        and value.get("type") in _GEOMETRIES
        and ("coordinates" in value or "geometries" in value)
    )


def word_for_word(value: object) -> str:
    """A value as text: a text as it stands, everything else as a cell of it reads."""
    return value if isinstance(value, str) else as_text(value)
