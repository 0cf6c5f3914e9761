"""Rings of points and what is done to them: cut at the edge of the picture, thin out, measure, write as a path.

A ring is closed and does not repeat its first point. Longitude and latitude come in as degrees; everything after
`drawn` is in the units of `projection`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from .projection import Point, placed, turned

Ring = list[Point]

_NUMBER = re.compile(r"-?\d+")


def drawn(ring: Sequence[Point]) -> list[Ring]:
    """A ring of longitudes and latitudes as whole-numbered rings in the picture; several when the edge cuts it."""
    lines = _unwrapped(ring)
    pieces = (_cut([(x + shift, y) for x, y in lines]) for shift in (-360.0, 0.0, 360.0))
    rounded = [_rounded([placed(x, lat) for x, lat in piece]) for piece in pieces if piece]
    return [one for one in rounded if len(one) > 2]


def _unwrapped(ring: Sequence[Point]) -> Ring:
    # Neighbouring points are never half the world apart: a jump means that the ring crossed the edge.
    lines: Ring = []
    for lon, lat in ring:
        x = turned(lon)
        if lines:
            x += 360.0 * round((lines[-1][0] - x) / 360.0)
        lines.append((x, lat))
    return lines


def _cut(ring: Ring) -> Ring:
    return _halved(_halved(ring, edge=180.0, side=1), edge=-180.0, side=-1)


def _halved(ring: Ring, *, edge: float, side: int) -> Ring:
    # Sutherland and Hodgman (1974), for one upright edge.
    kept: Ring = []
    for (ax, ay), (bx, by) in pairwise([*ring[-1:], *ring]):
        a_in, b_in = side * (edge - ax) >= 0, side * (edge - bx) >= 0
        if a_in != b_in:
            kept.append((edge, ay + (by - ay) * (edge - ax) / (bx - ax)))
        if b_in:
            kept.append((bx, by))
    return kept


def _rounded(ring: Iterable[Point]) -> Ring:
    kept: Ring = []
    for x, y in ring:
        point = (float(round(x)), float(round(y)))
        if not kept or kept[-1] != point:
            kept.append(point)
    return kept[:-1] if len(kept) > 1 and kept[0] == kept[-1] else kept


def thinned(line: Sequence[Point], *, tolerance: float) -> list[int]:
    """Which points of a line to keep so that none dropped lies farther than `tolerance` from what is left.

    Source: Douglas and Peucker (1973). The two ends are kept, so lines that meet still meet.
    """
    kept = {0, len(line) - 1}
    open_spans = [(0, len(line) - 1)]
    while open_spans:
        first, last = open_spans.pop()
        farthest, distance = _farthest(line, first=first, last=last)
        if distance > tolerance:
            kept.add(farthest)
            open_spans += [(first, farthest), (farthest, last)]
    return sorted(kept)


def _farthest(line: Sequence[Point], *, first: int, last: int) -> tuple[int, float]:
    spans = ((index, _distance(line[index], line[first], line[last])) for index in range(first + 1, last))
    return max(spans, key=lambda one: one[1], default=(first, 0.0))


def _distance(point: Point, start: Point, end: Point) -> float:
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = dx * dx + dy * dy
    along = 0.0 if not length else ((point[0] - start[0]) * dx + (point[1] - start[1]) * dy) / length
    along = min(1.0, max(0.0, along))
    return float(((point[0] - start[0] - along * dx) ** 2 + (point[1] - start[1] - along * dy) ** 2) ** 0.5)


def area(ring: Ring) -> float:
    """The area of a ring, never negative."""
    return abs(_doubled(ring)) / 2


def _doubled(ring: Ring) -> float:
    return sum(ax * by - bx * ay for (ax, ay), (bx, by) in pairwise([*ring, ring[0]]))


def inside(point: Point, rings: Iterable[Ring]) -> bool:
    """Whether a point lies inside rings, where a ring inside another is a hole."""
    return sum(_crossings(point, ring) for ring in rings) % 2 == 1


def _crossings(point: Point, ring: Ring) -> int:
    px, py = point
    return sum(
        (ay > py) != (by > py) and px < (bx - ax) * (py - ay) / (by - ay) + ax
        for (ax, ay), (bx, by) in pairwise([*ring, ring[0]])
    )


def middle(ring: Ring) -> Point:
    """A point inside a ring to write a name at: its centre of mass, or the middle of its widest level line."""
    doubled = _doubled(ring)
    if not doubled:
        return ring[0]
    x = y = 0.0
    for (ax, ay), (bx, by) in pairwise([*ring, ring[0]]):
        cross = ax * by - bx * ay
        x, y = x + (ax + bx) * cross, y + (ay + by) * cross
    centre = (x / (3 * doubled), y / (3 * doubled))
    return centre if inside(centre, [ring]) else _widest(ring)


def _widest(ring: Ring) -> Point:
    low, high = min(y for _, y in ring), max(y for _, y in ring)
    levels = [low + (high - low) * (index + 0.5) / 16 for index in range(16)]
    spans = [
        (right - left, (left + right) / 2, level) for level in levels for left, right in _spans(ring, level)
    ]
    _, x, y = max(spans)
    return x, y


def _spans(ring: Ring, level: float) -> list[Point]:
    met = sorted(
        (bx - ax) * (level - ay) / (by - ay) + ax
        for (ax, ay), (bx, by) in pairwise([*ring, ring[0]])
        if (ay > level) != (by > level)
    )
    return list(zip(met[::2], met[1::2], strict=True))


def path(rings: Iterable[Ring]) -> str:
    """Rings of whole numbers as SVG path data, short: a start, then steps."""
    return "".join(_ring_path(ring) for ring in rings)


def _ring_path(ring: Ring) -> str:
    whole = [(int(x), int(y)) for x, y in ring]
    steps = [(bx - ax, by - ay) for (ax, ay), (bx, by) in pairwise(whole)]
    numbers = " ".join(f"{dx} {dy}" for dx, dy in steps).replace(" -", "-")
    return f"M{whole[0][0]} {whole[0][1]}l{numbers}z".replace(" -", "-")


def rings_of(data: str) -> list[Ring]:
    """The rings of path data that `path` wrote."""
    return [_ring_of(part) for part in data.split("z") if part]


def _ring_of(part: str) -> Ring:
    numbers = [int(one) for one in _NUMBER.findall(part)]
    x = y = 0
    ring: Ring = []
    for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
        x, y = x + dx, y + dy
        ring.append((float(x), float(y)))
    return ring
