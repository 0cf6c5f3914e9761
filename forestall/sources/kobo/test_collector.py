"""KoboToolbox: a report is read with consent alone, its reporter kept apart, edits under one identifier."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import xlsxwriter

from forestall.base.errors import Malformed
from forestall.collecting.asking import BadRow, Envelope, Ignored, Page, Request
from forestall.collecting.byhand import told
from forestall.collecting.childprocess import InProcess
from forestall.collecting.fieldreports.definition import Definition
from forestall.collecting.kinds import Kind
from forestall.collecting.received import Part, Received
from forestall.collecting.record import Record, RecordKind
from forestall.sources import all_sources
from forestall.sources.kobo import collector

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
TODAY = NOW.date()
SAMPLE = Path(__file__).parent / "sample"
PLAIN = all_sources()["kobo"]
SOURCE = replace(PLAIN, settings={**PLAIN.settings, "forms": ["aRiverForm"]})
ROOT = "uuid:6f1c0000-0000-4000-8000-00000000000"


def read(name: str, content: bytes | None = None, *, carried: str = "", source=SOURCE) -> list[object]:
    content = (SAMPLE / name).read_bytes() if content is None else content
    received = Received(name, content, NOW, carried=carried)
    return list(collector.parse(received, kind=Kind.UNKNOWN, source=source))


def page(*rows: object) -> bytes:
    return json.dumps({"count": len(rows), "next": None, "previous": None, "results": rows}).encode()


def row(number: int = 1, **fields: object) -> dict[str, object]:
    own = {"_id": number, "_uuid": f"u-{number}", "_submission_time": "2026-11-20T08:00:01", "consent": "yes"}
    return {**own, "_xform_id_string": "aRiverForm", **fields}


def only(found: list[object], kind: type) -> list:
    return [one for one in found if isinstance(one, kind)]


def one(**fields: object) -> Record:
    return only(read("p.json", page(row(**fields))), Record)[0]


def definition() -> str:
    return only(read("forms/asset.json"), Envelope)[0].carried


def everything_told(record: Record) -> str:
    return json.dumps([record.title, record.body, dict(record.native), record.reporter, record.hidden])


class TestReading:
    def test_a_report_is_a_strictly_confidential_submission_under_the_identifier_that_its_telephone_gave_it(
        self,
    ):
        first = only(read("data-page.json"), Record)[0]

        assert (first.external_id, first.kind, first.level) == (f"{ROOT}7", RecordKind.SUBMISSION, 3)
        assert first.published.earliest == datetime(2026, 11, 20, 8, 0, 1, tzinfo=UTC)
        assert first.native["incident/type"] == "hate_speech"

    def test_its_lines_say_the_labels_of_the_form_once_the_form_is_known(self):
        first = only(read("data-page.json", carried=definition()), Record)[0]

        assert first.title == "River watch · Hate speech · AA0102 · 2026-11-20"
        assert "What happened?: Hate speech" in first.body
        assert "Which signs?: Roadblocks; Calls on the radio" in first.body
        assert "What harm? (2): displaced" in first.body

    def test_without_the_form_its_lines_say_the_names(self):
        first = only(read("data-page.json"), Record)[0]

        assert "type: hate_speech" in first.body and "signs: roadblock radio" in first.body

    def test_who_reported_from_which_device_and_where_stands_in_no_text_of_the_report(self):
        first = only(read("data-page.json"), Record)[0]
        text = everything_told(first)

        for secret in (
            "river.monitor",
            "river.office",
            "AbCdEf123456",
            "555 0101",
            "1.25",
            "30.5",
            "Lower Ford",
        ):
            assert secret not in text
        assert first.identity["_submitted_by"] == "river.monitor"
        assert first.identity["incident/gps"] == "1.2500 30.5000 410 5"
        assert first.identity["incident/words"].endswith("+999 555 0101 222.")
        assert "river.monitor" not in repr(first)

    def test_what_identifies_nobody_is_kept_word_for_word(self):
        first = only(read("data-page.json"), Record)[0]

        assert first.native["_uuid"] == "6f1c0000-0000-4000-8000-000000000007"
        assert first.native["incident/people[2]/harm"] == "displaced"
        assert first.native["_validation_status/label"] == "Approved"
        assert not {"_submitted_by", "meta/instanceName", "_geolocation"} & set(first.native)

    def test_every_field_is_in_the_report_or_apart_or_said_to_be_left_out(self):
        given = json.loads((SAMPLE / "data-page.json").read_text(encoding="utf-8"))["results"][0]
        found = read("data-page.json")
        first = only(found, Record)[0]
        kept = {path.split("[")[0].split("/_")[0] for path in (*first.native, *first.identity)}

        assert not [name for name in given if not any(path.startswith(name) for path in kept)]
        assert only(found, Ignored)[0].fields == (
            "_attachments/download_small_url", "_attachments/download_url", "_attachments/filename",
        )  # fmt: skip

    def test_another_reporter_of_the_same_words_makes_no_new_version(self):
        assert one(_submitted_by="hill.monitor").sha256 == one(_submitted_by="river.monitor").sha256

    def test_a_place_that_was_released_stays_with_the_report(self):
        released = replace(SOURCE, settings={**SOURCE.settings, "released": ["village"]})
        found = only(read("data-page.json", source=released), Record)[0]

        assert found.native["incident/village"] == "Lower Ford"
        assert "incident/gps" in found.identity


class TestConsent:
    @pytest.mark.parametrize("answer", ["no", "", None, "later"])
    def test_without_a_yes_a_submission_is_set_aside_and_nothing_of_it_told(self, answer):
        found = read("p.json", page(row(consent=answer, words="Secret words", _submitted_by="hill.monitor")))

        assert not only(found, Record)
        assert "Consent is missing" in only(found, BadRow)[0].reason.text()
        assert "Secret" not in only(found, BadRow)[0].content and "hill" not in only(found, BadRow)[0].content

    def test_a_form_that_never_asked_has_no_consent(self):
        bare = {name: value for name, value in row().items() if name != "consent"}

        assert len(only(read("p.json", page(bare)), BadRow)) == 1

    def test_many_who_refuse_do_not_make_the_page_a_broken_one(self):
        content = page(*(row(number, consent="no" if number % 2 else "yes") for number in range(1, 11)))
        found = InProcess().read(Received("p.json", content, NOW), source=SOURCE)

        assert (found.refusal, found.count, len(found.bad)) == (None, 5, 5)

    def test_files_of_whoever_refused_are_never_fetched_nor_tracks_of_reporters_nor_what_was_deleted(self):
        waiting = json.loads(only(read("data-page.json"), Envelope)[0].carried)

        assert [one["key"] for one in waiting] == ["attachment:aRiverForm/7/attFord"]


class TestEdits:
    def test_an_edit_keeps_the_identifier_of_what_it_replaces_and_ranks_after_it(self):
        edited = only(read("data-page.json"), Record)[1]
        before = one(_uuid="6f1c0000-0000-4000-8000-000000000009", _submission_time="2026-11-20T10:00:00")

        assert edited.external_id == before.external_id == f"{ROOT}9"
        assert edited.rank > before.rank

    def test_the_server_s_own_root_counts_before_the_last_edit(self):
        assert one(**{"meta/deprecatedID": "uuid:b", "meta/rootUuid": "uuid:a"}).external_id == "uuid:a"

    def test_edits_of_edits_in_one_answer_are_followed_to_the_first(self):
        content = page(
            row(1, **{"meta/instanceID": "uuid:c", "meta/deprecatedID": "uuid:b"}),
            row(1, **{"meta/instanceID": "uuid:b", "meta/deprecatedID": "uuid:a"}),
        )

        assert [one.external_id for one in only(read("p.json", content), Record)] == ["uuid:a", "uuid:a"]

    def test_a_telephone_with_a_wrong_clock_does_not_outrank_a_later_edit(self):
        before = one(end="2031-01-01T00:00:00.000+00:00")

        assert one(**{"meta/deprecatedID": "uuid:u-1"}).rank > before.rank

    def test_identifiers_that_name_each_other_end(self):
        content = page(
            row(1, **{"meta/instanceID": "uuid:c", "meta/deprecatedID": "uuid:b"}),
            row(2, **{"meta/instanceID": "uuid:b", "meta/deprecatedID": "uuid:c"}),
        )

        assert len(only(read("p.json", content), Record)) == 2

    def test_what_a_page_gives_twice_word_for_word_is_one_record(self):
        assert len(only(read("p.json", page(row(), row())), Record)) == 1

    def test_a_submission_without_anything_to_know_it_by_is_a_bad_row(self):
        found = read("p.json", page({"_submission_time": "2026-11-20T08:00:01", "consent": "yes"}))

        assert "instanceID" in only(found, BadRow)[0].reason.text()
        assert not only(found, BadRow)[0].by_rule


class TestExports:
    def test_an_export_with_semicolons_gives_the_same_report(self):
        first = only(read("export.csv"), Record)[0]

        assert first.external_id == f"{ROOT}7"
        assert "words: The radio named them;\nthen they came." in first.body
        assert "roadblock: 1" not in first.body and first.native["incident/signs/roadblock"] == "1"
        assert "_incident/gps_latitude" in first.identity

    def test_a_workbook_joins_its_repeats_to_their_submissions(self):
        out = io.BytesIO()
        with xlsxwriter.Workbook(out) as book:
            main = book.add_worksheet("River watch")
            main.write_row(
                0,
                0,
                ["consent", "incident/type", "_id", "_uuid", "_submission_time", "_submitted_by", "_index"],
            )
            main.write_row(
                1, 0, ["yes", "roadblock", "7", "u-7", "2026-11-20T08:00:01", "river.monitor", "1"]
            )
            people = book.add_worksheet("people")
            people.write_row(
                0, 0, ["harm", "_index", "_parent_table_name", "_parent_index", "_submission__id"]
            )
            people.write_row(1, 0, ["beaten", "1", "River watch", "1", "7"])
            people.write_row(2, 0, ["robbed", "2", "River watch", "9", "7"])
        found = read("export.xlsx", out.getvalue())

        assert only(found, Record)[0].native["people[1]/harm"] == "beaten"
        assert "belongs to no submission" in only(found, BadRow)[0].reason.text()

    def test_labels_that_repeat_on_top_of_an_export_are_numbered(self):
        content = b"consent,Comments,Comments,_uuid\nyes,one,two,u-1\n"
        native = only(read("labels.csv", content), Record)[0].native

        assert (native["Comments"], native["Comments (2)"]) == ("one", "two")

    def test_a_broken_line_of_an_export_is_set_aside_without_its_words(self):
        content = b"consent,words,_uuid,_submitted_by\nyes,one,u-1,river\nyes,two\n"
        bad = only(read("cut.csv", content), BadRow)

        assert [one.content for one in bad] == [""]

    def test_a_map_of_submissions_is_read_without_its_points(self):
        properties = row()
        feature = {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [30.5, 1.25]},
            "properties": properties,
        }
        found = read("map.json", json.dumps({"type": "FeatureCollection", "features": [feature]}).encode())

        assert "geometry" in only(found, Record)[0].identity
        assert "30.5" not in everything_told(only(found, Record)[0])


class TestRefusing:
    @pytest.mark.parametrize(
        ("content", "said"),
        [
            (
                b'{"detail": "Authentication credentials were not provided."}',
                "Authentication credentials were not",
            ),
            (b"<!doctype html><html><body>Log in to Kobo</body></html>", "Log in to Kobo"),
            (b"", "empty"),
            (b'{"count": 2, "results": [{"_id": 1, "consent"', "cut|JSON"),
            (b'{"rows": []}', "no submissions"),
            (b"id,type_of_violence\n1,3\n", "no submissions"),
            (b"<data/>", "XML"),
        ],
    )
    def test_what_is_no_answer_is_refused_in_a_sentence(self, content, said):
        with pytest.raises(Malformed, match=said):
            read("p.json", content)

    def test_a_page_that_points_to_another_house_is_refused(self):
        content = json.loads(page(row()))
        content["next"] = "https://kobo.example.net/api/v2/assets/aRiverForm/data/?start=1"

        with pytest.raises(Malformed, match=r"kobo\.example\.net"):
            read("p.json", json.dumps(content).encode())


class TestAsking:
    def turn(self, cursor: dict, *, today: date = TODAY, stop: int = 9) -> tuple[list[Request], dict]:
        asked: list[Request] = []
        while len(asked) < stop and (requests := list(collector.plan(cursor, source=SOURCE, today=today))):
            asked.append(requests[0])
            cursor = collector.advance(cursor, page=self.answered(requests[0], today))
        return asked, cursor

    def answered(self, request: Request, today: date) -> Page:
        at = datetime(today.year, today.month, today.day, 12, tzinfo=UTC)
        if request.key.startswith("form:"):
            envelope = only(read("forms/asset.json"), Envelope)[0]
        elif request.key.startswith("data:") and "start=0" in request.url:
            envelope = only(read("data-page.json"), Envelope)[0]
        else:
            envelope = Envelope(high="2026-11-20T11:00:00") if request.key.startswith("data:") else Envelope()
        return Page(request, 200, at=at, envelope=envelope)

    def test_a_turn_asks_for_the_form_then_page_by_page_then_for_the_files(self):
        asked, cursor = self.turn({})

        assert [one.key for one in asked] == [
            "form:aRiverForm", "data:aRiverForm", "data:aRiverForm", "attachment:aRiverForm/7/attFord",
        ]  # fmt: skip
        assert all(one.headers == {"Authorization": "Token {token}"} for one in asked)
        assert Definition(**json.loads(asked[1].carried)).title == "River watch"
        assert json.loads(json.dumps(cursor)) == cursor

    def test_the_limit_is_always_said_and_never_above_what_the_server_gives(self):
        eager = replace(SOURCE, settings={**SOURCE.settings, "page_size": 30000})
        cursor = {"form:aRiverForm": {"asked": TODAY.isoformat()}}
        first = next(iter(collector.plan(cursor, source=eager, today=TODAY)))

        asked = parse_qs(urlsplit(first.url).query)
        assert (asked["limit"], asked["sort"]) == (["1000"], ['{"_submission_time":1}'])

    def test_only_the_query_of_the_next_address_is_used(self):
        asked, _ = self.turn({})

        assert (
            asked[2].url
            == "https://kf.kobotoolbox.org/api/v2/assets/aRiverForm/data/?format=json&limit=3&start=3"
        )

    def test_a_turn_that_was_broken_off_goes_on_with_the_page_it_was_at(self):
        asked, cursor = self.turn({}, stop=2)
        more, _ = self.turn(cursor, today=date(2026, 11, 22))

        assert "start=0" in asked[1].url and "start=3" in more[0].url

    def test_the_next_day_reads_the_overlap_again_and_the_next_week_everything(self):
        _, cursor = self.turn({})
        tomorrow, cursor = self.turn(cursor, today=date(2026, 11, 22))
        week, _ = self.turn(cursor, today=date(2026, 11, 28))

        assert parse_qs(urlsplit(tomorrow[1].url).query)["query"] == [
            '{"_submission_time":{"$gte":"2026-11-17T00:00:00"}}'
        ]
        assert "query=" not in week[1].url
        assert not [one.key for one in (*tomorrow, *week) if one.key.startswith("attachment:")]

    def test_a_page_that_points_to_itself_is_the_last(self):
        request = Request(
            "data:aRiverForm", "https://kf.kobotoolbox.org/api/v2/assets/aRiverForm/data/?start=3"
        )
        cursor = collector.advance({}, page=Page(request, 200, at=NOW, envelope=Envelope(more="start=3")))

        assert "more" not in cursor["data:aRiverForm"]

    @pytest.mark.parametrize(("status", "again"), [(404, False), (503, True)])
    def test_a_file_that_is_gone_is_asked_for_once_and_one_that_cannot_be_had_another_day(
        self, status, again
    ):
        key = "attachment:aRiverForm/7/attFord"
        waiting = json.loads(only(read("data-page.json"), Envelope)[0].carried)[0]
        done = {"asked": "2026-11-22", "whole": "2026-11-22"}
        cursor = {
            "form:aRiverForm": {"asked": "2026-11-22"},
            "data:aRiverForm": done,
            key: {"waiting": waiting},
        }
        request = next(iter(collector.plan(cursor, source=SOURCE, today=date(2026, 11, 22))))
        cursor = collector.advance(cursor, page=Page(request, status, at=NOW))

        planned = [one.key for one in collector.plan(cursor, source=SOURCE, today=date(2026, 11, 22))]
        assert planned == ([key] if again else [])

    def test_a_file_is_read_as_a_part_of_its_submission(self):
        asked, _ = self.turn({})
        found = read(asked[3].name, b"\xff\xd8\xff\xe0picture", carried=asked[3].carried)

        assert found == [
            Part("ford.jpg", b"\xff\xd8\xff\xe0picture", "attachment:attFord", parent=f"{ROOT}7")
        ]

    def test_nothing_is_asked_until_a_form_is_named(self):
        assert not list(collector.plan({}, source=PLAIN, today=TODAY))


def test_by_hand_the_names_of_what_is_kept_apart_are_told_and_nothing_of_it():
    content = (SAMPLE / "data-page.json").read_bytes()
    reader = InProcess()
    found = told(Received("p.json", content, NOW), source=SOURCE, sources={}, reader=reader, files=reader)

    assert found["first"]["identity"]["_submitted_by"] == "kept apart"
    assert "river.monitor" not in json.dumps(found) and "hill.monitor" not in json.dumps(found)
    assert (found["records"], found["quarantined_count"], found["total"]) == (2, 1, 4)


def test_what_it_brings_is_strictly_confidential():
    assert SOURCE.default_level == 3
