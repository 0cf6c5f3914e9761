"""A note on its way, each in their own seat: cleared by three, signed, sent, answered."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from html import unescape
from types import SimpleNamespace
from typing import Any

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
