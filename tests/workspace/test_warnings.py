"""Warnings, as different people see, raise, follow up and take them away."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import openpyxl
import pytest

from forestall.access.session import bound_to
from forestall.advising import actions, queries
from forestall.advising.models import AdvisoryNote
from forestall.base import clock
from forestall.base.clock import now, today
from forestall.record import queries as record
from tests.advising.notemaking import Desk, cleared_by, issued, secretary_general, sound

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def plain_surroundings() -> Iterator[None]:
    """These are whole pages, with the product's own surroundings."""
    yield


@pytest.fixture
def desk(keeper: Any, session_of: Callable[..., Any], observe: Callable[..., Any]) -> Desk:
    """Alice's desk."""
    seen = (observe("7.5", summary="Lists are asked for"), observe("9.1", sources=("Clinic",)))
    return Desk(session_of("alice"), issued(keeper), secretary_general(keeper), seen)


@pytest.fixture
def sent(desk: Desk, session_of: Callable[..., Any]) -> AdvisoryNote:
    """A note that left two days after its warning."""
    warning = desk.warning()
    with clock.fixed(now() + timedelta(days=2)):
        note = cleared_by(desk.submitted(warning=warning), *(session_of(name) for name in ("bob", "dan", "sana")))
        lee = session_of("lee")
        with bound_to(lee):
            actions.transmit(note, rendered=sound(), by=lee)
    return note


def lines(response: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))


def told(response: Any) -> str:
    return " ".join(response.content.decode().split())


def test_the_list_shows_the_ask_the_addressee_and_the_days_between(sent: AdvisoryNote, signed_in: Callable[..., Any]) -> None:
    page = told(signed_in("alice").get("/warnings/"))
    assert "Call the President and ask him to recall the forms" in page
    assert "Secretary-General" in page
    rows = lines(signed_in("alice").get("/warnings/?format=csv"))
    row = dict(zip(rows[1], rows[2], strict=True))
    assert rows[0][0].startswith("EXERCISE · Confidential")
    assert (row["Warning"], row["Likelihood"], row["Confidence"]) == ("Rising risk in the northern hills", "likely", "moderate")
    assert (row["Days to transmittal"], row["Days to answer"], row["Recommendations"]) == ("2", "", "1")


def test_the_list_is_a_workbook_too(sent: AdvisoryNote, signed_in: Callable[..., Any]) -> None:
    book = openpyxl.load_workbook(io.BytesIO(signed_in("alice").get("/warnings/?format=xlsx").content))
    assert book.active is not None
    assert book.active["A3"].value == "Rising risk in the northern hills"


def test_recommendations_can_be_taken_away_with_what_became_of_them(
    sent: AdvisoryNote, signed_in: Callable[..., Any]
) -> None:
    rows = lines(signed_in("alice").get("/warnings/?table=advice&format=csv"))
    assert rows[2][0] == "Ask the Ministry quietly to recall the forms."
    assert rows[2][3] == "transmitted"
    assert len(lines(signed_in("alice").get("/warnings/?table=advice&advice=done&format=csv"))) == 2


@pytest.mark.parametrize(
    ("asked", "found"),
    [("q=northern", 1), ("q=president", 1), ("q=harbour", 0), ("state=advised", 1), ("state=closed", 0), ("sort=-leave", 1)],
)
def test_the_list_is_narrowed_by_its_address(
    sent: AdvisoryNote, signed_in: Callable[..., Any], asked: str, found: int
) -> None:
    assert len(lines(signed_in("alice").get(f"/warnings/?{asked}&format=csv"))) - 2 == found


@pytest.mark.parametrize("name", ["carol", "dora", "ada"])
def test_another_desk_sees_no_warning_and_no_trace_of_one(
    sent: AdvisoryNote, signed_in: Callable[..., Any], name: str
) -> None:
    browser = signed_in(name)
    page = told(browser.get("/warnings/"))
    assert "No warning has been raised that you may see." in page
    assert "northern hills" not in page
    assert 'level-1 top-band' in page


def test_a_warning_that_may_not_be_seen_and_one_that_never_was_are_alike(
    sent: AdvisoryNote, signed_in: Callable[..., Any]
) -> None:
    browser = signed_in("carol")
    hidden, never = browser.get(f"/warnings/{sent.warning_id}/"), browser.get(f"/warnings/{uuid4()}/")
    assert hidden.status_code == never.status_code == 404
    assert hidden.content.replace(str(sent.warning_id).encode(), b"") == never.content.replace(
        never.request["PATH_INFO"].split("/")[2].encode(), b""
    )


def test_a_warning_shows_what_it_rests_on_its_ask_and_its_timeline(sent: AdvisoryNote, signed_in: Callable[..., Any]) -> None:
    page = told(signed_in("bob").get(f"/warnings/{sent.warning_id}/"))
    for words in ("Risk grows.", "raised by Alice", "To The Secretary-General", "Warning raised", "Content: second reader: cleared", "transmitted: through the Executive Office", "Ask the Ministry quietly"):
        assert words in page
    assert "late</span>" not in page


def test_a_warning_is_raised_on_an_issued_assessment(desk: Desk, signed_in: Callable[..., Any]) -> None:
    browser = signed_in("alice")
    assert "almost no chance (1–5 %)" in told(browser.get(f"/warnings/new/?assessment={desk.reading.id}"))
    made = browser.post(
        "/warnings/new/",
        {"assessment": str(desk.reading.id), "title": "New risk", "likelihood": "likely", "confidence": "low",
         "until": (today() + timedelta(days=60)).isoformat()},
    )  # fmt: skip
    with bound_to(desk.alice):
        (warning,) = queries.warnings()
        assert made.headers["Location"] == f"/warnings/{warning.id}/"
        assert (warning.title, warning.likelihood, warning.confidence) == ("New risk", "likely", "low")
        assert [step.verb for step in record.history(warning)] == ["warning raised"]


def test_a_refused_warning_is_one_sentence_on_the_page_it_came_from(desk: Desk, signed_in: Callable[..., Any]) -> None:
    browser, back = signed_in("alice"), f"/warnings/new/?assessment={desk.reading.id}"
    sent_back = browser.post(
        "/warnings/new/",
        {"assessment": str(desk.reading.id), "title": "Old risk", "likelihood": "likely", "confidence": "low",
         "until": today().isoformat(), "back": back},
        follow=True,
    )  # fmt: skip
    assert sent_back.redirect_chain[0][0] == back
    assert "A warning looks ahead." in told(sent_back)


def test_no_warning_is_raised_on_what_is_no_assessment(signed_in: Callable[..., Any]) -> None:
    assert signed_in("alice").get(f"/warnings/new/?assessment={uuid4()}").status_code == 404
    assert "raised on an assessment" in told(signed_in("alice").get("/warnings/new/"))


def test_whoever_does_not_draft_raises_no_warning(desk: Desk, signed_in: Callable[..., Any]) -> None:
    answer = signed_in("lee").get(f"/warnings/new/?assessment={desk.reading.id}")
    assert answer.status_code == 403
    assert "Your roles do not let you draft a warning" in told(answer)


def test_a_note_is_begun_in_the_language_of_its_addressee(desk: Desk, signed_in: Callable[..., Any]) -> None:
    warning = desk.warning()
    made = signed_in("alice").post(f"/warnings/{warning.id}/note/", {"subject": "Risque croissant", "language": "fr"})
    with bound_to(desk.alice):
        (note,) = queries.notes()
        assert made.headers["Location"] == f"/notes/{note.id}/"
        assert (note.language, note.author) == ("fr", desk.alice.person_id)


def test_follow_up_is_offered_to_who_owns_the_move_and_recorded(
    sent: AdvisoryNote, session_of: Callable[..., Any], signed_in: Callable[..., Any]
) -> None:
    lee = session_of("lee")
    with bound_to(lee):
        (one,) = queries.recommendations(sent)
    assert "What became of:" not in told(signed_in("alice").get(f"/warnings/{sent.warning_id}/"))
    browser = signed_in("lee")
    assert "What became of: Ask the Ministry" in told(browser.get(f"/warnings/{sent.warning_id}/"))
    browser.post(f"/recommendations/{one.id}/follow-up/", {"to": "partly_accepted"})
    with bound_to(lee):
        assert queries.recommendations(sent)[0].state == "partly_accepted"
    assert "Recommendation: partly accepted" in told(browser.get(f"/warnings/{sent.warning_id}/"))


def test_whoever_does_not_own_the_move_is_refused_in_a_sentence(
    sent: AdvisoryNote, session_of: Callable[..., Any], signed_in: Callable[..., Any]
) -> None:
    with bound_to(session_of("alice")):
        (one,) = queries.recommendations(sent)
    answer = signed_in("alice").post(f"/recommendations/{one.id}/follow-up/", {"to": "accepted"})
    assert answer.status_code == 403
    assert signed_in("carol").post(f"/recommendations/{one.id}/follow-up/", {"to": "accepted"}).status_code == 404


def test_a_warning_is_closed_and_leaves_the_list_of_open_ones(desk: Desk, signed_in: Callable[..., Any]) -> None:
    warning, browser = desk.warning(), signed_in("alice")
    browser.post(f"/warnings/{warning.id}/close/")
    assert len(lines(browser.get("/warnings/?format=csv"))) == 2
    assert len(lines(browser.get("/warnings/?state=closed&format=csv"))) == 3


def test_a_past_day_shows_no_warning_that_was_not_raised_then(sent: AdvisoryNote, signed_in: Callable[..., Any]) -> None:
    yesterday = (today() - timedelta(days=1)).isoformat()
    browser = signed_in("alice")
    assert "No warning has been raised" in told(browser.get(f"/warnings/?as_of={yesterday}"))
    assert browser.get(f"/warnings/{sent.warning_id}/?as_of={yesterday}").status_code == 404
    page = told(browser.get(f"/warnings/{sent.warning_id}/?as_of={today().isoformat()}"))
    assert "Begin the note" not in page
    assert "transmitted: through" not in page
