"""Whose a point is, what is disputed, and an office's own boundary file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from forestall import places
from forestall.base.errors import Malformed, Refused, Unavailable
from forestall.places import boundary
from forestall.places.boundary import Disputed
from forestall.places.projection import HEIGHT, WIDTH

SQUARE = [[[0.0, 0.0], [10.0, 0.0], [10.0, 10.0], [0.0, 10.0], [0.0, 0.0]]]


@pytest.mark.parametrize(
    ("territory", "lon", "lat"),
    [
        ("crimea", 34.1, 45.2),
        ("golan", 35.78, 33.0),
        ("western-sahara", -13.5, 24.5),
        ("aksai-chin", 79.5, 35.2),
        ("abyei", 28.44, 9.59),
        ("jammu-and-kashmir", 74.8, 34.1),
        ("falkland-islands-malvinas", -59.0, -51.7),
        ("kosovo", 21.0, 42.6),
    ],
)
def test_a_point_in_a_disputed_area_belongs_to_nobody(territory: str, lon: float, lat: float) -> None:
    found = boundary.owner_at(lon, lat)
    assert isinstance(found, Disputed)
    assert found.id == territory


@pytest.mark.parametrize(
    ("iso3", "lon", "lat"),
    [
        ("KEN", 36.8, -1.3),
        ("IND", 77.2, 28.6),
        ("UKR", 33.0, 46.8),
        ("SDN", 32.5, 15.6),
        ("SSD", 31.6, 4.9),
        ("MAR", -7.0, 32.0),
        ("LSO", 28.2, -29.5),
        ("RUS", -175.0, 66.9),
        ("FJI", -179.95, -16.8),
        ("GUF", -53.0, 4.5),
        ("SJM", 17.0, 78.8),
        ("CYP", 33.4, 35.25),
        ("SOM", 44.1, 9.6),
        ("PSE", 34.4, 31.4),
    ],
)
def test_a_point_well_inside_a_country_is_its_own(iso3: str, lon: float, lat: float) -> None:
    assert boundary.owner_at(lon, lat) == iso3


@pytest.mark.parametrize(("lon", "lat"), [(-30.0, 0.0), (0.0, -75.0), (0.0, 89.0)])
def test_the_sea_and_what_lies_outside_the_picture_belong_to_nobody(lon: float, lat: float) -> None:
    assert boundary.owner_at(lon, lat) is None


def test_every_country_but_antarctica_has_a_shape_or_a_disc_or_is_drawn_apart() -> None:
    shapes = boundary.shipped()
    apart = {area.code for area in shapes.disputed}
    lacking = {one.iso3 for one in places.countries()} - set(shapes.codes()) - apart
    assert lacking == {"ATA"}
    assert {one.iso3 for one in places.member_and_observer_states()} <= set(shapes.codes())


def test_discs_and_labels_lie_in_the_picture() -> None:
    shapes = boundary.shipped()
    for x, y in [*shapes.points.values(), *shapes.labels.values()]:
        assert 0 <= x <= WIDTH
        assert 0 <= y <= HEIGHT
    assert set(shapes.labels) == set(shapes.areas)


@pytest.mark.parametrize("iso3", ["TUV", "NRU", "VAT", "MCO", "SMR", "MDV", "LUX", "SGP", "KIR", "PLW"])
def test_a_very_small_state_has_a_disc(iso3: str) -> None:
    assert iso3 in boundary.shipped().points


def test_the_shipped_lines_say_what_they_are() -> None:
    said = str(boundary.shipped().disclaimer)
    assert "no opinion" in said
    assert "1244 (1999)" in said


def test_the_shipped_file_stays_small() -> None:
    data = Path(boundary.__file__).parent / "data" / "world.json"
    assert data.stat().st_size < 600_000


def feature(coordinates: Any = SQUARE, *, kind: str = "Polygon", **properties: Any) -> dict[str, Any]:
    geometry = {"type": kind, "coordinates": coordinates}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def own_file(folder: Path, *features: Any) -> Path:
    file = folder / "own.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": list(features)}), encoding="utf-8")
    return file


def test_an_office_loads_its_own_boundaries(tmp_path: Path) -> None:
    north = [[[20.0, 0.0], [25.0, 0.0], [25.0, 5.0], [20.0, 0.0]]]
    file = own_file(tmp_path, feature(iso3="KEN"), feature(north, disputed=True, name="The Bend"))
    own = boundary.load(file)
    assert boundary.owner_at(5, 5, boundaries=own) == "KEN"
    assert boundary.owner_at(24, 2, boundaries=own) == Disputed(name="The Bend")
    assert boundary.owner_at(77.2, 28.6, boundaries=own) is None
    assert own.is_own
    assert "own.geojson" in str(own.disclaimer)
    assert "TUV" in own.points


def test_a_shape_across_the_edge_of_the_picture_is_cut_and_not_smeared(tmp_path: Path) -> None:
    across = [[[[-172.0, 0.0], [-166.0, 0.0], [-166.0, 5.0], [-172.0, 5.0], [-172.0, 0.0]]]]
    own = boundary.load(own_file(tmp_path, feature(across, kind="MultiPolygon", iso3="KIR")))
    assert boundary.owner_at(-167, 2, boundaries=own) == "KIR"
    assert boundary.owner_at(-171, 2, boundaries=own) == "KIR"
    assert boundary.owner_at(0, 2, boundaries=own) is None


@pytest.mark.parametrize(
    ("found", "says"),
    [
        (feature(), "neither the property iso3"),
        (feature(disputed=True), "no name"),
        (feature([0.0, 0.0], kind="Point", iso3="KEN"), "Polygon"),
        (feature([[["x", 0.0]]], iso3="KEN"), "cannot be read"),
        (feature([[[500000.0, 0.0], [0.0, 1.0], [1.0, 1.0]]], iso3="KEN"), "cannot be read"),
        (feature([], iso3="KEN"), "too small"),
        ("KEN", "no objects"),
    ],
)
def test_a_boundary_file_that_cannot_be_read_says_where(tmp_path: Path, found: Any, says: str) -> None:
    with pytest.raises(Malformed, match=says):
        boundary.load(own_file(tmp_path, found))


@pytest.mark.parametrize("text", ["{", "[]", '{"features": []}'])
def test_a_file_that_is_no_collection_is_malformed(tmp_path: Path, text: str) -> None:
    file = tmp_path / "own.geojson"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(Malformed):
        boundary.load(file)


def test_a_boundary_file_may_not_draw_a_country_nobody_knows(tmp_path: Path) -> None:
    with pytest.raises(Refused):
        boundary.load(own_file(tmp_path, feature(iso3="ZZK")))


def test_a_boundary_file_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        boundary.load(tmp_path / "none.geojson")
