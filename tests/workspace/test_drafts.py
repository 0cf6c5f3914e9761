"""What somebody was writing: kept for that person alone, outside the record, gone once it is handed over."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from forestall.access.session import Assurance, bound_to
from forestall.assessment.actions import situation as situations
from forestall.record import drafts
from forestall.record import queries as record
from forestall.record.actions import expunge
from forestall.record.models import Entry
from forestall.workspace import unsent

pytestmark = pytest.mark.django_db
Browsers = Callable[..., Any]


@pytest.fixture(autouse=True)
def plain_surroundings() -> Iterator[None]:
    """These are whole pages, with the product's own surroundings."""
    yield


@pytest.fixture
def situation(session_of: Callable[..., Any]) -> Any:
    alice = session_of("alice")
    with bound_to(alice):
        return situations.open_situation(title="Hills", places=["ZZK"], reason="Lists", desk="karvania", by=alice)


def question(situation: Any) -> str:
    return f"question:{situation.id}"


def page_of(browser: Any, situation: Any, **asked: str) -> str:
    text: str = browser.get(f"/situations/{situation.id}/", asked).content.decode()
    return text


def type_in(browser: Any, situation: Any, text: str) -> Any:
    return browser.post("/drafts/", {"draft": question(situation), "question": text, "csrfmiddlewaretoken": "x"})


def test_what_is_typed_stands_there_when_its_writer_returns(signed_in: Browsers, situation: Any) -> None:
    alice = signed_in("alice")
    said = type_in(alice, situation, "Who closed the school?").content.decode()
    assert "for you alone" in said
    page = page_of(alice, situation)
    assert "Who closed the school?</textarea>" in page and "Not sent yet." in page


def test_nobody_else_learns_of_it(signed_in: Browsers, situation: Any, people: Any, keeper: Any) -> None:
    before = page_of(signed_in("bob"), situation)
    type_in(signed_in("alice"), situation, "Who closed the school?")
    assert page_of(signed_in("bob"), situation).count("Who closed") == before.count("Who closed") == 0
    assert signed_in("bob").post("/drafts/forget/", {"draft": question(situation)}).status_code == 302
    assert "Who closed the school?" in page_of(signed_in("alice"), situation)


def test_it_writes_nothing_into_the_record(signed_in: Browsers, situation: Any) -> None:
    before = Entry.objects.count()
    type_in(signed_in("alice"), situation, "Who closed the school?")
    assert Entry.objects.count() == before


def test_a_refused_form_comes_back_as_it_was_typed(signed_in: Browsers, situation: Any) -> None:
    url = f"/situations/{situation.id}/"
    form = {"draft": question(situation), "back": url, "question": "  ", "asked_of": "The mission in the hills"}
    page = signed_in("alice").post(f"{url}ask/", form, follow=True).content.decode()
    assert 'value="The mission in the hills"' in page and "Not sent yet." in page


def test_it_goes_once_the_form_is_taken(signed_in: Browsers, situation: Any) -> None:
    alice, url = signed_in("alice"), f"/situations/{situation.id}/"
    type_in(alice, situation, "Who closed")
    alice.post(f"{url}ask/", {"draft": question(situation), "back": url, "question": "Who closed the school?"})
    page = page_of(alice, situation)
    assert "Not sent yet." not in page and "Who closed the school?" in page


def test_its_writer_can_put_it_away(signed_in: Browsers, situation: Any) -> None:
    alice, url = signed_in("alice"), f"/situations/{situation.id}/"
    type_in(alice, situation, "Who closed the school?")
    assert alice.post("/drafts/forget/", {"draft": question(situation), "back": url}).headers["Location"] == url
    assert "Who closed the school?" not in page_of(alice, situation)


def test_a_form_that_names_itself_not_is_refused(signed_in: Browsers) -> None:
    assert signed_in("alice").post("/drafts/", {"question": "x"}).status_code == 403


def test_who_signs_in_with_less_reads_no_more_than_that(session_of: Callable[..., Any], situation: Any) -> None:
    strong, weak = session_of("alice"), session_of("alice", assurance=Assurance.PASSWORD)
    with bound_to(strong):
        unsent.keep(question(situation), {"question": ["Who?"]}, session=strong)
        assert drafts.of(strong.person_id, level=strong.level) != []
    with bound_to(weak):
        assert drafts.of(weak.person_id, level=weak.level) == []


def test_a_past_day_shows_no_draft_and_keeps_none(signed_in: Browsers, situation: Any) -> None:
    alice = signed_in("alice")
    type_in(alice, situation, "Who closed the school?")
    assert "Who closed the school?" not in page_of(alice, situation, as_of="2026-11-21")


def test_a_later_keeping_takes_the_place_of_the_former(signed_in: Browsers, situation: Any) -> None:
    alice = signed_in("alice")
    for text in ("Who", "Who closed the school?"):
        type_in(alice, situation, text)
    assert page_of(alice, situation).count("Not sent yet.") == 1


def test_what_goes_for_good_takes_the_drafts_about_it(
    signed_in: Browsers, situation: Any, people: Any, keeper: Any
) -> None:
    type_in(signed_in("alice"), situation, "Who closed the school?")
    expunge(situation, by=str(people.bob.id), second=str(people.dan.id), reason="Asked for by a court.")
    assert drafts.of(str(people.alice.id), level=3) == []
    assert record.custody(situation.id)[-1].verb == "expunge agreed"
