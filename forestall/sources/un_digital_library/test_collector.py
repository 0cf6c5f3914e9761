"""UN Digital Library: every field of a record is kept, and a library that holds programs back is told from an empty one."""

from __future__ import annotations

import gzip
import json
import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from forestall.base.errors import Malformed
from forestall.collecting.asking import BadRow, Envelope, Page, Request
from forestall.collecting.childprocess import InProcess
from forestall.collecting.dates import Precision
from forestall.collecting.flags import FlagCode
from forestall.collecting.hostile import Hostile
from forestall.collecting.kinds import Kind
from forestall.collecting.received import Received
from forestall.collecting.record import Record
from forestall.sources import all_sources
from forestall.sources.un_digital_library import collector
from tests.recorded import payloads

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SAMPLE = Path(__file__).parent / "sample"
SOURCE = all_sources()["un-digital-library"]
SEARCH = (SAMPLE / "search-page.xml").read_bytes()


def read(content: bytes = SEARCH, name: str = "search-page.xml") -> list[Any]:
    return list(collector.parse(Received(name, content, NOW), kind=Kind.UNKNOWN, source=SOURCE))


def records(found: list[Any]) -> list[Record]:
    return [one for one in found if isinstance(one, Record)]


def envelope(found: list[Any]) -> Envelope:
    return next(one for one in found if isinstance(one, Envelope))


def test_a_report_bears_its_number_its_symbol_its_day_and_its_author():
    first = records(read())[0]

    assert (first.external_id, first.url) == ("undl:9000001", "https://digitallibrary.un.org/record/9000001")
    assert first.title == "Children and the war in Velandia : report of the Secretary-General"
    assert (first.native["symbol"], first.native["places"]) == ("S/2026/9901", "VELANDIA")
    assert (first.reporter, first.body) == (
        "UN. Secretary-General",
        "On grave violations in the Lower River.",
    )
    assert first.published and first.published.readings == ("2026-11-02",)


def test_symbols_are_kept_without_spaces_so_that_they_can_be_looked_up():
    first, _, third = records(read())

    assert (first.native["related_symbols"], third.native["symbol"]) == (
        "S/RES/9901(2026)",
        "S/RES/9901(2026)",
    )
    assert "S/RES/9901 (2026)" in third.native["marc"]


def test_a_record_without_a_symbol_is_a_record():
    second = records(read())[1]

    assert "symbol" not in second.native
    assert second.title == "Letter from the mission of Old Quay"


def test_the_language_of_a_file_is_read_from_its_name_because_its_label_came_through_two_encodings():
    files = json.loads(records(read())[0].native["files"])

    assert [one["language"] for one in files] == ["ar", "fr", "en"]
    assert [one["size"] for one in files] == ["100", "200", "300"]


def test_the_language_of_a_document_is_the_declared_one_else_that_of_its_only_file():
    assert [one.language for one in records(read())] == ["en", "mul", "es"]


def test_a_state_that_sponsors_is_no_author():
    assert records(read())[1].reporter == "General Assembly, 3rd Committee"


def test_a_day_that_is_none_is_told_and_a_month_stays_a_month():
    _, second, third = records(read())

    assert second.published and second.published.precision is Precision.MONTH
    assert third.published is None and third.has(FlagCode.DATE_UNREADABLE)


def test_every_field_and_subfield_is_kept_word_for_word():
    written = re.findall(r'<ns0:(?:subfield code|controlfield tag)="(\w+)">([^<]*)<', SEARCH.decode())
    kept = [json.loads(one.native["marc"]) for one in records(read())]
    pairs = [
        pair
        for one in kept
        for pair in [*one["control"], *(pair for field in one["data"] for pair in field[3])]
    ]

    assert sorted(map(tuple, pairs)) == sorted(written)
    assert [one["data"][0][:3] for one in kept][:1] == [["041", "0", " "]]


def test_the_prefix_of_the_namespace_makes_no_difference():
    bare = SEARCH.replace(b"ns0:", b"").replace(b":ns0", b"")
    other = SEARCH.replace(b"ns0", b"marc")

    assert records(read(bare)) == records(read(other)) == records(read())


def test_the_total_stands_in_the_comment_or_in_the_wrapping_of_the_api():
    token = read((SAMPLE / "token-api.xml").read_bytes())

    assert envelope(read()) == Envelope(total=94)
    assert envelope(token) == Envelope(total=94, more="bG93ZXItcml2ZXI=")
    assert [one.sha256 for one in records(token)] == [one.sha256 for one in records(read())]


def test_a_packed_answer_is_read_like_a_plain_one():
    assert [one.sha256 for one in records(read(gzip.compress(SEARCH)))] == [
        one.sha256 for one in records(read())
    ]


def test_a_record_without_a_number_is_set_aside_with_all_that_it_holds():
    found = read(SEARCH.replace(b'<ns0:controlfield tag="001">9000002</ns0:controlfield>', b""))

    assert [one.place for one in found if isinstance(one, BadRow)] == ["record 2"]
    assert "Old Quay" in next(one.content for one in found if isinstance(one, BadRow))
    assert len(records(found)) == 2


def test_one_number_for_two_documents_refuses_the_page():
    with pytest.raises(Malformed, match="undl:9000002"):
        read(SEARCH.replace(b">9000003<", b">9000002<"))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "holds programs back"),
        (b" \n", "holds programs back"),
        (b"<!DOCTYPE html><html><body>Verify that you are human</body></html>", "Verify that you are human"),
        (b'{"error": "Invalid token"}', "Invalid token"),
        (b'{"error": {"message": "No such search"}}', "“No such search”"),
        (b'[{"recid": 1}]', "MARCXML was expected"),
        (SEARCH[: len(SEARCH) // 2], "broken"),
        (b"<rss><channel><title>News</title></channel></rss>", "no MARCXML.*rss"),
    ],
)
def test_what_is_no_catalogue_is_refused_with_a_reason(content, words):
    with pytest.raises(Malformed, match=words):
        read(content)


def test_a_document_type_is_refused_as_a_trap():
    with pytest.raises(Hostile):
        read(b'<!DOCTYPE collection [<!ENTITY x "y">]>' + SEARCH.partition(b"?>")[2])


class TestAsking:
    TODAY = date(2026, 11, 20)

    def planned(self, cursor: dict[str, Any], today: date = TODAY) -> Request | None:
        return next(iter(collector.plan(cursor, source=SOURCE, today=today)), None)

    def answered(
        self, cursor: dict[str, Any], request: Request, *, status: int = 200, count: int = 0, total: int = 0
    ) -> dict[str, Any]:
        page = Page(request, status, at=NOW, count=count, envelope=Envelope(total=total))
        return collector.advance(cursor, page=page)

    def test_a_query_is_asked_for_as_marcxml_by_the_year(self):
        request = self.planned({})
        assert request
        asked = parse_qs(urlsplit(request.url).query)

        assert (asked["of"], asked["rg"], asked["jrec"]) == (["xm"], ["200"], ["1"])
        assert asked["p"] == ["(symbol:S/RES/*) AND year:2026"]

    def test_pages_follow_until_the_total_is_reached(self):
        cursor: dict[str, Any] = {}
        starts = []
        while (request := self.planned(cursor)) and request.key == "security-council-resolutions:2026":
            starts.append(parse_qs(urlsplit(request.url).query)["jrec"][0])
            cursor = self.answered(cursor, request, count=200, total=401)

        assert starts == ["1", "201", "401"]

    def test_every_query_is_read_for_this_year_and_the_first_time_for_the_year_before(self):
        cursor: dict[str, Any] = {}
        asked = []
        while request := self.planned(cursor):
            asked.append(request.key)
            cursor = self.answered(cursor, request)
        queries = [query["id"] for query in SOURCE.settings["queries"]]

        assert asked == [f"{query}:{year}" for query in queries for year in (2026, 2025)]
        later = self.planned(cursor, date(2026, 11, 27))
        assert later and later.key == "security-council-resolutions:2026"
        assert self.keys(cursor, date(2026, 11, 27)) == {2026}

    def test_early_in_a_year_the_one_before_is_read_again(self):
        read = {
            f"{query['id']}:{year}": {"read": True}
            for query in SOURCE.settings["queries"]
            for year in (2025, 2026, 2027)
        }

        assert self.keys(read, date(2027, 1, 20)) == {2027, 2026}
        assert self.keys(read, date(2027, 4, 20)) == {2027}

    def keys(self, cursor: dict[str, Any], today: date) -> set[int]:
        years = set()
        while request := self.planned(cursor, today):
            years.add(int(request.key.rpartition(":")[2]))
            cursor = cursor | {request.key: {"asked": today.isoformat(), "read": True}}
        return years

    @pytest.mark.parametrize("status", [202, 403, 503])
    def test_on_a_day_of_refusal_nothing_more_is_asked_and_the_next_goes_on_where_it_stood(self, status):
        first = self.planned({})
        assert first
        cursor = self.answered(self.answered({}, first, count=200, total=401), first, status=status)

        assert self.planned(cursor) is None
        tomorrow = self.planned(cursor, date(2026, 11, 21))
        assert tomorrow and "jrec=201" in tomorrow.url


def test_the_recorded_search_is_read_to_the_last_record():
    path = payloads("un_digital_library") / "session_78_committee_3_drafts.xml"
    response = InProcess().read(Received(path.name, path.read_bytes(), NOW), source=SOURCE)

    assert (response.refusal, response.count, response.bad, response.ignored) == (None, 94, (), ())
    assert response.envelope == Envelope(total=94)
    assert (
        len({one.external_id for one in response.records})
        == len({one.native["symbol"] for one in response.records})
        == 94
    )
    assert {one.language for one in response.records} == {"en"}
    assert all(one.published and one.published.precision is Precision.DAY for one in response.records)
    assert sum(len(json.loads(one.native["files"])) for one in response.records) == 564


def test_what_it_brings_is_public():
    assert SOURCE.default_level == 0
