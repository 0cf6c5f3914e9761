"""HDX: a table is known by its columns, rows by what their provider calls a place, and files by when they changed."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from forestall.base.errors import Malformed
from forestall.collecting.asking import BadRow, Envelope, Ignored, Page, Request
from forestall.collecting.childprocess import InProcess
from forestall.collecting.kinds import Kind
from forestall.collecting.received import Received
from forestall.facts import DatePrecision, Event, Finding, FindingForm, Measure, PlacePrecision, Quality
from forestall.sources import all_sources
from forestall.sources.hdx_hapi import collector
from tests.recorded import payloads

NOW = datetime(2026, 10, 20, 12, tzinfo=UTC)
TODAY = NOW.date()
SAMPLE = Path(__file__).parent / "sample"
SOURCE = all_sources()["hdx-hapi"]
WITH_TABLE = replace(
    SOURCE,
    settings={
        **SOURCE.settings, "datasets": [], "searches": [], "tables": ["affected-people/idps"], "limit": 2,
    },
)  # fmt: skip
YEARLY = "hdx_hapi_conflict_event_global_2026.csv"


def read(name: str, content: bytes | str | None = None) -> list[object]:
    given = (SAMPLE / name).read_bytes() if content is None else content
    given = given.encode() if isinstance(given, str) else given
    return list(collector.parse(Received(name, given, NOW), kind=Kind.UNKNOWN, source=SOURCE))


def events(found: list[object]) -> list[Event]:
    return [one for one in found if isinstance(one, Event)]


def measures(found: list[object]) -> list[Measure]:
    return [one for one in found if isinstance(one, Measure)]


def test_events_are_counted_together_over_a_month_with_their_deaths():
    first = events(read(YEARLY))[0]

    assert (first.count, first.deaths_best, first.deaths_low) == (4, 11, None)
    assert (first.started, first.ended, first.date_precision) == (
        date(2026, 9, 1), date(2026, 9, 30), DatePrecision.MONTH,
    )  # fmt: skip
    assert (first.event_type, first.source_type, first.place_precision) == (
        "attack-on-civilians", "civilian_targeting", PlacePrecision.ADMIN2,
    )  # fmt: skip


def test_a_mark_at_the_beginning_and_a_row_of_tags_are_no_data():
    found = events(read(YEARLY))

    assert len(found) == 5
    assert [one.row for one in found] == [3, 4, 5, 6, 7]
    assert "location_code" in found[0].own


def test_deaths_that_nobody_gives_are_not_known_and_a_count_of_nought_is_one():
    found = events(read(YEARLY))

    assert found[1].deaths_best is None
    assert (found[4].count, found[4].deaths_best, found[4].place_precision) == (0, 0, PlacePrecision.COUNTRY)


def test_attacks_on_civilians_lie_within_political_violence_and_are_not_added_to_it():
    first, second = events(read(YEARLY))[:2]

    assert Quality.NOT_ADDITIVE in first.flags
    assert Quality.NOT_ADDITIVE not in second.flags


def test_rows_that_hdx_warns_of_or_leaves_out_of_its_api_are_kept_and_say_so():
    found = events(read(YEARLY))

    assert [Quality.SOURCE_WARNS in one.flags for one in found] == [False, False, True, True, False]
    assert found[3].own["error"] == "Outside the list of places"


def test_places_without_a_code_are_told_apart_by_what_their_provider_calls_them():
    third, fourth = events(read(YEARLY))[2:4]

    assert third.own["admin2_code"] == fourth.own["admin2_code"] == ""
    assert third.external_id != fourth.external_id


def test_a_code_of_no_country_here_stays_as_given_and_says_so():
    found = events(read(YEARLY))

    assert (found[0].iso3, found[4].iso3) == ("ZZB", "SDN")
    assert Quality.COUNTRY_UNKNOWN in found[0].flags
    assert Quality.COUNTRY_UNKNOWN not in found[4].flags


def test_the_api_and_the_file_name_the_same_row_alike():
    of_file, of_api = events(read(YEARLY)), events(read("conflict-events.json"))

    assert [one.external_id for one in of_api] == [one.external_id for one in of_file[:2]]


def test_a_packed_file_reads_like_the_file():
    packed = gzip.compress((SAMPLE / YEARLY).read_bytes())

    assert events(read(f"{YEARLY}.gz", packed)) == events(read(YEARLY))


def test_displaced_people_of_one_name_and_two_codes_are_two_rows_and_are_never_added():
    found = measures(read("idps.json"))

    assert [one.value for one in found] == [1200.0, 300.0]
    assert len({one.external_id for one in found}) == 2
    assert not any(Quality.KEY_REPEATED in one.flags for one in found)
    assert all(one.name == "idps" and Quality.NOT_ADDITIVE in one.flags for one in found)
    assert found[0].breakdown["reporting_round"] == "7"


def test_rows_that_share_a_key_are_both_kept_and_named_by_what_they_say_in_whatever_order():
    head = "location_code,risk_class,overall_risk,reference_period_start,reference_period_end\n"
    rows = ["ZZB,4,6.5,2026-01-01,2026-12-31\n", "ZZB,5,8.1,2026-01-01,2026-12-31\n"]
    there, back = (measures(read("risk.csv", head + "".join(order))) for order in (rows, rows[::-1]))

    assert all(Quality.KEY_REPEATED in one.flags for one in there)
    assert {(one.external_id, one.value) for one in there} == {(one.external_id, one.value) for one in back}
    assert len({one.external_id for one in there}) == 2
    assert there[0].period_precision is DatePrecision.YEAR


def test_overlapping_analyses_of_hunger_are_all_kept_by_their_content():
    head = "location_code,provider_admin1_name,ipc_phase,ipc_type,population_in_phase,reference_period_start,reference_period_end\n"
    row = "ZZB,Lower River,3+,current,{},2026-04-01,2026-08-31\n"
    found = measures(read("food.csv", head + row.format(10) + row.format(20)))

    assert [one.value for one in found] == [10, 20]
    assert not any(Quality.KEY_REPEATED in one.flags for one in found)
    assert found[0].period_precision is DatePrecision.SPAN


def test_a_row_repeated_word_for_word_is_counted_and_may_not_be_added():
    head = "location_code,risk_class,overall_risk,reference_period_start,reference_period_end\n"
    row = "ZZB,4,6.5,2026-01-01,2026-12-31\n"
    found = measures(read("risk.csv", head + row + row))

    assert len({one.external_id for one in found}) == 2
    assert [Quality.NOT_ADDITIVE in one.flags for one in found] == [False, True]


@pytest.mark.parametrize(
    ("columns", "values", "name", "value", "unit"),
    [
        ("origin_location_code,asylum_location_code,population_group,gender,age_range,min_age,max_age,population",
         "SDN,TCD,REF,f,0-4,0,4,120", "refugees", 120, "people"),
        ("origin_location_code,asylum_location_code,population_group,gender,age_range,min_age,max_age,population",
         "SDN,TCD,RET,all,all,,,7", "returnees", 7, "people"),
        ("location_code,sector_code,population_status,population_group,category,population",
         "SDN,PRO,INN,all,,900", "humanitarian-needs", 900, "people"),
        ("location_code,risk_class,global_rank,overall_risk", "SDN,5,2,7.9", "national-risk", 7.9, "index from 0 to 10"),
        ("location_code,appeal_code,appeal_name,appeal_type,requirements_usd,funding_usd,funding_pct",
         "SDN,HSDN26,Plan,HRP,10,4,40", "funding", 4, "US dollars"),
        ("location_code,market_code,commodity_code,price_flag,price_type,price,unit,currency_code",
         "SDN,1,51,actual,retail,12.5,KG,SDG", "food-prices", 12.5, "SDG / KG"),
        ("location_code,mpi,headcount_ratio", "SDN,0.27,52.3", "poverty-rate", 0.27, "index from 0 to 1"),
        ("location_code,org_acronym,org_name,sector_code", "SDN,RC,Reed Circle,WSH", "operational-presence", None, ""),
        ("location_code,gender,age_range,population", "SDN,all,all,50", "baseline-population", 50, "people"),
        ("category,subcategory,location_code,hapi_updated_date", "a,b,SDN,2026-10-01", "data-availability", None, ""),
        ("code,name,admin1_code,location_code", "SD0101,Reed,SD01,SDN", "place-code", None, ""),
        ("code,name,has_hrp,in_gho", "SDN,Sudan,true,true", "location", None, ""),
        ("Location,Admin Level,P-Code,Name,Parent P-Code,Valid from date", "SDN,1,SD01,Reed,SDN,2024-01-01", "place-code", None, ""),
    ],
)  # fmt: skip
def test_every_table_is_known_by_its_columns(columns, values, name, value, unit):
    (found,) = measures(read("table.csv", f"{columns}\n{values}\n"))

    assert (found.name, found.value, found.unit) == (name, value, unit)
    assert found.iso3 == ("TCD" if name == "refugees" else "SDN")


def test_an_answer_of_the_catalogue_tells_each_file_and_leaves_counters_of_visitors_aside():
    found = read("package_show.json")
    entries = [one for one in found if isinstance(one, Finding)]

    assert [one.external_id for one in entries] == ["resource:r-2026", "resource:r-2025", "resource:guide"]
    assert {one.form for one in entries} == {FindingForm.DATASET}
    assert (entries[0].countries, entries[0].flags) == (("SDN",), (Quality.COUNTRY_UNKNOWN,))
    assert (entries[0].licence, entries[0].body) == ("Terms of the Counting House", "The Counting House")
    assert entries[0].own["size"] == 1200 and "is_fresh" not in entries[0].own["dataset"]
    assert "is_fresh" in next(one for one in found if isinstance(one, Ignored)).fields
    assert next(one for one in found if isinstance(one, Envelope)).high == "2026-10-18T06:00:00.000001"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<!doctype html><html><body>Down for maintenance</body></html>", "Down for maintenance"),
        (b"", "empty"),
        (b'{"detail": "Invalid app_identifier"}', "Invalid app_identifier"),
        (b'{"detail": [{"loc": ["query", "limit"], "msg": "limit is too large"}]}', "limit is too large"),
        (b'{"success": false, "error": {"__type": "Not Found Error", "message": "Not found"}}', "“Not found”"),
        (b"day,killed\n2026-01-01,3\n", "no table of HDX HAPI: day, killed"),
        (b'{"data": [{"location_code": "SDN", "ev', "not JSON"),
    ],
)  # fmt: skip
def test_what_is_no_table_is_refused_in_the_words_of_who_sent_it(content, said):
    with pytest.raises(Malformed, match=said):
        read("answer", content)


def test_a_file_cut_short_gives_its_whole_rows_and_sets_the_torn_one_aside():
    whole = (SAMPLE / YEARLY).read_bytes()
    found = read(YEARLY, whole[: whole.index(b"Reed Shore")])
    (bad,) = (one for one in found if isinstance(one, BadRow))

    assert len(events(found)) == 3
    assert (bad.place, bad.content) == ("row 6", "ZZB,Y,Y,Lower River,")


class TestAsking:
    def answered(
        self, cursor: dict[str, object], request: Request, *, status: int = 200, name: str = ""
    ) -> dict[str, object]:
        found = read(name) if name else []
        envelope = next((one for one in found if isinstance(one, Envelope)), Envelope())
        return collector.advance(
            cursor, page=Page(request, status, at=NOW, count=len(found), envelope=envelope)
        )

    def next(self, cursor: dict[str, object], *, on: date = TODAY, source=SOURCE) -> Request | None:
        return next(iter(collector.plan(cursor, source=source, today=on)), None)

    def test_the_catalogue_is_asked_first_and_files_that_changed_are_fetched_once(self):
        first = self.next({})
        cursor = self.answered({}, first, name="package_show.json")
        asked = []
        while (request := self.next(cursor)) and request.key.startswith("file:"):
            asked.append(request)
            cursor = self.answered(cursor, request)

        assert first.url == "https://data.humdata.org/api/3/action/package_show?id=hdx-hapi-conflict-event"
        assert [one.key for one in asked] == ["file:r-2026", "file:r-2025"]
        assert asked[0].name == "hdx_hapi_conflict_event_r-2026.csv"
        again = self.answered(cursor, first, name="package_show.json")
        assert not self.next(again).key.startswith("file:")

    def test_a_file_that_changes_again_is_fetched_again(self):
        first = self.next({})
        cursor = self.answered({}, first, name="package_show.json")
        for key in ("file:r-2026", "file:r-2025"):
            cursor = self.answered(cursor, Request(key, ""))
        entry = {"id": "r-2025", "changed": "2026-10-19", "url": "u", "format": "csv", "name": "n"}
        page = Page(first, 200, at=NOW, envelope=Envelope(more=json.dumps([entry])))

        cursor = collector.advance(cursor, page=page)

        assert self.next(cursor, on=date(2026, 10, 21)).key == "file:r-2025"

    def test_a_file_that_does_not_come_is_asked_for_again_another_day_and_holds_up_nothing(self):
        cursor = self.answered({}, self.next({}), name="package_show.json")
        cursor = self.answered(cursor, self.next(cursor), status=503)

        assert self.next(cursor).key == "file:r-2025"
        assert self.next(cursor, on=date(2026, 10, 21)).key == "file:r-2026"

    def test_pages_are_followed_until_one_is_not_full_and_resumed_where_they_broke_off(self):
        first = self.next({}, source=WITH_TABLE)
        cursor = self.answered({}, first, name="idps.json")
        second = self.next(cursor, source=WITH_TABLE)
        broken = self.answered(cursor, second, status=500)

        assert first.url == (
            "https://hapi.humdata.org/api/v2/affected-people/idps"
            "?app_identifier={app_identifier}&output_format=json&limit=2&offset=0"
        )
        assert second.url.endswith("offset=2")
        assert self.next(broken, source=WITH_TABLE) is None
        assert self.next(broken, on=date(2026, 10, 21), source=WITH_TABLE).url.endswith("offset=2")
        done = collector.advance(cursor, page=Page(second, 200, at=NOW, envelope=Envelope(more="1")))
        assert self.next(done, source=WITH_TABLE) is None

    def test_a_table_is_read_from_its_beginning_on_another_day(self):
        done = {"table:affected-people/idps": {"asked": "2026-10-20"}}

        assert self.next(done, on=date(2026, 10, 21), source=WITH_TABLE).url.endswith("offset=0")

    def test_a_search_goes_on_to_the_number_that_the_catalogue_gives(self):
        request = Request("search:x", "https://x/package_search?fq=x&rows=100&start=100")
        on = collector.advance({}, page=Page(request, 200, at=NOW, count=100, envelope=Envelope(total=201)))
        end = collector.advance({}, page=Page(request, 200, at=NOW, count=100, envelope=Envelope(total=200)))

        assert on == {"search:x": {"more": "200"}}
        assert end == {"search:x": {"asked": "2026-10-20"}}


@pytest.mark.parametrize(
    ("folder", "name", "rows", "dataset"),
    [
        ("hdx_hapi", "hdx_hapi_food_security_global.csv", 21158, "measures"),
        ("hdx_ckan", "download-global-pcodes-adm-1-2.csv", 33453, "measures"),
        ("hdx_ckan", "download-global-pcode-lengths.csv", 158, "measures"),
        ("hdx_ckan", "dataset-global-iom-dtm-from-api.json", 2, "findings"),
        ("hdx_ckan", "dataset-political-violence-events-and-fatalities.json", 1, "findings"),
    ],
)
def test_the_recorded_answers_are_read_to_the_last_row(folder, name, rows, dataset):
    path = payloads(folder) / name
    found = InProcess().read(Received(name, path.read_bytes(), NOW), source=SOURCE)

    assert found.refusal is None
    assert (found.count, found.bad) == (rows, ())
    assert {batch.dataset for batch in found.facts} == {dataset}


def test_what_it_brings_is_public():
    assert SOURCE.default_level == 0
