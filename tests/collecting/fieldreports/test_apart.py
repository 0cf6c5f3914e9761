"""Who reported, and where exactly, is told by the name of a question and by what was written in answer."""

from __future__ import annotations

import pytest

from forestall.collecting.fieldreports.apart import MASK, sorted_apart
from forestall.collecting.fieldreports.consent import has_consent


def kept(**answers: object) -> dict[str, str]:
    return sorted_apart(answers)[0]


@pytest.mark.parametrize(
    "name",
    [
        "_submitted_by", "submitterId", "SubmitterName", "deviceid", "DeviceID", "device_id", "simserial", "username",
        "meta/instanceName", "reporter/age", "enumerator_code", "Votre téléphone", "correo_de_contacto", "телефон",
        "رقم الهاتف", "电话号码", "whatsapp", "mobile_number", "witness_name", "signature",
    ],
)  # fmt: skip
def test_a_question_about_the_reporter_is_kept_apart(name):
    assert sorted_apart({name: "north hill"}) == ({}, {name: "north hill"})


@pytest.mark.parametrize(
    "name", ["gps", "_where_latitude", "village", "admin3", "exact_place", "coordonnées", "坐标"]
)
def test_a_place_finer_than_the_district_is_kept_apart(name):
    assert sorted_apart({name: "12.5"})[0] == {}


@pytest.mark.parametrize(
    "name", ["admin2", "country", "how_long_displaced", "explosive_device", "whatsapp_message", "date_precision", "witnesses",
             "phone_network_down", "villages_burnt"]
)  # fmt: skip
def test_what_speaks_of_neither_stays(name):
    assert kept(**{name: "yes"}) == {name: "yes"}


@pytest.mark.parametrize(
    "value",
    [
        "1.2500 30.5000 410 5",
        "1.25,30.5",
        "POINT (30.5 1.25)",
        "1.1 30.1 0 0; 1.2 30.2 0 0",
        {"type": "Point", "coordinates": [1, 2]},
    ],
)
def test_coordinates_are_known_whatever_the_question_is_called(value):
    assert kept(q7=value) == {}


@pytest.mark.parametrize("value", ["monitor@example.org", "+999 555 0101 222", "00999-555-0101-22"])
def test_an_address_or_a_number_is_known_whatever_the_question_is_called(value):
    assert kept(q7=value) == {}


def test_a_type_of_the_form_tells_a_point_that_nothing_else_tells():
    assert sorted_apart({"q7": "1 2"}, types={"q7": "geopoint"})[0] == {}


def test_numbers_and_days_and_identifiers_are_nobody():
    answers = {
        "deaths": "123456789", "day": "2026-11-20T07:40:00.000+02:00", "span": "2026-11-20 2026-11-21",
        "_uuid": "6f1c0000-0000-4000-8000-000000000007", "share": "0.25", "both": "1 2",
    }  # fmt: skip

    assert sorted_apart(answers) == (answers, {})


def test_what_is_kept_apart_is_masked_wherever_the_report_repeats_it_and_kept_as_it_stood():
    given = {"username": "river.monitor", "words": "River.Monitor saw it at 1.2500, 30.5000 today."}
    left, apart = sorted_apart(given)

    assert left == {"words": f"{MASK} saw it at {MASK} today."}
    assert apart == given


def test_short_names_and_words_for_nobody_mask_nothing():
    assert kept(username="he", enumerator="none", words="he told none of it") == {
        "words": "he told none of it"
    }


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"consent": "yes"}, True),
        ({"intro/consent": "Oui"}, True),
        ({"consent": True}, True),
        ({"consent": "1"}, True),
        ({"Do you give your consent?": "Yes"}, True),
        ({"consentement_éclairé": "oui"}, True),
        ({"consent": "yes", "consent_to_pictures": "no"}, True),
        ({"consent_to_talk": "yes", "consent_to_keep": "no"}, False),
        ({"consent": "no"}, False),
        ({"consent": ""}, False),
        ({"consent": "yes, if nobody hears of it"}, False),
        ({"words": "yes"}, False),
        ({}, False),
    ],
)
def test_consent_is_a_plain_yes_to_the_question_of_that_name(answers, expected):
    assert has_consent(answers) is expected
