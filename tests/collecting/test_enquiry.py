"""Asking a producer that does not behave: everything ends, nothing leaks, and what it says is kept in its own words."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import stamina

from forestall.base.clock import now
from forestall.base.errors import Malformed, Refused, Unavailable
from forestall.collecting.asking import Asks, Request
from forestall.collecting.contract import Bounds, Redistribution, Source
from forestall.collecting.enquiry import CredentialMissing, Enquirer, Later, conditional, retry_after, said
from forestall.outbound.fetching import Network
from tests.producer import HOST, Producer, hang, producer, raw, reply

ELSEWHERE = "elsewhere.example"
AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
ASKS = Asks(hosts=(HOST, ELSEWHERE), credentials=("token",), seconds_between=0.0, seconds=2.0, most_megabytes=1)
SOURCE = Source(
    id="told", module="x", title="Told", publisher="x", licence="x", redistribution=Redistribution.ALLOW, default_level=0,
    cadence_minutes=60, max_content_age_days=1, reads=(), bounds=Bounds(), runbook="x", asks=ASKS,
)  # fmt: skip
REQUEST = Request("rows", f"https://{HOST}/rows?key={{token}}", {"Authorization": "Bearer {token}"}, name="rows.json")


@pytest.fixture(scope="module")
def _running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Producer]:
    with producer(tmp_path_factory.mktemp("producer"), hosts=(HOST, ELSEWHERE)) as here:
        yield here


@pytest.fixture
def here(_running: Producer) -> Producer:
    _running.asked.clear()
    _running.answer = reply("[]")
    return _running


@pytest.fixture(autouse=True)
def _no_waiting() -> Iterator[None]:
    with stamina.set_testing(True, attempts=3):
        yield


def enquirer(here: Producer, *, network: Network | None = None, **asks: Any) -> Enquirer:
    source = replace(SOURCE, asks=replace(ASKS, **asks))
    return Enquirer(source, credentials={"token": "s3cret&x"}, network=network or here.network, sleep=lambda _: None)


def test_a_credential_is_filled_in_at_the_last_moment_and_quoted_in_an_address(here):
    found = enquirer(here).ask(REQUEST)

    assert found.body == b"[]"
    assert here.asked[0].path == "/rows?key=s3cret%26x"
    assert here.asked[0].headers["authorization"] == "Bearer s3cret&x"
    assert "s3cret" not in repr(REQUEST)


def test_without_its_credential_nothing_is_asked_and_the_sentence_says_what_to_do(here):
    one = Enquirer(SOURCE, credentials={}, network=here.network)

    with pytest.raises(CredentialMissing, match="forestall sources credential told token"):
        one.ask(REQUEST)
    assert here.asked == []


def test_an_answer_is_asked_for_again_when_the_producer_is_busy_and_not_when_it_refuses(here):
    here.answers(reply(status=503), reply(status=500), reply("[1]"))
    assert enquirer(here).ask(REQUEST).body == b"[1]"
    here.asked.clear()
    here.answer = reply('{"error": {"message": "Not yours"}}', status=403)

    refused = enquirer(here).ask(REQUEST)
    assert (refused.status, said(refused.body), len(here.asked)) == (403, "Not yours", 1)


def test_a_producer_that_stays_busy_is_asked_so_many_times_and_no_more(here):
    here.answer = reply("slow down", status=429)

    assert enquirer(here).ask(REQUEST).status == 429
    assert len(here.asked) == 3


@pytest.mark.parametrize(
    ("text", "days"), [("315360000", 1), ("Wed, 20 Nov 2036 12:00:00 GMT", 1), ("7200", 1 / 12)]
)
def test_C11_a_wait_longer_than_a_turn_ends_the_turn_and_is_never_longer_than_a_day(here, text, days):
    here.answer = reply(status=429, retry_after=text)

    with pytest.raises(Later) as asked:
        enquirer(here).ask(REQUEST)
    assert abs((asked.value.until - now()) - timedelta(days=days)) < timedelta(minutes=5)
    assert len(here.asked) == 1


@pytest.mark.parametrize(
    ("text", "seconds"), [("-5", 0), ("30", 30), ("Fri, 20 Nov 2026 12:00:30 GMT", 30), ("Fri, 20 Nov 2020 12:00:00 GMT", 0)]
)
def test_C11_a_wait_is_read_as_seconds_or_as_a_date_and_never_as_less_than_nothing(text, seconds):
    assert retry_after(text, at=AT) == timedelta(seconds=seconds)


def test_C11_a_wait_that_is_none_is_none():
    assert retry_after("soon", at=AT) is None


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(hang(), id="says nothing"),
        pytest.param(raw(b"HTTP/1.1 200 OK\r\n", *[b"X: y\r\n"] * 400, pause=0.02), id="drips its headers"),
        pytest.param(raw(b"HTTP/1.1 200 OK\r\n\r\n", *[b"x"] * 400, pause=0.02), id="drips its body"),
        pytest.param(raw(b"HTTP/1.1 100 Continue\r\n\r\n", pause=20), id="says go on and nothing more"),
    ],
)
def test_C05_a_producer_that_never_ends_is_left_at_the_deadline(here, answer):
    here.answer = answer
    before = now()

    with stamina.set_testing(True, attempts=1), pytest.raises(Unavailable):
        enquirer(here, seconds=1.0).ask(REQUEST)
    assert now() - before < timedelta(seconds=4)


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(raw(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 1_000_000 + b"\r\n\r\n"), id="a header of a megabyte"),
        pytest.param(raw(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 10_000 + b"\r\n"), id="ten thousand headers"),
        pytest.param(raw(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhalf of it"), id="half of it"),
        pytest.param(raw(b"not HTTP at all\r\n\r\n"), id="no HTTP"),
        pytest.param(raw(b""), id="hangs up"),
    ],
)
def test_C05_an_answer_that_is_none_is_unavailable(here, answer):
    here.answer = answer

    with pytest.raises(Unavailable):
        enquirer(here).ask(REQUEST)


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(reply(b"x" * (2 << 20)), id="too large"),
        pytest.param(reply(gzip.compress(b"\0" * (64 << 20)), content_encoding="gzip"), id="a bomb"),
        pytest.param(raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", *[b"10000\r\n" + b"x" * 65536 + b"\r\n"] * 40), id="chunks without end"),
    ],
)
def test_I10_what_is_larger_than_declared_is_given_up_in_the_middle(here, answer):
    here.answer = answer

    with pytest.raises(Malformed, match="more than"):
        enquirer(here).ask(REQUEST)


class TestRedirects:
    def test_C03_another_named_host_is_followed_without_the_credentials(self, here):
        here.answers(reply(status=302, location=f"https://{ELSEWHERE}/file"), reply("[2]"))

        assert enquirer(here).ask(REQUEST).body == b"[2]"
        assert here.asked[1].headers["host"] == ELSEWHERE
        assert "authorization" not in here.asked[1].headers

    @pytest.mark.parametrize("to", ["https://other.example/x", "http://producer.example/x", "file:///etc/passwd", "https://127.0.0.1/x"])
    def test_C03_anywhere_else_is_not_followed(self, here, to):
        here.answer = reply(status=302, location=to)

        with pytest.raises(Refused):
            enquirer(here).ask(REQUEST)
        assert len(here.asked) == 1

    def test_C03_a_circle_of_redirects_ends(self, here):
        here.answer = reply(status=302, location=f"https://{HOST}/again")

        with pytest.raises(Malformed):
            enquirer(here).ask(REQUEST)
        assert len(here.asked) == 4


def test_C02_an_address_that_turns_private_between_two_requests_is_refused(here):
    answers = iter([["127.0.0.1"], Refused("private")])

    def resolve(host: str, port: int) -> list[str]:
        found = next(answers)
        if isinstance(found, Exception):
            raise found
        return found

    one = enquirer(here, network=replace(here.network, resolve=resolve))
    one.ask(REQUEST)
    with pytest.raises(Refused):
        one.ask(REQUEST)


@pytest.mark.parametrize("days", [-1, 30])
def test_C06_a_certificate_that_is_over_or_of_nobody_we_know_is_an_outage(tmp_path: Path, days: int, here: Producer):
    with producer(tmp_path, days=days) as other:
        network = other.network if days < 0 else replace(other.network, certificates=here.network.certificates)
        with pytest.raises(Unavailable):
            enquirer(here, network=network).ask(REQUEST)
        assert other.asked == []


def test_C06_a_certificate_for_another_host_is_an_outage(tmp_path: Path, here: Producer):
    with producer(tmp_path, hosts=("somebody.example",)) as other, pytest.raises(Unavailable):
        enquirer(here, network=other.network).ask(REQUEST)


def test_a_file_that_is_not_what_was_announced_is_refused(here):
    here.answer = reply(b"rows")
    good = replace(REQUEST, expects="md5:" + hashlib.md5(b"rows", usedforsecurity=False).hexdigest())
    assert enquirer(here).ask(good).body == b"rows"

    with pytest.raises(Malformed, match="announced"):
        enquirer(here).ask(replace(good, expects="md5:" + "0" * 32))


def test_what_did_not_change_is_asked_for_with_its_marks(here):
    here.answer = reply(status=304)

    assert enquirer(here).ask(conditional(REQUEST, etag='"7"', modified="")).status == 304
    assert here.asked[0].headers["if-none-match"] == '"7"'
    assert "if-modified-since" not in here.asked[0].headers


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b'{"status": 403, "error": {"type": "Denied", "message": "Ask for an account."}}', "Ask for an account."),
        (b"<html><h1>Blocked</h1><p>Call us.</p></html>", "Blocked Call us."),
        (b"Please limit requests.\n", "Please limit requests."),
        (b'{"detail": ["first", "second"]}', "first second"),
        (b"{broken", "{broken"),
        (b"", ""),
    ],
)
def test_what_a_producer_says_is_told_in_its_own_words(body, words):
    assert said(body) == words
