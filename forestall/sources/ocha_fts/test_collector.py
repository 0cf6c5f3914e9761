"""OCHA FTS: a flow is money from one to another, told once, and never added to the flow that it is part of."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from forestall.base.errors import Malformed
from forestall.collecting.asking import Envelope, Page, Request
from forestall.collecting.childprocess import InProcess
from forestall.collecting.kinds import Kind
from forestall.collecting.received import Received
from forestall.facts import Finding, Measure, Quality
from forestall.sources import all_sources
from forestall.sources.ocha_fts import collector
from tests.recorded import payloads, turn

NOW = datetime(2026, 10, 20, 12, tzinfo=UTC)
SAMPLE = Path(__file__).parent / "sample"
SOURCE = all_sources()["ocha-fts"]
FLOWS = "custom-search-year-2026.json"


def read(name: str, content: bytes | None = None) -> list[object]:
    content = (SAMPLE / name).read_bytes() if content is None else content
    return list(collector.parse(Received(name, content, NOW), kind=Kind.UNKNOWN, source=SOURCE))


def measures(found: list[object]) -> list[Measure]:
    return [one for one in found if isinstance(one, Measure)]


def test_a_flow_is_dollars_for_a_country_in_the_years_that_they_are_for():
    first = measures(read(FLOWS))[0]

    assert (first.external_id, first.value, first.unit, first.iso3) == ("900001", 250000, "USD", "SDN")
    assert (first.period_start, first.period_end) == (date(2026, 1, 1), date(2026, 12, 31))
    assert first.breakdown["from"] == "River Foundation"
    assert first.breakdown["to"] == "Wells for All"
    assert first.flags == ()
    assert first.own["reportDetails"][0]["reportChannel"] == "Email"


def test_a_flow_to_two_countries_is_said_to_be_of_neither_and_may_not_be_added():
    second = measures(read(FLOWS))[1]

    assert (second.iso3, second.country, second.value) == ("", "Sudan; Chad", 0)
    assert (second.period_start, second.period_end) == (date(2024, 1, 1), date(2026, 12, 31))
    assert second.flags == (Quality.NOT_ADDITIVE,)


def test_a_sum_that_is_open_is_not_nought_and_a_place_that_is_no_country_is_said_to_be_none():
    third = measures(read(FLOWS))[2]

    assert (third.value, third.iso3, third.country) == (None, "", "Upper Karvania")
    assert set(third.flags) == {Quality.COUNTRY_UNKNOWN, Quality.NOT_ADDITIVE}


def test_the_tenth_version_of_a_flow_outranks_the_second():
    first, second, _ = measures(read(FLOWS))

    assert second.rank > first.rank


def test_a_page_says_how_many_there_are_and_where_the_next_one_is():
    assert [one for one in read(FLOWS) if isinstance(one, Envelope)] == [
        Envelope(total=5, more="https://api.hpc.tools/v1/public/fts/flow/custom-search?year=2026&page=2")
    ]


def test_a_plan_is_what_came_of_what_was_asked_for():
    first, second = measures(read("2-fts-flow-plan-overview-progress-2026.json"))

    assert (first.external_id, first.value, first.breakdown["required"], first.iso3) == (
        "plan|9100",
        40,
        "100",
        "SDN",
    )
    assert (second.value, second.iso3, second.country) == (None, "", "Chad; Sudan")


def test_the_list_of_places_is_kept_and_what_has_no_code_has_none():
    found = [one for one in read("1-public-location.json") if isinstance(one, Finding)]

    assert [(one.external_id, one.countries) for one in found] == [("place|211", ("SDN",)), ("place|999", ())]


def test_sums_by_cluster_are_told_beside_what_was_required():
    found = measures(read("flow-planid-9100-groupby-cluster.json"))

    assert [(one.external_id, one.name, one.value) for one in found] == [
        ("required|7001", "humanitarian-requirement", 100),
        ("funded||Not specified|7001", "humanitarian-funding", 30),
        ("funded|7001|Health|7001", "humanitarian-funding", 10),
    ]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b'{"code": "BadRequestError", "message": "Invalid year"}', "Invalid year"),
        (b'{"data": {"flows": [{"event_id": 1}]}}', "event_id"),
        (b"<html><body>Bad gateway</body></html>", "Bad gateway"),
        ((SAMPLE / FLOWS).read_bytes()[:900], "JSON"),
    ],
)
def test_what_is_no_answer_is_refused_with_what_it_says(content, sentence):
    with pytest.raises(Malformed, match=sentence):
        read("answer.json", content)


class TestAsking:
    def test_the_year_and_the_one_before_it_are_read_page_after_page_and_then_the_plans(self):
        def answer(request: Request) -> Page:
            more = (
                f"{request.url}&page=2" if request.key == "flows:2026" and "page=2" not in request.url else ""
            )
            return Page(request, 200, at=NOW, envelope=Envelope(more=more))

        _, asked = turn(collector, {}, source=SOURCE, today=NOW.date(), answer=answer)

        assert [one.url.removeprefix("https://api.hpc.tools") for one in asked] == [
            "/v1/public/fts/flow/custom-search?year=2026",
            "/v1/public/fts/flow/custom-search?year=2026&page=2",
            "/v1/public/fts/flow/custom-search?year=2025",
            "/v2/fts/flow/plan/overview/progress/2026",
            "/v2/fts/flow/plan/overview/progress/2025",
            "/v1/public/location",
        ]

    def test_a_page_that_did_not_come_is_asked_for_first_the_next_day(self):
        cursor = {
            "flows:2026": {"more": "https://api.hpc.tools/x?page=2"},
            "flows:2025": {"asked": "2026-10-20"},
        }
        first = next(iter(collector.plan(cursor, source=SOURCE, today=date(2026, 10, 21))))

        assert first.url == "https://api.hpc.tools/x?page=2"


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("custom-search-locationid-1-year-2020.json", 200),
        ("2-fts-flow-plan-overview-progress-2020.json", 6),
        ("1-public-location.json", 3),
        ("1-fts-flow-custom-search-planid-1010-groupby-cluster.json", 6),
    ],
)
def test_recorded_answers_are_read_to_the_last_row(name, rows):
    path = payloads("ocha_fts") / name
    response = InProcess().read(Received(name, path.read_bytes(), NOW), source=SOURCE)

    assert (response.refusal, response.count, response.bad, response.ignored) == (None, rows, (), ())


def test_the_recorded_flows_are_dollars_for_afghanistan_but_one_that_is_for_six_countries():
    path = payloads("ocha_fts") / "custom-search-locationid-1-year-2020.json"
    found = measures(read(path.name, path.read_bytes()))

    assert [one.iso3 for one in found].count("AFG") == 199
    assert sum(one.value or 0 for one in found) == sum(
        one["amountUSD"] for one in json.loads(path.read_bytes())["data"]["flows"]
    )
    assert not any(Quality.COUNTRY_UNKNOWN in one.flags for one in found)


def test_what_it_brings_is_public():
    assert SOURCE.default_level == 0
