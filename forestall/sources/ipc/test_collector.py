"""IPC: people in crisis or worse, for the months that they are counted for, now and as projected, never added twice."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from forestall.base.errors import Malformed
from forestall.collecting.asking import BadRow, Page, Request
from forestall.collecting.childprocess import InProcess
from forestall.collecting.kinds import Kind
from forestall.collecting.received import Received
from forestall.facts import Finding, Measure, Quality
from forestall.sources import all_sources
from forestall.sources.ipc import collector
from tests.recorded import payloads, turn

NOW = datetime(2026, 10, 20, 12, tzinfo=UTC)
SAMPLE = Path(__file__).parent / "sample"
SOURCE = all_sources()["ipc"]
POPULATION = "population-country-sd.json"


def read(name: str, content: bytes | None = None) -> list[object]:
    content = (SAMPLE / name).read_bytes() if content is None else content
    return list(collector.parse(Received(name, content, NOW), kind=Kind.UNKNOWN, source=SOURCE))


def measures(name: str = POPULATION, content: bytes | None = None) -> dict[str, Measure]:
    return {one.external_id: one for one in read(name, content) if isinstance(one, Measure)}


def test_an_analysis_tells_who_is_in_crisis_for_the_months_it_is_about():
    found = measures()["analysis|900001|current"]

    assert (found.value, found.unit, found.iso3) == (300, "persons", "SDN")
    assert (found.period_start, found.period_end) == (date(2026, 6, 1), date(2026, 9, 30))
    assert found.flags == ()


def test_a_projection_is_of_its_own_months_and_is_not_added_to_what_is():
    found = measures()["analysis|900001|projected"]

    assert (found.value, found.period_start, found.period_end) == (400, date(2026, 10, 1), date(2027, 3, 31))
    assert found.flags == (Quality.NOT_ADDITIVE,)


def test_areas_know_their_group_their_country_and_their_months():
    found = measures()
    area = found["area|900012|current"]

    assert (area.value, area.iso3, area.admin1, area.admin2) == (300, "SDN", "Lower River", "Stonebridge")
    assert area.period_start == date(2026, 6, 1)
    assert area.flags == (Quality.NOT_ADDITIVE,)
    assert found["area|900031|current"].admin2 == "Reedbank"


def test_nobody_in_crisis_is_nought_and_what_was_not_projected_is_not_told():
    found = measures()

    assert found["area|900011|current"].value == 0
    assert found["analysis|900003|current"].value is None
    assert "area|900012|projected" not in found


def test_shares_stay_fractions_and_every_field_is_kept_once():
    found = measures()

    assert found["area|900012|current"].own["p3plus_percentage"] == 0.6
    assert "groups" not in found["analysis|900001|current"].own
    assert found["analysis|900001|current"].own["metadata"]["source"].startswith("Integrated")


def test_a_period_in_other_words_sets_its_row_aside_with_them():
    bad = [one for one in read(POPULATION) if isinstance(one, BadRow)]

    assert [one.place for one in bad] == ["row 3"]
    assert "“the lean season”" in bad[0].reason.text()


def test_an_analysis_is_a_report_and_a_code_that_nobody_knows_is_no_country():
    first, second = (one for one in read("analyses-type-a.json") if isinstance(one, Finding))

    assert (first.external_id, first.countries, first.dated) == ("900001", ("SDN",), date(2026, 6, 20))
    assert first.rank > second.rank
    assert (second.countries, second.flags, second.url) == ((), (Quality.COUNTRY_UNKNOWN,), "")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b'{"message": "Missing API key"}', "Missing API key"),
        (b'[{"country": "SD", "phase": 3}]', "phase"),
        (b"<html><body>Sign in</body></html>", "Sign in"),
        ((SAMPLE / POPULATION).read_bytes()[:700], "JSON"),
    ],
)
def test_what_is_no_answer_is_refused_with_what_it_says(content, sentence):
    with pytest.raises(Malformed, match=sentence):
        read("answer.json", content)


def test_a_country_without_an_analysis_is_no_fault():
    assert measures(content=b"[]") == {}


def test_every_country_is_asked_for_once_a_week_and_the_analyses_every_day():
    def answer(request: Request) -> Page:
        return Page(request, 200, at=NOW)

    cursor, asked = turn(collector, {}, source=SOURCE, today=NOW.date(), answer=answer)
    _, next_day = turn(collector, cursor, source=SOURCE, today=date(2026, 10, 21), answer=answer)

    assert asked[0].url == "https://api.ipcinfo.org/analyses?type=A&key={key}"
    assert asked[2].url == "https://api.ipcinfo.org/population?country=AO&key={key}"
    assert len(asked) == 1 + len(SOURCE.settings["api"]["asks"][1]["each"]["country"])
    assert [one.key for one in next_day] == ["analyses"]


@pytest.mark.parametrize(
    ("name", "rows"), [("analyses-type-a.json", 31), ("population-country-ao.json", 106)]
)
def test_recorded_answers_are_read_to_the_last_row(name, rows):
    path = payloads("ipc") / name
    response = InProcess().read(Received(name, path.read_bytes(), NOW), source=SOURCE)

    assert (response.refusal, response.count, response.bad, response.ignored) == (None, rows, (), ())


def test_every_analysis_group_and_area_that_was_recorded_is_told_for_both_periods():
    path = payloads("ipc") / "population-country-ao.json"
    analyses = json.loads(path.read_bytes())
    groups = [group for one in analyses for group in one["groups"]]
    areas = [area for group in groups for area in group["areas"]]
    found = list(measures(path.name, path.read_bytes()).values())

    assert len(found) == 2 * (len(analyses) + len(groups) + len(areas))
    assert sum(
        one.value or 0
        for one in found
        if one.external_id.startswith("area") and one.external_id.endswith("|current")
    ) == sum(area["p3plus"] for area in areas)


def test_what_it_brings_is_public():
    assert SOURCE.default_level == 0
