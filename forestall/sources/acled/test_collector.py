"""ACLED: events in their latest version, what it took back, forecasts that say how old they are, totals without an account."""

from __future__ import annotations

import gzip
import io
import json
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pytest

from forestall.base.errors import Malformed
from forestall.collecting.asking import BadRow, Envelope, Ignored, Page, Request, Withdrawn
from forestall.collecting.byhand import of_response
from forestall.collecting.childprocess import InProcess
from forestall.collecting.kinds import Kind
from forestall.collecting.received import Received
from forestall.facts import DatePrecision, Event, Measure, PlacePrecision, Quality, Side
from forestall.sources import all_sources
from forestall.sources.acled import collector

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SAMPLE = Path(__file__).parent / "sample"
SOURCE = all_sources()["acled"]


def read(name: str, content: bytes | None = None, *, at: datetime = NOW) -> list[object]:
    content = (SAMPLE / name).read_bytes() if content is None else content
    return list(collector.parse(Received(name, content, at), kind=Kind.UNKNOWN, source=SOURCE))


def of(kind: type, found: list[object]) -> list:
    return [one for one in found if isinstance(one, kind)]


def answer(**fields: object) -> bytes:
    return json.dumps({"status": 200, "success": True, **fields}).encode()


def totals(*rows: str, header: str = "Country,Admin1,Month,Year,Events,Fatalities") -> bytes:
    return "\n".join([header, *rows, ""]).encode()


class TestEvents:
    def test_an_attack_on_civilians_has_a_perpetrator_a_target_and_its_sources_counted(self):
        first = of(Event, read("acled-events-1.json"))[0]

        assert (first.external_id, first.event_type, first.source_type) == (
            "SUD900001",
            "attack-on-civilians",
            "Attack",
        )
        assert (first.actor1_side, first.actor2_side) == (Side.PERPETRATOR, Side.TARGET)
        assert (first.deaths_best, first.deaths_civilians, first.reports) == (7, None, 2)
        assert (first.date_precision, first.place_precision) == (DatePrecision.DAY, PlacePrecision.NEAR)
        assert first.own["assoc_actor_2"] == "Farmers (Ford)"

    def test_the_unarmed_side_is_the_target_even_where_it_is_named_first(self):
        shot = of(Event, read("acled-events-1.json"))[2]

        assert (shot.event_type, shot.actor1_side, shot.actor2_side) == (
            "excessive-force", Side.TARGET, Side.PERPETRATOR,
        )  # fmt: skip

    def test_a_country_is_its_number_and_never_its_name_and_the_red_sea_is_none(self):
        _, at_sea, renamed = of(Event, read("acled-events-1.json"))

        assert (renamed.iso3, renamed.country) == ("SDN", "Elsewhere")
        assert (at_sea.iso3, at_sea.country) == ("", "Red Sea")
        assert set(at_sea.flags) == {Quality.COUNTRY_UNKNOWN, Quality.NO_POINT}

    def test_what_is_not_given_is_not_nought_and_what_is_nought_is_given(self):
        _, at_sea, shot = of(Event, read("acled-events-1.json"))

        assert (at_sea.deaths_best, shot.deaths_best, shot.latitude) == (0, None, None)

    def test_a_later_change_outranks_an_earlier_one_and_the_newest_is_the_mark(self):
        found = read("acled-events-1.json")
        first, _, third = of(Event, found)

        assert third.rank > first.rank == "2026-11-19T15:01:40+00:00"
        assert of(Envelope, found) == [Envelope(total=4, high="1795100600")]

    def test_a_row_with_words_for_a_number_is_set_aside_whole(self):
        assert [one.place for one in of(BadRow, read("acled-events-1.json"))] == ["row 4"]

    def test_an_event_dated_after_it_came_says_so(self):
        early = read("acled-events-1.json", at=datetime(2026, 11, 13, 23, tzinfo=UTC))

        assert [Quality.DATE_AHEAD in one.flags for one in of(Event, early)] == [True, False, False]

    def test_a_table_exported_by_hand_is_read_like_an_answer(self):
        table = b"event_id_cnty;event_date;iso;sub_event_type;actor2\nSUD1;14 November 2026;729;Attack;Civilians (X)\n"

        [event] = of(Event, read("export.csv", table))
        assert (event.started, event.iso3, event.date_precision) == (
            date(2026, 11, 14),
            "SDN",
            DatePrecision.UNKNOWN,
        )
        assert read("export.csv.gz", gzip.compress(table)) == read("export.csv", table)

    def test_where_access_ends_is_said_though_the_answer_is_empty_and_calls_itself_a_success(self):
        limits = {"date_recency": {"quantity": 12, "unit": "Months", "date": "2025-11-20"}}
        [envelope] = read("page.json", answer(count=0, data=[], data_query_restrictions=limits))

        assert "2025-11-20" in envelope.notice.text()


class TestRefusals:
    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (b"<html><body><h1>Unauthorized</h1></body></html>", "Unauthorized"),
            (b'{"status": 403, "message": "Consent is not accepted."}', "Consent is not accepted"),
            (
                b'{"error": "invalid_grant", "error_description": "The password is wrong."}',
                "The password is wrong",
            ),
            (answer(success=False, data=[], messages=["Try later."]), "Try later"),
            (b'{"count": 3}', "no “data”"),
            (b"id,name\n1,x\n", "id, name"),
            (b'{"data": [{"event_id_cnty": "A', "not JSON"),
        ],
    )
    def test_what_is_no_answer_is_refused_in_acleds_own_words(self, content, words):
        with pytest.raises(Malformed, match=words):
            read("page.json", content)

    def test_a_workbook_of_somebody_else_is_refused_by_the_names_of_its_sheets(self):
        book = openpyxl.Workbook()
        book.active.append(["id", "name"])
        out = io.BytesIO()
        book.save(out)

        with pytest.raises(Malformed, match="Sheet"):
            read("book.xlsx", out.getvalue())

    def test_an_event_without_its_identifier_is_set_aside(self):
        found = read("page.json", answer(data=[{"event_id_cnty": "", "event_date": "2026-11-14"}]))

        assert [one.place for one in of(BadRow, found)] == ["row 1"]


class TestDeletions:
    def test_what_acled_took_back_is_told_by_identifier_and_time(self):
        found = read("acled-deletions-1.json")

        assert of(Withdrawn, found)[0] == Withdrawn(
            "SUD800001", datetime(2026, 11, 18, 11, 6, 40, tzinfo=UTC)
        )
        assert of(Envelope, found)[0].high == "1795010000"

    def test_deletions_are_counted_and_are_no_events(self):
        received = Received("d.json", (SAMPLE / "acled-deletions-1.json").read_bytes(), NOW)
        told = of_response(InProcess().read(received, source=SOURCE), received=received)

        assert (told["records"], told["withdrawn"], told["kinds"]) == (2, 2, {})
        assert told["first"]["external_id"] == "SUD800001"


class TestForecasts:
    def test_a_forecast_is_of_a_province_and_month_and_unknown_is_not_nought(self):
        first, second = of(Measure, read("acled-cast-2026.json"))

        assert (first.value, first.period_start, first.period_end) == (
            41,
            date(2026, 12, 1),
            date(2026, 12, 31),
        )
        assert (second.value, second.period_start) == (None, date(2027, 1, 1))
        assert first.flags == ()

    def test_a_forecast_issued_long_ago_says_so_and_so_does_the_whole_answer(self):
        found = read("acled-cast-2026.json", at=datetime(2027, 3, 1, tzinfo=UTC))

        assert all(Quality.OUTDATED in one.flags for one in of(Measure, found))
        assert "2026-11-02" in of(Envelope, found)[0].notice.text()
        assert of(Envelope, read("acled-cast-2026.json"))[0].notice is None

    def test_another_issue_of_one_month_is_another_forecast(self):
        row = {"country": "Sudan", "admin1": "Valley", "month": "May", "year": "2026", "total_forecast": "3"}
        issues = [{**row, "timestamp": "1776000000"}, {**row, "timestamp": "1778000000"}]

        assert len({one.external_id for one in of(Measure, read("c.json", answer(data=issues)))}) == 2


class TestTotals:
    def test_totals_count_events_of_kinds_that_lie_within_each_other(self):
        targeting, violence, demonstrations, *_ = of(Event, read("hdx_conflict_event.csv"))

        assert [one.event_type for one in (targeting, violence, demonstrations)] == [
            "attack-on-civilians", "political-violence", "protest",
        ]  # fmt: skip
        assert (targeting.count, targeting.deaths_best, demonstrations.deaths_best) == (3, 9, None)
        assert all(Quality.NOT_ADDITIVE in one.flags for one in (targeting, violence))
        assert (targeting.started, targeting.ended) == (date(2026, 10, 1), date(2026, 10, 31))

    def test_two_rows_of_one_key_are_both_kept_and_a_row_that_its_producer_doubts_says_so(self):
        *_, nought, other, kosovo = of(Event, read("hdx_conflict_event.csv"))

        assert nought.external_id != other.external_id
        assert {Quality.KEY_REPEATED, Quality.SOURCE_WARNS} <= set(nought.flags) & set(other.flags)
        assert (nought.count, nought.deaths_best) == (0, 0)
        assert (kosovo.iso3, kosovo.place_precision) == ("XKX", PlacePrecision.COUNTRY)

    def test_even_the_same_row_twice_is_two_rows(self):
        response = InProcess().read(
            Received("t.csv", totals("Sudan,Valley,May,2026,0,0", "Sudan,Valley,May,2026,0,0"), NOW),
            source=SOURCE,
        )

        assert (response.refusal, response.count) == (None, 2)

    def test_every_sheet_of_a_workbook_is_read_but_the_terms_of_use(self):
        found = read("political-violence-events-and-fatalities.xlsx")
        norway, kosovo, ford = of(Event, found)

        assert [one.iso3 for one in (norway, kosovo, ford)] == ["NOR", "XKX", "SDN"]
        assert (ford.count, ford.deaths_best, ford.admin2, ford.event_type) == (
            5,
            12,
            "Ford",
            "political-violence",
        )
        assert of(Ignored, found) == [Ignored(("sheet ToU",))]

    def test_a_kind_that_nothing_names_stays_unnamed(self):
        [total] = of(Event, read("book.csv", totals("Sudan,Valley,10,2026,5,12")))

        assert (total.event_type, total.source_type, total.started) == ("other", "", date(2026, 10, 1))

    def test_weeks_have_seven_days_and_acleds_own_kinds(self):
        book = openpyxl.Workbook()
        sheet = book.active
        sheet.append(["WEEK", "COUNTRY", "ADMIN1", "EVENT_TYPE", "SUB_EVENT_TYPE", "EVENTS", "FATALITIES", "CENTROID_LATITUDE", "CENTROID_LONGITUDE"])  # fmt: skip
        sheet.append([date(2026, 10, 3), "Sudan", "Valley", "Battles", "Armed clash", 4, 2, 2.0, 31.0])
        out = io.BytesIO()
        book.save(out)

        [week] = of(Event, read("Africa_aggregated.xlsx", out.getvalue()))
        assert (week.event_type, week.count, week.date_precision) == ("battle", 4, DatePrecision.WEEK)
        assert (week.started, week.ended) == (date(2026, 10, 3), date(2026, 10, 9))
        assert Quality.NO_POINT in week.flags

    def test_a_table_of_deaths_alone_counts_no_events(self):
        [deaths] = of(Measure, read("f.csv", totals("Sudan,2026,12", header="COUNTRY,YEAR,FATALITIES")))

        assert (deaths.name, deaths.value, deaths.unit) == ("reported-fatalities", 12, "persons")

    def test_a_month_that_is_none_and_a_count_that_is_missing_are_set_aside(self):
        found = read("t.csv", totals("Sudan,Valley,Octember,2026,5,12", "Sudan,Valley,May,2026,,12"))

        assert [one.place for one in of(BadRow, found)] == ["row 2", "row 3"]


class TestAsking:
    def asked(self, cursor: dict, today: date = date(2026, 11, 20)) -> list[Request]:
        return list(collector.plan(cursor, source=SOURCE, today=today))

    def test_the_account_is_exchanged_for_a_token_that_is_never_in_an_address(self):
        requests = self.asked({})
        closed = [one for one in requests if "acleddata.com" in one.url]

        assert SOURCE.asks.token.form["password"] == "{password}"
        assert all(one.headers == {"Authorization": "Bearer {access_token}"} for one in closed)
        assert not any("{" in one.url for one in requests)

    def test_events_and_deletions_are_asked_for_from_the_newest_change_and_a_week_before(self):
        cursor = {"events": {"high": "1795136600", "asked": "2026-11-19"}}
        events = self.asked(cursor)[0]

        assert events.url == (
            "https://acleddata.com/api/acled/read?_format=json&timestamp=1794531800&timestamp_where=%3E"
            "&with_total=true&limit=5000&page=1"
        )
        assert "deleted_timestamp_where=%3E%3D" in self.asked({})[1].url

    def test_forecasts_are_asked_for_by_year_and_never_without(self):
        asked = [one.url for one in self.asked({}) if one.key.startswith("cast")]

        assert ["year=2026" in asked[0], "year=2027" in asked[1]] == [True, True]

    def test_totals_come_without_any_credential(self):
        [open_one] = [one for one in self.asked({}) if one.key.startswith("totals")]

        assert open_one.headers == {}
        assert open_one.name == "political-violence-events-and-fatalities.xlsx"

    def test_pages_follow_until_one_is_short_and_an_interrupted_run_goes_on_where_it_stood(self):
        first = Page(
            Request("events", ""), 200, at=NOW, envelope=Envelope(total=9000, more="5000", high="20")
        )
        second = Page(Request("events", ""), 200, at=NOW, envelope=Envelope(total=9000, high="10"))
        halfway = collector.advance({"events": {"high": "5", "asked": "2026-11-19"}}, page=first)
        done = collector.advance(halfway, page=second)

        assert self.asked(halfway)[0].url.endswith("page=2")
        assert halfway["events"]["high"] == "5"
        assert done["events"] == {"asked": "2026-11-20", "high": "20"}
        assert "events" not in [one.key for one in self.asked(done)]

    def test_a_full_page_that_is_the_last_by_the_total_is_not_followed(self):
        full = Page(Request("events", ""), 200, at=NOW, envelope=Envelope(total=5000, more="5000", high="20"))

        assert collector.advance({}, page=full)["events"] == {"asked": "2026-11-20", "high": "20"}

    def test_a_full_page_promises_another(self):
        rows = [{"event_id_cnty": f"X{number}"} for number in range(5000)]

        assert of(Envelope, read("p.json", answer(data=rows)))[0].more == "5000"

    def test_a_failed_page_is_asked_for_again_on_another_day(self):
        cursor = {"events": {"high": "5", "page": 3, "seen": "20"}}
        failed = collector.advance(cursor, page=Page(Request("events", ""), 500, at=NOW))

        assert "events" not in [one.key for one in self.asked(failed)]
        assert self.asked(failed, date(2026, 11, 21))[0].url.endswith("page=3")

    def test_a_turn_ends(self):
        cursor: dict = {}
        for _ in range(10):
            requests = self.asked(cursor)
            if not requests:
                break
            cursor = collector.advance(cursor, page=Page(requests[0], 200, at=NOW))

        assert self.asked(cursor) == []
        assert {one.key for one in self.asked(cursor, date(2026, 11, 21))} == {"events", "deletions"}


def test_what_it_brings_is_internal():
    assert SOURCE.default_level == 1
