"""What was given in confidence is quoted with leave alone; chosen words are released as a new record, by two."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse

from forestall.access import actions as access
from forestall.access import decisions
from forestall.access.session import bound_to
from forestall.advising import actions as advising
from forestall.base.errors import Refused
from forestall.labels.label import Level
from forestall.monitoring import queries, thirdparty
from forestall.monitoring.actions import release
from forestall.monitoring.actions import thirdparty as asking
from forestall.monitoring.states import LeaveState
from forestall.record.actions import write
from forestall.record.verification import verify
from tests.advising.notemaking import Desk, sound

pytestmark = pytest.mark.django_db
PARTNER = "3P:Hill Watch"
WORDS = "Armed men hold three bridges."


@pytest.fixture
def confided(make_item: Callable[..., Any], people: SimpleNamespace, keeper: Any) -> Any:
    """An item that a partner gave in confidence; Alice, Bob, Dan and Sana are let in."""
    for name in ("alice", "bob", "dan", "sana", "lee"):
        access.let_into(getattr(people, name), compartments=frozenset({PARTNER}), by=keeper.person_id)
    item = make_item("From a partner", "Our monitors saw armed men hold three bridges.", level=2)
    return write(item.labelled(item.label.within(PARTNER)), by="system:collector", verb="label raised")


def asked(item: Any, *, by: Any, wording: str = WORDS) -> Any:
    with bound_to(by):
        return asking.ask(item, originator="Hill Watch", addressee="the Secretary-General", wording=wording, through="call", by=by)


def test_leave_is_asked_of_the_originator_in_exact_words(confided: Any, session_of: Callable[..., Any]) -> None:
    alice = session_of("alice")
    with bound_to(alice), pytest.raises(Refused, match="not kept as given in confidence"):
        asking.ask(confided, originator="Somebody else", addressee="x", wording="y", by=alice)
    with bound_to(alice), pytest.raises(Refused, match="in exactly which words"):
        asking.ask(confided, originator="Hill Watch", addressee="x", wording="  ", by=alice)
    leave = asked(confided, by=alice)
    with bound_to(session_of("ivo")):
        assert thirdparty.leave(leave.id) is None
    with bound_to(alice):
        assert thirdparty.granted(confided.id) == {}
        asking.answer(leave, to=LeaveState.GRANTED, text="Yes, without our name.", by=alice)
        assert thirdparty.granted(confided.id) == {"Hill Watch": {WORDS}}
        asking.answer(leave, to=LeaveState.TAKEN_BACK, text="Not any more.", by=alice)
        assert thirdparty.granted(confided.id) == {}


def confide(desk: Desk, keeper: Any, people: SimpleNamespace) -> Any:
    for one in (people.alice, people.bob, people.dan, people.sana, people.lee):
        access.let_into(one, compartments=frozenset({PARTNER}), by=keeper.person_id)
    with bound_to(keeper):
        seen = queries.observations(ids=[str(desk.observations[0].id)])[0]
        return write(seen.labelled(seen.label.within(PARTNER)), by="x", verb="label raised")


def test_a_note_that_cites_it_goes_no_further_without_leave(
    desk: Desk, people: SimpleNamespace, session_of: Callable[..., Any], keeper: Any
) -> None:
    note = desk.note()
    seen = confide(desk, keeper, people)
    people.alice.refresh_from_db()
    alice = session_of("alice")
    with bound_to(alice):
        with pytest.raises(Refused, match="Hill Watch gave in confidence"):
            advising.clearance.submit(note, rendered=sound(), by=alice)
        leave = asking.ask(seen, originator="Hill Watch", addressee="the Secretary-General", wording=WORDS, by=alice)
        asking.answer(leave, to=LeaveState.GRANTED, text="Yes.", by=alice)
        assert advising.clearance.submit(note, rendered=sound(), by=alice).state == "submitted"


def propose(item: Any, *, by: Any, text: str = WORDS, level: int = 1) -> Any:
    terms = release.terms_of(title="Bridges", text=text, level=level, compartments=frozenset(), countries=["ZZK"])
    with bound_to(by):
        return decisions.propose(release.RELEASE, about=item, reason="the mission must know", by=by, terms=terms)


def test_a_release_needs_the_originators_leave_for_these_very_words(confided: Any, session_of: Callable[..., Any]) -> None:
    dan, alice = session_of("dan"), session_of("alice")
    with pytest.raises(Refused, match="has not agreed to these words"):
        propose(confided, by=dan)
    leave = asked(confided, by=alice)
    with bound_to(alice):
        asking.answer(leave, to=LeaveState.GRANTED, text="Yes.", by=alice)
    with pytest.raises(Refused, match="has not agreed to these words"):
        propose(confided, by=dan, text="Armed men of a named group hold three bridges.")
    assert propose(confided, by=dan).state == "proposed"


def test_a_release_is_a_new_record_that_points_to_nothing(
    make_item: Callable[..., Any], session_of: Callable[..., Any], signed_in: Callable[..., Any]
) -> None:
    item = make_item("Secret list", "Names.", level=3)
    dan, bob, carol = session_of("dan"), session_of("bob"), session_of("carol")
    decision = propose(item, by=dan)
    with bound_to(carol):
        assert queries.inbox() == []
    with bound_to(bob):
        decisions.agree(decision, by=bob)
    with bound_to(carol):
        (new,) = queries.inbox()
        assert (new.title, new.text, new.level, new.source.name) == ("Bridges", WORDS, 1, "Released by this Office")
        told = str({field.attname: getattr(new, field.attname) for field in new._meta.concrete_fields})
    assert str(item.id) not in told
    assert str(decision.id) not in told
    item.refresh_from_db()
    assert item.level == Level.STRICTLY_CONFIDENTIAL
    assert signed_in("carol").get(reverse("item", args=[new.id])).status_code == 200
    assert verify().holds


def test_a_release_that_reaches_nobody_more_is_refused(make_item: Callable[..., Any], session_of: Callable[..., Any]) -> None:
    item, dan = make_item("Open already", "x", level=0, desk=None), session_of("dan")
    with pytest.raises(Refused, match="nobody who does not see"):
        propose(item, by=dan, level=1)
    with pytest.raises(Refused, match="Write the words"):
        propose(item, by=dan, text=" ", level=0)


def test_the_page_asks_answers_and_proposes(confided: Any, signed_in: Callable[..., Any], session_of: Callable[..., Any]) -> None:
    address = reverse("onward", args=["monitoring.item", confided.id])
    alice, dan = signed_in("alice"), signed_in("dan")
    assert signed_in("ivo").get(address).status_code == 404
    alice.post(address, {"act": "ask", "originator": "Hill Watch", "addressee": "SG", "wording": WORDS, "through": "call"})
    with bound_to(session_of("alice")):
        (leave,) = thirdparty.leaves(confided.id)
    alice.post(address, {"act": "answer", "leave": str(leave.id), "to": "granted", "answer": "Yes."})
    assert "Yes." in alice.get(address).content.decode()
    dan.post(address, {"act": "release", "title": "Bridges", "text": WORDS, "level": "1", "reason": "the mission must know"})
    with bound_to(session_of("sana")):
        assert [one.matter for one in decisions.waiting_on(confided.id)] == [release.RELEASE]
    page = alice.post(address, {"act": "answer", "leave": "none", "to": "granted", "back": address}, follow=True)
    assert "Choose what the originator said" in page.content.decode()
