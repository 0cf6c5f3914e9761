"""ReliefWeb: reports and disasters come as documents with all their fields, and pages follow the day of change."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from forestall.base.errors import Malformed
from forestall.collecting.asking import BadRow, Envelope, Ignored, Page, Request
from forestall.collecting.childprocess import InProcess
from forestall.collecting.dates import Precision
from forestall.collecting.flags import FlagCode
from forestall.collecting.kinds import Kind
from forestall.collecting.received import Received
from forestall.collecting.record import Record, RecordKind
from forestall.facts import Finding, FindingForm, Quality
from forestall.sources import all_sources
from forestall.sources.reliefweb import collector
from tests.recorded import payloads

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SAMPLE = Path(__file__).parent / "sample"
SOURCE = all_sources()["reliefweb"]


def read(name: str, content: bytes | None = None) -> list[Any]:
    content = (SAMPLE / name).read_bytes() if content is None else content
    return list(collector.parse(Received(name, content, NOW), kind=Kind.UNKNOWN, source=SOURCE))


def records(found: list[Any]) -> list[Record]:
    return [one for one in found if isinstance(one, Record)]


def answer(*rows: dict[str, Any], **beside: Any) -> bytes:
    return json.dumps({"count": len(rows), "data": rows, **beside}).encode()


def test_a_report_is_a_document_with_its_text_its_authors_and_its_address():
    first = records(read("reports.json"))[0]

    assert (first.external_id, first.kind) == ("report:7000001", RecordKind.DOCUMENT)
    assert first.url == "https://reliefweb.int/report/velandia/herders-driven-lower-river"
    assert first.reporter == "River Watch, Office of the Ombudsman of Velandia"
    assert first.body.startswith("Three villages stand empty.\n\n**Some 400 households**")


def test_every_field_of_a_report_is_kept_save_the_addresses_of_the_api():
    given = json.loads((SAMPLE / "reports.json").read_bytes())["data"][0]["fields"]
    kept = records(read("reports.json"))[0].native

    assert set(kept) == {*given, "id", "endpoint"}
    assert [one["iso3"] for one in json.loads(kept["country"])] == ["zza", "zzb"]
    assert "api.reliefweb.int" not in " ".join(kept.values())
    assert [one for one in read("reports.json") if isinstance(one, Ignored)] == [Ignored(("href", "score"))]


def test_another_score_or_version_of_the_api_is_no_new_version_of_a_report():
    moved = (
        (SAMPLE / "reports.json")
        .read_bytes()
        .replace(b"/v2/", b"/v3/")
        .replace(b'"score": 1', b'"score": 9.5')
    )

    assert [one.sha256 for one in records(read("x", moved))] == [
        one.sha256 for one in records(read("reports.json"))
    ]


def test_the_day_of_the_original_is_a_day_and_a_time_of_entry_a_time():
    first, second, third = records(read("reports.json"))

    assert first.published and first.published.precision is Precision.DAY
    assert second.published and second.published.readings == ("2026-11-16T09:30:00+00:00",)
    assert third.published is None and third.has(FlagCode.NO_DATE)


def test_several_languages_are_said_to_be_several_and_another_one_is_not_known():
    assert [one.language for one in records(read("reports.json"))] == ["mul", "fr", "und"]


def test_a_disaster_is_a_document_of_the_day_of_its_event():
    (found,) = records(read("disasters.json"))

    assert (found.external_id, found.title) == ("disaster:52001", "Velandia: Floods - Oct 2026")
    assert found.published and found.published.readings == ("2026-10-12",)
    assert found.native["glide"] == "FL-2026-009901-ZZA"


def test_countries_and_sources_are_entries_of_registers_and_go_to_no_inbox():
    countries = [one for one in read("countries.json") if isinstance(one, Finding)]
    (organisation,) = [one for one in read("sources.json") if isinstance(one, Finding)]

    assert [(one.external_id, one.countries, one.form) for one in countries] == [
        ("country:901", ("ZZA",), FindingForm.DATASET), ("country:131", ("KEN",), FindingForm.DATASET),
    ]  # fmt: skip
    assert [one.flags for one in countries] == [(Quality.COUNTRY_UNKNOWN,), ()]
    assert (organisation.external_id, organisation.symbol) == ("source:81", "RW")


@pytest.mark.parametrize("name", ["reports", "disasters", "countries", "sources"])
def test_what_the_rows_are_is_told_by_their_fields_where_no_address_tells(name):
    value = json.loads((SAMPLE / f"{name}.json").read_bytes())
    bare = answer(*[{"id": row["id"], "fields": row["fields"]} for row in value["data"]])

    def keys(found: list[Any]) -> list[str]:
        return [one.external_id for one in found if isinstance(one, Record | Finding)]

    assert keys(read("answer.json", bare)) == keys(read(f"{name}.json"))


def test_a_link_to_a_next_page_means_nothing_and_a_full_page_does():
    def envelope(rows: int) -> Envelope:
        page = [
            {"id": str(n), "fields": {"title": "x", "date": {"changed": f"2026-11-{n % 7 + 10}"}}}
            for n in range(rows)
        ]
        found = read("reports.json", answer(*page, totalCount=1500, links={"next": {"href": "…"}}))
        return next(one for one in found if isinstance(one, Envelope))

    assert envelope(3) == Envelope(total=1500, more="", high="2026-11-12")
    assert envelope(1000).more == f"2026-11-{999 % 7 + 10}"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'{"status":403,"error":{"type":"AccessDeniedHttpException","message":"You are not using an approved appname."}}',
         "not using an approved appname"),
        (b'{"status":410,"error":{"message":"The API version \'v1\' has been decommissioned."}}', "decommissioned"),
        (b'{"error":"Missing appname parameter"}', "Missing appname"),
        (b"<html><body>Human verification</body></html>", "Human verification"),
        (b'{"rows": []}', "no answer of the ReliefWeb API"),
        (b"<rss><channel/></rss>", "JSON of the ReliefWeb API was expected"),
        (b"", "empty"),
    ],
)  # fmt: skip
def test_what_is_no_answer_is_refused_in_its_own_words(content, words):
    with pytest.raises(Malformed, match=words):
        read("reports.json", content)


def test_a_row_without_an_identifier_is_set_aside_and_told():
    found = read("reports.json", answer({"id": "1", "fields": {"title": "x"}}, {"fields": {"title": "y"}}))

    assert [one.place for one in found if isinstance(one, BadRow)] == ["row 2"]
    assert [one.external_id for one in records(found)] == ["report:1"]


def test_one_identifier_for_two_reports_refuses_the_page():
    rows = [{"id": "1", "fields": {"title": title}} for title in ("x", "y")]

    with pytest.raises(Malformed, match="report:1"):
        read("reports.json", answer(*rows))


class TestAsking:
    TODAY = date(2026, 11, 20)

    def planned(self, cursor: dict[str, Any], today: date = TODAY) -> Request | None:
        return next(iter(collector.plan(cursor, source=SOURCE, today=today)), None)

    def floor(self, request: Request | None) -> str:
        assert request
        return str(json.loads(request.sent)["filter"]["conditions"][0]["value"]["from"])

    def answered(
        self, cursor: dict[str, Any], *, key: str = "reports", status: int = 200, **envelope: Any
    ) -> dict[str, Any]:
        page = Page(Request(key, ""), status, at=NOW, count=1000, envelope=Envelope(**envelope))
        return collector.advance(cursor, page=page)

    def test_the_first_run_asks_for_a_month_with_the_name_left_to_the_fetcher(self):
        first = self.planned({})

        assert first and first.url == "https://api.reliefweb.int/v2/reports?appname={appname}"
        assert self.floor(first) == "2026-10-21T00:00:00+00:00"
        assert json.loads(first.sent)["sort"] == ["date.changed:asc", "id:asc"]

    def test_a_full_page_moves_the_floor_to_its_last_row(self):
        cursor = self.answered({}, more="2026-11-01T10:00:00+00:00", high="2026-11-01T10:00:00+00:00")
        request = self.planned(cursor)

        assert self.floor(request) == "2026-11-01T10:00:00+00:00"
        assert request and json.loads(request.sent)["offset"] == 0

    def test_a_floor_that_does_not_move_is_passed_by_number(self):
        cursor: dict[str, Any] = {}
        for _ in range(3):
            cursor = self.answered(cursor, more="2026-11-01T10:00:00+00:00")
        request = self.planned(cursor)

        assert request and json.loads(request.sent)["offset"] == 2000

    def test_the_next_day_three_days_are_read_again(self):
        cursor = self.answered({}, high="2026-11-19T10:00:00+00:00")

        assert self.floor(self.planned(cursor, date(2026, 11, 21))) == "2026-11-16T00:00:00+00:00"

    def test_the_turn_ends_when_every_endpoint_is_read_and_registers_rest_for_a_month(self):
        cursor: dict[str, Any] = {}
        asked = []
        while request := self.planned(cursor):
            asked.append(request.key)
            cursor = self.answered(cursor, key=request.key)

        assert asked == ["reports", "disasters", "countries", "sources"]
        cursor = self.answered(cursor, key="reports") | {
            "disasters": {"asked": "2026-11-21"},
            "reports": {"asked": "2026-11-21"},
        }
        assert self.planned(cursor, date(2026, 11, 21)) is None
        assert self.planned(
            cursor | {"reports": {"asked": "2026-12-20"}, "disasters": {"asked": "2026-12-20"}},
            date(2026, 12, 20),
        )

    def test_registers_are_paged_by_number_because_their_rows_have_no_day(self):
        cursor = {"reports": {"asked": "2026-11-20"}, "disasters": {"asked": "2026-11-20"}}
        request = self.planned(self.answered(cursor, key="countries", more="901"))

        assert request and json.loads(request.sent)["offset"] == 1000

    def test_what_is_refused_waits_for_another_day_where_it_stood(self):
        cursor = self.answered(self.answered({}, more="2026-11-01T10:00:00+00:00"), status=403)

        assert self.planned(cursor).key == "disasters"  # type: ignore[union-attr]
        assert self.floor(self.planned(cursor, date(2026, 11, 21))) == "2026-11-01T10:00:00+00:00"

    def test_a_register_that_was_refused_is_asked_for_again_the_next_day(self):
        cursor = {"reports": {"asked": "2026-11-21"}, "disasters": {"asked": "2026-11-21"}}
        request = self.planned(self.answered(cursor, key="countries", status=503), date(2026, 11, 21))

        assert request and request.key == "countries"

    def test_where_the_day_of_change_cannot_be_asked_for_the_day_of_creation_is_with_a_longer_overlap(self):
        cursor = self.answered({"reports": {"high": "2026-11-19T10:00:00+00:00"}}, status=400)
        request = self.planned(cursor)

        assert request and json.loads(request.sent)["filter"]["conditions"][0]["field"] == "date.created"
        assert self.floor(request) == "2026-11-05T00:00:00+00:00"
        assert self.planned(self.answered(cursor, status=400)).key == "disasters"  # type: ignore[union-attr]


def test_the_recorded_answer_of_the_first_version_is_read_to_the_last_row():
    path = payloads("reliefweb") / "reports_v1_recorded_2020.json"
    response = InProcess().read(Received(path.name, path.read_bytes(), NOW), source=SOURCE)

    assert (response.refusal, response.count, response.bad, response.ignored) == (None, 4, (), ("href",))
    assert response.envelope == Envelope(total=4)
    assert [one.external_id for one in response.records] == [
        "report:3670885", "report:3670541", "report:3670672", "report:3670318",
    ]  # fmt: skip


def test_what_it_brings_is_public():
    assert SOURCE.default_level == 0
