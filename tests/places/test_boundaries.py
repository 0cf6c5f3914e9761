"""Building the shipped files: shared borders stay shared, and the tables can be made again."""

from __future__ import annotations

from typing import Any

import pytest

from forestall.base.errors import Malformed
from forestall.places import boundaries, export, outline
from forestall.places.tabletext import rows


def square(*arcs: list[int], code: str, name: str) -> dict[str, Any]:
    return {"type": "Polygon", "arcs": list(arcs), "id": code, "properties": {"name": name}}


def topology(*geometries: dict[str, Any]) -> dict[str, Any]:
    # Two squares of ten degrees side by side: the border, then the rest of the first and of the second.
    border = [[10, 0], [0, 5], [0, 5]]
    west = [[10, 10], [-10, 0], [0, -10], [10, 0]]
    east = [[10, 0], [10, 0], [0, 10], [-10, 0]]
    return {
        "type": "Topology",
        "transform": {"scale": [1, 1], "translate": [20, 0]},
        "arcs": [border, west, east],
        "objects": {"countries": {"type": "GeometryCollection", "geometries": list(geometries)}},
    }


KENYA = square([0, 1], code="404", name="Kenya")
SOMALIA = square([2, -1], code="706", name="Somalia")


def test_neighbours_share_every_point_of_their_border_after_thinning() -> None:
    made = boundaries.world(topology(KENYA, SOMALIA))
    (west,), (east,) = (outline.rings_of("".join(made["areas"][code])) for code in ("KEN", "SOM"))
    assert len(set(west) & set(east)) >= 2
    assert all(len(ring) == len(set(ring)) for ring in (west, east))


def test_a_shape_without_a_number_is_joined_to_the_state_the_united_nations_lists() -> None:
    unnumbered = {**SOMALIA, "id": None, "properties": {"name": "Somaliland"}}
    kosovo = {**KENYA, "id": None, "properties": {"name": "Kosovo"}}
    made = boundaries.world(topology(kosovo, unnumbered))
    assert set(made["areas"]) == {"SOM"}
    assert set(made["territories"]) == {"kosovo"}


def test_a_shape_that_nobody_knows_stops_the_build() -> None:
    kosovo = {**KENYA, "properties": {"name": "Kosovo"}}
    with pytest.raises(LookupError, match="Atlantis"):
        boundaries.world(topology(kosovo, {**SOMALIA, "id": None, "properties": {"name": "Atlantis"}}))


def test_a_file_that_is_no_topology_is_malformed() -> None:
    with pytest.raises(Malformed, match="TopoJSON"):
        boundaries.world({"type": "FeatureCollection"})


def test_the_table_of_countries_is_what_the_export_makes() -> None:
    packaged, version = export.packaged_table()
    made = export.exported(packaged, version=version, history=rows("history.csv"), mended=rows("mended.csv"))
    assert made == rows("countries.csv")


def test_every_line_of_the_handwritten_tables_is_used() -> None:
    present = {row["iso3"]: row for row in rows("countries.csv")}
    for row in rows("history.csv"):
        assert present[row["iso3"]]["valid_from"] == row["valid_from"]
    for row in rows("mended.csv"):
        assert present[row["iso3"]][f"name_{row['language']}"] == row["name"]
