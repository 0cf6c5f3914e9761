"""The country and its office are whole: names, places, groups, dates, people."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

LANGUAGES = {"en", "fr", "es", "ru", "ar", "zh"}
DOMAINS = {"power", "resources", "services", "development", "rights"}


def test_places_and_groups_are_named_in_six_languages(karvania):
    country = karvania.country
    towns = [town for unit in country.units for town in unit.towns]

    assert len(country.units) >= 8
    assert all(3 <= len(unit.towns) <= 8 for unit in country.units)
    for one in [*country.units, *towns, *country.groups]:
        assert set(one.names) == LANGUAGES, one.id


def test_every_unit_has_its_seat_among_its_towns(karvania):
    for unit in karvania.country.units:
        assert unit.seat in {town.id for town in unit.towns}


def test_groups_add_up_and_live_where_units_are(karvania):
    groups = karvania.country.groups

    assert sum(group.share for group in groups) == 100
    assert {place for group in groups for place in group.lives_in} <= {
        unit.id for unit in karvania.country.units
    }


def test_inequalities_cover_five_domains_real_and_perceived_each_with_source_and_day(karvania):
    told = [one for group in karvania.country.groups for one in group.inequalities]

    assert {one.domain for one in told} == DOMAINS
    assert {one.basis for one in told} == {"real", "perceived"}
    assert all(one.source and one.on <= karvania.today for one in told)


def test_the_calendar_lies_ahead_and_the_mission_has_a_mandate_end(karvania):
    ahead = {entry.id: entry.on for entry in karvania.country.calendar}
    [mission] = [one for one in karvania.country.institutions if one.id == "un-mission"]

    assert all(karvania.today < day <= karvania.today + timedelta(days=120) for day in ahead.values())
    assert mission.mandate_end == ahead["mandate-end"]


def test_the_crisis_lasts_fourteen_months(karvania):
    months = (karvania.today.year - karvania.opens.year) * 12 + karvania.today.month - karvania.opens.month

    assert (months, karvania.today.day) == (14, karvania.opens.day)


def test_the_office_has_every_role_and_one_person_of_another_desk(karvania):
    roles = Counter(role for person in karvania.office.people for role in person.roles)
    outside = [
        person.id for person in karvania.office.people if person.desk not in (None, karvania.office.desk)
    ]

    assert roles["information_officer"] == 2
    assert {
        "analyst",
        "senior_reviewer",
        "director",
        "special_adviser",
        "liaison",
        "records_officer",
        "duty_officer",
    } <= set(roles)
    assert outside == ["carole-nandry"]
    assert karvania.office.compartment not in karvania.office.person("carole-nandry").compartments


def test_each_clearing_office_has_a_holder_and_another_person_as_alternate(karvania):
    people = {person.id for person in karvania.office.people}

    for office in karvania.office.clearing:
        assert {office.holder, office.alternate} <= people
        assert office.holder != office.alternate


def test_counterparts_have_someone_in_office_today(karvania):
    for counterpart in karvania.office.counterparts:
        current = [one for one in counterpart.holders if one.since <= karvania.today and one.until is None]
        assert len(current) == 1, counterpart.id


def test_every_file_says_in_six_languages_that_this_is_an_exercise(karvania):
    assert set(karvania.words["line"]) == LANGUAGES
    assert set(karvania.words["CONFIDENTIAL"]) == set(karvania.words["STRICTLY CONFIDENTIAL"]) == LANGUAGES
