"""The note beside its sheet: written, cleared by three, signed, sent and answered, each in their own seat."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from html import unescape
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from docx import Document
from pypdf import PdfReader

from forestall.access import actions as access
from forestall.access import queries as directory
from forestall.access.session import bound_to
from forestall.advising import actions, queries
from forestall.advising.models import AdvisoryNote
from forestall.base import clock
from forestall.base.clock import now, today
from forestall.monitoring import queries as monitoring
from forestall.monitoring.actions import item as items
from forestall.record import evidence
from forestall.record import queries as record
from tests.advising.notemaking import Desk, cleared_by, issued, secretary_general, sound

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


def shown(page: str) -> str:
    found = re.search(r'name="shown" value="([0-9a-f]{64})"', page)
    assert found is not None
    return found[1]


def signed(desk: Desk, session_of: Sessions) -> AdvisoryNote:
    return cleared_by(desk.submitted(), *(session_of(name) for name in ("bob", "dan", "sana")))


def sent(desk: Desk, session_of: Sessions) -> AdvisoryNote:
    note, lee = signed(desk, session_of), session_of("lee")
    with bound_to(lee):
        actions.transmit(again(note, lee), rendered=sound(), by=lee)
    return again(note, lee)


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


# ---------------------------------------------------------------- clearance


def test_a_note_goes_from_draft_to_answer_through_its_people(desk: Desk, session_of: Sessions, signed_in: Browsers) -> None:
    note = desk.note()
    signed_in("alice").post(at(note, "submit/"))
    for name, words in (("bob", "Clear the content"), ("dan", "Clear for release"), ("sana", "Sign")):
        browser = signed_in(name)
        page = told(browser.get(at(note)))
        assert f">{words} <kbd>" in page
        browser.post(at(note, "clear/"), {"shown": shown(page)})
    lee = signed_in("lee")
    assert "Transmit this note" in told(lee.get(at(note)))
    lee.post(at(note, "transmit/"))
    lee.post(at(note, "response/"), {"outcome": "received", "channel": "minute", "on": today().isoformat()})
    lee.post(
        at(note, "response/"),
        {"outcome": "answered_orally", "channel": "call", "on": today().isoformat(), "text": "He will call him."},
    )
    assert again(note, desk.alice).state == "decided"
    assert "He will call him." in told(signed_in("alice").get(at(note)))
    assert "He will call him." not in told(signed_in("rita").get(at(note)))


def test_the_author_is_never_offered_a_clearance(
    desk: Desk, people: SimpleNamespace, keeper: Any, signed_in: Browsers
) -> None:
    access.give_role(people.alice, role="senior_reviewer", by=keeper)
    access.keep_office(key="second_reader", title="Second reader", holder=people.alice, alternate=None, by=keeper)
    note, browser = desk.submitted(), signed_in("alice")
    page = told(browser.get(at(note)))
    assert "/clear/" not in page
    assert "/return/" not in page
    answer = browser.post(at(note, "clear/"), {"shown": "x", "back": at(note)}, follow=True)
    assert "Nobody clears their own draft." in told(answer)


def test_who_took_one_step_is_told_why_the_next_is_not_theirs(
    desk: Desk, people: SimpleNamespace, keeper: Any, session_of: Sessions, signed_in: Browsers
) -> None:
    access.give_role(people.bob, role="director", by=keeper)
    access.keep_office(key="director", title="Director", holder=people.bob, alternate=None, by=keeper)
    note = cleared_by(desk.submitted(), session_of("bob"))
    page = told(signed_in("bob").get(at(note)))
    assert "Each step needs a person of its own." in page
    assert "/clear/" not in page


def test_the_bar_reads_a_for_b_when_an_officer_in_charge_cleared(
    desk: Desk, people: SimpleNamespace, keeper: Any, session_of: Sessions, signed_in: Browsers
) -> None:
    access.give_role(people.rita, role="director", by=keeper)
    director = next(one for one in directory.offices() if one.key == "director")
    access.put_in_charge(director, person=people.rita, since=today(), until=today(), by=keeper)
    note = cleared_by(desk.submitted(), session_of("bob"), session_of("rita"))
    page = told(signed_in("alice").get(at(note)))
    assert "Rita for Dan" in page.split('<ol class="steps">')[1]
    assert "Second clearance: Rita for Dan" in page


def test_a_text_changed_after_it_was_opened_is_not_cleared(desk: Desk, session_of: Sessions, signed_in: Browsers) -> None:
    note, browser = desk.submitted(), signed_in("bob")
    read = shown(told(browser.get(at(note))))
    bob = session_of("bob")
    with bound_to(bob):
        actions.send_back(again(note, bob), reason="Shorter.", by=bob)
    with bound_to(desk.alice):
        actions.submit(
            actions.write_note(again(note, desk.alice), subject="Other", by=desk.alice), rendered=sound(), by=desk.alice
        )
    answer = browser.post(at(note, "clear/"), {"shown": read, "back": at(note)}, follow=True)
    assert "The note was changed after you opened it." in told(answer)
    assert again(note, desk.alice).state == "submitted"


def test_a_returned_note_says_by_whom_and_why(desk: Desk, signed_in: Browsers) -> None:
    note = desk.submitted()
    signed_in("bob").post(at(note, "return/"), {"reason": "The ask is two asks."})
    page = told(signed_in("alice").get(at(note)))
    assert "returned by Bob: The ask is two asks." in page
    assert "/submit/" in page


# ---------------------------------------------------------------- what leaves and what comes back


def test_the_sheet_is_taken_as_pdf_and_word_and_the_record_says_so(desk: Desk, signed_in: Browsers) -> None:
    note, browser = desk.note(), signed_in("bob")
    pdf, word = browser.get(at(note, "sheet.pdf")), browser.get(at(note, "sheet.docx"))
    assert f'filename="EXERCISE-{note.reference}.pdf"' in pdf.headers["Content-Disposition"]
    assert "EXERCISE" in PdfReader(io.BytesIO(pdf.content)).pages[0].extract_text()
    assert any("Advisory note" in one.text for one in Document(io.BytesIO(word.content)).paragraphs)
    with bound_to(desk.alice):
        assert [entry.verb for entry in record.custody(note.id)][-2:] == ["exported", "exported"]
    assert browser.get(at(note, "sheet.exe")).status_code == 404


def test_the_very_sheets_that_left_can_be_taken(desk: Desk, session_of: Sessions, signed_in: Browsers) -> None:
    note = sent(desk, session_of)
    with bound_to(desk.alice):
        (left,) = queries.transmittals(note)
    browser = signed_in("alice")
    assert left.pdf.sha256[:12] in told(browser.get(at(note)))
    taken = browser.get(f"/transmittals/{left.id}/sheet.pdf")
    with bound_to(desk.alice):
        assert taken.content == evidence.content(left.pdf)
        assert record.custody(left.pdf_id)[-1].verb == "exported"
    assert signed_in("carol").get(f"/transmittals/{left.id}/sheet.pdf").status_code == 404


def test_silence_is_offered_only_once_the_day_has_passed(desk: Desk, session_of: Sessions, signed_in: Browsers) -> None:
    note, browser = sent(desk, session_of), signed_in("lee")
    assert 'value="silence"' not in told(browser.get(at(note)))
    with clock.fixed(now() + timedelta(days=6)):
        assert 'value="silence"' in told(browser.get(at(note)))
        browser.post(at(note, "response/"), {"outcome": "silence", "channel": "none", "on": today().isoformat()})
    assert again(note, session_of("lee")).state == "decided"


def test_only_the_liaison_sends_and_records(desk: Desk, session_of: Sessions, signed_in: Browsers) -> None:
    note, browser = signed(desk, session_of), signed_in("dan")
    assert "Transmit this note" not in told(browser.get(at(note)))
    assert browser.post(at(note, "transmit/")).status_code == 403
    assert again(note, desk.alice).state == "signed"


def test_a_withdrawn_note_can_no_longer_be_sent(desk: Desk, session_of: Sessions, signed_in: Browsers) -> None:
    note = signed(desk, session_of)
    signed_in("alice").post(at(note, "withdraw/"))
    assert again(note, desk.alice).state == "withdrawn"
    answer = signed_in("lee").post(at(note, "transmit/"), {"back": at(note)}, follow=True)
    assert "What is “withdrawn” stays so." in told(answer)


def test_while_looking_at_a_past_day_every_verb_is_gone(desk: Desk, signed_in: Browsers) -> None:
    page = told(signed_in("alice").get(at(desk.note(), f"?as_of={today().isoformat()}")))
    assert "We ask that you" in page
    for verb in ("/write/", "/submit/", "/withdraw/", "?sentence="):
        assert verb not in page


def test_the_band_is_that_of_the_strictest_thing_cited(desk: Desk, observe: Callable[..., Any], signed_in: Browsers) -> None:
    note = desk.note()
    assert 'level-2 top-band' in told(signed_in("alice").get(at(note)))
    strict = observe("7.1", level=3)
    with bound_to(desk.alice):
        told_so = {**note.sections, "changed": [{"text": "It changed.", "observations": [str(strict.id)], "fact": True}]}
        actions.write_note(note, sections=told_so, by=desk.alice)
    assert 'level-3 top-band' in told(signed_in("alice").get(at(note)))
