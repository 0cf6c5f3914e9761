"""Tables that are known by their columns give facts, row by row; every other stays a document."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from forestall.base.errors import Malformed
from forestall.collecting.asking import BadRow, Envelope, Ignored
from forestall.collecting.childprocess import InProcess
from forestall.collecting.intake import read as take_in
from forestall.collecting.received import Received
from forestall.collecting.responses import Response
from forestall.facts import DatePrecision, Event, Measure, PlacePrecision, Quality, Side
from forestall.facts.vocabulary import codes
from forestall.sources import all_sources
from forestall.sources.table import collector
from forestall.sources.table.laid import find_table
from forestall.sources.table.mapping import Ready, read_ready, ready_mappings
from tests.recorded import payloads

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SAMPLE = Path(__file__).parent / "sample"
SOURCE = all_sources()["table"]
GREETED = "SiND Event ID,Date,Country ISO,{}\n7,2026-09-02,SDN,1\n"


def read(name: str, content: bytes | str | None = None) -> tuple[str, list[object]]:
    given = (SAMPLE / name).read_bytes() if content is None else content
    given = given.encode() if isinstance(given, str) else given
    known = collector.recognised(Received(name, given, NOW), source=SOURCE)
    assert known is not None
    return known.mapping, list(known.found)


def events(name: str, content: bytes | str | None = None) -> list[Event]:
    return [one for one in read(name, content)[1] if isinstance(one, Event)]


def measures(name: str, content: bytes | str | None = None) -> list[Measure]:
    return [one for one in read(name, content)[1] if isinstance(one, Measure)]


def recognise(name: str, content: bytes) -> Response:
    return InProcess().recognise(Received(name, content, NOW), source=SOURCE)


def book_of(**sheets: list[list[object]]) -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name.replace("_", " "))
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


class TestIncidents:
    def test_an_incident_has_its_day_its_place_and_who_is_said_to_have_done_it(self):
        first = events("incidents-health.json")[0]

        assert (first.external_id, first.event_type) == (
            "insecurity-insight:health/90001",
            "attack-on-health",
        )
        assert (first.started, first.latitude, first.longitude) == (date(2026, 9, 14), 13.5, 24.25)
        assert (first.place_precision, first.source_precision) == (PlacePrecision.NEAR, "(2) 25 km Precision")
        assert (first.actor1, first.actor1_side) == ("Men of the Upper Bank", Side.PERPETRATOR)
        assert (first.deaths_best, first.people) == (1, 0)
        assert first.own["Weapon Carried/Used"] == "Firearms"

    def test_false_and_nothing_are_both_not_known_and_never_nought(self):
        second = events("incidents-health.json")[1]

        assert (second.deaths_best, second.people, second.latitude) == (None, None, None)
        assert second.actor1 == "Unknown"
        assert second.own["Health Workers Kidnapped"] is False
        assert set(second.flags) == {Quality.COUNTRY_UNKNOWN, Quality.NO_POINT}

    def test_persons_of_every_column_that_says_a_number_are_added_and_a_row_of_tags_is_none(self):
        first, second = read("incidents-education.csv")[1]

        assert (first.external_id, first.event_type) == (
            "insecurity-insight:education/90003",
            "attack-on-education",
        )
        assert (first.deaths_best, second.deaths_best) == (5, None)

    @pytest.mark.parametrize(
        ("column", "theme"),
        [
            ("Aid Workers Killed", "aid"), ("Health Workers Killed", "health"), ("Educators Killed", "education"),
            ("Attack on IDP/Refugee Camp", "protection"), ("Food Storage Damaged", "food"),
            ("Survivor or Victim Sex", "sexual-violence"),
        ],
    )  # fmt: skip
    def test_what_an_incident_is_about_is_told_by_the_columns(self, column, theme):
        (found,) = events("x.csv", GREETED.format(column))

        assert found.source_type == theme
        assert found.event_type == codes("insecurity-insight")[theme]

    @pytest.mark.parametrize("spelling", ["SiND ID", "SiND Event ID", "SIND Event ID", "sind_event_id"])
    def test_its_number_is_found_however_it_is_spelled(self, spelling):
        (found,) = events("x.csv", f"{spelling},Date\n7,2026-09-02\n")

        assert found.external_id.endswith(":7")
        assert found.event_type == "incident"

    def test_a_workbook_gives_the_same_facts_and_they_are_of_the_first_level(self):
        rows = json.loads((SAMPLE / "incidents-health.json").read_text())
        content = book_of(Incidents=[list(rows[0]), *([*row.values()] for row in rows)], Notes=[["a note"]])
        found = recognise("incidents.xlsx", content)

        assert (found.count, found.mapping, found.level) == (2, "insecurity-insight", 1)
        assert found.ignored == ("Notes (sheet)",)

    def test_words_where_a_number_should_be_set_the_row_aside(self):
        found = read("x.csv", "SiND ID,Date,Health Workers Killed\n7,2026-09-02,several\n")[1]

        (bad,) = (one for one in found if isinstance(one, BadRow))
        assert "“several”" in bad.reason.text()


class TestStructure:
    @pytest.mark.parametrize(
        ("head", "row", "mapping", "value", "iso3"),
        [
            ("country_name,country_text_id,country_id,year,v2x_polyarchy,v2x_libdem", "Sudan,SDN,33,2024,0.17,0.1",
             "vdem-country-year", 0.17, "SDN"),
            ("countries_gwid,year,countryname,exclpop", "625,2024,Sudan,0.31", "epr-country-year", 0.31, "SDN"),
            ("gwid,statename,from,to,group,groupid,gwgroupid,size,status", "625,Sudan,2011,2024,Reed People,1,62501,0.2,DISCRIMINATED",
             "epr-core", 0.2, "SDN"),
            ("Country,Country_OLD,Year,WordBank_Code_A,PTS_A,PTS_H,PTS_S", "Sudan,,2024,SDN,5,NA,4",
             "political-terror-scale", 4, "SDN"),
            ("Country,Year,Rank,Total,C1: Security Apparatus", "Sudan,2024,2nd,109.3,9.5", "fragile-states-index", 109.3, "SDN"),
            ("CRISIS,CRISIS ID,COUNTRY,ISO3,INFORM Severity Index", "Complex,SDN001,Sudan,SDN,4.6", "inform-severity", 4.6, "SDN"),
            ("conflict_id,dyad_id,location_inc,side_a,side_b,year,bd_best,bd_low,bd_high,gwno_loc",
             "1,2,Sudan,G,R,2024,50,40,60,625", "ucdp-battle-deaths", 50, "SDN"),
            ("year,country,ccode,ios.iccpr1", "2019,Sudan,625,0", "iccpr-protocol", 0, "SDN"),
        ],
    )  # fmt: skip
    def test_a_table_of_the_field_is_known_by_its_columns(self, head, row, mapping, value, iso3):
        name, found = read("x.csv", f"{head}\n{row}\n")

        (fact,) = found
        assert isinstance(fact, Measure)
        assert (name, fact.value, fact.iso3) == (mapping, value, iso3)
        assert set(fact.own) == set(head.split(","))
        assert fact.period_end is None or fact.period_end.month == 12

    def test_a_figure_that_nobody_could_code_is_not_known(self):
        (found,) = measures("x.csv", "Country,Year,WordBank_Code_A,PTS_A,PTS_S\nSudan,2024,SDN,5,NA\n")

        assert found.value is None

    def test_a_group_stands_from_its_first_year_to_its_last(self):
        head = "gwid,statename,from,to,group,gwgroupid,size,status\n"
        (found,) = measures("x.csv", head + "625,Sudan,2011,2024,Reed People,62501,0.2,DISCRIMINATED\n")

        assert (found.period_start, found.period_end) == (date(2011, 1, 1), date(2024, 12, 31))
        assert (found.period_precision, found.breakdown["group"]) == (DatePrecision.SPAN, "Reed People")

    def test_a_best_estimate_outside_its_bounds_is_kept_and_says_so(self):
        head = "conflict_id,dyad_id,year,bd_best,bd_low,bd_high,gwno_loc\n"
        found = measures("x.csv", head + '1,2,2024,70,40,60,625\n1,3,2024,50,40,60,"625, 626"\n')

        assert Quality.BOUNDS_BROKEN in found[0].flags
        assert (found[1].iso3, found[1].flags) == ("", (Quality.COUNTRY_UNKNOWN,))

    def test_a_year_that_is_none_sets_the_row_aside(self):
        found = read("x.csv", "countries_gwid,year,countryname,exclpop\n625,soon,Sudan,0.3\n")[1]

        assert isinstance(found[0], BadRow) and "should be a year" in found[0].reason.text()

    def test_a_country_that_a_formula_fetched_is_the_one_that_was_saved_with_it(self):
        head = ["ISO3", "VULNERABILITY", "LACK OF COPING CAPACITY", "INFORM RISK"]
        content = book_of(Sheet=[head, ["=Codes!A1", 7.0, 6.5, 8.2]])
        saved = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(content)) as book, zipfile.ZipFile(saved, "w") as again:
            for name in book.namelist():
                part = book.read(name).replace(
                    b'<c r="A2"><f>Codes!A1</f><v />', b'<c r="A2" t="str"><f>Codes!A1</f><v>SDN</v>'
                )
                again.writestr(
                    name,
                    part.replace(
                        b'<c r="A2"><f>Codes!A1</f><v></v>', b'<c r="A2" t="str"><f>Codes!A1</f><v>SDN</v>'
                    ),
                )
        (found,) = measures("INFORM.xlsx", saved.getvalue())

        assert (found.iso3, found.own["ISO3"], found.flags) == ("SDN", "SDN", ())

    def test_a_header_below_a_title_is_found_and_a_line_of_units_is_part_of_it(self):
        head = ["COUNTRY", "ISO3", "VULNERABILITY", "LACK OF COPING CAPACITY", "INFORM RISK", "RISK CLASS"]
        rows = [
            ["INFORM Risk Index 2026"],
            [],
            head,
            ["(a-z)", "(a-z)", "(0-10)", "(0-10)", "(0-10)", "(class)"],
        ]
        content = book_of(Home=[["Welcome"]], INFORM_Risk=[*rows, ["Sudan", "SDN", 7.0, 6.5, "x", "High"]])
        name, found = read("INFORM.xlsx", content)

        assert name == "inform-risk"
        assert [type(one) for one in found] == [Measure, Ignored]
        assert (found[0].external_id, found[0].value) == ("inform-risk:SDN/2026", None)
        assert found[0].period_start == date(2026, 1, 1)


class TestWorldBank:
    def page(self, **about: object) -> bytes:
        row = {
            "indicator": {"id": "SP.POP.TOTL", "value": "Population, total"}, "country": {"id": "SD", "value": "Sudan"},
            "countryiso3code": "SDN", "date": "2024", "value": 50448963, "unit": "", "obs_status": "", "decimal": 0,
        }  # fmt: skip
        rows = [
            row,
            {**row, "date": "2023Q2", "value": None},
            {**row, "countryiso3code": "", "country": {"id": "1A", "value": "Arab World"}},
        ]
        return json.dumps(
            [{"page": 1, "pages": 3, "per_page": "3", "total": 9, "lastupdated": "2026-10-07", **about}, rows]
        ).encode()

    def test_its_answer_is_two_things_of_which_the_second_are_the_rows(self):
        first, quarter, group = measures("wb.json", self.page())

        assert (first.external_id, first.name) == ("world-bank:SP.POP.TOTL/SDN/2024", "SP.POP.TOTL")
        assert (first.value, first.iso3, first.rank) == (50448963, "SDN", "2026-10-07")
        assert (quarter.value, quarter.period_start, quarter.period_end) == (
            None,
            date(2023, 4, 1),
            date(2023, 6, 30),
        )
        assert (group.iso3, group.flags) == ("", (Quality.COUNTRY_UNKNOWN,))

    @pytest.mark.parametrize(("page", "more"), [(1, "2"), (3, "")])
    def test_it_says_how_many_rows_there_are_and_which_page_comes_next(self, page, more):
        found = read("wb.json", self.page(page=page))[1]

        assert Envelope(total=9, more=more, high="2026-10-07") in found

    def test_what_it_refuses_is_told_in_its_own_words(self):
        answer = b'[{"message":[{"id":"120","key":"Invalid value","value":"The provided parameter value is not valid"}]}]'

        assert "parameter value is not valid" in recognise("wb.json", answer).refusal.text()


class TestRecognising:
    def test_a_table_that_no_mapping_names_is_left_to_be_read_as_a_document(self):
        found = recognise("x.csv", b"day,killed\n2026-11-01,3\n")

        assert (found.mapping, found.refusal, found.count) == ("", None, 0)

    @pytest.mark.parametrize(
        "content", [b"", b"<html><body>x</body></html>", b'{"a": ', b"PK\x03\x04torn", b"\xff\xfe\x00"]
    )
    def test_what_is_no_table_is_left_as_well(self, content):
        assert recognise("x", content) == Response()

    def test_a_table_that_is_known_still_comes_into_the_inbox_as_one_document(self):
        received = Received("incidents-education.csv", (SAMPLE / "incidents-education.csv").read_bytes(), NOW)
        reading = take_in(received, sources=all_sources(), child=InProcess())

        assert (reading.items, reading.rows) == (1, 2)

    def test_a_packed_table_is_known(self):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("epr.csv", "countries_gwid,year,countryname,exclpop\n625,2024,Sudan,0.31\n")

        assert recognise("epr.zip", packed.getvalue()).count == 1

    def test_rows_of_one_key_are_all_kept_and_told_apart_by_what_they_say(self):
        found = measures(
            "x.csv", "countries_gwid,year,countryname,exclpop\n625,2024,Sudan,0.31\n625,2024,Sudan,0.4\n"
        )

        assert len({one.external_id for one in found}) == 2
        assert all(Quality.KEY_REPEATED in one.flags for one in found)

    def test_too_many_bad_rows_refuse_the_table_by_its_mapping(self):
        rows = "".join(f"625,{year},Sudan,much\n" for year in range(2000, 2010))
        found = recognise("x.csv", f"countries_gwid,year,countryname,exclpop\n{rows}".encode())

        assert found.mapping == "epr-country-year"
        assert "10 of 10 rows are bad" in found.refusal.text()


class TestMappings:
    def test_every_mapping_can_be_read_and_its_facts_may_be_counted_with_the_rest(self):
        assert len(ready_mappings()) >= 11
        assert all(one.level in (0, 1) and one.title and one.licence for one in ready_mappings())

    def test_a_partners_table_needs_a_definition_alone(self, tmp_path: Path):
        (tmp_path / "market_watch.toml").write_text(
            'title = "Market watch"\npublisher = "Reed Circle"\nlicence = "CC BY 4.0"\nlevel = 0\nform = "measure"\n'
            'recognised_by = ["market", "week price"]\nkey = ["market"]\n'
            '[fields]\nvalue = "week price"\ncountry_code = "land"\n[measure]\nname = "price"\nunit = "coins"\n'
        )
        mappings = ready_mappings(tmp_path)
        found = find_table(
            Received("x.csv", b"Market,Week_Price,Land\nReeds,3,SDN\n", NOW), mappings=mappings
        )

        assert found is not None and found.ready.id == "market-watch"

    @pytest.mark.parametrize(
        ("change", "named"),
        [
            ("level = 2", "level"),
            ('form = "rumour"', "form"),
            ("surprise = 1", "surprise"),
            ("key = []", "key"),
        ],
    )
    def test_a_definition_that_cannot_be_is_refused_by_its_key(self, tmp_path: Path, change: str, named: str):
        given = {
            "title": '"T"',
            "publisher": '"P"',
            "licence": '"L"',
            "level": "0",
            "form": '"measure"',
            "recognised_by": '["a"]',
            "key": '["a"]',
        }
        name, _, value = change.partition(" = ")
        path = tmp_path / "x.toml"
        path.write_text(
            "\n".join(f"{key} = {one}" for key, one in {**given, name: value}.items()) + "\n[fields]\n"
        )

        with pytest.raises(Malformed, match=named):
            read_ready(path)

    def test_a_definition_that_lacks_a_part_is_refused(self, tmp_path: Path):
        path = tmp_path / "x.toml"
        path.write_text('title = "T"\n')

        with pytest.raises(Malformed, match="lacks publisher"):
            read_ready(path)

    def test_the_mapping_that_asks_for_more_columns_is_tried_first(self):
        asked = [len(one.recognised_by) for one in ready_mappings()]

        assert asked == sorted(asked, reverse=True)
        assert all(isinstance(one, Ready) for one in ready_mappings())


@pytest.mark.parametrize(
    ("name", "rows", "mapping"),
    [
        ("BattleDeaths_v25_1.csv", 1995, "ucdp-battle-deaths"),
        ("INFORM_2021.xlsx", 191, "inform-risk"),
        ("epr-data.csv", 10665, "epr-country-year"),
        ("iccpr-data.csv", 10357, "iccpr-protocol"),
    ],
)
def test_the_recorded_tables_are_read_to_the_last_row(name, rows, mapping):
    found = recognise(name, (payloads("structural") / name).read_bytes())

    assert (found.refusal, found.bad) == (None, ())
    assert (found.count, found.mapping) == (rows, mapping)
