"""P12: a source takes back what it agreed to: gone from the pages at once, and a list of where it had gone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from forestall.access import actions, decisions, labelling
from forestall.access.session import bound_to
from forestall.base.clock import now
from forestall.base.errors import Refused
from forestall.labels.label import Label, Level
from forestall.monitoring import queries as monitoring
from forestall.monitoring.actions import release
from forestall.monitoring.models import Item, LeaveToQuote
from forestall.record import evidence
from forestall.record.actions import write
from forestall.record.models import Entry, Payload
from forestall.record.verification import verify
from forestall.retention import recall

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(make_item: Callable[..., Any]) -> Item:
    """A report whose source agreed to its being analysed and shared within the United Nations."""
    item = make_item("The list of houses", "They marked the doors.", level=2)
    item.labelled(replace(item.label, consent=frozenset({"analyse", "share-UN"})))
    return write(item, by="system:collector", verb="consent recorded")


def withdraw(item: Item, *, by: Any, scopes: frozenset[str] = frozenset()) -> None:
    with bound_to(by):
        recall.withdraw_consent(item, scopes=scopes, reason="The woman called and said no.", by=by)


def listed(session: Any) -> list[tuple[str, str]]:
    with bound_to(session):
        return [(line.how, line.to) for one in recall.recalls() for line in recall.lines(one)]


def test_P12_it_leaves_the_pages_at_once_with_what_was_made_from_it(
    observe: Callable[..., Any], session_of: Callable[..., Any], signed_in: Callable[[str], Client]
) -> None:
    seen = observe("7.5")
    alice = session_of("alice")
    with bound_to(alice):
        item = monitoring.standing([seen])[str(seen.id)].items[0]
    withdraw(item, by=alice)
    for name in ("alice", "bob", "rita"):
        assert signed_in(name).get(f"/items/{item.id}/").status_code == 404
        with bound_to(session_of(name)):
            assert monitoring.observations(ids=[seen.id]) == []
            assert not Item.objects.filter(pk=item.id).exists()


def test_P12_a_scope_that_nobody_reads_by_is_taken_back_and_it_stays_readable(told: Item, session_of: Callable[..., Any]) -> None:
    alice = session_of("alice")
    withdraw(told, by=alice, scopes=frozenset({"share-UN"}))
    with bound_to(alice):
        assert Item.objects.get(pk=told.id).label.consent == {"analyse"}
    with bound_to(session_of("rita")):
        assert len(recall.recalls()) == 1


def test_P12_the_list_names_everywhere_it_had_gone_to_whom_and_when(
    told: Item, session_of: Callable[..., Any], people: SimpleNamespace
) -> None:
    dan, bob, alice, rita = (session_of(name) for name in ("dan", "bob", "alice", "rita"))
    with bound_to(dan):
        words = release.terms_of(title="Doors", text="Doors were marked.", level=1, compartments=frozenset(), countries=["ZZK"])
        decision = decisions.propose(release.RELEASE, about=told, reason="the partners need it", terms=words, by=dan)
    with bound_to(bob):
        decisions.agree(decision, by=bob)
        evidence.exported(told.evidence_id, by=bob.person_id)
        leave = LeaveToQuote(
            about_kind=told.kind(), about_id=told.id, originator="unmis", addressee="the mission", wording="They marked",
            asked_by=bob.person_id, asked_at=now(), state="granted", answered_at=now(),
        )  # fmt: skip
        write(leave.labelled(told.label), by=bob.person_id, verb="leave to quote granted")
    withdraw(told, by=alice)
    assert sorted(listed(rita)) == [
        ("quoted with leave", "the mission"), ("released as a new record", "Internal"), ("taken out as it came", bob.person_id),
    ]  # fmt: skip
    assert verify().holds


def test_P12_a_note_that_cites_it_stands_on_the_list_sent_or_not(
    told: Item, session_of: Callable[..., Any], keeper: Any
) -> None:
    from forestall.advising.models import AdvisoryNote, Transmittal, Warning
    from forestall.assessment.models import Assessment, Situation
    from forestall.monitoring.models import Observation, Passage

    label = told.label
    situation = write(Situation(title="Hills", places=["ZZK"], desk="karvania", state="alert", opened_on=date(2026, 1, 1)).labelled(label), by="x", verb="x")
    reading = write(Assessment(situation=situation, framework="unfaac-2014", edition="x", on=date(2026, 1, 1), author="x").labelled(label), by="x", verb="x")
    warning = Warning(situation=situation, assessment=reading, title="W", likelihood="likely", confidence="low", until=date(2027, 1, 1), raised_by="x", raised_at=now())
    write(warning.labelled(label), by="x", verb="x")
    seen = write(Observation(summary="Doors", on=date(2026, 1, 1), iso3="ZZK").labelled(label), by="x", verb="x")
    write(Passage(observation=seen, item=told, quote="They marked").labelled(label), by="x", verb="x")
    cited = {"facts": [{"text": "Doors were marked.", "observations": [str(seen.id)]}]}
    notes = [
        write(AdvisoryNote(warning=warning, reference=f"AN-{n}", subject="S", sections=cited, author="alice").labelled(label), by="x", verb="x")
        for n in range(2)
    ]
    sheet = evidence.keep(b"pdf", name="a.pdf", media_type="pdf", label=label, by="x")
    write(Transmittal(note=notes[0], pdf=sheet, docx=sheet, to="The Secretary-General", channel="hand", by="x", at=now()).labelled(label), by="x", verb="x")
    withdraw(told, by=session_of("alice"))
    assert sorted(listed(session_of("rita"))) == [("cited in a note that has not left", "alice"), ("transmitted in a note", "The Secretary-General")]


def test_P12_the_list_is_as_hidden_as_the_thing(
    told: Item, session_of: Callable[..., Any], signed_in: Callable[[str], Client], people: SimpleNamespace, keeper: Any
) -> None:
    actions.recuse(people.rita, compartment="desk:karvania", by=keeper)
    evidence.exported(told.evidence_id, by=str(people.bob.id))
    withdraw(told, by=session_of("alice"))
    rolf = session_of("rolf")
    with bound_to(rolf):
        (one,) = recall.recalls()
    assert signed_in("rolf").get(f"/records/recalls/{one.id}/").status_code == 200
    hidden, never = (signed_in("rita").get(f"/records/recalls/{named}/") for named in (one.id, told.id))
    assert (hidden.status_code, hidden.content) == (404, never.content)
    assert listed(session_of("rita")) == []


def test_P12_a_line_is_as_hidden_as_what_carried_it(told: Item, session_of: Callable[..., Any], keeper: Any) -> None:
    """A quote that only others may know of is on their list and not on the officer's."""
    leave = LeaveToQuote(
        about_kind=told.kind(), about_id=told.id, originator="o", addressee="somebody", wording="w", asked_by="x", asked_at=now(),
        state="granted", answered_at=now(),
    ).labelled(Label(Level.STRICTLY_CONFIDENTIAL, frozenset({"LEG"})))  # fmt: skip
    write(leave, by="x", verb="leave to quote granted")
    withdraw(told, by=session_of("alice"))
    assert listed(session_of("rita")) == []
    assert listed(keeper) == [("quoted with leave", "somebody")]


def test_P12_a_list_follows_the_thing_that_is_raised_and_no_consent_hides_it(told: Item, session_of: Callable[..., Any]) -> None:
    alice = session_of("alice")
    withdraw(told, by=alice, scopes=frozenset({"share-UN"}))
    with bound_to(alice):
        labelling.hold_closer(told, label=told.label.raised_to(Level.STRICTLY_CONFIDENTIAL), by=alice)
    withdraw(told, by=alice)
    with bound_to(session_of("rita")):
        assert {one.level for one in recall.recalls()} == {Level.STRICTLY_CONFIDENTIAL}
        assert len(recall.recalls()) == 2


def test_P12_whoever_has_it_is_told_once_and_by_whom_stands_there(
    told: Item, session_of: Callable[..., Any], signed_in: Callable[[str], Client], people: SimpleNamespace
) -> None:
    evidence.exported(told.evidence_id, by=str(people.bob.id))
    withdraw(told, by=session_of("alice"))
    rita, alice = session_of("rita"), session_of("alice")
    with bound_to(rita):
        ((one, line),) = [(one, line) for one in recall.recalls() for line in recall.lines(one)]
        with pytest.raises(Refused, match="Say how"):
            recall.told(line, how=" ", by=rita)
    with bound_to(alice), pytest.raises(Refused, match="do not let you"):
        recall.told(line, how="by phone", by=alice)
    page = signed_in("rita").post(f"/records/recalls/{one.id}/", {"line": line.id, "how": "by phone: destroyed"}, follow=True)
    assert "by phone: destroyed" in page.content.decode()
    with bound_to(rita):
        (line,) = recall.lines(one)
        assert (line.told_by, line.told_how) == (rita.person_id, "by phone: destroyed")
        with pytest.raises(Refused, match="told already"):
            recall.told(line, how="again", by=rita)


def test_P12_the_labels_page_takes_it_back_and_says_where_the_list_is(told: Item, signed_in: Callable[[str], Client]) -> None:
    browser, address = signed_in("alice"), f"/labels/monitoring.item/{told.id}/"
    assert "The source takes something back" in browser.get(address).content.decode()
    assert "how the source told us" in browser.post(address, {"act": "withdraw"}, follow=True).content.decode()
    answer = browser.post(address, {"act": "withdraw", "reason": "She said no.", "scope": ["analyse"]}, follow=True)
    assert "listed for recall" in answer.content.decode()
    assert browser.get(address).status_code == 404
    assert Entry.objects.filter(verb="consent withdrawn", object_id__isnull=False).count() == 1


def test_P12_nothing_is_taken_back_without_a_reason_or_twice(told: Item, session_of: Callable[..., Any]) -> None:
    alice = session_of("alice")
    with bound_to(alice):
        with pytest.raises(Refused, match="how the source"):
            recall.withdraw_consent(told, scopes=frozenset(), reason="", by=alice)
        with pytest.raises(Refused, match="Choose what"):
            recall.withdraw_consent(told, scopes=frozenset({"public"}), reason="x", by=alice)


def test_a_consent_that_is_recorded_is_no_withdrawal(make_item: Callable[..., Any], session_of: Callable[..., Any]) -> None:
    item, alice = make_item("One"), session_of("alice")
    with bound_to(alice):
        labelling.hold_closer(item, label=replace(item.label, consent=frozenset({"analyse", "store"})), by=alice)
        assert recall.recalls() == []
        labelling.hold_closer(item, label=replace(item.label, consent=frozenset({"analyse"})), by=alice)
        assert len(recall.recalls()) == 1


def test_P12_what_was_taken_back_whole_is_removed_from_its_list_by_two(
    told: Item, session_of: Callable[..., Any], signed_in: Callable[[str], Client], keeper: Any, django_capture_on_commit_callbacks: Any
) -> None:
    withdraw(told, by=session_of("alice"))
    rita, rolf = session_of("rita"), session_of("rolf")
    with bound_to(rita):
        (one,) = recall.recalls()
    page = signed_in("rita").post(f"/records/recalls/{one.id}/", {"act": "propose", "reason": "She asked."}, follow=True)
    assert "Remove what its source took back" in page.content.decode()
    with bound_to(rita):
        (proposed,) = decisions.waiting_on(one.id)
        with pytest.raises(Refused, match="needs two people"):
            decisions.agree(proposed, by=rita)
    with bound_to(rolf), django_capture_on_commit_callbacks(execute=True):
        decisions.agree(proposed, by=rolf)
        assert not recall.still_there(one)
        with pytest.raises(Refused, match="removed already"):
            recall.propose_removal(one, reason="again", by=rolf)
    assert not Payload.objects.filter(body__contains="marked the doors").exists()
    assert verify().holds


def test_P12_a_hold_wins_over_the_removal_of_what_was_taken_back(told: Item, session_of: Callable[..., Any]) -> None:
    rita = session_of("rita")
    with bound_to(rita):
        labelling.place_hold(told, reason="a court asks", by=rita)
    withdraw(told, by=session_of("alice"))
    with bound_to(rita):
        (one,) = recall.recalls()
        with pytest.raises(Refused, match="under a hold"):
            recall.propose_removal(one, reason="x", by=rita)
