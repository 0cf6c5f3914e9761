"""What only two people decide: neither alone, neither the one it is about, nobody by a second try."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from forestall.access import actions, decisions, granting, labelling, queries
from forestall.access.models import Decision
from forestall.access.session import Assurance, bound_to, for_person
from forestall.base import clock
from forestall.base.errors import Refused
from forestall.cli.schedule import lapse_proposals
from forestall.labels.label import Label, Level
from forestall.monitoring import queries as monitoring
from forestall.monitoring.actions import observation as observations
from forestall.record.models import Entry
from forestall.record.verification import verify

pytestmark = pytest.mark.django_db


@pytest.fixture
def item(make_item: Callable[..., Any]) -> Any:
    return make_item("Lists of households", "A list is made.", level=2)


def lowering(item: Any, *, level: Level = Level.INTERNAL, compartments: frozenset[str] | None = None) -> dict[str, Any]:
    wanted = replace(item.label, level=level, compartments=item.label.compartments if compartments is None else compartments)
    return labelling.terms_of(wanted)


def propose(item: Any, *, by: Any, **wanted: Any) -> Decision:
    with bound_to(by):
        return decisions.propose(labelling.LOWER, about=item, reason="the report is public now", by=by, terms=lowering(item, **wanted))


def test_V29_a_label_is_lowered_when_a_second_person_agrees_and_not_before(
    item: Any, session_of: Callable[..., Any]
) -> None:
    dan, bob = session_of("dan"), session_of("bob")
    decision = propose(item, by=dan)
    item.refresh_from_db()
    assert item.level == Level.CONFIDENTIAL
    with bound_to(bob):
        decisions.agree(decision, by=bob)
    item.refresh_from_db()
    assert item.level == Level.INTERNAL
    assert item.evidence.level == Level.INTERNAL
    assert verify().holds


def test_V29_nobody_is_their_own_second_person(item: Any, session_of: Callable[..., Any]) -> None:
    dan = session_of("dan")
    decision = propose(item, by=dan)
    with bound_to(dan), pytest.raises(Refused, match="needs two people"):
        decisions.agree(decision, by=dan)


@pytest.mark.parametrize("name", ["alice", "ivo", "rita", "lee"])
def test_V29_who_may_not_lower_neither_proposes_nor_agrees(item: Any, session_of: Callable[..., Any], name: str) -> None:
    other = session_of(name)
    with pytest.raises(Refused, match="do not let you"):
        propose(item, by=other)
    decision = propose(item, by=session_of("dan"))
    with bound_to(other), pytest.raises(Refused, match="do not let you"):
        decisions.agree(decision, by=other)


def test_V29_an_author_is_not_the_second_person_for_their_own_text() -> None:
    from forestall.access.policies import check_not_author

    check_not_author(person="bob", author="alice")
    check_not_author(person="bob", author="")
    with pytest.raises(Refused, match="You wrote this"):
        check_not_author(person="bob", author="bob")


def test_a_proposal_is_as_hidden_as_the_thing(
    item: Any, session_of: Callable[..., Any], signed_in: Callable[[str], Client]
) -> None:
    decision = propose(item, by=session_of("dan"))
    for name in ("carol", "dora", "ada"):
        assert signed_in(name).get(f"/decisions/{decision.id}/").status_code == 404
    assert queries.notices(session_of("carol").person_id) == []


def test_a_proposal_follows_the_thing_that_is_raised(item: Any, session_of: Callable[..., Any]) -> None:
    dan, alice, ivo = session_of("dan"), session_of("alice"), session_of("ivo")
    decision = propose(item, by=dan)
    with bound_to(ivo):
        assert decisions.decision(decision.id) is not None
    with bound_to(alice):
        labelling.hold_closer(item, label=item.label.raised_to(Level.STRICTLY_CONFIDENTIAL), by=alice)
    with bound_to(ivo):
        assert decisions.decision(decision.id) is None


def test_not_agreeing_ends_it_and_nobody_shops_around(item: Any, session_of: Callable[..., Any]) -> None:
    decision, bob, sana = propose(item, by=session_of("dan")), session_of("bob"), session_of("sana")
    with bound_to(bob):
        decisions.decline(decision, reason="the source is still there", by=bob)
    with bound_to(sana), pytest.raises(Refused, match="stays so"):
        decisions.agree(decision, by=sana)
    with bound_to(session_of("dan")):
        assert [one.answer for one in decisions.decided_on(item.id)] == ["the source is still there"]
    assert "answered what you proposed" in queries.notices(session_of("dan").person_id)[0].message


def test_a_proposal_lapses(item: Any, session_of: Callable[..., Any]) -> None:
    decision, bob = propose(item, by=session_of("dan")), session_of("bob")
    with clock.fixed(clock.now() + timedelta(days=15)):
        with bound_to(bob), pytest.raises(Refused, match="lapsed"):
            decisions.agree(decision, by=bob)
        lapse_proposals()
        with bound_to(bob):
            assert decisions.decision(decision.id).state == "lapsed"  # type: ignore[union-attr]
            assert decisions.waiting_for(bob) == []


def test_who_proposed_must_still_be_somebody_who_could(
    item: Any, session_of: Callable[..., Any], people: SimpleNamespace, keeper: Any
) -> None:
    decision, bob = propose(item, by=session_of("dan")), session_of("bob")
    actions.recuse(people.dan, compartment="desk:karvania", by=keeper)
    with bound_to(bob), pytest.raises(Refused, match="no longer"):
        decisions.agree(decision, by=bob)


def test_nothing_is_lowered_below_what_it_was_made_from(item: Any, session_of: Callable[..., Any]) -> None:
    alice = session_of("alice")
    with bound_to(alice):
        seen = observations.confirm(item=item, summary="Lists are made", on=clock.today(), iso3="ZZK", by=alice)
    with pytest.raises(Refused, match="held more closely"):
        propose(seen, by=session_of("dan"))


def test_what_is_stricter_needs_nobody_else_and_what_is_not_does(item: Any, session_of: Callable[..., Any]) -> None:
    dan = session_of("dan")
    with pytest.raises(Refused, match="no second person"):
        propose(item, by=dan, level=Level.STRICTLY_CONFIDENTIAL)
    with pytest.raises(Refused, match="Nothing would change"):
        propose(item, by=dan, level=Level.CONFIDENTIAL)


CLOSER = [
    ("a higher level", {"level": Level.STRICTLY_CONFIDENTIAL}, True),
    ("a lower level", {"level": Level.INTERNAL}, False),
    ("one compartment more", {"compartments": frozenset({"a", "b"})}, True),
    ("one compartment less", {"compartments": frozenset[str]()}, False),
    ("another compartment", {"level": Level.STRICTLY_CONFIDENTIAL, "compartments": frozenset({"b"})}, False),
    ("fewer named people", {"audience": frozenset({"x"})}, True),
    ("more named people", {"audience": frozenset({"x", "y", "z"})}, False),
    ("nobody named any more", {"audience": frozenset[str]()}, False),
    ("a later embargo", {"embargo_until": clock.now() + timedelta(days=9)}, True),
    ("an earlier embargo", {"embargo_until": clock.now() - timedelta(days=9)}, False),
    ("no embargo", {"embargo_until": None}, False),
    ("less consent", {"consent": frozenset({"analyse"})}, True),
    ("more consent", {"consent": frozenset({"analyse", "store", "public"})}, False),
    ("consent forgotten", {"consent": frozenset[str]()}, False),
    ("no hold", {"hold": False}, False),
    ("out of quarantine", {"quarantined": False}, False),
    ("not expunged after all", {"expunged": False}, False),
]


@pytest.mark.parametrize(("what", "change", "closer"), CLOSER, ids=[what for what, _, _ in CLOSER])
def test_what_one_person_may_do_to_a_label(what: str, change: dict[str, Any], closer: bool) -> None:
    label = Label(
        Level.CONFIDENTIAL, frozenset({"a"}), frozenset({"x", "y"}), clock.now(), quarantined=True, expunged=True, hold=True,
        consent=frozenset({"analyse", "store"}),
    )  # fmt: skip
    assert label.holds_closer(label)
    assert replace(label, **change).holds_closer(label) is closer


def test_V30_who_had_opened_it_is_told_to_destroy_copies_without_its_content(
    item: Any, session_of: Callable[..., Any], signed_in: Callable[[str], Client]
) -> None:
    signed_in("ivo").get(f"/items/{item.id}/")
    alice = session_of("alice")
    with bound_to(alice):
        item.refresh_from_db()
        labelling.hold_closer(item, label=item.label.raised_to(Level.STRICTLY_CONFIDENTIAL), by=alice)
    (told,) = queries.notices(session_of("ivo").person_id)
    assert "Destroy any copy" in told.message
    assert "Lists" not in f"{told.message}{told.parameters}"
    assert str(told.object_id) == session_of("ivo").person_id
    assert "Ivo" in signed_in("rita").get(f"/labels/monitoring.item/{item.id}/").content.decode()


def test_a_hold_is_placed_by_one_lifted_by_two_and_keeps_content(item: Any, session_of: Callable[..., Any]) -> None:
    rita, rolf = session_of("rita"), session_of("rolf")
    with bound_to(rita):
        labelling.place_hold(item, reason="a court may ask", by=rita)
        with pytest.raises(Refused, match="under a hold"):
            decisions.propose(labelling.EXPUNGE, about=item, reason="time is over", by=rita)
        decision = decisions.propose(labelling.LIFT_HOLD, about=item, reason="the court has ended", by=rita)
        item.refresh_from_db()
        assert item.hold
    with bound_to(rolf):
        decisions.agree(decision, by=rolf)
        item.refresh_from_db()
        assert not item.hold


def test_A12_nobody_lets_themselves_in_and_what_no_desk_owns_takes_two(
    people: SimpleNamespace, session_of: Callable[..., Any], keeper: Any
) -> None:
    actions.give_role(people.dora, role="administrator", by=keeper)
    actions.change_clearance(people.dora, level=1, by=keeper)
    actions.let_into(people.bob, compartments=frozenset({"SRC"}), by=keeper.person_id)
    ada = session_of("ada")
    people.dora.refresh_from_db()
    dora = session_of("dora")
    with bound_to(ada):
        with pytest.raises(Refused, match="about themselves"):
            actions.grant_compartments(people.ada, compartments=frozenset({"desk:karvania"}), by=ada)
        with pytest.raises(Refused, match="two people"):
            actions.grant_compartments(people.alice, compartments=frozenset({"SRC"}), by=ada)
        with pytest.raises(Refused, match="about themselves"):
            decisions.propose(granting.COMPARTMENT, about=people.ada, reason="to look", by=ada, terms={"compartment": "SRC"})
        decision = decisions.propose(
            granting.COMPARTMENT, about=people.alice, reason="handles sources now", by=ada, terms={"compartment": "SRC"}
        )
    with bound_to(dora):
        decisions.agree(decision, by=dora)
    people.alice.refresh_from_db()
    assert "SRC" in people.alice.granted
    assert any("SRC" in str(one.parameters) for one in queries.notices(str(people.bob.id)))


def open_for(person: Any, *, session_of: Callable[..., Any], compartment: str = "desk:karvania", minutes: int = 60) -> Decision:
    dan, sana = session_of("dan"), session_of("sana")
    with bound_to(dan):
        decision = decisions.propose(
            granting.BREAK_GLASS, about=person, reason="the desk is not reached", by=dan,
            terms={"compartment": compartment, "minutes": minutes},
        )  # fmt: skip
    with bound_to(sana):
        return decisions.agree(decision, by=sana)


def test_A16_an_emergency_opening_alarms_closes_by_itself_and_asks_for_a_report(
    item: Any, people: SimpleNamespace, session_of: Callable[..., Any], signed_in: Callable[[str], Client]
) -> None:
    carol = signed_in("carol")
    assert carol.get(f"/items/{item.id}/").status_code == 404
    open_for(people.carol, session_of=session_of)
    assert carol.get(f"/items/{item.id}/").status_code == 200
    for name in ("alice", "bob", "rita"):
        assert any("Alarm" in one.message for one in queries.notices(session_of(name).person_id)), name
    assert queries.notices(session_of("dora").person_id) == []
    assert Entry.objects.filter(verb=f"{granting.LOOKED}{item.id}", by=str(people.carol.id)).count() == 1
    with clock.fixed(clock.now() + timedelta(minutes=61)):
        assert carol.get(f"/items/{item.id}/").status_code in (302, 404)
        with pytest.raises(Refused, match="report on the last"):
            open_for(people.carol, session_of=session_of)
        session = for_person(people.carol, assurance=Assurance.WEBAUTHN)
        with bound_to(session):
            (owed,) = granting.unreported(str(people.carol.id))
            granting.report(owed, text="One item, to warn the mission.", by=session)
            with pytest.raises(Refused, match="stays as it is"):
                granting.report(owed, text="Nothing at all.", by=session)
        assert open_for(people.carol, session_of=session_of).state == "agreed"


def test_A16_no_emergency_opens_what_somebody_is_recused_from_nor_for_longer(
    people: SimpleNamespace, session_of: Callable[..., Any], keeper: Any
) -> None:
    with pytest.raises(Refused, match="60 minutes"):
        open_for(people.carol, session_of=session_of, minutes=61)
    actions.recuse(people.carol, compartment="desk:karvania", by=keeper)
    with pytest.raises(Refused, match="recused"):
        open_for(people.carol, session_of=session_of)


def test_A16_nobody_opens_for_themselves(people: SimpleNamespace, session_of: Callable[..., Any]) -> None:
    dan = session_of("dan")
    terms = {"compartment": "SRC", "minutes": 60}
    with bound_to(dan), pytest.raises(Refused, match="about themselves"):
        decisions.propose(granting.BREAK_GLASS, about=people.dan, reason="quick", by=dan, terms=terms)
    with bound_to(dan):
        decision = decisions.propose(granting.BREAK_GLASS, about=people.sana, reason="quick", by=dan, terms=terms)
    sana = session_of("sana")
    with bound_to(sana), pytest.raises(Refused, match="nothing here"):
        decisions.agree(decision, by=sana)


def test_expunging_takes_what_other_decisions_said_about_it(
    item: Any, session_of: Callable[..., Any], django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    dan, bob, rita, rolf = (session_of(name) for name in ("dan", "bob", "rita", "rolf"))
    first = propose(item, by=dan)
    with bound_to(bob):
        decisions.decline(first, reason="names the village", by=bob)
    with bound_to(rita):
        second = decisions.propose(labelling.EXPUNGE, about=item, reason="asked by the family", by=rita)
    with bound_to(rolf), django_capture_on_commit_callbacks(execute=True):
        decisions.agree(second, by=rolf)
        assert decisions.decision(first.id) is None
    assert verify().holds


def test_recusal_ends_for_others_and_never_by_oneself(people: SimpleNamespace, session_of: Callable[..., Any], keeper: Any) -> None:
    actions.give_role(people.alice, role="administrator", by=keeper)
    own = actions.recuse(people.alice, compartment="desk:karvania", by=keeper)
    with pytest.raises(Refused, match="about themselves"):
        actions.end_recusal(own, by=session_of("alice"))
    actions.end_recusal(own, by=session_of("ada"))
    with bound_to(session_of("alice")):
        assert monitoring.inbox() == []
        assert "desk:karvania" in (session_of("alice").sight.compartments or ())
