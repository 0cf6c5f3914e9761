"""Pages on what stands within the United Nations: asking, what came, presences, mandates, decisions, reviews, treaties."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from forestall.access.session import bound_to
from forestall.assessment.actions import situation as situations
from forestall.base import clock
from forestall.institutions import actions, queries
from forestall.labels.label import Label, Level
from forestall.monitoring import inforequests
from forestall.monitoring.models import InformationRequest
from forestall.record.actions import write

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
Browser = Callable[[str], Any]
VARYING = re.compile('name="csrfmiddlewaretoken" value="[^"]+"')
SAID = {"source": "A list", "url": "https://list.example/", "as_of_day": "2026-11-01"}


@pytest.fixture(autouse=True)
def plain_surroundings() -> None:
    """These pages are asked for whole, with everything that stands around them."""


@pytest.fixture(autouse=True)
def held_clock() -> Any:
    with clock.fixed(NOW):
        yield


@pytest.fixture
def mission(keeper: Any) -> Any:
    return actions.add_counterpart(kind_of_body="peace_operation", name="A mission", acronym="UNM", by=keeper)


def page(browser: Any, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200, address
    return VARYING.sub("", answer.content.decode())


def mandated(browser: Any, mission: Any, **values: str) -> Any:
    told = {"countries": "ZZK", "resolution": "R 2", "paragraph": "1", "first_day": "2026-02-01", "end_date": "2027-01-31", **SAID, **values}
    return browser.post(f"/counterparts/{mission.id}/mandate/", told, follow=True)


def test_a_mandate_noted_on_the_page_of_the_mission_stands_on_the_state_the_situation_the_calendar_and_today(
    signed_in: Browser, mission: Any, session_of: Callable[..., Any]
) -> None:
    alice = signed_in("alice")
    assert "The mandate is kept." in mandated(alice, mission).content.decode()
    with bound_to(session_of("alice")) as by:
        situation = situations.open_situation(title="Hills", places=["ZZK"], reason="Lists", desk="karvania", by=by)
    for address in (f"/counterparts/{mission.id}/", "/states/ZZK/", f"/situations/{situation.id}/"):
        assert "ends in 72 days" in page(alice, address), address
    for address in ("/calendar/", "/"):
        assert "Mandate ends: UNM" in page(alice, address), address
    assert "R 2 § 1" in page(alice, "/calendar/")


def test_a_mandate_that_ends_in_more_than_ninety_days_is_on_the_calendar_and_not_on_today(signed_in: Browser, mission: Any) -> None:
    alice = signed_in("alice")
    mandated(alice, mission, end_date=(NOW.date() + timedelta(days=91)).isoformat())
    assert "Mandate ends: UNM" in page(alice, "/calendar/")
    assert "Mandate ends: UNM" not in page(alice, "/")


def test_a_slip_is_corrected_and_another_bodys_entry_is_not_reached_by_it(signed_in: Browser, mission: Any, keeper: Any, session_of: Callable[..., Any]) -> None:
    alice = signed_in("alice")
    mandated(alice, mission)
    with bound_to(session_of("alice")):
        (kept,) = queries.mandates()
    mandated(alice, mission, mandate=str(kept.id), paragraph="7")
    other = actions.add_counterpart(kind_of_body="un_entity", name="An agency", by=keeper)
    assert mandated(alice, other, mandate=str(kept.id)).status_code == 404
    with bound_to(session_of("alice")):
        assert [one.paragraph for one in queries.mandates()] == ["7"]


def test_who_may_not_keep_mandates_finds_no_form_and_is_refused(signed_in: Browser, mission: Any) -> None:
    bob = signed_in("bob")
    assert "Note a mandate" not in page(bob, f"/counterparts/{mission.id}/")
    assert "Your roles do not let you" in mandated(bob, mission, back=f"/counterparts/{mission.id}/").content.decode()


def test_decisions_reviews_and_treaties_are_noted_and_what_is_not_known_is_said_as_that(signed_in: Browser) -> None:
    alice = signed_in("alice")
    assert "Not known here: 16 treaties" in page(alice, "/states/ZZK/")
    for told in (
        {"what": "resolution", "body": "security_council", "symbol": "R 9", "title": "On the hills", "force": "in_force", "force_why": "para 1"},
        {"what": "veto", "draft_symbol": "D 9", "subject": "The hills", "cast_by": "FRA"},
        {"what": "review", "body": "upr", "step": "session", "on": "2027-05-01", "on_precision": "month"},
        {"what": "treaty", "treaty": "genocide", "standing": "party", "bound_by": "acceded", "bound_on": "1987-04-22"},
    ):
        assert alice.post("/states/ZZK/within/", {**told, **SAID}).status_code == 302, told
    state = page(alice, "/states/ZZK/")
    for words in ("R 9", "para 1", "D 9", "May 2027, month only", "acceded", "Not known here: 15 treaties", "A list"):
        assert words in state, words
    assert "May 2027, month only" in page(alice, "/calendar/?kind=review")
    assert 'href="/states/ZZK/within/"' in page(alice, "/search/?q=hills"), "a decision that is found opens where it stands"
    refused = alice.post("/states/ZZK/within/", {"what": "resolution", "back": "/states/ZZK/within/"}, follow=True).content.decode()
    assert "Choose one of those offered." in refused
    assert alice.get("/states/QQQ/within/").status_code == 404


def ask(browser: Any, mission: Any, **values: str) -> Any:
    told = {"counterpart": str(mission.id), "question": "Who asks for the lists?", "due": "2026-11-30", "country": "ZZK", **values}
    return browser.post("/counterparts/ask/", told, follow=True)


def test_a_request_is_asked_from_the_state_kept_for_the_channel_and_answered(signed_in: Browser, mission: Any, session_of: Callable[..., Any]) -> None:
    alice = signed_in("alice")
    assert "/counterparts/ask/?country=ZZK" in page(alice, "/states/ZZK/")
    shown = ask(alice, mission).content.decode()
    assert "code cable" in shown and "with the reference RFI-" in shown
    with bound_to(session_of("alice")):
        (one,) = inforequests.requests()
    answered = alice.post(f"/counterparts/asked/{one.id}/", {"act": "part", "text": "Two did.", "on": "2026-11-20"}, follow=True)
    assert "answered in part" in answered.content.decode()
    assert "Two did." in answered.content.decode()
    listed = alice.get("/counterparts/asked/?state=answered_in_part&format=csv").content.decode()
    assert one.reference in listed and "answered in part" in listed
    assert "Nobody answers to this." in page(alice, "/counterparts/asked/?state=declined")


def test_an_open_question_of_a_situation_is_asked_of_an_entity_in_the_same_words(signed_in: Browser, mission: Any, session_of: Callable[..., Any]) -> None:
    from forestall.monitoring.actions import item as items

    alice = signed_in("alice")
    with bound_to(session_of("alice")) as by:
        situation = situations.open_situation(title="Hills", places=["ZZK"], reason="Lists", desk="karvania", by=by)
        gap = items.open_gap(question="Who holds the wells?", situation_id=situation.id, label=situation.label, by=by)
    asking = f"/counterparts/ask/?situation={situation.id}&gap={gap.id}"
    assert asking.replace("&", "&amp;") in page(alice, f"/situations/{situation.id}/")
    assert "Who holds the wells?</textarea>" in page(alice, asking)
    assert "Who holds the wells?" not in page(alice, f"/counterparts/ask/?gap={gap.id}")


def test_what_is_missing_is_said(signed_in: Browser, mission: Any) -> None:
    alice = signed_in("alice")
    assert "Choose whom to ask." in ask(alice, mission, counterpart="", back="/counterparts/ask/").content.decode()
    assert "Write what is asked." in ask(alice, mission, question="", back="/counterparts/ask/").content.decode()
    assert ask(alice, mission, situation="0190a0a0-0000-7000-8000-000000000000").status_code == 404


def test_one_past_its_day_is_on_today_of_who_asked_and_of_nobody_else(signed_in: Browser, mission: Any, keeper: Any, people: Any) -> None:
    late = InformationRequest(
        reference="RFI-LATE01", counterpart=mission, iso3="ZZK", question="Who?", channel="code_cable", asked_on=date(2026, 11, 1),
        due=date(2026, 11, 19), asked_by=str(people.alice.id),
    )  # fmt: skip
    write(late.labelled(Label(level=Level.INTERNAL)), by=str(people.alice.id), verb="information asked")
    assert "RFI-LATE01" in page(signed_in("alice"), "/")
    assert "RFI-LATE01" not in page(signed_in("lee"), "/")
    assert "past its day" in page(signed_in("lee"), "/counterparts/asked/")


def test_carol_of_another_desk_finds_nothing_of_what_karvanias_desk_asked(signed_in: Browser, mission: Any, session_of: Callable[..., Any]) -> None:
    alice, carol = signed_in("alice"), signed_in("carol")
    with bound_to(session_of("alice")) as by:
        situation = situations.open_situation(title="Hills", places=["ZZK"], reason="Lists", desk="karvania", by=by)
    before = [page(carol, each) for each in ("/counterparts/asked/", "/calendar/")]
    ask(alice, mission, situation=str(situation.id))
    with bound_to(session_of("alice")):
        (one,) = inforequests.requests()
    assert [page(carol, each) for each in ("/counterparts/asked/", "/calendar/")] == before
    assert carol.get(f"/counterparts/asked/{one.id}/").status_code == 404
    assert "Who asks for the lists" not in page(carol, "/states/ZZK/")
    assert carol.get(f"/counterparts/ask/?situation={situation.id}").status_code == 404


def test_a_situation_tells_the_share_and_who_is_present_and_has_not_reported(
    signed_in: Browser, mission: Any, observe: Callable[..., Any], session_of: Callable[..., Any]
) -> None:
    alice = signed_in("alice")
    observe("7.5", sources=("Ledger", "Wire"))
    with bound_to(session_of("alice")) as by:
        situation = situations.open_situation(title="Hills", places=["ZZK"], reason="Lists", desk="karvania", by=by)
    alice.post(f"/counterparts/{mission.id}/presence/", {"country": "ZZK", "quiet_days": "14", **SAID})
    shown = page(alice, f"/situations/{situation.id}/")
    assert "0 %: 0 of 2 independent origins are of the United Nations." in shown
    assert "has not reported within 14 days" in shown
    assert f"/counterparts/ask/?counterpart={mission.id}" in shown
    assert "0 %: 0 of 2 independent origins" in page(alice, "/sources/")


def test_nothing_is_noted_or_asked_while_one_looks_at_a_past_day(signed_in: Browser, mission: Any) -> None:
    alice = signed_in("alice")
    for address in (f"/counterparts/{mission.id}/", "/states/ZZK/within/", "/states/ZZK/"):
        shown = page(alice, f"{address}?as_of=2026-11-20")
        assert "said_fields" not in shown and 'name="source"' not in shown
        assert "/counterparts/ask/" not in shown


def test_the_pages_stand_from_right_to_left_in_arabic(signed_in: Browser, mission: Any, people: Any) -> None:
    people.alice.language = "ar"
    people.alice.save()
    alice = signed_in("alice")
    mandated(alice, mission)
    for address in ("/calendar/", f"/counterparts/{mission.id}/", "/states/ZZK/within/", "/counterparts/asked/"):
        assert 'dir="rtl"' in page(alice, address), address
