"""Shapes keep their form when they are projected, thinned, written and read back."""

from __future__ import annotations

from itertools import pairwise
from math import cos, radians

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forestall.places import outline, projection

whole = st.integers(-5000, 5000).map(float)
points = st.tuples(whole, whole)
SQUARE = [(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0)]


@given(st.lists(st.lists(points, min_size=3, max_size=8), min_size=1, max_size=4))
def test_a_path_reads_back_as_the_rings_it_was_written_from(rings: list[outline.Ring]) -> None:
    assert outline.rings_of(outline.path(rings)) == rings


@given(st.lists(points, min_size=2, max_size=30), st.floats(1, 500))
def test_thinning_keeps_the_ends_and_drops_nothing_that_lies_far_off(
    line: list[projection.Point], far: float
) -> None:
    kept = outline.thinned(line, tolerance=far)
    assert (kept[0], kept[-1]) == (0, len(line) - 1)
    for first, last in pairwise(kept):
        assert outline._farthest(line, first=first, last=last)[1] <= far


def test_a_ring_inside_another_is_a_hole() -> None:
    hole = [(4.0, 4.0), (6.0, 4.0), (6.0, 6.0), (4.0, 6.0)]
    assert outline.inside((1.0, 1.0), [SQUARE, hole])
    assert not outline.inside((5.0, 5.0), [SQUARE, hole])


def test_the_middle_of_a_bent_shape_lies_inside_it() -> None:
    bent = [(0.0, 0.0), (10.0, 0.0), (10.0, 1.0), (1.0, 1.0), (1.0, 10.0), (0.0, 10.0)]
    assert outline.inside(outline.middle(bent), [bent])
    assert outline.middle(SQUARE) == (5.0, 5.0)


def test_equal_earth_gives_equal_room_to_equal_areas() -> None:
    def room(lat: float) -> float:
        west, bottom = projection.position(10, lat)
        east, _ = projection.position(12, lat)
        _, top = projection.position(10, lat + 0.2)
        return (east - west) * (bottom - top) / cos(radians(lat + 0.1))

    assert room(60) == pytest.approx(room(0), rel=0.01)


def test_the_edge_of_the_picture_runs_at_169_degrees_west() -> None:
    assert projection.position(-169.001, 0)[0] == pytest.approx(projection.WIDTH, abs=1)
    assert projection.position(-168.999, 0)[0] == pytest.approx(0, abs=1)
