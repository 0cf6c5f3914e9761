"""The register answers for every State, in six languages, and for the States that were."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from forestall import places
from forestall.base.errors import Refused
from forestall.places import region, register, territory
from forestall.places.register import Status
from forestall.places.tabletext import LANGUAGES

IN_SIX = dict.fromkeys(LANGUAGES, "Merrovia")


def test_there_are_193_member_states_and_two_observer_states() -> None:
    counted = Counter(one.status for one in places.countries())
    assert counted == {Status.MEMBER: 193, Status.OBSERVER: 2, Status.AREA: 53}
    observers = {one.iso3 for one in places.member_and_observer_states() if one.status is Status.OBSERVER}
    assert observers == {"VAT", "PSE"}
    assert len(places.member_and_observer_states()) == 195


@pytest.mark.parametrize("field", ["iso3", "iso2", "m49"])
def test_no_two_countries_share_a_code(field: str) -> None:
    values = [getattr(one, field) for one in places.countries()]
    assert all(values)
    assert len(values) == len(set(values))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_country_has_a_name_of_its_own_in_each_language(language: str) -> None:
    names = [one.names[language] for one in places.countries()]
    assert all(name == name.strip() and name for name in names)
    assert [name for name, times in Counter(names).items() if times > 1] == []


@pytest.mark.parametrize(
    ("iso3", "name"),
    [
        ("TUR", "Türkiye"),
        ("CIV", "Côte d'Ivoire"),
        ("BOL", "Bolivia (Plurinational State of)"),
        ("VEN", "Venezuela (Bolivarian Republic of)"),
        ("PRK", "Democratic People's Republic of Korea"),
    ],
)
def test_names_are_those_of_the_united_nations(iso3: str, name: str) -> None:
    assert places.name(iso3, "en") == name


def test_a_name_falls_back_to_english_and_understands_variants_of_a_language() -> None:
    assert places.name("CHN", "zh-hans") == "中国"
    assert places.name("CHN", "sw") == "China"


def test_an_unknown_code_is_refused() -> None:
    with pytest.raises(Refused, match="QQQ"):
        places.country("QQQ")


def test_the_two_sudans_are_one_country_until_july_2011() -> None:
    before = {one.iso3 for one in places.countries(on=date(2011, 7, 8))}
    after = {one.iso3 for one in places.countries(on=date(2011, 7, 9))}
    assert after - before == {"SSD"}


def test_on_a_day_in_1989_the_former_states_stand_in_place_of_their_successors() -> None:
    then = {one.iso3 for one in places.countries(on=date(1989, 1, 1))}
    assert {"SUN", "YUG", "CSK", "DDR", "YMD", "YAR"} <= then
    assert not then & {"RUS", "UKR", "HRV", "CZE", "YEM", "NAM", "ERI", "TLS", "MNE"}
    assert "SUN" not in {one.iso3 for one in places.countries()}


def test_each_successor_begins_no_later_than_a_day_after_its_former_state_ends() -> None:
    former = [places.country(code) for code in sorted(register.codes()) if places.country(code).successors]
    assert len(former) == 7
    for one in former:
        assert one.valid_to is not None
        for successor in map(places.country, one.successors):
            assert successor.exists(date.fromordinal(one.valid_to.toordinal() + 1)) or successor.iso3 == "BIH"


def test_every_country_knows_its_source_and_every_territory_too() -> None:
    assert all(one.source for one in places.countries())
    assert all(one.source and one.note and one.concerns for one in places.territories())


def test_kosovo_is_named_with_the_resolution() -> None:
    assert "Security Council resolution 1244 (1999)" in territory.territory("kosovo").note


def test_every_territory_concerns_countries_that_exist_and_has_six_names() -> None:
    for one in places.territories():
        assert all(one.names[language] for language in LANGUAGES)
        assert all(places.country(code).is_state for code in one.concerns)


def test_regions_hold_every_state_and_bear_names() -> None:
    inside = [one.iso3 for top in region.regions(region.Level.REGION) for one in region.countries_in(top.m49)]
    assert len(inside) == len(set(inside))
    assert {one.iso3 for one in places.member_and_observer_states()} <= set(inside)
    assert region.region("2").name("fr") == "Afrique"
    assert [one.m49 for one in region.regions() if not all(one.names.values())] == []


def test_a_country_lies_in_regions_that_are_parents_of_each_other() -> None:
    for one in places.member_and_observer_states():
        assert region.region(one.subregion).parent == one.region
        assert not one.intermediate or region.region(one.intermediate).parent == one.subregion


@pytest.mark.parametrize("code", ["AAA", "AAZ", "QMA", "QZZ", "XAA", "XKX", "XZZ", "ZZA", "ZZK", "ZZZ"])
def test_codes_left_to_users_are_known(code: str) -> None:
    assert places.user_assigned(code)


@pytest.mark.parametrize("code", ["ABW", "QLZ", "QAT", "ZYZ", "zzk", "ZZ", "ZZZZ", "ZZ1", ""])
def test_other_codes_are_not_left_to_users(code: str) -> None:
    assert not places.user_assigned(code)


def test_an_exercise_country_is_a_value_and_never_in_the_tables() -> None:
    invented = places.exercise_country("ZZM", names=IN_SIX)
    assert places.country("ZZM", also=[invented]) is invented
    assert places.find("merrovia", also=[invented]) == ["ZZM"]
    assert places.find("merrovia") == []
    with pytest.raises(Refused):
        places.country("ZZM")


@pytest.mark.parametrize("code", ["KEN", "XKX", "zzm"])
def test_an_exercise_country_may_not_take_a_code_in_use(code: str) -> None:
    with pytest.raises(Refused, match="not free"):
        places.exercise_country(code, names=IN_SIX)


def test_an_exercise_country_needs_all_six_names() -> None:
    with pytest.raises(Refused, match="ru"):
        places.exercise_country("ZZM", names={**IN_SIX, "ru": ""})
