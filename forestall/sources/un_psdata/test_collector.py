"""UN Peace and Security Data Hub: rows that do not say what they are of become what they are, and lose nothing."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from forestall.base.errors import Malformed
from forestall.collecting.asking import BadRow, Envelope
from forestall.collecting.childprocess import InProcess
from forestall.collecting.kinds import Kind
from forestall.collecting.received import Received
from forestall.facts import DatePrecision, Event, Finding, FindingForm, Measure, Quality, Side
from forestall.sources import all_sources
from forestall.sources.un_psdata import collector
from tests.recorded import payloads

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SAMPLE = Path(__file__).parent / "sample"
SOURCE = all_sources()["un-psdata"]


def read(name: str, content: bytes | None = None) -> list[Any]:
    content = (SAMPLE / name).read_bytes() if content is None else content
    return list(collector.parse(Received(name, content, NOW), kind=Kind.UNKNOWN, source=SOURCE))


def facts(found: list[Any]) -> list[Any]:
    return [one for one in found if isinstance(one, Event | Measure | Finding)]


def given(name: str) -> list[dict[str, Any]]:
    return list(json.loads((SAMPLE / name).read_bytes()))


def as_json(rows: Any) -> bytes:
    return json.dumps(rows).encode()


class TestCasualties:
    def test_one_row_is_one_person_who_died_in_a_mission_and_is_in_no_country(self):
        first = facts(read("DPPADPOSS-FATALITIES.json"))[0]

        assert (first.external_id, first.event_type) == ("DPPADPOSS-FATALITIES:1", "un-personnel-casualty")
        assert (first.people, first.deaths_best, first.iso3, first.country) == (1, 1, "", "")
        assert (first.actor1, first.actor1_side, first.source_type) == (
            "UNMVEL",
            Side.TARGET,
            "Malicious Act",
        )
        assert first.own["isocode3"] == "FJI"

    def test_a_day_before_1970_is_a_negative_count_of_milliseconds(self):
        assert facts(read("DPPADPOSS-FATALITIES.json"))[0].started == date(1951, 3, 4)

    def test_illness_makes_no_mission_a_target(self):
        assert facts(read("DPPADPOSS-FATALITIES.json"))[1].actor1_side is Side.NONE

    def test_the_number_of_the_row_is_the_key_because_that_of_the_casualty_occurs_twice_and_that_is_said(
        self,
    ):
        found = facts(read("DPPADPOSS-FATALITIES.json"))

        assert len({one.external_id for one in found}) == 4
        assert [Quality.NOT_ADDITIVE in one.flags for one in found] == [False, True, True, False]

    def test_trailing_blanks_are_read_away_and_kept_in_the_row(self):
        second = facts(read("DPPADPOSS-FATALITIES.json"))[1]

        assert (second.text, second.own["casualty_personnel_type"]) == ("Local", "Local ")

    def test_the_day_of_the_last_update_orders_versions(self):
        assert {one.rank for one in facts(read("DPPADPOSS-FATALITIES.json"))} == {"2026-11-01"}

    def test_a_file_of_police_alone_is_the_data_set_of_the_police_and_counts_the_same_people_again(self):
        police = [row | {"casualty_personnel_type": "Police"} for row in given("DPPADPOSS-FATALITIES.json")]
        found = facts(read("answer.json", as_json(police)))

        assert found[0].external_id == "DPPADPO-FATALITIESPOL:1"
        assert all(Quality.NOT_ADDITIVE in one.flags for one in found)

    def test_one_number_for_two_rows_that_differ_refuses_the_file(self):
        rows = given("DPPADPOSS-FATALITIES.json")
        response = InProcess().read(
            Received("x.json", as_json([*rows, rows[0] | {"gender": "F"}]), NOW), source=SOURCE
        )

        assert response.refusal and "DPPADPOSS-FATALITIES:1" in response.refusal.text()

    def test_a_row_whose_day_is_none_is_set_aside(self):
        rows = given("DPPADPOSS-FATALITIES.json")
        found = read("x.json", as_json([*rows, rows[0] | {"id": 9, "incident_date": "some day"}]))

        assert ["some day" in one.reason.text() for one in found if isinstance(one, BadRow)] == [True]
        assert len(facts(found)) == 4


class TestForms:
    def test_every_form_gives_the_same_keys_and_days(self):
        rows = given("DPPADPOSS-FATALITIES.json")
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("answer.json", as_json(rows))
        whole = facts(read("DPPADPOSS-FATALITIES.json"))

        for content in (as_json({"data": rows}), gzip.compress(as_json(rows)), packed.getvalue()):
            assert facts(read("answer", content)) == whole
        text = facts(read("fatalities.csv"))
        assert [(one.external_id, one.started, one.rank) for one in text] == [
            (one.external_id, one.started, one.rank) for one in (whole[0], whole[3])
        ]

    def test_xml_is_read_row_by_row(self):
        (found,) = facts(read("statements.xml"))
        (same,) = facts(read("DGC-PSMT.json"))

        assert (found.external_id, found.form, found.dated) == (same.external_id, same.form, same.dated)

    def test_columns_are_known_however_they_are_written(self):
        rows = [
            {
                "Meeting_Number" if key == "Meeting number" else key.upper(): value
                for key, value in row.items()
            }
            for row in given("DGC-SCRES.json")
        ]

        assert [one.external_id for one in facts(read("x.json", as_json(rows)))] == [
            one.external_id for one in facts(read("DGC-SCRES.json"))
        ]


class TestFindings:
    def test_a_resolution_has_its_symbol_its_day_its_topics_and_the_country_among_them(self):
        first, second = facts(read("DGC-SCRES.json"))

        assert (first.form, first.symbol, first.external_id) == (
            FindingForm.RESOLUTION, "S/RES/9901(2026)", "DGC-SCRES:S/RES/9901(2026)",
        )  # fmt: skip
        assert (first.dated, second.dated) == (date(2026, 3, 4), date(1946, 5, 6))
        assert first.themes == ("HUMAN RIGHTS", "KENYA", "VELANDIA")
        assert (first.countries, first.flags, first.title) == (("KEN",), (), "On Velandia")
        assert first.own["Voting - no"] is None

    @pytest.mark.parametrize("name", ["DGC-PSMT.json", "3fa9c1.json"])
    def test_a_presidential_statement_is_told_from_a_resolution_by_its_symbol(self, name):
        (found,) = facts(read(name, (SAMPLE / "DGC-PSMT.json").read_bytes()))

        assert (found.form, found.external_id) == (FindingForm.STATEMENT, "DGC-PSMT:S/PRST/2026/91")

    def test_a_veto_says_who_cast_it(self):
        (found,) = facts(read("DPPA-SCVETOES.json"))

        assert (found.form, found.symbol, found.dated) == (FindingForm.VETO, "S/9901", date(1959, 9, 7))
        assert found.text.endswith("france, russian federation or ussr")

    def test_a_mandate_holds_until_its_end_and_names_its_resolution_as_the_council_does(self):
        (found,) = facts(read("DPO-PEMA.json"))

        assert (found.form, found.symbol) == (FindingForm.MANDATE, "S/RES/9901(2016)")
        assert (found.valid_from, found.valid_until) == (date(2016, 3, 4), date(2017, 3, 4))
        assert found.countries == ("KEN",)

    def test_a_mission_holds_from_its_start_to_the_end_of_its_mandate(self):
        (found,) = facts(read("DPPADPOSS-PKO.json"))

        assert (found.form, found.symbol, found.title) == (
            FindingForm.MISSION,
            "UNMVEL",
            "United Nations Mission in Velandia",
        )
        assert (found.valid_from, found.valid_until, found.countries) == (
            date(1950, 1, 1),
            date(2027, 1, 31),
            ("KEN",),
        )

    def test_an_agreement_has_its_day_its_place_and_its_language(self):
        (found,) = facts(read("DPPA-MSULOP.json"))

        assert (found.form, found.external_id) == (FindingForm.AGREEMENT, "DPPA-MSULOP:901")
        assert (found.dated, found.countries, found.language) == (date(1997, 3, 4), ("SDN",), "fr")

    def test_a_day_that_can_be_read_in_two_ways_is_none_and_stays_in_the_row(self):
        (found,) = facts(read("x.json", as_json([given("DPPA-MSULOP.json")[0] | {"date": "04/03/1997"}])))

        assert (found.dated, found.date_precision, found.own["date"]) == (
            None,
            DatePrecision.UNKNOWN,
            "04/03/1997",
        )

    def test_a_data_set_that_nobody_knows_is_kept_whole_as_another_finding(self):
        (found,) = facts(read("DPO-CPAS.json"))

        assert (found.form, found.source_form) == (FindingForm.OTHER, "DPO-CPAS")
        assert found.own == given("DPO-CPAS.json")[0]


class TestFigures:
    def test_a_month_of_incidents_is_one_event_that_counts_them(self):
        (found,) = facts(read("UNFICYP-INCIDENTS.json"))

        assert (found.event_type, found.count, found.iso3) == ("incident", 40, "CYP")
        assert (found.started, found.ended, found.date_precision) == (
            date(2026, 6, 1),
            date(2026, 6, 30),
            DatePrecision.MONTH,
        )

    def test_a_month_of_which_nothing_is_counted_is_no_event(self):
        found = read(
            "x.json", as_json([{"Report_date": 0, "Civilian incidents": None, "Military violations": ""}])
        )

        assert [one.place for one in found] == ["row 1"]
        assert isinstance(found[0], BadRow)

    def test_a_contribution_is_a_number_of_the_country_by_mission(self):
        first = facts(read("DPO-UCHISTORICAL.json"))[0]

        assert (first.name, first.value, first.iso3) == ("uniformed-personnel", 43, "FJI")
        assert first.breakdown == {"mission_acronym": "UNMVEL", "personnel_type": "Troops"}
        assert (first.period_start, first.period_end) == (date(2026, 9, 1), date(2026, 9, 30))

    def test_a_sum_with_a_missing_part_is_not_known(self):
        second = facts(read("DPO-UCHISTORICAL.json"))[1]

        assert (second.value, second.iso3, second.country) == (None, "", "Old Quay")
        assert Quality.COUNTRY_UNKNOWN in second.flags

    def test_a_country_without_a_code_is_found_by_its_number(self):
        rows = [row | {"isocode3": None, "m49_code": 250.0} for row in given("DPO-UCHISTORICAL.json")]

        assert {one.iso3 for one in facts(read("x.json", as_json(rows)))} == {"FRA"}

    def test_a_country_and_one_number_are_a_measure_where_nobody_laid_it_down(self):
        rows = [{"country": "Fiji", "year": 2024, "wells_built": 3, "last_update": 0}]
        (found,) = facts(read("DPO-WELLS.json", as_json(rows)))

        assert (found.name, found.value, found.iso3) == ("wells-built", 3, "FJI")
        assert (found.period_start, found.period_end) == (date(2024, 1, 1), date(2024, 12, 31))

    def test_two_columns_of_numbers_make_no_measure(self):
        rows = [{"country": "Fiji", "year": 2024, "wells_built": 3, "wells_lost": 1, "last_update": 0}]

        assert isinstance(facts(read("DPO-WELLS.json", as_json(rows)))[0], Finding)


class TestKeys:
    def test_declared_columns_that_two_rows_share_are_told_apart_by_content_and_that_is_said(self):
        row = given("DGC-SCRES.json")[0]
        found = facts(read("x.json", as_json([row, row | {"Title": "Another"}])))

        assert len({one.external_id for one in found}) == 2
        assert all(one.flags == (Quality.KEY_REPEATED,) for one in found)

    def test_rows_that_are_alike_in_all_are_all_kept(self):
        row = {"donor": "Fiji", "amount": 5, "calendar_year": 2024}
        found = facts(read("DPPA-MYA.json", as_json([row, row])))

        assert len({one.external_id for one in found}) == 2

    def test_a_new_day_of_update_makes_no_new_key(self):
        row = {"donor": "Fiji", "amount": 5, "calendar_year": 2024}
        one, other = (
            facts(read("DPPA-MYA.json", as_json([row | {"last_update": day}])))[0] for day in (0, 86400000)
        )

        assert one.external_id == other.external_id

    def test_the_day_in_a_key_is_the_same_from_every_form(self):
        text = json.loads((SAMPLE / "DPPA-SCVETOES.json").read_bytes())[0] | {"Date": "1959-09-07"}

        assert facts(read("x.json", as_json([text])))[0].external_id == "DPPA-SCVETOES:S/9901|1959-09-07"
        assert facts(read("DPPA-SCVETOES.json"))[0].external_id == "DPPA-SCVETOES:S/9901|1959-09-07"


class TestTheList:
    def test_every_data_set_of_the_list_is_described_and_what_is_personal_or_classed_is_warned_of(self):
        found = facts(read("metadata-all.json"))

        assert [one.form for one in found] == [FindingForm.DATASET] * 4
        assert [one.external_id for one in found][:2] == ["metadata:DGC-SCRES", "metadata:DPPA-MSULOP"]
        assert [one.flags == (Quality.SOURCE_WARNS,) for one in found] == [False, True, True, True]
        assert (found[0].body, found[0].themes) == ("DPO-XX", ("Peacekeeping", "Missions"))
        assert found[0].own == given("metadata-all.json")[0]

    def test_what_is_not_released_to_everybody_is_never_asked_for(self):
        envelope = next(one for one in read("metadata-all.json") if isinstance(one, Envelope))

        assert json.loads(envelope.more) == {"DGC-SCRES": "2026-10-31", "DPPA-MSULOP": "2026-10-31"}

    def test_one_data_set_alone_is_described_as_well(self):
        assert len(facts(read("x.json", as_json(given("metadata-all.json")[0])))) == 1


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("x.json", b'{"error": {"message": "Dataset not found"}}', "Dataset not found"),
        ("x.json", b'{"detail": "Too many requests"}', "Too many requests"),
        ("x.json", b'{"count": 3}', "only count"),
        ("x.json", b"[]", "no rows"),
        ("x.json", b"", "empty"),
        ("x.json", b"<html><body>The hub rests</body></html>", "The hub rests"),
        ("x.json", b'[{"id": 1, "iso3": "FJI", "centroid": "0,0"}]', "no data set of the hub.*centroid"),
        ("DPO-PEMA.json", b'[{"id": 1, "operation": "UNMVEL"}]', "Columns are not there: namepko, signature"),
    ],
)
def test_what_is_no_data_set_is_refused_with_a_reason(name, content, words):
    with pytest.raises(Malformed, match=words):
        read(name, content)


@pytest.mark.parametrize(
    ("name", "rows"), [("metadata-all.json", 53), ("dppadposs-fatalities-json.json", 4350)]
)
def test_the_recorded_answers_are_read_to_the_last_row(name, rows):
    path = payloads("un_psdata") / name
    response = InProcess().read(Received(name, path.read_bytes(), NOW), source=SOURCE)

    assert (response.refusal, response.count, response.bad, response.ignored) == (None, rows, (), ())


def test_the_recorded_casualties_are_told_apart_and_the_repeated_ones_are_marked():
    path = payloads("un_psdata") / "dppadposs-fatalities-json.json"
    found = facts(read("3fa9c1.json", path.read_bytes()))

    assert len({one.external_id for one in found}) == len(found) == 4350
    assert sum(Quality.NOT_ADDITIVE in one.flags for one in found) == 12
    assert min(one.started for one in found) == date(1948, 7, 6)
    assert sum(one.actor1_side is Side.TARGET for one in found) == 1118
    assert [one.own for one in found] == json.loads(path.read_bytes())


def test_every_data_set_of_the_recorded_list_may_be_asked_for_and_two_hold_personal_data():
    found = read("x.json", (payloads("un_psdata") / "metadata-all.json").read_bytes())

    assert len(json.loads(next(one.more for one in found if isinstance(one, Envelope)))) == 53
    assert [one.symbol for one in facts(found) if one.flags] == ["DPPA-MSULOP", "DPPA-SCWPS"]


TELLING = {
    "DGC-PSMT": {"Symbol": "S/PRST/2026/91"},
    "DPPADPO-FATALITIESPOL": {"casualty_personnel_type": "Police"},
    "DPO-UHISTORICALPOL": {"personnel_type": "Police"},
    "UNFICYP-INCIDENTS": {"Report_date": 0, "Civilian incidents": 1},
}


def test_every_data_set_whose_columns_the_recorded_list_defines_is_known_by_them():
    listed = json.loads((payloads("un_psdata") / "metadata-all.json").read_bytes())
    defined = {
        one["Dataset ID"]: [column["Column Name"] for column in one["Column definitions"] or ()]
        for one in listed
    }
    told = {}
    for key, columns in defined.items():
        if columns:
            (fact,) = facts(read("x.json", as_json([dict.fromkeys(columns) | TELLING.get(key, {})])))
            told[key] = fact.external_id.partition(":")[0]

    assert told == {key: key for key in told}
    assert len(told) == 47


def test_what_it_brings_is_internal():
    assert SOURCE.default_level == 1
