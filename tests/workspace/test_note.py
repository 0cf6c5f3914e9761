"""The note beside its sheet: who sees it, every sentence open to its evidence, and how its author writes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from html import unescape
from typing import Any
from uuid import uuid4

import pytest

from forestall.access.session import bound_to
from forestall.advising import actions, queries
from forestall.advising.models import AdvisoryNote
from forestall.base.clock import today
from forestall.monitoring import queries as monitoring
from forestall.monitoring.actions import item as items
from forestall.record import queries as record
from tests.advising.notemaking import Desk, issued, secretary_general

pytestmark = pytest.mark.django_db
Browsers = Callable[..., Any]
Sessions = Callable[..., Any]


@pytest.fixture(autouse=True)
def plain_surroundings() -> Iterator[None]:
    """These are whole pages, with the product's own surroundings."""
    yield


@pytest.fixture
def desk(keeper: Any, session_of: Sessions, observe: Callable[..., Any]) -> Desk:
    """Alice's desk."""
    seen = (
        observe("7.5", summary="Lists are asked for", sources=("Field office", "Radio")),
        observe("9.1", summary="Stations fall silent", sources=("Clinic",)),
    )
    return Desk(session_of("alice"), issued(keeper), secretary_general(keeper), seen)


def again(note: AdvisoryNote, session: Any) -> AdvisoryNote:
    with bound_to(session):
        found = queries.note(note.id)
        assert found is not None
        return found


def told(response: Any) -> str:
    return unescape(" ".join(response.content.decode().split()))


def at(note: AdvisoryNote, tail: str = "") -> str:
    return f"/notes/{note.id}/{tail}"


# ---------------------------------------------------------------- seeing


def test_each_sentence_opens_its_evidence_with_grade_origins_and_hash(desk: Desk, signed_in: Browsers) -> None:
    note = desk.note()
    page = told(signed_in("alice").get(at(note)))
    assert 'class="claim" href="#evidence-1"' in page
    opened = page.split('id="evidence-1"')[1].split("</article>")[0]
    with bound_to(desk.alice):
        item = monitoring.standing([desk.observations[0]])[str(desk.observations[0].id)].items[0]
        kept = monitoring.evidence([item.evidence_id])[item.evidence_id]
    for words in ("Lists are asked for", item.title, f"/items/{item.id}/", kept.sha256, "2 independent of 2", "usually reliable"):
        assert words in opened


def test_a_sentence_whose_evidence_was_withdrawn_is_marked(desk: Desk, signed_in: Browsers) -> None:
    note, browser = desk.note(), signed_in("alice")
    assert "rests on what was withdrawn" not in told(browser.get(at(note)))
    with bound_to(desk.alice):
        for item in monitoring.standing([desk.observations[1]])[str(desk.observations[1].id)].items:
            items.reject(item, reason="A forgery.", by=desk.alice)
    page = told(browser.get(at(note)))
    assert "One sentence rests on what was withdrawn." in page
    assert "The evidence behind this sentence has changed since it was written." in page


def test_the_sheet_fits_meter_speaks_in_words(desk: Desk, signed_in: Browsers) -> None:
    note = desk.note()
    page = told(signed_in("alice").get(at(note)))
    assert re.search(r"(One page|\d pages), \d+ words", page)
    assert re.search(r"room for about \d+0 more", page)
    with bound_to(desk.alice):
        actions.write_note(note, sections={**note.sections, "situation": note.sections["situation"] * 160}, by=desk.alice)
    assert re.search(r"too long by about \d+ words", told(signed_in("alice").get(at(note))))


@pytest.mark.parametrize("name", ["carol", "dora", "ada"])
def test_a_note_of_another_desk_never_was(desk: Desk, signed_in: Browsers, name: str) -> None:
    note, browser = desk.note(), signed_in(name)
    never = uuid4()
    for tail in ("", "sheet.pdf"):
        hidden, unknown = browser.get(at(note, tail)), browser.get(f"/notes/{never}/{tail}")
        assert hidden.status_code == unknown.status_code == 404
        assert hidden.content.replace(str(note.id).encode(), b"") == unknown.content.replace(str(never).encode(), b"")
    for tail in ("clear/", "return/"):
        assert browser.post(at(note, tail), {"shown": "x", "reason": "x"}).status_code == 404


def test_another_reader_of_the_desk_sees_the_draft_and_no_form(desk: Desk, signed_in: Browsers) -> None:
    page = told(signed_in("bob").get(at(desk.note())))
    assert "We ask that you" in page
    assert "/write/" not in page
    assert "/submit/" not in page


# ---------------------------------------------------------------- writing


def test_the_form_keeps_what_is_written_and_the_channel_follows(desk: Desk, signed_in: Browsers) -> None:
    with bound_to(desk.alice):
        note = actions.draft_note(desk.warning(), subject="Risk", by=desk.alice)
    day = (today() + timedelta(days=3)).isoformat()
    signed_in("alice").post(
        at(note, "write/"),
        {"subject": "Rising risk", "addressee": str(desk.addressee.id), "ask": "call him", "decision_by": day,
         "decision_why": "they vote", "event": "attacks occur", "confidence_why": "sources agree"},
    )  # fmt: skip
    kept = again(note, desk.alice)
    assert (kept.subject, kept.ask, kept.event, kept.channel) == ("Rising risk", "call him", "attacks occur", "eosg")
    assert kept.decision_by is not None and kept.decision_by.isoformat() == day
    with bound_to(desk.alice):
        assert record.history(kept)[-1].verb == "note written"


def test_a_day_that_is_none_is_said_and_nothing_else_is_lost(desk: Desk, signed_in: Browsers) -> None:
    note = desk.note()
    answer = signed_in("alice").post(
        at(note, "write/"), {"subject": "Other words", "decision_by": "30 February"}, follow=True
    )
    assert "“30 February” is no day." in told(answer)
    assert again(note, desk.alice).subject == "Other words"


def test_the_council_is_not_offered_as_addressee(desk: Desk, keeper: Any, signed_in: Browsers) -> None:
    from forestall.institutions import actions as institutions

    with bound_to(keeper):
        council = institutions.add_counterpart(kind_of_body="council", name="Security Council", by=keeper)
        institutions.add_office_holder(council, title="President of the Council", name="A. Person", since=today(), by=keeper)
    page = told(signed_in("alice").get(at(desk.note())))
    assert "President of the Council" not in page
    assert "The Council is reached only through the Secretary-General." in page


def test_a_sentence_cites_observations_of_the_situation(desk: Desk, signed_in: Browsers) -> None:
    note, browser = desk.note(), signed_in("alice")
    page = told(browser.get(at(note, "?sentence=situation.new&q=stations")))
    assert "Stations fall silent" in page
    assert "Lists are asked for</bdi>" not in page.split('id="sentence"')[1].split("</section>")[0]
    browser.post(
        at(note, "sentence/"),
        {"section": "situation", "place": "new", "was": "", "text": "Two  stations\r\nare silent.", "act": "keep",
         "observation": [str(desk.observations[1].id)]},
    )  # fmt: skip
    kept = again(note, desk.alice).sections["situation"]
    assert kept[-1] == {"text": "Two stations are silent.", "observations": [str(desk.observations[1].id)], "fact": True}
    assert len(kept) == 2


def test_looking_for_evidence_keeps_the_words_first(desk: Desk, signed_in: Browsers) -> None:
    note, browser = desk.note(), signed_in("alice")
    answer = browser.post(
        at(note, "sentence/"),
        {"section": "unknown", "place": "new", "was": "", "text": "Who gave the order.", "act": "look", "q": "lists"},
    )
    assert answer.headers["Location"] == at(note, "?sentence=unknown.2&q=lists#sentence")
    assert again(note, desk.alice).sections["unknown"][-1]["fact"] is False


def test_what_is_ticked_is_kept_when_there_are_no_words_yet(desk: Desk, signed_in: Browsers) -> None:
    note, browser = desk.note(), signed_in("alice")
    one = str(desk.observations[0].id)
    answer = browser.post(
        at(note, "sentence/"),
        {"section": "changed", "place": "new", "was": "", "text": " ", "act": "look", "q": "", "observation": [one]},
        follow=True,
    )
    assert re.search(rf'value="{one}" checked', told(answer))


def test_sentences_are_moved_and_left_out(desk: Desk, signed_in: Browsers) -> None:
    note, browser = desk.note(), signed_in("alice")
    with bound_to(desk.alice):
        first = note.sections["situation"][0]
        second = {**first, "text": "A second sentence."}
        actions.write_note(note, sections={**note.sections, "situation": [first, second]}, by=desk.alice)
    browser.post(at(note, "sentence/"), {"section": "situation", "place": "2", "was": "A second sentence.", "act": "up"})
    assert [one["text"] for one in again(note, desk.alice).sections["situation"]] == ["A second sentence.", first["text"]]
    browser.post(at(note, "sentence/"), {"section": "situation", "place": "1", "was": "A second sentence.", "act": "drop"})
    assert [one["text"] for one in again(note, desk.alice).sections["situation"]] == [first["text"]]


def test_a_sentence_changed_in_another_window_is_not_written_over(desk: Desk, signed_in: Browsers) -> None:
    note = desk.note()
    answer = signed_in("alice").post(
        at(note, "sentence/"),
        {"section": "situation", "place": "1", "was": "What it said before.", "text": "Mine.", "act": "keep", "back": at(note)},
        follow=True,
    )
    assert "changed in another window" in told(answer)
    assert again(note, desk.alice).sections["situation"] == note.sections["situation"]


@pytest.mark.parametrize("key", ["situation.9", "situation.0", "verdict.1", "situation.-1", "situation.x", ""])
def test_a_sentence_that_is_not_there_is_not_opened(desk: Desk, signed_in: Browsers, key: str) -> None:
    note, browser = desk.note(), signed_in("alice")
    assert 'id="sentence"' not in told(browser.get(at(note, f"?sentence={key}")))
    section, _, place = key.partition(".")
    assert browser.post(at(note, "sentence/"), {"section": section, "place": place, "text": "x"}).status_code == 404


def test_options_tied_to_factors_present_are_offered_with_their_cautions(desk: Desk, signed_in: Browsers) -> None:
    note, browser = desk.note(), signed_in("alice")
    page = told(browser.get(at(note)))
    offered = re.findall(r'href="\?option=(P\d+)#recommend"', page)
    assert offered
    form = told(browser.get(at(note, f"?option={offered[0]}")))
    assert 'class="say warn small"' in form
    assert 'value="12"' not in form  # a factor without information is not one that is present
    browser.post(
        at(note, "recommend/"),
        {"option": offered[0], "text": "Do this.", "lead": "The Office", "due": today().isoformat(), "factor": ["7"]},
    )
    with bound_to(desk.alice):
        made = next(one for one in queries.recommendations(note) if one.text == "Do this.")
        assert (made.option, made.factors) == (offered[0], ["7"])
        browser.post(f"/recommendations/{made.id}/drop/")
        assert "Do this." not in [one.text for one in queries.recommendations(note)]


def test_checks_stand_beside_the_sheet_with_a_way_out(desk: Desk, signed_in: Browsers) -> None:
    note, browser = desk.note(), signed_in("alice")
    assert "Nothing in the wording, the evidence or the length stands in the way." in told(browser.get(at(note)))
    with bound_to(desk.alice):
        told_so = {**note.sections, "unknown": [{"text": "The forms amount to genocide.", "observations": [], "fact": False}]}
        actions.write_note(note, sections=told_so, by=desk.alice)
    page = told(browser.get(at(note)))
    assert "This states a legal finding in our own voice." in page
    assert "Write of the risk, or name the competent body" in page
    answer = browser.post(at(note, "submit/"), {"back": at(note)}, follow=True)
    assert "The note cannot go on yet: This states a legal finding" in told(answer)
    assert again(note, desk.alice).state == "draft"
