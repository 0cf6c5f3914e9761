"""GDELT: a whole file at once, every line kept, nothing repaired; slots in order and without a gap."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from forestall.base.errors import Malformed
from forestall.collecting.asking import BadRow, Envelope, Page, Request
from forestall.collecting.childprocess import InProcess
from forestall.collecting.kinds import Kind
from forestall.collecting.received import Received
from forestall.facts import Measure
from forestall.facts.arrow import rows_of
from forestall.sources import all_sources
from forestall.sources.gdelt_events import collector
from forestall.sources.gdelt_events.columns import EVENT, MENTION
from tests.recorded import payloads, turn

NOW = datetime(2026, 11, 20, 9, 20, tzinfo=UTC)
SAMPLE = Path(__file__).parent / "sample"
SOURCE = all_sources()["gdelt-events"]
EXPORT = (SAMPLE / "20261120091500.export.CSV").read_bytes()
MENTIONS = (SAMPLE / "20261120091500.mentions.CSV").read_bytes()
LIST = b"""120 9f86d081884c7d659a2feaa0c55ad015 http://data.gdeltproject.org/gdeltv2/20261120091500.export.CSV.zip
130 9f86d081884c7d659a2feaa0c55ad016 http://data.gdeltproject.org/gdeltv2/20261120091500.mentions.CSV.zip
140 9f86d081884c7d659a2feaa0c55ad017 http://data.gdeltproject.org/gdeltv2/20261120091500.gkg.csv.zip
"""


def read(content: bytes, name: str = "x.export.CSV") -> list[Any]:
    return list(collector.parse(Received(name, content, NOW), kind=Kind.UNKNOWN, source=SOURCE))


def rows(content: bytes) -> list[dict[str, Any]]:
    return [row for one in read(content) if not isinstance(one, BadRow) for row in rows_of(one)]


def test_a_line_is_an_event_with_the_code_as_text_and_no_deaths():
    first = rows(EXPORT)[0]

    assert (first["external_id"], first["source_type"], first["event_type"]) == ("1300000001", "1823", "attack-on-civilians")
    assert (first["day"], first["iso3"], first["reports"]) == (date(2026, 11, 19), "SSD", 3)
    assert first["deaths_best"] is None
    assert first["title"] == "CAMEO 1823 | MILITIA → VILLAGER | Lower Ford, Northern District, Valley"
    assert first["own"] == EXPORT.decode().splitlines()[0]
    assert first["flags"] == []


def test_a_leading_nought_is_part_of_the_code():
    assert rows(EXPORT)[1]["source_type"] == "090"


def test_a_story_told_again_a_country_for_a_place_and_lost_letters_are_remarked():
    _, second, third = rows(EXPORT)

    assert second["flags"] == ["retold", "country-middle"]
    assert second["place_precision"] == "country"
    assert third["flags"] == ["letters-lost", "country-unknown"]
    assert (third["latitude"], third["longitude"], third["iso3"]) == (None, None, "")


def test_a_file_packed_as_it_is_published_reads_the_same():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("20261120091500.export.CSV", EXPORT)

    assert rows(packed.getvalue()) == rows(EXPORT)


def test_a_line_that_is_cut_short_is_set_aside_with_its_number_and_the_others_keep_theirs():
    first, second, third = EXPORT.splitlines(keepends=True)
    cut = first + second[:40] + b"\n" + third.replace(b"\t6\t3\t6\t", b"\tsix\t3\t6\t")
    found = read(cut + third)

    bad = [one for one in found if isinstance(one, BadRow)]
    assert [one.place for one in bad] == ["row 2", "row 3"]
    assert "letters where a number stands" in bad[1].reason.text()
    assert [row["row"] for row in rows(cut + third)] == [1, 4]


def test_letters_that_are_no_utf8_do_not_lose_the_file():
    found = rows(EXPORT.replace(b"Lower Ford", b"Lower F\xffrd"))

    assert len(found) == 3


def test_a_file_of_the_first_edition_is_refused_by_its_width():
    line = b"\t".join(EXPORT.splitlines()[0].split(b"\t")[:58]) + b"\n"

    with pytest.raises(Malformed, match=r"GDELT 1\.0"):
        read(line)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"Please limit requests to one every 5 seconds\n", "Please limit requests"),
        (b"\t".join([b"x"] * 27) + b"\n", "knowledge graph"),
        (b"<html><body>Error</body></html>", "Error"),
    ],
)
def test_what_is_no_file_of_events_is_refused_in_its_own_words(content, said):
    with pytest.raises(Malformed, match=said):
        read(content)


def test_a_mention_told_twice_is_two_mentions():
    found = read(MENTIONS, "x.mentions.CSV")

    assert all(isinstance(one, Measure) for one in found)
    assert len({one.external_id for one in found}) == 3
    assert [one.value for one in found] == [60, 60, 100]
    assert found[0].own["MentionDocTone"] == "-4.5"


def test_mentions_copied_with_commas_and_a_header_are_the_same_mentions():
    lines = [line.split("\t") for line in MENTIONS.decode().splitlines()]
    header = [",".join(["", *MENTION])]
    copied = "\n".join([*header, *(",".join([str(at), *line]) for at, line in enumerate(lines))]) + "\n"

    assert [one.external_id for one in read(copied.encode())] == [one.external_id for one in read(MENTIONS)]


class TestAsking:
    def turn(
        self, cursor: dict[str, Any], *, newest: str, missing: tuple[str, ...] = (), at: datetime = NOW
    ) -> tuple[dict[str, Any], list[str]]:
        def answer(request: Request) -> Page:
            envelope = Envelope(version=newest, high="md5:0") if request.key == "list" else Envelope()
            return Page(request, 404 if request.name[:14] in missing else 200, at=at, envelope=envelope)

        cursor, asked = turn(collector, cursor, source=SOURCE, today=at.date(), answer=answer)
        return cursor, [one.name.removesuffix(".export.CSV.zip").removesuffix(".txt") for one in asked]

    def test_the_list_names_the_newest_slot_and_its_digest(self):
        assert read(LIST, "lastupdate.txt") == [
            Envelope(total=1, version="20261120091500", high="md5:9f86d081884c7d659a2feaa0c55ad015")
        ]

    def test_every_slot_since_the_last_turn_is_asked_for_in_order(self):
        cursor, asked = self.turn({"files": {"done": "20261120083000"}}, newest="20261120091500")

        assert asked == ["lastupdate", "20261120084500", "20261120090000", "20261120091500"]
        _, again = self.turn(cursor, newest="20261120093000")
        assert again == ["lastupdate", "20261120093000"]

    def test_only_the_newest_file_has_a_digest_to_be_held_to(self):
        cursor = {"files": {"done": "20261120084500"}, "list": {"newest": "20261120091500", "md5": "md5:0"}}

        planned = list(collector.plan(cursor, source=SOURCE, today=NOW.date()))
        assert [one.expects for one in planned] == ["", "", "md5:0"]

    def test_a_slot_that_is_missing_is_asked_for_again_until_it_is_a_day_old(self):
        cursor, _ = self.turn({"files": {"done": "20261120084500"}}, newest="20261120091500", missing=("20261120090000",))
        cursor, again = self.turn(cursor, newest="20261120093000", missing=("20261120090000",))
        assert again == ["lastupdate", "20261120093000", "20261120090000"]

        late = NOW + timedelta(hours=25)
        cursor, last = self.turn(cursor, newest="20261120094500", missing=("20261120090000",), at=late)
        assert last == ["lastupdate", "20261120094500", "20261120090000"]
        _, never = self.turn(cursor, newest="20261120100000", at=late)
        assert never == ["lastupdate", "20261120100000"]

    def test_a_turn_that_was_broken_off_goes_on_where_it_stopped(self):
        cursor = {"files": {"done": "20261120084500"}, "list": {"newest": "20261120091500", "md5": ""}}
        page = Page(Request("files", "", name="20261120090000.export.CSV.zip"), 200, at=NOW)

        _, asked = self.turn(collector.advance(cursor, page=page), newest="20261120091500")
        assert asked == ["lastupdate", "20261120091500"]


def test_the_recorded_rows_are_read_to_the_last():
    content = (payloads("gdelt") / "20191024143000.head8.export.CSV").read_bytes()
    response = InProcess().read(Received("head8.export.CSV", content, NOW), source=SOURCE)

    assert (response.refusal, response.count, response.bad) == (None, 8, ())
    assert all("retold" in row["flags"] for row in rows(content))
    assert len(EVENT) == 61


def test_what_it_brings_is_public():
    assert SOURCE.default_level == 0
