"""Emergency alerts: known by sender, identifier and moment together; an update ends what it names; a drill is no danger."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from forestall.base.errors import Malformed
from forestall.collecting.asking import BadRow, Envelope, Page, Request, Withdrawn
from forestall.collecting.childprocess import InProcess
from forestall.collecting.hostile import Hostile
from forestall.collecting.kinds import Kind
from forestall.collecting.received import Received
from forestall.facts import Finding, FindingForm
from forestall.sources import all_sources
from forestall.sources.cap_alerts import collector
from tests.recorded import payloads

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SOURCE = all_sources()["cap-alerts"]
SAMPLE = (Path(__file__).parent / "sample" / "flood.cap.xml").read_text(encoding="utf-8")


def read(text: str = SAMPLE) -> list[object]:
    return list(collector.parse(Received("x.xml", text.encode(), NOW), kind=Kind.UNKNOWN, source=SOURCE))


def alert(text: str = SAMPLE) -> Finding:
    return next(one for one in read(text) if isinstance(one, Finding))


def aside(text: str) -> BadRow:
    assert not any(isinstance(one, Finding | Withdrawn) for one in read(text))
    return next(one for one in read(text) if isinstance(one, BadRow))


def test_what_it_brings_is_for_the_public():
    assert SOURCE.default_level == 0


def test_an_alert_is_known_by_sender_identifier_and_moment_however_the_zone_is_written():
    in_utc = SAMPLE.replace("2026-11-20T08:30:00+02:00", "2026-11-20T06:30:00Z")
    later = SAMPLE.replace("2026-11-20T08:30:00+02:00", "2026-11-20T08:31:00+02:00")
    other = SAMPLE.replace("<sender>alerts@rivers.example", "<sender>other@rivers.example")

    assert alert().external_id == "alerts@rivers.example|rivers-2026-11-07|2026-11-20T06:30:00+00:00"
    assert alert(in_utc).external_id == alert().external_id
    assert len({alert(one).external_id for one in (SAMPLE, later, other)}) == 3


def test_it_says_from_when_and_until_when_at_the_latest_and_in_which_languages():
    found = alert()

    assert (found.form, found.source_form) == (FindingForm.ALERT, "Update")
    assert (found.valid_from, found.valid_until) == (date(2026, 11, 20), date(2026, 11, 23))
    assert found.published_at == datetime(2026, 11, 20, 6, 30, tzinfo=UTC)
    assert (found.title, found.body, found.language) == ("The crossing at Reedbank is closed", "Rivers Authority", "en")
    assert "[en]" in found.text and "[ar]\nالمعبر" in found.text


def test_every_polygon_and_every_block_is_kept_word_for_word():
    own = alert().own

    assert own["info"][0]["area"]["polygon"] == ["1.0,30.0 1.0,30.5 1.5,30.5 1.0,30.0", "2.0,30.0 2.0,30.5 2.5,30.5 2.0,30.0"]
    assert own["info"][1]["event"] == "إغلاق المعبر"
    assert alert().countries == ("SDN",)


def test_an_update_ends_the_alerts_that_it_names_and_an_alert_ends_none():
    ended = [one for one in read() if isinstance(one, Withdrawn)]

    assert [(one.external_id, one.at) for one in ended] == [
        ("alerts@rivers.example|rivers-2026-11-06|2026-11-19T18:00:00+00:00", datetime(2026, 11, 20, 6, 30, tzinfo=UTC))
    ]
    assert not [one for one in read(SAMPLE.replace("Update", "Alert")) if isinstance(one, Withdrawn)]


def test_a_cancellation_is_kept_as_over_on_its_day_and_is_no_alert():
    found = alert(SAMPLE.replace("Update", "Cancel"))

    assert (found.form, found.valid_until) == (FindingForm.OTHER, date(2026, 11, 20))
    assert any(isinstance(one, Withdrawn) for one in read(SAMPLE.replace("Update", "Cancel")))


@pytest.mark.parametrize("status", ["Exercise", "Test", "System", "Draft"])
def test_a_drill_is_set_aside_by_rule_and_ends_nothing(status: str):
    found = aside(SAMPLE.replace("Actual", status))

    assert found.by_rule and "no alert but a" in found.reason.text()


@pytest.mark.parametrize("scope", ["Restricted", "Private"])
def test_what_is_for_named_recipients_is_set_aside_by_rule(scope: str):
    assert aside(SAMPLE.replace("<scope>Public", f"<scope>{scope}")).by_rule


def test_an_alert_without_what_it_is_known_by_is_a_bad_row_that_names_what_is_missing():
    found = aside(SAMPLE.replace("<sender>alerts@rivers.example</sender>", ""))

    assert not found.by_rule and found.reason.text() == "The alert lacks sender."
    assert "cannot be read" in aside(SAMPLE.replace("2026-11-20T08:30:00+02:00", "yesterday")).reason.text()


FEED = """<feed xmlns="http://www.w3.org/2005/Atom"><entry><link href="https://alerts.example/page/1"/>
<link type="application/cap+xml" href="https://alerts.example/1.xml"/></entry>
<entry><link href="https://alerts.example/2.xml"/></entry><entry><link href="javascript:x"/></entry></feed>"""


def page(key: str, text: str) -> Page:
    envelope = next(one for one in read(text) if isinstance(one, Envelope))
    return Page(Request(key, "https://alerts.example"), 200, envelope=envelope)


def test_a_feed_leads_to_its_alerts_which_are_asked_for_once_and_first():
    cursor = collector.advance({}, page=page("feed:x", FEED))
    asked = [one.url for one in collector.plan(cursor, source=SOURCE, today=NOW.date())]
    after = collector.advance(cursor, page=page("alert:https://alerts.example/1.xml", SAMPLE))
    again = collector.advance(after, page=page("feed:x", FEED))

    assert asked == ["https://alerts.example/1.xml", "https://alerts.example/2.xml"]
    assert again["waiting"] == ["https://alerts.example/2.xml"]
    json.dumps(again)


def test_alerts_within_a_feed_are_read_where_they_lie():
    body = SAMPLE.partition("?>")[2]
    within = f'<feed xmlns="http://www.w3.org/2005/Atom"><entry><content>{body}</content></entry></feed>'

    assert alert(within).external_id == alert().external_id


@pytest.mark.parametrize("text", ["<html><body>Consent</body></html>", '{"error": "x"}', "<report><a/></report>", SAMPLE[:200]])
def test_what_is_no_alert_is_refused_with_a_sentence(text: str):
    with pytest.raises(Malformed):
        read(text)


def test_entities_are_refused():
    with pytest.raises(Hostile):
        read(SAMPLE.replace("<alert", '<!DOCTYPE a [<!ENTITY b "c">]><alert', 1))


def test_the_recorded_alert_is_one_finding_and_nothing_else():
    path = next(payloads("feeds").glob("*.cap.xml"))
    found = InProcess().read(Received(path.name, path.read_bytes(), NOW), source=SOURCE)

    assert found.refusal is None
    assert (found.count, len(found.bad), found.ignored) == (1, 0, ())
