"""P13: somebody asks for access, correction or erasure; thirty days, two people, and a hold wins."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from forestall.access import decisions, labelling
from forestall.access.models import Notice
from forestall.access.session import Assurance, bound_to
from forestall.base import clock
from forestall.base.errors import Refused
from forestall.cli import schedule
from forestall.monitoring.models import Item
from forestall.record.models import Tombstone
from forestall.record.verification import verify
from forestall.retention import disposal, nightly, requests
from forestall.retention.models import Concern, Request
from forestall.retention.policies import HOLD_STANDS
from forestall.retention.states import RequestState

pytestmark = pytest.mark.django_db
FORM = {
    "wants": "erasure", "received": "2026-11-20", "who": "Amina Zanziphore", "contact": "amina@example.org",
    "identity": "Passport seen by Rita", "text": "Remove what names me.",
}  # fmt: skip


@pytest.fixture
def ask(session_of: Callable[..., Any]) -> Callable[..., Request]:
    def asked(wants: str = "erasure") -> Request:
        rita = session_of("rita")
        with bound_to(rita):
            return requests.enter(
                wants=wants, received_on=clock.today(), name="Amina", contact="", identity="seen", text="about me", by=rita
            )

    return asked


def decide(one: Request, session_of: Callable[..., Any], *, outcome: str = "granted", says_hold: bool = False) -> Request:
    rita, dan = session_of("rita"), session_of("dan")
    with bound_to(rita):
        proposed = requests.propose_outcome(
            one, outcome=outcome, answer="We did as you ask.", reason="the law", says_hold=says_hold, by=rita
        )
    with bound_to(dan):
        decisions.agree(proposed, by=dan)
        return Request.objects.get(pk=one.id)


def test_P13_a_request_is_registered_on_its_page_with_its_day(signed_in: Callable[[str], Client], people: SimpleNamespace) -> None:
    with clock.fixed(clock.now().replace(month=11, day=22)):
        page = signed_in("rita").post("/records/requests/new/", FORM, follow=True).content.decode()
        assert "Amina Zanziphore" in page and "2026-12-20" in page
        assert "Amina Zanziphore" in signed_in("rolf").get("/records/").content.decode()


@pytest.mark.parametrize("missing", ["wants", "received", "who", "identity", "text"])
def test_P13_what_is_missing_is_said_and_nothing_is_kept(signed_in: Callable[[str], Client], keeper: Any, missing: str) -> None:
    form = {name: value for name, value in FORM.items() if name != missing}
    answer = signed_in("rita").post("/records/requests/new/", form, follow=True)
    assert "Registered" not in answer.content.decode()
    assert requests.open_requests() == []


def test_P13_it_cannot_have_come_tomorrow(session_of: Callable[..., Any]) -> None:
    rita = session_of("rita")
    with bound_to(rita), pytest.raises(Refused, match="day to come"):
        requests.enter(wants="access", received_on=clock.today() + timedelta(days=1), name="a", contact="", identity="a", text="a", by=rita)


@pytest.mark.parametrize("name", ["alice", "carol", "ivo", "ada", "dora", "dan"])
def test_P13_only_those_who_keep_requests_open_them(ask: Any, signed_in: Callable[[str], Client], name: str) -> None:
    one = ask()
    assert signed_in(name).get(f"/records/requests/{one.id}/").status_code == 403
    assert signed_in(name).get("/records/").status_code == 403


def test_P13_what_it_concerns_is_found_by_ones_own_search_and_linked_for_those_who_see_both(
    ask: Any, make_item: Callable[..., Any], session_of: Callable[..., Any], signed_in: Callable[[str], Client], people: SimpleNamespace, keeper: Any
) -> None:
    from forestall.access import actions

    item = make_item("Letter of Amina", "wells", level=2)
    actions.recuse(people.rolf, compartment="desk:karvania", by=keeper)
    one = ask("access")
    rita, rolf = signed_in("rita"), signed_in("rolf")
    assert "Letter of Amina" in rita.get(f"/records/requests/{one.id}/?q=wells").content.decode()
    assert "Letter of Amina" not in rolf.get(f"/records/requests/{one.id}/?q=wells").content.decode()
    rita.post(f"/records/requests/{one.id}/", {"act": "link", "thing": f"monitoring.item/{item.id}"})
    assert "Letter of Amina" in rita.get(f"/records/requests/{one.id}/").content.decode()
    assert "Letter of Amina" not in rolf.get(f"/records/requests/{one.id}/").content.decode()
    hidden = rolf.post(f"/records/requests/{one.id}/", {"act": "link", "thing": f"monitoring.item/{item.id}"})
    never = rolf.post(f"/records/requests/{one.id}/", {"act": "link", "thing": f"monitoring.item/{one.id}"})
    assert (hidden.status_code, hidden.content) == (404, never.content)
    with bound_to(session_of("rolf")):
        assert not Concern.objects.exists()
        assert Request.objects.get(pk=one.id).state == RequestState.WEIGHED


def test_P13_two_people_decide_and_nothing_is_removed_by_it(
    ask: Any, make_item: Callable[..., Any], session_of: Callable[..., Any], django_capture_on_commit_callbacks: Any
) -> None:
    item, one, rita = make_item("Letter of Amina"), ask(), session_of("rita")
    with bound_to(rita):
        requests.link(one, thing=item, by=rita)
        with pytest.raises(Refused, match="linked already"):
            requests.link(one, thing=item, by=rita)
        proposed = requests.propose_outcome(one, outcome="granted", answer="Yes.", reason="the law", by=rita)
        with pytest.raises(Refused, match="needs two people"):
            decisions.agree(proposed, by=rita)
        assert Request.objects.get(pk=one.id).state == RequestState.WEIGHED
    dan = session_of("dan")
    with bound_to(dan):
        decisions.agree(proposed, by=dan)
        one = Request.objects.get(pk=one.id)
        assert one.outcome == "granted"
        assert Item.objects.filter(pk=item.id).exists() and not Tombstone.objects.exists()
    with bound_to(rita):
        proposals = disposal.propose(requests.things(one), reason="a granted request", by=rita)
    rolf = session_of("rolf")
    with bound_to(rolf):
        with django_capture_on_commit_callbacks(execute=True):
            assert disposal.agree(proposals, by=rolf).done == 1
        assert requests.things(one) == []
        with pytest.raises(Refused, match="between the day it came"):
            requests.answered(one, on=clock.today() + timedelta(days=1), by=rolf)
        assert requests.answered(one, on=clock.today(), by=rolf).state == RequestState.ANSWERED
        assert requests.open_requests() == [] and len(requests.closed_requests()) == 1
    assert verify().holds


def test_P13_a_hold_wins_and_the_answer_says_so(ask: Any, make_item: Callable[..., Any], session_of: Callable[..., Any]) -> None:
    item, one, rita = make_item("Letter of Amina"), ask(), session_of("rita")
    with bound_to(rita):
        requests.link(one, thing=item, by=rita)
        labelling.place_hold(item, reason="a court asks", by=rita)
        with pytest.raises(Refused, match="a hold wins"):
            requests.propose_outcome(one, outcome="granted", answer="Yes.", reason="x", by=rita)
        with pytest.raises(Refused, match="must be kept while a legal hold stands"):
            requests.propose_outcome(one, outcome="refused", answer="No.", reason="x", by=rita)
    one = decide(one, session_of, outcome="refused", says_hold=True)
    assert one.state == RequestState.REFUSED
    with bound_to(rita), pytest.raises(Refused, match="under a hold"):
        disposal.propose([item], reason="asked", by=rita)


def test_P13_a_hold_placed_after_the_proposal_wins_too(ask: Any, make_item: Callable[..., Any], session_of: Callable[..., Any]) -> None:
    item, one, rita, dan = make_item("Letter of Amina"), ask(), session_of("rita"), session_of("dan")
    with bound_to(rita):
        requests.link(one, thing=item, by=rita)
        proposed = requests.propose_outcome(one, outcome="granted", answer="Yes.", reason="x", by=rita)
        labelling.place_hold(item, reason="a court asks", by=rita)
    with bound_to(dan), pytest.raises(Refused, match="a hold wins"):
        decisions.agree(proposed, by=dan)


def test_P13_the_page_offers_the_sentence_when_a_hold_stands(
    ask: Any, make_item: Callable[..., Any], session_of: Callable[..., Any], signed_in: Callable[[str], Client]
) -> None:
    item, one, rita = make_item("Letter of Amina"), ask(), session_of("rita")
    browser = signed_in("rita")
    with bound_to(rita):
        requests.link(one, thing=item, by=rita)
    assert HOLD_STANDS.message not in browser.get(f"/records/requests/{one.id}/").content.decode()
    with bound_to(rita):
        labelling.place_hold(item, reason="a court asks", by=rita)
    assert HOLD_STANDS.message in browser.get(f"/records/requests/{one.id}/").content.decode()


@pytest.mark.parametrize(("outcome", "answer", "why"), [("answered", "x", "Choose how"), ("granted", " ", "Write the answer")])
def test_P13_an_outcome_that_is_none_is_refused(ask: Any, session_of: Callable[..., Any], outcome: str, answer: str, why: str) -> None:
    one, rita = ask(), session_of("rita")
    with bound_to(rita), pytest.raises(Refused, match=why):
        requests.propose_outcome(one, outcome=outcome, answer=answer, reason="x", by=rita)


def test_P13_a_decided_request_takes_no_more_links_and_is_decided_once(
    ask: Any, make_item: Callable[..., Any], session_of: Callable[..., Any]
) -> None:
    one, rita = decide(ask(), session_of), session_of("rita")
    with bound_to(rita):
        with pytest.raises(Refused, match="is decided"):
            requests.link(one, thing=make_item("Late"), by=rita)
        with pytest.raises(Refused, match="one cannot go"):
            requests.propose_outcome(one, outcome="refused", answer="No.", reason="x", by=rita)
        with pytest.raises(Refused, match="one cannot go"):
            requests.withdraw(one, by=rita)


def test_P13_the_day_is_told_once_each_time_and_mailed_without_content(
    ask: Any, people: SimpleNamespace, settings: Any, session_of: Callable[..., Any]
) -> None:
    settings.EMAIL_HOST, settings.EMAIL_BACKEND = "localhost", "django.core.mail.backends.locmem.EmailBackend"
    people.rita.email = "rita@office.example"
    people.rita.save()
    one, begun = ask(), clock.now()
    told = Notice.objects.filter(object_id=one.id, person=people.rita)
    assert [notice.due for notice in told] == [one.due_on]
    for day, messages in ((22, 1), (23, 2), (24, 2), (30, 2), (31, 3), (40, 3)):
        with clock.fixed(begun + timedelta(days=day)):
            nightly.tell_officers()
            assert told.all().count() == messages, day
    assert not Notice.objects.filter(object_id=one.id, person=people.alice).exists()
    schedule.mail_notices()
    (letter,) = mail.outbox
    assert "Amina" not in letter.message().as_string() and "request" not in letter.message().as_string().lower().replace("request-id", "")


def test_P13_its_level_hides_a_request_from_who_signed_in_by_password(ask: Any, session_of: Callable[..., Any]) -> None:
    one = ask()
    with bound_to(session_of("rita", assurance=Assurance.PASSWORD)):
        assert requests.request(one.id) is None


def test_a_request_reaches_its_own_time(ask: Any, session_of: Callable[..., Any]) -> None:
    from forestall.retention.due import due

    one, rita = decide(ask("access"), session_of), session_of("rita")
    with bound_to(rita):
        requests.answered(one, on=clock.today(), by=rita)
        assert due().listed == ()
        with clock.fixed(clock.now() + timedelta(days=1096)):
            assert [each.keeping.key for each in due().listed] == ["requests"]
