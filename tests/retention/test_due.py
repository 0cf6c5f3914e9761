"""P11: a time passes under a hold, without one, and after it was lifted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings

from forestall.access import decisions, labelling, queries
from forestall.access.models import Notice
from forestall.access.session import bound_to
from forestall.assessment.models import Situation
from forestall.base import clock
from forestall.base.errors import Malformed, Refused
from forestall.labels.label import Label, Level
from forestall.monitoring.models import Item, Quarantine
from forestall.record import drafts, evidence, keyring
from forestall.record.actions import write
from forestall.record.models import Entry, Evidence, WorkingDraft
from forestall.record.verification import verify
from forestall.retention import disposal, nightly
from forestall.retention import queries as retention
from forestall.retention.due import due, keeping_of
from forestall.search import saved
from forestall.search.models import KnownAnswer

pytestmark = pytest.mark.django_db
TEN_YEARS = 3660


def _holds() -> bool:
    """Whether the record holds, looked at when all the years of a test are over."""
    with clock.fixed(datetime(2049, 1, 1, tzinfo=UTC)):
        return verify().holds


def listed(session: Any, **asked: Any) -> list[str]:
    with bound_to(session):
        return [str(one.thing) for one in due(**asked).listed]


def test_P11_what_reached_its_time_is_listed_from_its_day_on(
    make_item: Callable[..., Any], session_of: Callable[..., Any], later: Any
) -> None:
    make_item("An old report", level=1)
    with later(3649):
        assert listed(session_of("rita")) == []
    with later(3650):
        assert listed(session_of("rita")) == ["An old report"]
        assert listed(session_of("rita"), key="open") == ["An old report"]
        assert listed(session_of("rita"), key="officials") == []


def test_P11_nobody_learns_from_the_list_of_what_they_may_not_see(
    make_item: Callable[..., Any], session_of: Callable[..., Any], later: Any, people: SimpleNamespace, keeper: Any
) -> None:
    from forestall.access import actions

    make_item("Of another desk", level=1, desk="south")
    actions.recuse(people.rita, compartment="desk:south", by=keeper)
    with later(TEN_YEARS):
        assert listed(session_of("rita")) == []
        assert listed(session_of("rolf")) == ["Of another desk"]


def test_P11_each_thing_stands_in_the_first_class_it_meets(
    make_item: Callable[..., Any], keeper: Any, later: Any
) -> None:
    made = {
        "open": make_item("Open", level=1), "reports": make_item("Field", level=2),
        "apart": make_item("Survivor", level=3, desk=None),
    }  # fmt: skip
    write(made["apart"].labelled(made["apart"].label.within("SURV")), by="x", verb="raised")
    assert {key: keeping_of(one)[0].key for key, one in made.items()} == {key: key for key in made}
    with later(366):
        assert [one.keeping.key for one in due().listed] == ["apart"]
    with later(1826):
        assert sorted(one.keeping.key for one in due().listed) == ["apart", "reports"]


def test_P11_a_report_waits_until_its_situation_is_closed(
    make_item: Callable[..., Any], keeper: Any, later: Any
) -> None:
    situation = Situation(title="Hills", places=["ZZK"], desk="karvania", state="alert", opened_on=clock.today())
    write(situation.labelled(Label(Level.INTERNAL)), by="x", verb="opened")
    item = make_item("Field", level=2)
    item.situations = [str(situation.id)]
    write(item, by="x", verb="filed")
    with later(4000):
        assert due().listed == ()
        situation.state = "closed"
        write(situation, by="x", verb="closed")
        assert due().listed == ()
    with later(4000 + 1825):
        assert [one.keeping.key for one in due().listed] == ["reports"]


def test_P11_under_a_hold_it_is_kept_and_when_the_hold_was_lifted_it_goes(
    make_item: Callable[..., Any], session_of: Callable[..., Any], later: Any, django_capture_on_commit_callbacks: Any
) -> None:
    item = make_item("The order", "burn the mill", level=2)
    path = evidence.path_of(item.evidence.address)
    rita, rolf = session_of("rita"), session_of("rolf")
    with later(TEN_YEARS):
        with bound_to(rita):
            labelling.place_hold(item, reason="a court asks", by=rita)
            assert [one.held for one in due().listed] == [True]
            with pytest.raises(Refused, match="under a hold"):
                disposal.propose([item], reason="its time is over", by=rita)
            lifting = decisions.propose(labelling.LIFT_HOLD, about=item, reason="the court has it", by=rita)
            assert not lifting.hold, "a hold is on the thing alone"
        with bound_to(rolf):
            decisions.agree(lifting, by=rolf)
        with bound_to(rita):
            assert [one.held for one in due().listed] == [False]
            proposed = disposal.propose([Item.objects.get(pk=item.id)], reason="its time is over", by=rita)
        with bound_to(rolf), django_capture_on_commit_callbacks(execute=True):
            assert disposal.waiting(rolf) == proposed
            assert disposal.agree(proposed, by=rolf).done == 1
        assert listed(rita) == []
        with bound_to(rita):
            assert [one.reason for one in retention.removed()] == ["its time is over"] * 2
    assert not path.exists() and item.evidence_id not in keyring.owners()
    assert _holds()


def test_P11_a_decision_that_took_over_a_hold_keeps_nothing_for_ever(
    make_item: Callable[..., Any], session_of: Callable[..., Any]
) -> None:
    item, rita, rolf = make_item("The order"), session_of("rita"), session_of("rolf")
    with bound_to(rita):
        asked = decisions.propose(labelling.LOWER, about=item, reason="x", by=session_of("dan"),
                                  terms=labelling.terms_of(Label(Level.PUBLIC)))  # fmt: skip
        asked.hold = True
        write(asked, by=rita.person_id, verb="proposed")
        proposed = disposal.propose([item], reason="its time is over", by=rita)
    with bound_to(rolf):
        assert disposal.agree(proposed, by=rolf).done == 1


def test_P11_a_hold_placed_between_proposal_and_agreement_keeps_one_and_none_of_the_others(
    make_item: Callable[..., Any], session_of: Callable[..., Any], later: Any
) -> None:
    kept, gone = make_item("Kept", level=1), make_item("Gone", level=1)
    rita, rolf = session_of("rita"), session_of("rolf")
    with later(TEN_YEARS):
        with bound_to(rita):
            proposed = disposal.propose([kept, gone], reason="its time is over", by=rita)
            labelling.place_hold(kept, reason="a court asks", by=rita)
        with bound_to(rita):
            assert disposal.agree(proposed, by=rita).done == 0, "nobody is their own second person"
        with bound_to(rolf):
            told = disposal.agree([decisions.decision(one.id) for one in proposed], by=rolf)  # type: ignore[misc]
            assert told.done == 1
            assert [one for one, _ in told.refused] == [kept.id]
            assert {one.title for one in Item.objects.all()} == {"Kept"}


def test_a_disposal_names_something_and_not_too_much(make_item: Callable[..., Any], session_of: Callable[..., Any]) -> None:
    rita, item = session_of("rita"), make_item("One")
    with bound_to(rita):
        with pytest.raises(Refused, match="Choose what"):
            disposal.propose([], reason="x", by=rita)
        with pytest.raises(Refused, match="50 at the most"):
            disposal.propose([item] * 51, reason="x", by=rita)


def test_P11_what_is_still_needed_is_kept_on_until_a_day(
    make_item: Callable[..., Any], session_of: Callable[..., Any], later: Any
) -> None:
    item, rita = make_item("Still needed", level=1), session_of("rita")
    with later(TEN_YEARS), bound_to(rita):
        until = clock.today() + timedelta(days=100)
        for wrong, why in ((clock.today(), "day to come"), (until + timedelta(days=9999), "Five years")):
            with pytest.raises(Refused, match=why):
                disposal.keep_on([item], until=wrong, reason="an inquiry runs", by=rita)
        with pytest.raises(Refused, match="Say why"):
            disposal.keep_on([item], until=until, reason=" ", by=rita)
        disposal.keep_on([item], until=until, reason="an inquiry runs", by=rita)
        assert due().listed == ()
    with later(TEN_YEARS + 100):
        assert listed(rita) == ["Still needed"]


def test_why_it_was_kept_on_goes_with_it(
    make_item: Callable[..., Any], session_of: Callable[..., Any], later: Any
) -> None:
    from forestall.record.models import Payload

    item, rita, rolf = make_item("A name", level=1), session_of("rita"), session_of("rolf")
    with later(TEN_YEARS):
        with bound_to(rita):
            disposal.keep_on([item], until=clock.today() + timedelta(days=9), reason="zanziphore is in it", by=rita)
            proposed = disposal.propose([item], reason="asked", by=rita)
        with bound_to(rolf):
            assert disposal.agree(proposed, by=rolf).done == 1
    assert not Payload.objects.filter(body__contains="zanziphore").exists()


def test_who_may_not_keep_the_schedule_keeps_nothing_on(make_item: Callable[..., Any], session_of: Callable[..., Any]) -> None:
    item, alice = make_item("One"), session_of("alice")
    with bound_to(alice), pytest.raises(Refused, match="do not let you"):
        disposal.keep_on([item], until=clock.today() + timedelta(days=9), reason="x", by=alice)


@pytest.fixture
def refused_file(keeper: Any) -> Callable[[str], Quarantine]:
    def made(name: str, state: str = "refused") -> Quarantine:
        shut = Label(Level.CONFIDENTIAL, quarantined=True)
        with clock.fixed(datetime(2026, 11, 1, tzinfo=UTC)):
            kept = evidence.keep(name.encode(), name=name, media_type="unknown", label=shut, by="system:collector")
            one = Quarantine(evidence=kept, name=name, collector="mail", message="It acts.", state=state)
            return write(one.labelled(shut), by="x", verb="set aside")

    return made


def test_P11_bytes_of_refused_files_go_by_themselves_and_their_hash_stays(
    own_home: Any, refused_file: Any, keeper: Any, night: Any, later: Any, django_capture_on_commit_callbacks: Any
) -> None:
    gone, held, waits = refused_file("gone"), refused_file("held"), refused_file("waits", "waiting")
    labelling.place_hold(held.evidence, reason="a court asks", by=keeper)
    paths = {one.name: evidence.path_of(one.evidence.address) for one in (gone, held, waits)}
    with later(89):
        assert night() == {}
    with later(91), django_capture_on_commit_callbacks(execute=True):
        assert night() == {"refused monitoring.quarantine": 1}
    assert {name: path.exists() for name, path in paths.items()} == {"gone": False, "held": True, "waits": True}
    left = Evidence.objects.get(pk=gone.evidence_id)
    assert left.sha256 == gone.evidence.sha256 and left.id not in keyring.owners()
    with pytest.raises(Malformed, match="time of keeping was over"):
        evidence.content(left)
    assert _holds()
    assert [one.verb for one in Entry.objects.filter(object_id=left.id)] == ["received", evidence.GONE]
    with later(91):
        assert night() == {}, "once is enough"
        assert [str(one.thing) for one in due(key="undecided").listed] == ["waits"]
        _lifted(held.evidence)
        with django_capture_on_commit_callbacks(execute=True):
            assert night() == {"refused monitoring.quarantine": 1}
    assert not paths["held"].exists()


def _lifted(kept: Evidence) -> None:
    from dataclasses import replace

    write(kept.labelled(replace(kept.label, hold=False)), by="x", verb="hold lifted")


def test_P11_bytes_that_are_gone_without_an_entry_are_a_fault(own_home: Any, refused_file: Any, keeper: Any) -> None:
    one = refused_file("gone").evidence
    keyring.destroy(one.id)
    one.address = ""
    write(one, by="x", verb="changed")
    assert not _holds()


def test_P11_a_hold_keeps_bytes_whoever_would_let_them_go(own_home: Any, refused_file: Any, keeper: Any) -> None:
    one = refused_file("held").evidence
    labelling.place_hold(one, reason="a court asks", by=keeper)
    with pytest.raises(Refused, match="under a hold"):
        evidence.let_go(one, by="x")
    assert evidence.content(one) == b"held"


def test_P11_bytes_of_open_sources_go_unless_an_observation_rests_on_them(
    own_home: Any, observe: Callable[..., Any], make_item: Callable[..., Any], keeper: Any, night: Any, later: Any,
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    observe("7.5", sources=("Cited",), level=1)
    make_item("Read and done", "text", level=1)
    make_item("Confidential", "text", level=2)
    with later(3651), django_capture_on_commit_callbacks(execute=True):
        assert night() == {"raw monitoring.item": 1}
    kept = {one.title: bool(one.evidence.address) for one in Item.objects.all()}
    assert kept.pop("Read and done") is False and all(kept.values())
    assert Item.objects.get(title="Read and done").text == "text"
    assert _holds()


def test_P11_bytes_that_two_items_share_wait_for_the_later_one(
    own_home: Any, make_item: Callable[..., Any], keeper: Any, night: Any, later: Any
) -> None:
    first = make_item("First", level=1)
    second = make_item("Second", level=1, published=datetime(2027, 3, 1, tzinfo=UTC))
    second.evidence = first.evidence
    write(second, by="x", verb="edited")
    with later(3651):
        assert night() == {}
    with later(3651 + 400):
        assert night()["raw monitoring.item"] == 1


def test_P11_in_an_exercise_files_stay(
    own_home: Any, make_item: Callable[..., Any], keeper: Any, later: Any, people: SimpleNamespace
) -> None:
    from forestall.cli.schedule import keep_times

    item = make_item("First", level=1)
    with later(4000):
        keep_times()
    assert Evidence.objects.get(pk=item.evidence_id).address
    assert Path(settings.HOME.files, item.evidence.address).exists()


def test_P11_traces_and_drafts_go_by_themselves_with_one_entry_for_each_act(
    people: SimpleNamespace, session_of: Callable[..., Any], night: Any, make_item: Callable[..., Any]
) -> None:
    from forestall.access.actions import tell
    from forestall.base.words import say

    alice = session_of("alice")
    begun = clock.now()
    make_item("wells")
    with bound_to(alice):
        drafts.keep(person=alice.person_id, form="upload", fields={"why": ["because"]}, level=3)
        one = saved.keep(name="Wells", text="wells", narrowed={}, notify=True, by=alice)
    KnownAnswer.objects.create(saved=one, kind="x", object_id=one.id, told_at=begun)
    tell([alice.person_id], words=say("Text"), kind="x", object_id=one.id)
    with clock.fixed(begun + timedelta(days=89)):
        assert night() == {}
    with clock.fixed(begun + timedelta(days=91)):
        assert night()["drafts record.workingdraft"] == 1
    assert not WorkingDraft.objects.exists()
    with clock.fixed(begun + timedelta(days=366)):
        went = night()
    assert went["traces search.knownanswer"] == 1 and went["traces access.notice"] == 1
    assert KnownAnswer.objects.filter(saved=one).exists(), "what it knew is no news later"
    assert not KnownAnswer.objects.filter(told_at__isnull=False).exists()
    verbs = Entry.objects.filter(verb__startswith=nightly.REMOVED).values_list("verb", flat=True)
    assert sorted(verbs) == sorted(f"removed by the schedule: {key.split()[0]}" for key in ("drafts", *went))
    assert _holds()


def test_each_officer_is_told_of_what_they_may_see_and_once(
    make_item: Callable[..., Any], session_of: Callable[..., Any], later: Any, people: SimpleNamespace, keeper: Any
) -> None:
    from forestall.access import actions

    make_item("Of another desk", level=1, desk="south")
    actions.recuse(people.rita, compartment="desk:south", by=keeper)
    with later(TEN_YEARS):
        nightly.tell_officers()
        nightly.tell_officers()
        assert Notice.objects.filter(person=people.rita).count() == 0
        assert [one.message for one in Notice.objects.filter(person=people.rolf)] == [nightly.WAITS.message]
        queries.notices(str(people.rolf.id))[0].delete()
