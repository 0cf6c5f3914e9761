"""IDMC's updates: the day meant, figures that may not be added up, markup that is not trusted, every published form."""

from __future__ import annotations

import gzip
import io
import json
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pytest

from forestall.base.errors import Malformed
from forestall.collecting.asking import BadRow, Envelope, Page, Request
from forestall.collecting.childprocess import InProcess
from forestall.collecting.kinds import Kind
from forestall.collecting.received import Received
from forestall.facts import DatePrecision, Event, PlacePrecision, Quality
from forestall.sources import all_sources
from forestall.sources.idmc_idu import collector
from tests.recorded import payloads

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SAMPLE = Path(__file__).parent / "sample"
SOURCE = all_sources()["idmc-idu"]


def read(name: str, content: bytes | None = None) -> list[object]:
    content = (SAMPLE / name).read_bytes() if content is None else content
    return list(collector.parse(Received(name, content, NOW), kind=Kind.UNKNOWN, source=SOURCE))


def events(found: list[object]) -> list[Event]:
    return [one for one in found if isinstance(one, Event)]


def test_people_driven_to_move_are_counted_in_persons_and_the_figure_is_provisional():
    first = events(read("idmc-idu.json"))[0]

    assert (first.external_id, first.event_type, first.people) == ("900001", "displacement-by-conflict", 4200)
    assert first.deaths_best is None
    assert Quality.PROVISIONAL in first.flags
    assert first.own["qualifier"] == "approximately"


def test_the_day_is_the_one_that_was_meant_and_not_the_day_before_in_greenwich():
    span, _, flood = events(read("idmc-idu.json"))

    assert (span.started, span.ended, span.date_precision) == (
        date(2026, 11, 12), date(2026, 11, 13), DatePrecision.SPAN,
    )  # fmt: skip
    assert (flood.started, flood.date_precision) == (date(2026, 11, 1), DatePrecision.DAY)


def test_a_day_without_a_time_is_that_day():
    assert events(read("idmc-idu-last-180-days.json"))[0].started == date(2026, 11, 12)


def test_what_is_not_counted_is_not_nought():
    assert events(read("idmc-idu.json"))[2].people is None


def test_several_figures_of_one_event_may_not_be_added_up_unless_one_is_recommended():
    def additive(name: str) -> list[bool]:
        return [Quality.NOT_ADDITIVE not in one.flags for one in events(read(name))]

    assert additive("idmc-idu.json") == [False, False, True]
    assert additive("idmc-idu-last-180-days.json") == [True, False]


def test_a_code_that_is_no_countrys_stays_as_given_and_says_so():
    abyei = events(read("idmc-idu.json"))[2]

    assert (abyei.iso3, abyei.country) == ("AB9", "Abyei Area")
    assert Quality.COUNTRY_UNKNOWN in abyei.flags


def test_the_text_beside_a_figure_is_read_and_never_run():
    first, second, _ = events(read("idmc-idu.json"))

    assert "fled Lower Ford & Well" in first.text and "<" not in first.text
    assert first.url == "https://herald.example/ford"
    assert "alert" not in second.text
    assert second.url == ""


def test_a_newer_edition_tells_sources_and_how_exactly_the_place_is_known():
    first, second = events(read("idmc-idu-last-180-days.json"))

    assert (first.reports, first.url, first.place) == (2, "https://herald.example/well", "Well, Valley")
    assert (first.place_precision, second.place_precision) == (PlacePrecision.ADMIN2, PlacePrecision.COUNTRY)
    assert Quality.COUNTRY_MIDDLE in second.flags
    assert second.url == ""


def test_a_row_with_words_for_a_number_is_set_aside_whole():
    assert [one.place for one in read("idmc-idu.json") if isinstance(one, BadRow)] == ["row 4"]


def test_a_copy_on_hdx_is_the_same_event_and_its_row_of_tags_is_none():
    [copy] = read("event_data_SDN.csv")[:-1]
    first = events(read("idmc-idu.json"))[0]

    assert (copy.external_id, copy.started, copy.people, copy.url) == (
        first.external_id, first.started, first.people, first.url,
    )  # fmt: skip
    assert "4,200 people fled" in copy.text


def test_every_form_of_an_answer_gives_the_same_events():
    rows = json.loads((SAMPLE / "idmc-idu.json").read_text())[:3]
    wanted = [
        (one.external_id, one.started, one.people, one.latitude) for one in events(read("idmc-idu.json"))
    ]
    features = [
        {"type": "Feature", "geometry": {"type": "Point", "coordinates": [row["longitude"], row["latitude"]]},
         "properties": {name: value for name, value in row.items() if name not in ("latitude", "longitude")}}
        for row in rows
    ]  # fmt: skip
    book = openpyxl.Workbook()
    book.active.append(list(rows[0]))
    for row in rows:
        book.active.append(list(row.values()))
    out = io.BytesIO()
    book.save(out)

    forms = [
        json.dumps({"type": "FeatureCollection", "features": features}).encode(),
        json.dumps({"count": 3, "results": rows}).encode(),
        gzip.compress(json.dumps(rows).encode()),
        out.getvalue(),
    ]
    for form in forms:
        found = events(read("answer", form))
        assert [(one.external_id, one.started, one.people, one.latitude) for one in found] == wanted


def test_rows_without_a_number_are_told_apart_by_what_they_say():
    row = {"country": "Sudan", "iso3": "SDN", "displacement_type": "Conflict", "figure": 5}

    found = events(read("x.json", json.dumps([row, row, {**row, "figure": 6}]).encode()))
    assert len({one.external_id for one in found}) == 3


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'{"detail": "Client is not registered."}', "Client is not registered"),
        (b'{"client_id": null}', "no “data”"),
        (b"<html><body>Gone</body></html>", "Gone"),
        (b'[{"id": 1, "figu', "not JSON"),
        (b'[{"id": 1, "name": "x"}]', "displacement_type, figure"),
        (b" ", "empty"),
    ],
)
def test_what_is_no_answer_is_refused_in_the_centres_own_words(content, words):
    with pytest.raises(Malformed, match=words):
        read("answer.json", content)


class TestAsking:
    def test_everything_is_asked_for_once_a_day_with_the_client_left_to_the_fetcher(self):
        [request] = collector.plan({}, source=SOURCE, today=NOW.date())

        assert (
            request.url == "https://helix-tools-api.idmcdb.org/external-api/idus/all/?client_id={client_id}"
        )
        assert SOURCE.asks.snapshot
        cursor = collector.advance({}, page=Page(request, 200, at=NOW, envelope=Envelope(high="2026-11-15")))
        assert list(collector.plan(cursor, source=SOURCE, today=NOW.date())) == []
        assert list(collector.plan(cursor, source=SOURCE, today=date(2026, 11, 21))) == [request]

    def test_an_answer_that_failed_moves_no_mark(self):
        cursor = {"all": {"asked": "2026-11-19", "high": "2026-11-15"}}

        moved = collector.advance(cursor, page=Page(Request("all", ""), 503, at=NOW))
        assert moved["all"] == {"asked": "2026-11-20", "high": "2026-11-15"}

    def test_the_newest_update_is_the_mark(self):
        assert read("idmc-idu.json")[-1] == Envelope(total=4, high="2026-11-15T09:00:00+00:00")


def test_the_recorded_answer_is_read_to_the_last_row():
    path = payloads("idmc_idu") / "idmc_idu.json"
    response = InProcess().read(Received(path.name, path.read_bytes(), NOW), source=SOURCE)
    found = events(read(path.name, path.read_bytes()))

    assert (response.refusal, response.count, response.bad, response.ignored) == (None, 113, (), ())
    assert sum(one.people or 0 for one in found) == 112_759
    assert sum(one.event_type == "displacement-by-conflict" for one in found) == 6
    assert all(one.url.startswith("https://") or one.url.startswith("http://") for one in found)


def test_the_recorded_days_are_those_that_its_texts_name():
    path = payloads("idmc_idu") / "idmc_idu.json"
    found = events(read(path.name, path.read_bytes()))
    named = [one for one in found if f"{one.started:%d %B}" in one.text]

    assert len(named) == len(found)


def test_what_it_brings_is_public():
    assert SOURCE.default_level == 0
