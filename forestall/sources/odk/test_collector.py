"""ODK Central: OData and exports give the same report, with its reporter kept apart and what is encrypted set aside."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from forestall.base.errors import Malformed
from forestall.collecting.asking import BadRow, Envelope, Page, Request
from forestall.collecting.kinds import Kind
from forestall.collecting.received import Part, Received
from forestall.collecting.record import Record, RecordKind
from forestall.sources import all_sources
from forestall.sources.odk import collector

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
TODAY = NOW.date()
SAMPLE = Path(__file__).parent / "sample"
PLAIN = all_sources()["odk"]
FORM = "7/hill_watch"
SOURCE = replace(PLAIN, settings={**PLAIN.settings, "forms": [FORM]})
FIRST = "uuid:aa000000-0000-4000-8000-000000000001"


def read(name: str, content: bytes | None = None, *, carried: str = "") -> list[object]:
    content = (SAMPLE / name).read_bytes() if content is None else content
    return list(
        collector.parse(Received(name, content, NOW, carried=carried), kind=Kind.UNKNOWN, source=SOURCE)
    )


def only(found: list[object], kind: type) -> list:
    return [one for one in found if isinstance(one, kind)]


def archive(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return out.getvalue()


def exported() -> bytes:
    main = (SAMPLE / "hill_watch.csv").read_bytes()
    repeats = (
        f"harm,PARENT_KEY,KEY\nbeaten,{FIRST},{FIRST}/witnesses[1]\nrobbed,{FIRST},{FIRST}/witnesses[2]\n"
        "lost,uuid:nowhere,uuid:nowhere/witnesses[1]\n"
    )
    inner = f"what,PARENT_KEY,KEY\nbus,{FIRST}/witnesses[2],{FIRST}/witnesses[2]/taken[1]\n"
    return archive(**{
        "hill_watch.csv": main, "hill_watch-witnesses.csv": repeats.encode(), "hill_watch-taken.csv": inner.encode(),
        "media/1795100000001.jpg": b"\xff\xd8\xff",
    })  # fmt: skip


class TestReading:
    def test_a_report_is_known_by_the_identifier_that_stays_over_edits(self):
        first = only(read("submissions.json"), Record)[0]

        assert (first.external_id, first.kind, first.level) == (FIRST, RecordKind.SUBMISSION, 3)
        assert first.native["meta/instanceID"] == "uuid:aa000000-0000-4000-8000-000000000031"

    def test_a_later_edit_ranks_after_an_earlier_one(self):
        page = json.loads((SAMPLE / "submissions.json").read_text(encoding="utf-8"))
        later = only(read("submissions.json"), Record)[0]
        page["value"][0]["__system"] |= {"updatedAt": "2026-11-19T10:00:00.000Z", "edits": 1}
        earlier = only(read("p.json", json.dumps(page).encode()), Record)[0]

        assert earlier.rank < later.rank and earlier.external_id == later.external_id

    def test_the_submitter_the_telephone_and_the_point_are_kept_apart(self):
        first = only(read("submissions.json"), Record)[0]
        text = json.dumps([first.title, first.body, dict(first.native)])

        for secret in ("Hill telephone", "QwErTy998877", "0102 333", "30.6", "1.35", "audit.csv"):
            assert secret not in text
        assert first.identity["__system/submitterName"] == "Hill telephone 4"
        assert json.loads(first.identity["event/where"])["coordinates"] == [30.6, 1.35, 900]

    def test_repeats_are_read_with_their_numbers(self):
        first = only(read("submissions.json"), Record)[0]

        assert "harm (1): beaten\nharm (2): robbed" in first.body

    def test_the_form_gives_its_labels_in_english_where_it_has_them(self):
        definition = only(read("forms/hill_watch.xml"), Envelope)[0]
        carried = json.dumps({"form": FORM, "definition": definition.carried})
        first = only(read("submissions.json", carried=carried), Record)[0]

        assert definition.version == "3"
        assert first.title == "Hill watch · Roadblock · AA0201 · 2026-11-18"
        assert "What happened?: Roadblock" in first.body and "Do you agree?: Yes" in first.body

    def test_without_consent_and_encrypted_submissions_are_set_aside_each_with_its_reason(self):
        bad = only(read("submissions.json"), BadRow)

        assert ["Consent is missing" in bad[0].reason.text(), "encrypted" in bad[1].reason.text()] == [
            True,
            True,
        ]
        assert "Not to be read" not in bad[0].content and "telephone" not in bad[0].content

    def test_the_page_says_how_many_there_are_which_comes_next_and_what_changed_last(self):
        envelope = only(read("submissions.json"), Envelope)[0]

        assert (envelope.total, envelope.high) == (4, "2026-11-19T11:00:00.000Z")
        assert envelope.more.endswith("%24skiptoken=01eyJ")

    def test_rows_of_a_repeat_alone_are_refused_because_the_consent_stands_elsewhere(self):
        rows = {"value": [{"__id": "w1", "__Submissions-id": FIRST, "harm": "beaten"}]}

        with pytest.raises(Malformed, match=r"\$expand"):
            read("p.json", json.dumps(rows).encode())


class TestExports:
    def test_a_table_gives_the_report_under_the_same_identifier_paths_and_secrets(self):
        first = only(read("hill_watch.csv"), Record)[0]

        assert first.external_id == FIRST
        assert first.native["event/type"] == "roadblock"
        assert {"event/where/Latitude", "event/where/Accuracy", "SubmitterName", "DeviceID"} <= set(
            first.identity
        )
        assert "encrypted" in only(read("hill_watch.csv"), BadRow)[0].reason.text()

    def test_an_archive_joins_repeats_and_repeats_of_repeats_to_their_submission(self):
        found = read("hill_watch.zip", exported())
        native = only(found, Record)[0].native

        assert (native["witnesses[2]/harm"], native["taken[1]/what"]) == ("robbed", "bus")
        assert any("belongs to no submission" in one.reason.text() for one in only(found, BadRow))

    def test_an_archive_of_encrypted_files_is_refused(self):
        with pytest.raises(Malformed, match="encrypted"):
            read("e.zip", archive(**{"hill_watch.csv": b"KEY\nuuid:1\n", "submission.xml.enc": b"x"}))

    def test_a_broken_line_is_set_aside_without_its_words(self):
        bad = only(
            read("cut.csv", b"consent,KEY,SubmitterName\nyes,uuid:1,Hill\nyes,Hill telephone 4\n"), BadRow
        )

        assert [one.content for one in bad] == [""]

    def test_two_tables_of_submissions_are_one_too_many(self):
        with pytest.raises(Malformed, match="there are 2"):
            read("two.zip", archive(**{"a.csv": b"KEY\nuuid:1\n", "b.csv": b"KEY\nuuid:2\n"}))


class TestRefusing:
    @pytest.mark.parametrize(
        ("content", "said"),
        [
            (
                b'{"message": "Could not authenticate with the provided credentials.", "code": 401.2}',
                "Could not authenticate",
            ),
            (b"<html><body>Central is being upgraded</body></html>", "being upgraded"),
            (b"", "empty"),
            (b'{"value": [{"__id": "uuid:1"', "cut|JSON"),
            (b'{"results": []}', "no submissions"),
            (b"id,best\n1,3\n", "no submissions"),
            (b'<?xml version="1.0"?><data encrypted="yes" id="hill_watch"/>', "encrypted"),
            (b"<data/>", "other XML"),
        ],
    )
    def test_what_is_no_answer_is_refused_in_a_sentence(self, content, said):
        with pytest.raises(Malformed, match=said):
            read("p.json", content)

    def test_a_page_that_points_to_another_house_is_refused(self):
        page = {
            "value": [],
            "@odata.nextLink": "https://odk.example.net/v1/projects/7/forms/x.svc/Submissions?%24skip=2",
        }

        with pytest.raises(Malformed, match=r"odk\.example\.net"):
            read("p.json", json.dumps(page).encode())


class TestAsking:
    def turn(self, cursor: dict, *, today: date = TODAY) -> tuple[list[Request], dict]:
        asked: list[Request] = []
        at = datetime(today.year, today.month, today.day, 12, tzinfo=UTC)
        while requests := list(collector.plan(cursor, source=SOURCE, today=today)):
            asked.append(requests[0])
            envelope = Envelope()
            if requests[0].key.startswith("form:"):
                envelope = only(read("forms/hill_watch.xml"), Envelope)[0]
            elif "skiptoken" not in requests[0].url and requests[0].key.startswith("data:"):
                envelope = only(read("submissions.json", carried=requests[0].carried), Envelope)[0]
            cursor = collector.advance(cursor, page=Page(requests[0], 200, at=at, envelope=envelope))
        return asked, cursor

    def test_a_turn_asks_for_the_form_every_page_and_the_files_of_those_who_agreed(self):
        asked, _ = self.turn({})

        assert [one.key for one in asked] == [
            f"form:{FORM}", f"data:{FORM}", f"data:{FORM}", f"attachment:{FORM}/{FIRST}/1795100000001.jpg",
        ]  # fmt: skip
        assert asked[1].url == (
            "https://central.example.org/v1/projects/7/forms/hill_watch.svc/Submissions?$top=250&$count=true&$expand=*"
        )
        assert asked[3].url.endswith(
            "/submissions/uuid%3Aaa000000-0000-4000-8000-000000000001/attachments/1795100000001.jpg"
        )
        assert all(one.headers == {"Authorization": "Bearer {session}"} for one in asked)

    def test_no_file_is_fetched_of_whoever_did_not_agree(self):
        page = json.loads((SAMPLE / "submissions.json").read_text(encoding="utf-8"))
        page["value"][0]["consent"] = "no"
        found = read(
            "p.json", json.dumps(page).encode(), carried=json.dumps({"form": FORM, "definition": ""})
        )

        assert only(found, Envelope)[0].carried == ""

    def test_the_next_day_asks_for_what_was_handed_in_or_edited_since_the_overlap(self):
        _, cursor = self.turn({})
        tomorrow, _ = self.turn(cursor, today=date(2026, 11, 22))

        moment = "2026-11-16T00:00:00.000Z"
        assert parse_qs(urlsplit(tomorrow[1].url).query)["$filter"] == [
            f"__system/submissionDate ge {moment} or __system/updatedAt ge {moment}"
        ]
        assert not [one for one in tomorrow if one.key.startswith("attachment:")]

    def test_a_file_is_read_as_a_part_of_its_submission(self):
        asked, _ = self.turn({})
        found = read("1795100000001.jpg", b"\xff\xd8\xff", carried=asked[3].carried)

        assert found == [
            Part("1795100000001.jpg", b"\xff\xd8\xff", "attachment:1795100000001.jpg", parent=FIRST)
        ]


def test_what_it_brings_is_strictly_confidential():
    assert SOURCE.default_level == 3
