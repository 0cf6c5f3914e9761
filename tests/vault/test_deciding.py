"""Opening, handing over, moving and erasing: two people of the desk, neither the source, for a reason, in time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from forestall.access import actions as access
from forestall.access import decisions, queries
from forestall.base import clock
from forestall.base.errors import Refused, Unavailable
from forestall.cli.schedule import care_for_vault, lapse_proposals
from forestall.record.models import Entry
from forestall.record.verification import verify
from forestall.vault import actions, deciding, identities, policies, verification
from forestall.vault import queries as vault
from forestall.vault.identities import Known
from forestall.vault.models import Identity, Pseudonym

from .conftest import ADDRESS, NAME

pytestmark = pytest.mark.django_db(databases=["default", "vault"])


def propose(as_: Any, one: Any, *, key: str = deciding.OPEN, by: str = "hana", reason: str = "they may be in danger", **terms: str) -> Any:
    with as_(by) as who:
        return deciding.propose(key, about=one, reason=reason, by=who, terms=terms or None)


def read(as_: Any, one: Any, *, by: str) -> Known:
    with as_(by) as who:
        return actions.read(Pseudonym.objects.get(pk=one.id), by=who)


def test_two_people_open_an_identity_to_the_one_who_asked(protected: Any, as_: Any, agreed: Any) -> None:
    with pytest.raises(Refused, match="Two people open"):
        read(as_, protected, by="hana")
    decision = propose(as_, protected)
    with pytest.raises(Refused, match="Two people open"):
        read(as_, protected, by="hana")
    agreed("hugo", decision)
    assert read(as_, protected, by="hana").name == NAME
    for other in ("hugo", "dan"):
        with pytest.raises(Refused, match="Two people open"):
            read(as_, protected, by=other)


def test_it_shuts_by_itself_after_fifteen_minutes(protected: Any, as_: Any, agreed: Any) -> None:
    agreed("hugo", propose(as_, protected))
    with clock.fixed(clock.now() + timedelta(minutes=14)):
        assert read(as_, protected, by="hana").name == NAME
    with clock.fixed(clock.now() + timedelta(minutes=15)), pytest.raises(Refused, match="Two people open"):
        read(as_, protected, by="hana")


def test_every_reading_is_recorded_and_every_handler_of_the_desk_is_told(protected: Any, as_: Any, agreed: Any, carers: Any) -> None:
    agreed("hugo", propose(as_, protected))
    read(as_, protected, by="hana")
    read(as_, protected, by="hana")
    acts = list(Entry.objects.filter(object_id=protected.id).order_by("seq").values_list("verb", flat=True))
    assert acts == ["source protected", "identity opened", "opening agreed", "identity read", "identity read"]
    for name in ("hana", "hugo"):
        told = [one.message for one in queries.notices(str(getattr(carers, name).id))]
        assert "The identity behind %(code)s was opened for %(name)s, for %(count)s minutes." in told
    for name in ("sid", "alice", "rita", "ada"):
        assert queries.notices(str(getattr(carers, name).id)) == []


def test_nobody_opens_alone(protected: Any, as_: Any) -> None:
    decision = propose(as_, protected)
    with as_("hana") as hana, pytest.raises(Refused, match="two people"):
        decisions.agree(decision, by=hana)


def test_a_director_who_sees_the_sources_can_be_one_of_the_two(protected: Any, as_: Any, agreed: Any) -> None:
    agreed("dan", propose(as_, protected))
    assert read(as_, protected, by="hana").name == NAME


@pytest.mark.parametrize("name", ["alice", "bob", "rita", "ada", "sid", "sana"])
def test_nobody_else_proposes_agrees_or_reads(protected: Any, as_: Any, name: str) -> None:
    with pytest.raises(Refused):
        propose(as_, protected, by=name)
    decision = propose(as_, protected)
    with as_(name) as other, pytest.raises(Refused):
        decisions.agree(decision, by=other)
    with as_(name) as other, pytest.raises(Refused):
        actions.read(protected, by=other)


def test_a_records_officer_let_in_to_sources_still_reads_nobody(protected: Any, as_: Any, carers: Any) -> None:
    access.let_into(carers.rita, compartments=frozenset({"SRC"}), by="system:keeper")
    with as_("rita") as rita:
        assert vault.pseudonym(protected.id) is not None, "the pseudonym stands under a label like any record"
        with pytest.raises(Refused, match="do not let you"):
            actions.read(protected, by=rita)
        with pytest.raises(Refused, match="do not let you"):
            deciding.propose(deciding.OPEN, about=protected, reason="audit", by=rita)


@pytest.mark.parametrize("who", ["hana", "hugo"])
@pytest.mark.parametrize("what", [deciding.OPEN, deciding.ERASE])
def test_the_source_is_never_one_of_the_two(protected: Any, as_: Any, who: str, what: str) -> None:
    """Somebody of the Office can be a source; they decide nothing about their own entry."""
    with as_("hana") as hana:
        one = actions.protect(Known(name="somebody", contact=f"{who}@office.example"), desk="karvania", by=hana)
    if who == "hana":
        with pytest.raises(Refused, match="decides about themselves"):
            propose(as_, one, key=what)
        return
    decision = propose(as_, one, key=what)
    with as_("hugo") as hugo, pytest.raises(Refused, match="decides about themselves"):
        decisions.agree(decision, by=hugo)
    decision.refresh_from_db()
    assert decision.state == "proposed"


def test_a_proposal_to_open_lapses_after_two_days(protected: Any, as_: Any) -> None:
    decision = propose(as_, protected)
    with clock.fixed(clock.now() + timedelta(days=2, minutes=1)):
        with as_("hugo") as hugo, pytest.raises(Refused, match="lapsed"):
            decisions.agree(decision, by=hugo)
        lapse_proposals()
        with as_("hana"):
            assert decisions.decision(decision.id).state == "lapsed"


def test_a_reason_does_not_tell_who_it_is(protected: Any, as_: Any, every_byte: Callable[[str], bytes]) -> None:
    for reason in (f"call {NAME}", "Varnholm is in danger", f"write to {ADDRESS}"):
        with pytest.raises(Refused, match="tell who a source is"):
            propose(as_, protected, reason=reason)
    assert NAME.encode() not in every_byte("default")


def test_K07_nothing_is_opened_while_the_vault_is_sealed(protected: Any, as_: Any, key: Any) -> None:
    decision = propose(as_, protected)
    key.rename(key.with_name("away"))
    with as_("hugo") as hugo, pytest.raises(Unavailable, match="sealed"):
        decisions.agree(decision, by=hugo)
    decision.refresh_from_db()
    assert decision.state == "proposed"


def hand_over(as_: Any, *sources: Any, to: Any, by: str = "hana") -> Any:
    with as_(by) as who:
        return deciding.prepare_handover(
            desk="karvania", giver=sources[0].keeper, taker=str(to.id), sources=sources, reason="she leaves", by=who
        )


def test_sources_are_handed_over_by_two(protected: Any, as_: Any, agreed: Any, carers: Any) -> None:
    with as_("hana") as hana:
        other = actions.protect(Known(name="Another"), desk="karvania", by=hana)
    decision = hand_over(as_, protected, other, to=carers.hugo)
    with as_("hana"):
        assert Pseudonym.objects.get(pk=protected.id).keeper == str(carers.hana.id)
    agreed("dan", decision)
    with as_("hugo"):
        assert {one.keeper for one in Pseudonym.objects.all()} == {str(carers.hugo.id)}
    assert any("Sources were handed over to you" in one.message for one in queries.notices(str(carers.hugo.id)))
    assert verify().holds


@pytest.mark.parametrize("name", ["sid", "alice", "dan", "hana"])
def test_sources_go_only_to_another_handler_of_the_desk(protected: Any, as_: Any, carers: Any, name: str) -> None:
    with pytest.raises(Refused, match=r"only to a source handler|somebody else to hand"):
        hand_over(as_, protected, to=getattr(carers, name))


def test_only_who_works_with_the_desks_sources_learns_of_a_handover(protected: Any, as_: Any, carers: Any) -> None:
    decision = hand_over(as_, protected, to=carers.hugo)
    for name in ("sid", "alice", "bob", "ada"):
        with as_(name):
            assert decisions.decision(decision.id) is None
        assert queries.notices(str(getattr(carers, name).id)) == []


def test_a_source_moved_to_another_desk_gets_another_pseudonym_and_nothing_outside_joins_them(
    protected: Any, as_: Any, agreed: Any, every_byte: Callable[[str], bytes]
) -> None:
    decision = propose(as_, protected, key=deciding.MOVE, desk="south")
    entries = Entry.objects.count()
    agreed("dan", decision)
    with as_("hana"):
        here = Pseudonym.objects.get(pk=protected.id)
        assert (here.state, here.code, here.scopes) == ("moved", protected.code, [])
    left = identities.read(protected.id)
    assert (left.name, left.contact, left.location) == ("", "", "")
    with pytest.raises(Refused, match="another desk's"):
        propose(as_, here)
    ((entry, desk),) = identities.waiting_at(["south", "karvania"])
    assert (entry != protected.id, desk) == (True, "south")
    assert str(entry).encode() not in every_byte("default")
    assert entry.hex.encode() not in every_byte("default"), "the new entry is not in the record before it is received"
    assert Entry.objects.count() > entries
    with as_("hana") as hana, pytest.raises(Refused, match="nothing here"):
        actions.receive(entry, by=hana)
    with as_("sid") as sid:
        there = actions.receive(entry, by=sid)
    assert there.code != protected.code
    assert (there.desk, there.scopes, there.keeper) == ("south", [], sid.person_id)
    assert identities.same_person(there.id) == [protected.id]
    assert identities.read(there.id).name == NAME
    with as_("hana"):
        assert vault.pseudonym(there.id) is None
    with as_("sid"):
        assert vault.pseudonym(protected.id) is None
    assert verify().holds


def test_a_source_moves_only_to_a_desk_with_somebody_to_receive_it(protected: Any, as_: Any, keeper: Any) -> None:
    access.keep_desk(key="north", title="North", places=frozenset(), by=keeper)
    for desk in ("north", "karvania", "nowhere"):
        with pytest.raises(Refused, match=r"another desk|no source handler"):
            propose(as_, protected, key=deciding.MOVE, desk=desk)


def test_K05_two_people_erase_an_identity(protected: Any, as_: Any, agreed: Any, every_byte: Callable[[str], bytes]) -> None:
    sealed = bytes(Identity.objects.get(pk=protected.id).name)
    agreed("hugo", propose(as_, protected, key=deciding.ERASE))
    assert sealed not in every_byte("vault")
    with as_("hana"):
        one = Pseudonym.objects.get(pk=protected.id)
        assert (one.state, one.scopes) == ("erased", [])
        assert not policies.may(state=one.state, scopes=["public"], purpose="public")
        with pytest.raises(Refused, match="was erased"):
            propose(as_, one)
        assert verification.verify().holds
    assert verify().holds


def test_what_is_under_a_hold_is_not_erased(protected: Any, as_: Any, session_of: Callable[..., Any]) -> None:
    from dataclasses import replace

    from forestall.record.actions import write

    with as_("hana"):
        write(protected.labelled(replace(protected.label, hold=True)), by="x", verb="hold placed")
    with pytest.raises(Refused, match="under a hold"):
        propose(as_, protected, key=deciding.ERASE)


def test_an_identity_is_not_erased_while_the_past_still_holds_the_name(mail: Any, known: Known, as_: Any, agreed: Any) -> None:
    from forestall.monitoring.actions import protecting

    with as_("hana") as hana:
        one = protecting.protect(mail, known=known, desk="karvania", by=hana)
        decision = protecting.propose_name_out(mail, by=hana)
    with pytest.raises(Refused, match="still stands in what was recorded before"):
        propose(as_, one, key=deciding.ERASE)
    agreed("hugo", decision)
    agreed("hugo", propose(as_, one, key=deciding.ERASE))
    with as_("hana"):
        assert verification.verify().holds, "the original that went with it is accounted for"


def test_the_label_of_a_pseudonym_is_lowered_by_nobody(protected: Any, as_: Any) -> None:
    from forestall.access import labelling
    from forestall.labels.label import Level

    with as_("dan") as dan, pytest.raises(Refused, match="held more closely"):
        decisions.propose(labelling.LOWER, about=protected, reason="why not", by=dan,
                          terms={**labelling.terms_of(protected.label), "level": int(Level.INTERNAL)})  # fmt: skip


def test_what_was_broken_off_between_the_record_and_the_vault_is_finished(protected: Any, as_: Any, keeper: Any) -> None:
    """Agreed, and the machine stops before the vault follows: the worker finishes it."""
    moving = propose(as_, protected, key=deciding.MOVE, desk="south")
    with as_("hugo") as hugo:
        decisions.agree(moving, by=hugo)
    assert not verification.verify().holds
    care_for_vault()
    assert [desk for _, desk in identities.waiting_at(["south"])] == ["south"]
    with as_("hana"):
        one = Pseudonym.objects.get(pk=protected.id)
    erasing = propose(as_, one, key=deciding.ERASE)
    with as_("hugo") as hugo:
        decisions.agree(erasing, by=hugo)
    assert not verification.verify().holds
    care_for_vault()
    assert not Identity.objects.filter(pk=protected.id).exists()
    assert verification.verify().holds


def test_whether_an_identity_must_still_be_kept_is_asked_every_twelve_months(protected: Any, as_: Any, carers: Any) -> None:
    with as_("hana") as hana:
        assert vault.review_overdue() == []
        with clock.fixed(clock.now() + timedelta(days=365)):
            assert [one.id for one in vault.review_overdue()] == [protected.id]
            care_for_vault()
            care_for_vault()
            actions.review(Pseudonym.objects.get(pk=protected.id), by=hana)
            assert vault.review_overdue() == []
    assert [one.message for one in queries.notices(str(carers.hana.id))].count(
        "%(code)s: is it still needed to keep who this source is? Look at it again."
    ) == 1


def test_writing_into_an_entry_shows_nothing_and_loses_nothing(protected: Any, as_: Any) -> None:
    with as_("hugo") as hugo:
        assert actions.add(protected, by=hugo, told=Known(contact="+999 1234567", words=("the tailor",))) is None
        with pytest.raises(Refused, match="what is to be added"):
            actions.add(protected, by=hugo, told=Known())
    found = identities.read(protected.id)
    assert found.contact.splitlines() == [ADDRESS, "+999 1234567"]
    assert "the tailor" in found.words


@pytest.mark.parametrize("act", ["add", "consent", "reached", "review"])
@pytest.mark.parametrize("name", ["dan", "sid", "alice"])
def test_only_a_handler_of_the_desk_cares_for_a_source(protected: Any, as_: Any, name: str, act: str) -> None:
    from forestall.base.clock import today

    with as_(name) as other, pytest.raises(Refused):
        {
            "add": lambda: actions.add(protected, by=other, told=Known(notes="x")),
            "consent": lambda: actions.record_consent(protected, scopes=["public"], on=today(), by=other),
            "reached": lambda: actions.reached(protected, on=today(), by=other),
            "review": lambda: actions.review(protected, by=other),
        }[act]()


def test_a_day_to_come_is_refused(protected: Any, as_: Any) -> None:
    from forestall.base.clock import today

    with as_("hana") as hana, pytest.raises(Refused, match="still to come"):
        actions.reached(protected, on=today() + timedelta(days=1), by=hana)
