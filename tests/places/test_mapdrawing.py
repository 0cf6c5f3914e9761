"""The world map shows each State, says what it shows, and lets nothing through that it was handed."""

from __future__ import annotations

import re

import pytest
from defusedxml.ElementTree import fromstring

from forestall import places
from forestall.base.errors import Refused
from forestall.places import boundary
from forestall.places.mapdrawing import MapValue, world_map

SVG = "{http://www.w3.org/2000/svg}"
STATES = [one.iso3 for one in places.member_and_observer_states()]


def drawn(values: dict[str, MapValue], **words: str) -> str:
    said = {"title": "World", "description": "Days since screened.", "language": "en", **words}
    return world_map(values, **said)  # type: ignore[arg-type]


def marks(svg: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in fromstring(svg).iter():
        if "data-id" in one.attrib:
            found.setdefault(one.attrib["data-id"], []).append(one.attrib["class"])
    return found


def test_every_state_is_drawn_and_each_is_without_information_until_told() -> None:
    found = marks(drawn({}))
    assert set(STATES) <= set(found)
    assert all("noinfo" in name.split() for state in STATES for name in found[state])


def test_a_value_gives_its_step_to_the_shape_and_to_the_disc() -> None:
    found = marks(drawn({"KEN": MapValue(3, "Kenya: 42"), "LUX": MapValue(0, "Luxembourg: 1")}))
    assert found["KEN"] == ["land c3"]
    assert sorted(found["LUX"]) == ["land c0", "land c0 small"]


def test_counts_have_a_ramp_of_their_own() -> None:
    assert marks(drawn({"KEN": MapValue(3, "Kenya: 42")}, ramp="q"))["KEN"] == ["land q3"]


def test_a_value_without_a_step_is_hatched_and_keeps_its_words() -> None:
    svg = drawn({"KEN": MapValue(None, "Kenya: not yet screened")})
    assert marks(svg)["KEN"] == ["land noinfo"]
    assert "Kenya: not yet screened" in svg
    assert 'id="hatch"' in svg


@pytest.mark.parametrize("iso3", ["KEN", "TUV", "VAT"])
def test_a_link_can_be_reached_from_the_keyboard_and_has_a_name(iso3: str) -> None:
    svg = drawn({iso3: MapValue(1, "Words", href=f"/states/{iso3}?a=1&b=2")})
    (link,) = fromstring(svg).iter(f"{SVG}a")
    assert link.attrib["href"] == f"/states/{iso3}?a=1&b=2"
    assert link.attrib["aria-label"] == "Words"
    assert link.find(".//*[@data-id]").attrib["data-id"] == iso3


def test_the_picture_is_a_group_when_it_holds_links_and_an_image_otherwise() -> None:
    assert fromstring(drawn({})).attrib["role"] == "img"
    assert fromstring(drawn({"KEN": MapValue(1, "Kenya", href="/k")})).attrib["role"] == "group"


def test_title_and_description_name_the_picture_and_say_what_the_lines_are() -> None:
    root = fromstring(drawn({}, title="World", description="Days."))
    told = {one.attrib["id"]: one.text for one in root if "id" in one.attrib}
    assert told[root.attrib["aria-labelledby"]] == "World"
    assert told[root.attrib["aria-describedby"]] == f"Days. {boundary.shipped().disclaimer}"


def test_what_is_handed_in_is_escaped() -> None:
    bad = '"><script>alert(1)</script>'
    svg = drawn({"KEN": MapValue(1, bad, href=bad)}, title=bad, description=bad, language=bad, id=bad)
    assert "<script" not in svg
    texts = [one.text for one in fromstring(svg).iter() if one.text]
    assert texts.count(bad) == 2  # the title of the map and that of Kenya


def test_nothing_is_styled_in_place() -> None:
    svg = drawn({code: MapValue(2, "x", href="/x") for code in STATES})
    assert not re.search(r"\sstyle=|<style|<script|\son\w+=|\sfill=|\sstroke", svg)


def test_disputed_areas_lie_above_the_states_and_never_carry_a_step() -> None:
    svg = drawn({"ESH": MapValue(5, "Western Sahara: 9", href="/s/ESH"), "MAR": MapValue(5, "Morocco")})
    found = marks(svg)
    assert found["ESH"] == ["land disputed"]
    assert {"crimea", "golan", "aksai-chin", "abyei", "jammu-and-kashmir", "XKX", "FLK"} <= set(found)
    assert svg.index('data-id="MAR"') < svg.index('data-id="ESH"')
    assert "Western Sahara: 9" in svg


def test_names_are_in_the_language_of_the_reader_and_our_words_are_translated() -> None:
    svg = drawn({}, language="fr", translate=lambda text: text.replace("no information", "sans information"))  # type: ignore[arg-type]
    assert "Allemagne: sans information" in svg
    assert 'lang="fr"' in svg


@pytest.mark.parametrize("code", ["ZZK", "XKX", "ATA", "QQQ", "SUN"])
def test_what_has_no_place_on_the_map_is_refused(code: str) -> None:
    with pytest.raises(Refused, match=code):
        drawn({code: MapValue(1, "x")})


@pytest.mark.parametrize("step", [-1, 6])
def test_a_step_outside_the_ramp_is_refused(step: int) -> None:
    with pytest.raises(Refused, match="0 to 5"):
        drawn({"KEN": MapValue(step, "x")})
