"""Feeds: what is asked for, what an entry becomes, and what a repeated identifier does."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from forestall.collecting.contract import Page
from forestall.collecting.flags import FlagCode
from forestall.collecting.kinds import Kind
from forestall.collecting.received import Received
from forestall.collecting.record import Record
from forestall.sources import all_sources
from forestall.sources.feeds import collector

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SAMPLE = Path(__file__).parent / "sample"
SOURCE = all_sources()["feeds"]


def records_of(content: bytes, *, kind: Kind = Kind.FEED) -> list[Record]:
    found = collector.parse(Received("news", content, NOW), kind=kind, source=SOURCE)
    return [record for record in found if isinstance(record, Record)]


def test_an_entry_becomes_a_record():
    record = records_of((SAMPLE / "news.rss").read_bytes())[0]

    assert (record.external_id, record.url) == ("nx-1", "https://news.example.org/story/1")
    assert (record.title, record.body) == (
        "Talks resume in Northern District",
        "Elders of both towns met on Thursday.",
    )
    assert (record.language, record.licence) == ("en", "Quote with the source.")
    assert record.published is not None and record.published.readings == ("2026-11-19T12:00:00+00:00",)


def test_an_entry_without_date_or_identifier_gets_neither_now_nor_a_position():
    record = records_of((SAMPLE / "news.rss").read_bytes())[1]

    assert record.published is None and record.has(FlagCode.NO_DATE)
    assert record.external_id == "https://news.example.org/story/2"


def test_atom_prefers_the_day_it_was_published():
    record = records_of((SAMPLE / "bulletin.atom").read_bytes())[0]

    assert record.published is not None and record.published.readings == ("2026-11-19T09:30:00+00:00",)
    assert (record.body, record.language) == ("El puente reabrió esta mañana.", "es")


def test_a_json_feed_is_read_with_its_zone():
    record = records_of((SAMPLE / "radio.json").read_bytes(), kind=Kind.JSON_FEED)[0]

    assert (record.title, record.language, record.reporter) == ("إعادة فتح السوق", "ar", "Example Radio desk")
    assert record.published is not None and record.published.readings == ("2026-11-19T05:00:00+00:00",)


def test_one_identifier_with_two_contents_keeps_both():
    entry = "<item><guid>same</guid><title>{}</title></item>"
    feed = "<rss version='2.0'><channel>" + entry.format("One") + entry.format("Two") + entry.format("One")
    records = records_of((feed + "</channel></rss>").encode())

    assert [record.title for record in records] == ["One", "Two"]
    assert len({record.external_id for record in records}) == 2
    assert all(record.has(FlagCode.IDENTIFIER_REUSED) for record in records)


def test_names_of_characters_that_only_html_knows_are_read_and_told():
    record = records_of(
        b"<rss version='2.0'><channel><item><title>a&nbsp;b &amp; c</title></item></channel></rss>"
    )[0]

    assert record.title == "a b & c"
    assert record.has(FlagCode.ENTITIES_READ)


def test_every_feed_lies_on_a_host_that_may_be_asked():
    planned = list(collector.plan({}, source=SOURCE, today=NOW.date()))

    assert {urlsplit(one.url).hostname for one in planned} == set(SOURCE.asks.hosts)
    assert len({one.key for one in planned}) == len(planned) == 17


def test_only_what_changed_is_asked_for():
    request = next(iter(collector.plan({}, source=SOURCE, today=NOW.date())))
    page = Page(request, 200, {"ETag": '"v1"', "Last-Modified": "Thu, 19 Nov 2026"}, Received("f", b"x", NOW))
    moved = collector.advance({}, page=page)
    again = next(iter(collector.plan(moved, source=SOURCE, today=NOW.date())))

    assert "If-None-Match" not in request.headers
    assert again.headers["If-None-Match"] == '"v1"'
    assert again.headers["If-Modified-Since"] == "Thu, 19 Nov 2026"


@pytest.mark.parametrize("status", [202, 304, 403, 500])
def test_an_answer_without_a_body_moves_nothing(status):
    request = next(iter(collector.plan({}, source=SOURCE, today=NOW.date())))

    assert collector.advance({"x": {"etag": "1"}}, page=Page(request, status, {"ETag": "2"})) == {
        "x": {"etag": "1"}
    }


def test_a_real_feed_is_read_whole():
    data = os.environ.get("FORESTALL_DATA")
    if not data:
        pytest.skip("FORESTALL_DATA is not set: no real feed to read")
    records = records_of((Path(data) / "payloads/feeds/reliefweb_updates_ukr_2020.rss.xml").read_bytes())

    assert len(records) == 20
    assert len({record.record_id for record in records}) == 20
    assert all(record.published and record.body and record.language == "en" for record in records)


def test_what_it_brings_is_internal():
    assert SOURCE.default_level == 1
