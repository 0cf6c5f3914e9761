"""Asking another body for information: by which day, what came, and silence recorded as silence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from forestall.access.models import Notice
from forestall.access.session import bound_to, system_reader
from forestall.assessment.actions import situation as situations
from forestall.base import clock
from forestall.base.errors import Refused
from forestall.institutions import actions as institutions
from forestall.labels.label import Label, Level
from forestall.monitoring import inforequests
from forestall.monitoring.actions import inforequest as actions
from forestall.monitoring.models import InformationRequest
from forestall.record import resting
from forestall.record.models import Entry

pytestmark = pytest.mark.django_db
ASKED, DUE = datetime(2026, 11, 10, 9, tzinfo=UTC), date(2026, 11, 18)
LATER = datetime(2026, 11, 19, 9, tzinfo=UTC)
Seat = Callable[..., Any]


@pytest.fixture
def agency(keeper: Any) -> Any:
    return institutions.add_counterpart(kind_of_body="un_entity", name="An agency", by=keeper)


@pytest.fixture
def asked(agency: Any, session_of: Seat) -> InformationRequest:
    alice = session_of("alice")
    with clock.fixed(ASKED), bound_to(alice):
        return actions.ask(agency, question="Who asks for the lists?", due=DUE, iso3="ZZK", by=alice)


def silence(at: datetime) -> list[InformationRequest]:
    worker = system_reader("worker", reason="a test")
    with clock.fixed(at), bound_to(worker):
        return actions.record_silence(by=worker)


def state_of(one: InformationRequest) -> str:
    return InformationRequest.objects.get(pk=one.pk).state


def test_a_request_goes_through_the_channel_proper_to_the_body(asked: InformationRequest) -> None:
    assert (asked.channel, asked.state, asked.asked_on) == ("memorandum", "asked", ASKED.date())
    assert asked.reference.startswith("RFI-")


def test_what_one_desk_asks_about_its_state_is_not_told_to_another(asked: InformationRequest, agency: Any, session_of: Seat) -> None:
    assert asked.label == Label(level=Level.CONFIDENTIAL).within("desk:karvania")
    alice = session_of("alice")
    with clock.fixed(ASKED), bound_to(alice):
        elsewhere = actions.ask(agency, question="Who?", due=DUE, iso3="ZZS", by=alice)
    assert elsewhere.label == Label(level=Level.CONFIDENTIAL), "she would not see what she asked"
    with bound_to(session_of("carol")):
        assert inforequests.requests() == [elsewhere]


def test_silence_is_recorded_once_the_day_has_passed_and_who_asked_is_told(asked: InformationRequest) -> None:
    assert silence(datetime(2026, 11, 18, 23, tzinfo=UTC)) == []
    assert [one.id for one in silence(LATER)] == [asked.id]
    assert silence(LATER) == []
    assert state_of(asked) == "no_response"
    assert Notice.objects.filter(object_id=asked.id, person_id=asked.asked_by).count() == 1
    assert Entry.objects.filter(object_id=asked.id, verb="no response recorded").count() == 1


def test_an_answer_that_comes_late_is_taken_and_the_silence_stays_in_the_record(asked: InformationRequest, session_of: Seat) -> None:
    silence(LATER)
    alice = session_of("alice")
    with clock.fixed(LATER), bound_to(alice):
        one = inforequests.request(asked.id)
        assert one is not None and inforequests.is_late(one, on=LATER.date())
        actions.receive(one, text="Two offices did.", on=LATER.date(), items=[], in_part=True, by=alice)
        actions.receive(one, text="A third one did.", on=LATER.date(), items=[], by=alice)
    assert state_of(asked) == "answered"
    assert InformationRequest.objects.get(pk=asked.pk).answer == "Two offices did.\n\nA third one did."
    verbs = list(Entry.objects.filter(object_id=asked.id).order_by("seq").values_list("verb", flat=True))
    assert verbs == ["information asked", "no response recorded", "information received in part", "information received"]


def test_a_refusal_is_kept_with_its_reason_and_a_withdrawn_request_stays(asked: InformationRequest, session_of: Seat) -> None:
    alice = session_of("alice")
    with clock.fixed(LATER), bound_to(alice):
        with pytest.raises(Refused, match="Say why"):
            actions.decline(asked, reason=" ", by=alice)
        actions.decline(asked, reason="Not within its mandate.", by=alice)
        assert state_of(asked) == "declined"
        with pytest.raises(Refused, match="cannot go"):
            actions.withdraw(asked, reason="Asked elsewhere.", by=alice)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"question": " "}, "Write what is asked"),
        ({"due": None}, "by which day"),
        ({"due": date(2026, 11, 9)}, "lies in the past"),
    ],
)
def test_a_request_that_cannot_be_is_refused(agency: Any, session_of: Seat, values: dict[str, Any], sentence: str) -> None:
    alice = session_of("alice")
    with clock.fixed(ASKED), bound_to(alice), pytest.raises(Refused, match=sentence):
        actions.ask(agency, **{"question": "Who?", "due": DUE, "by": alice, **values})


def test_an_answer_says_something_and_came_on_a_day_when_it_can_have(asked: InformationRequest, session_of: Seat) -> None:
    alice = session_of("alice")
    with clock.fixed(LATER), bound_to(alice):
        with pytest.raises(Refused, match="Write what came"):
            actions.receive(asked, text="", on=LATER.date(), items=[], by=alice)
        with pytest.raises(Refused, match="between the day it was asked"):
            actions.receive(asked, text="Yes.", on=date(2026, 11, 9), items=[], by=alice)


def test_who_may_not_ask_is_refused(agency: Any, session_of: Seat) -> None:
    bob = session_of("bob")
    with clock.fixed(ASKED), bound_to(bob), pytest.raises(Refused, match="Your roles do not let you"):
        actions.ask(agency, question="Who?", due=DUE, by=bob)


def test_it_is_kept_no_less_closely_than_its_situation_its_body_and_what_came(
    agency: Any, session_of: Seat, make_item: Callable[..., Any]
) -> None:
    alice = session_of("alice")
    with clock.fixed(ASKED), bound_to(alice):
        situation = situations.open_situation(title="Hills", places=["ZZK"], reason="Lists", desk="karvania", by=alice)
        one = actions.ask(agency, question="Who?", due=DUE, situation_id=situation.id, about=situation.label, by=alice)
        assert one.label == situation.label
        resting.raise_label(situation, label=Label(level=Level.STRICTLY_CONFIDENTIAL), by=alice.person_id)
        assert InformationRequest.objects.get(pk=one.pk).level == Level.STRICTLY_CONFIDENTIAL
        other = actions.ask(agency, question="What?", due=DUE, by=alice)
        came = make_item("Answer", "a", level=2, desk="karvania")
        actions.receive(other, text="", on=ASKED.date(), items=[came], by=alice)
        assert other.label == came.label
        assert resting.least_label(other) == came.label
    with bound_to(session_of("carol")):
        assert inforequests.requests() == []
        assert inforequests.request(one.id) is None


def test_an_item_that_is_raised_raises_the_answer_it_was(asked: InformationRequest, session_of: Seat, make_item: Callable[..., Any]) -> None:
    alice = session_of("alice")
    came = make_item("Answer", "a", level=1, desk=None)
    with clock.fixed(LATER), bound_to(alice):
        actions.receive(asked, text="", on=LATER.date(), items=[came], by=alice)
        resting.raise_label(came, label=Label(level=Level.STRICTLY_CONFIDENTIAL), by=alice.person_id)
    with bound_to(session_of("rita")):
        assert InformationRequest.objects.get(pk=asked.pk).level == Level.STRICTLY_CONFIDENTIAL
