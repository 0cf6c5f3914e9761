"""UCDP events: every form of a release gives the same event, and what the programme leaves open stays open."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from forestall.base.errors import Malformed
from forestall.collecting.asking import BadRow, Envelope, Page, Request
from forestall.collecting.childprocess import InProcess
from forestall.collecting.kinds import Kind
from forestall.collecting.received import Received
from forestall.facts import DatePrecision, Event, PlacePrecision, Quality, Side
from forestall.sources import all_sources
from forestall.sources.ucdp_ged import collector
from tests.recorded import payloads, turn

NOW = datetime(2026, 10, 20, 12, tzinfo=UTC)
SAMPLE = Path(__file__).parent / "sample"
SOURCE = all_sources()["ucdp-ged"]


def read(name: str, content: bytes | None = None) -> list[object]:
    content = (SAMPLE / name).read_bytes() if content is None else content
    return list(collector.parse(Received(name, content, NOW), kind=Kind.UNKNOWN, source=SOURCE))


def events(found: list[object]) -> list[Event]:
    return [one for one in found if isinstance(one, Event)]


def test_a_one_sided_killing_has_a_perpetrator_a_target_and_three_estimates():
    first = events(read("GEDEvent_v26_0_9.csv"))[0]

    assert (first.external_id, first.event_type, first.source_type) == ("900001", "attack-on-civilians", "3")
    assert (first.actor1_side, first.actor2_side) == (Side.PERPETRATOR, Side.TARGET)
    assert (first.deaths_low, first.deaths_best, first.deaths_high, first.deaths_civilians) == (9, 12, 15, 12)
    assert (first.started, first.date_precision, first.place_precision) == (
        date(2026, 9, 14), DatePrecision.DAY, PlacePrecision.NEAR,
    )  # fmt: skip
    assert "of the Lower River" in first.own["source_article"]


def test_a_row_that_contradicts_itself_is_kept_as_given_and_says_so():
    second = events(read("GEDEvent_v26_0_9.csv"))[1]

    assert (second.deaths_low, second.deaths_best, second.deaths_high) == (4, 5, 4)
    assert set(second.flags) == {Quality.BOUNDS_BROKEN, Quality.SUM_DIFFERS, Quality.UNSETTLED, Quality.NO_POINT}
    assert second.reports is None
    assert (second.iso3, second.date_precision) == ("SDN", DatePrecision.MONTH)


def test_a_row_with_words_for_a_number_is_set_aside_whole():
    bad = [one for one in read("GEDEvent_v26_0_9.csv") if isinstance(one, BadRow)]

    assert [one.place for one in bad] == ["row 5"]
    assert "“many”" in bad[0].reason.text() and "Herders" in bad[0].content


def test_a_row_of_tags_is_no_event_and_a_later_release_outranks_a_candidate():
    candidate = events(read("GEDEvent_v26_0_9.csv"))[0]
    yearly = events(read("ged269-hxl.csv"))

    assert len(yearly) == 1
    assert yearly[0].external_id == candidate.external_id
    assert yearly[0].rank > candidate.rank


def test_every_form_of_a_release_gives_the_same_events():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("GEDEvent_v26_0_9.csv", (SAMPLE / "GEDEvent_v26_0_9.csv").read_bytes())
        archive.writestr("codebook.pdf", b"%PDF-1.4")

    assert events(read("ged.zip", packed.getvalue())) == events(read("GEDEvent_v26_0_9.csv"))


def test_a_page_of_the_api_says_how_many_there_are_and_which_comes_next():
    found = read("gedevents-page-0.json")

    assert [one for one in found if isinstance(one, Envelope)] == [Envelope(total=3, more="1")]
    assert [one.external_id for one in events(found)] == ["900001", "900004"]
    assert events(found)[1].latitude is None


def test_what_is_no_release_is_refused_by_the_columns_that_it_lacks():
    with pytest.raises(Malformed, match="best"):
        read("other.csv", b"id,type_of_violence\n1,3\n")


def test_a_page_of_the_web_is_refused_in_its_own_words():
    with pytest.raises(Malformed, match="Please ask for a token"):
        read("page.json", b"<html><body><h1>Please ask for a token</h1></body></html>")


class TestAsking:
    def test_the_newest_months_are_asked_for_first_with_the_token_left_to_the_fetcher(self):
        first = next(iter(collector.plan({}, source=SOURCE, today=date(2026, 10, 20))))

        assert first.url == "https://ucdpapi.pcr.uu.se/api/gedevents/26.0.10?pagesize=1000&page=0"
        assert first.headers == {"x-ucdp-access-token": "{token}"}

    def test_a_page_that_is_followed_by_another_is_followed_before_anything_else(self):
        page = Page(Request("26.0.9", ""), 200, at=NOW, envelope=Envelope(more="1"))
        cursor = collector.advance({}, page=page)

        assert next(iter(collector.plan(cursor, source=SOURCE, today=NOW.date()))).url[-6:] == "page=1"

    def test_a_yearly_release_is_asked_for_as_a_whole_file_and_needs_no_token(self):
        yearly = [one for one in collector.plan({}, source=SOURCE, today=date(2026, 10, 20)) if one.key == "26.1"]

        assert [(one.url, one.headers) for one in yearly] == [("https://ucdp.uu.se/downloads/ged/ged261-csv.zip", {})]

    def test_a_release_that_is_kept_is_never_asked_for_again_and_one_that_is_not_there_another_day(self):
        def answer(request: Request) -> Page:
            return Page(request, 404 if request.key == "26.0.10" else 200, at=NOW)

        cursor, asked = turn(collector, {}, source=SOURCE, today=date(2026, 10, 20), answer=answer)

        assert [one.key for one in asked] == ["26.0.10", "26.0.9", "26.0.8", "26.0.7", "26.0.6", "26.1"]
        _, again = turn(collector, cursor, source=SOURCE, today=date(2026, 10, 21), answer=answer)
        assert [one.key for one in again] == ["26.0.10"]


@pytest.mark.parametrize(
    ("name", "rows", "one_sided", "best", "broken"),
    [("GEDEvent_v23_0_10.csv", 2391, None, None, 15), ("ged_download.zip", 3194, 1520, 20936, None)],
)
def test_the_recorded_releases_are_read_to_the_last_row(name, rows, one_sided, best, broken):
    path = payloads("ucdp") / name
    response = InProcess().read(Received(name, path.read_bytes(), NOW), source=SOURCE)
    found = events(read(name, path.read_bytes()))

    assert (response.refusal, response.count, response.bad, response.ignored) == (None, rows, (), ())
    if one_sided is not None:
        assert sum(one.event_type == "attack-on-civilians" for one in found) == one_sided
        assert sum(one.deaths_best or 0 for one in found) == best
    if broken is not None:
        assert sum(Quality.BOUNDS_BROKEN in one.flags for one in found) == broken
        assert sum(Quality.UNSETTLED in one.flags for one in found) == 438
        assert not any(Quality.SUM_DIFFERS in one.flags for one in found)


def test_what_it_brings_is_public():
    assert SOURCE.default_level == 0
