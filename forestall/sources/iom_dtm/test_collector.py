"""IOM DTM: people present at a round, told apart by all that splits a figure, and never added."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from forestall.base.errors import Malformed
from forestall.collecting.asking import Envelope, Page, Request
from forestall.collecting.childprocess import InProcess
from forestall.collecting.kinds import Kind
from forestall.collecting.received import Received
from forestall.facts import Measure, Quality
from forestall.sources import all_sources
from forestall.sources.iom_dtm import collector

NOW = datetime(2026, 10, 20, 12, tzinfo=UTC)
STOCKS = Path(__file__).parent / "sample" / "admin1-SDN.json"
SOURCE = all_sources()["iom-dtm"]


def read(content: bytes = STOCKS.read_bytes()) -> list[object]:
    return list(collector.parse(Received("admin1-SDN.json", content, NOW), kind=Kind.UNKNOWN, source=SOURCE))


def measures() -> list[Measure]:
    return [one for one in read() if isinstance(one, Measure)]


def test_people_are_present_on_the_day_of_a_round_and_may_not_be_added():
    first = measures()[0]

    assert (first.value, first.iso3, first.admin1, first.period_start) == (
        1200,
        "SDN",
        "Lower River",
        date(2026, 9, 30),
    )
    assert first.breakdown == {
        "assessment": "BA",
        "reason": "Conflict",
        "origin": "Upper River",
        "round": "7",
    }
    assert first.flags == (Quality.NOT_ADDITIVE,)


def test_what_is_not_available_is_not_known():
    third = measures()[2]

    assert third.value is None
    assert "origin" not in third.breakdown


def test_rows_that_differ_by_reason_or_origin_alone_are_told_apart():
    assert len({one.external_id for one in measures()}) == 3


@pytest.mark.parametrize("part", ["displacementReason", "idpOriginAdmin1Pcode"])
def test_without_reason_or_origin_in_its_key_a_page_is_refused(part):
    api = json.loads(json.dumps(SOURCE.settings["api"]))
    api["answers"][0]["makes"][0]["key"].remove(part)
    response = InProcess().read(
        Received("a.json", STOCKS.read_bytes(), NOW), source=replace(SOURCE, settings={"api": api})
    )

    assert response.refusal is not None
    assert "have one key and differ" in response.refusal.text()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (
            b'{"isSuccess": false, "result": null, "errorMessages": ["No data for this operation"]}',
            "No data for this operation",
        ),
        (b'{"statusCode": 401, "message": "Access denied due to missing subscription key"}', "Access denied"),
        (b'{"result": [{"pcode": 1}]}', "pcode"),
        (STOCKS.read_bytes()[:500], "JSON"),
    ],
)
def test_what_is_no_answer_is_refused_with_what_it_says(content, sentence):
    with pytest.raises(Malformed, match=sentence):
        read(content)


def test_it_is_asked_from_the_newest_round_and_some_weeks_before_with_the_key_left_to_the_fetcher():
    page = Page(
        Request("admin1:SDN", ""),
        200,
        at=NOW,
        envelope=next(one for one in read() if isinstance(one, Envelope)),
    )
    cursor = collector.advance({}, page=page)
    asked = {one.key: one for one in collector.plan(cursor, source=SOURCE, today=date(2026, 10, 27))}

    assert asked["admin1:SDN"].url == (
        "https://dtmapi.iom.int/v3/displacement/admin1?Admin0Pcode=SDN&FromReportingDate=2026-08-01"
    )
    assert asked["admin1:SDN"].headers == {"Ocp-Apim-Subscription-Key": "{key}"}


def test_what_it_brings_is_internal():
    assert SOURCE.default_level == 1
