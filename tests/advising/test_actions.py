"""The way of a note to its signature: what it cites and carries, and three people, none of them the author."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from forestall.access import actions as access
from forestall.access import queries as directory
from forestall.access.session import Assurance, bound_to
from forestall.advising import actions, queries
from forestall.advising.models import AdvisoryNote
from forestall.base import clock
from forestall.base.clock import now, today
from forestall.base.errors import Refused
from forestall.base.words import say
from forestall.documents import Remark
from forestall.institutions import actions as institutions
from forestall.labels.label import Label, Level
from forestall.monitoring import queries as monitoring
from forestall.monitoring.actions import item as items
from forestall.record import queries as record
from forestall.record.actions import write
from tests.advising.notemaking import Desk, cleared_by, issued, sound, take

pytestmark = pytest.mark.django_db
Sessions = Callable[..., Any]


def again(note: AdvisoryNote, session: Any) -> AdvisoryNote:
    with bound_to(session):
        found = queries.note(note.id)
        assert found is not None
        return found


def signed(desk: Desk, session_of: Sessions) -> AdvisoryNote:
    return cleared_by(desk.submitted(), session_of("bob"), session_of("dan"), session_of("sana"))


# ---------------------------------------------------------------- warning


def test_a_warning_rests_on_an_issued_assessment(desk: Desk) -> None:
    desk.reading.state = "draft"
    with pytest.raises(Refused, match="rests on a cleared assessment"):
        desk.warning()


def test_a_warning_carries_the_label_of_its_assessment(desk: Desk) -> None:
    assert desk.warning().label == desk.reading.label


def test_only_who_drafts_warns(desk: Desk, session_of: Sessions) -> None:
    lee = session_of("lee")
    with bound_to(lee), pytest.raises(Refused, match="Your roles do not let you draft a warning"):
        actions.raise_warning(
            desk.reading, title="x", likelihood="likely", confidence="low", until=today() + timedelta(9), by=lee
        )


def test_a_closed_warning_stays_closed(desk: Desk) -> None:
    warning = desk.warning()
    with bound_to(desk.alice):
        actions.close_warning(warning, by=desk.alice)
        with pytest.raises(Refused):
            actions.close_warning(warning, by=desk.alice)


# ---------------------------------------------------------------- drafting


def test_a_note_is_at_least_confidential(keeper: Any, desk: Desk) -> None:
    desk.reading = issued(keeper, label=Label(level=Level.INTERNAL).within("desk:karvania"))
    with bound_to(desk.alice):
        note = actions.draft_note(desk.warning(), subject="Risk", by=desk.alice)
    assert note.level == Level.CONFIDENTIAL


def test_a_note_carries_the_strictest_label_of_what_it_cites(desk: Desk, observe: Callable[..., Any]) -> None:
    note = desk.note()
    assert note.level == Level.CONFIDENTIAL
    strict = observe("7.1", level=3, summary="Strictly confidential")
    told = {**note.sections, "changed": [{"text": "It changed.", "observations": [str(strict.id)], "fact": True}]}
    with bound_to(desk.alice):
        note = actions.write_note(note, sections=told, by=desk.alice)
        assert note.level == Level.STRICTLY_CONFIDENTIAL
        assert {one.level for one in queries.recommendations(note)} == {3}


def test_an_observation_that_cannot_be_seen_cannot_be_cited(desk: Desk, session_of: Sessions, observe: Callable[..., Any]) -> None:
    strict = observe("7.1", level=3)
    lower = session_of("alice", assurance=Assurance.TOTP)
    note = desk.note()
    told = {"changed": [{"text": "It changed.", "observations": [str(strict.id)], "fact": True}]}
    with bound_to(lower), pytest.raises(Refused, match="does not exist"):
        actions.write_note(again(note, lower), sections=told, by=lower)


def test_only_its_author_changes_a_draft(desk: Desk, people: SimpleNamespace, keeper: Any, session_of: Sessions) -> None:
    note = desk.note()
    access.give_role(people.bob, role="analyst", by=keeper)
    bob = session_of("bob")
    with bound_to(bob), pytest.raises(Refused, match="Only its author"):
        actions.write_note(again(note, bob), ask="do nothing", by=bob)


def test_a_note_in_clearance_is_not_changed(desk: Desk) -> None:
    note = desk.submitted()
    with bound_to(desk.alice):
        with pytest.raises(Refused, match="in clearance"):
            actions.write_note(note, ask="something else", by=desk.alice)
        with pytest.raises(Refused, match="in clearance"):
            actions.recommend(note, text="More", lead="We", by=desk.alice)
        with pytest.raises(Refused, match="in clearance"):
            actions.drop(queries.recommendations(note)[0], by=desk.alice)


def test_the_council_is_no_addressee(desk: Desk, keeper: Any) -> None:
    note = desk.note()
    with bound_to(keeper):
        council = institutions.add_counterpart(kind_of_body="council", name="Security Council", by=keeper)
        president = institutions.add_office_holder(council, title="President", name="A. Person", since=today(), by=keeper)
    with bound_to(desk.alice), pytest.raises(Refused, match="only through the Secretary-General"):
        actions.write_note(note, addressee=president, by=desk.alice)


def test_the_channel_follows_from_the_addressee(desk: Desk, keeper: Any) -> None:
    note = desk.note()
    assert note.channel == "eosg"
    with bound_to(keeper):
        mission = institutions.add_counterpart(kind_of_body="peace_operation", name="The mission", by=keeper)
        head = institutions.add_office_holder(mission, title="Head", name="B. Person", since=today(), by=keeper)
    with bound_to(desk.alice):
        assert actions.write_note(note, addressee=head, by=desk.alice).channel == "code_cable"


def test_a_recommendation_left_out_is_not_on_the_sheet_and_stays_in_the_record(desk: Desk) -> None:
    note = desk.note()
    with bound_to(desk.alice):
        (one,) = queries.recommendations(note)
        actions.drop(one, by=desk.alice)
        assert queries.recommendations(note) == []
        assert [step.verb for step in record.history(one)] == ["recommendation proposed", "recommendation left out"]


def test_an_option_must_be_in_the_menu(desk: Desk) -> None:
    note = desk.note()
    with bound_to(desk.alice), pytest.raises(Refused, match="no preventive measure"):
        actions.recommend(note, text="Pray", lead="Us", option="P999", by=desk.alice)


# ---------------------------------------------------------------- clearance


def test_three_people_none_the_author_clear_a_note(desk: Desk, session_of: Sessions) -> None:
    note = signed(desk, session_of)
    with bound_to(desk.alice):
        steps = queries.clearances(note)
        assert note.state == "signed"
        assert [step.step for step in steps] == ["content", "release", "signature"]
        assert len({step.by for step in steps} | {note.author}) == 4


def test_an_author_who_holds_the_office_still_does_not_clear(
    desk: Desk, people: SimpleNamespace, keeper: Any, session_of: Sessions
) -> None:
    access.give_role(people.alice, role="senior_reviewer", by=keeper)
    access.keep_office(key="second_reader", title="Second reader", holder=people.alice, alternate=None, by=keeper)
    note = desk.submitted()
    with pytest.raises(Refused, match="Nobody clears their own draft"):
        take(note, actions.clear, session_of("alice"))


def test_one_person_does_not_take_two_steps(
    desk: Desk, people: SimpleNamespace, keeper: Any, session_of: Sessions
) -> None:
    access.give_role(people.bob, role="director", by=keeper)
    access.keep_office(key="director", title="Director", holder=people.bob, alternate=None, by=keeper)
    note = cleared_by(desk.submitted(), session_of("bob"))
    with pytest.raises(Refused, match="person of its own"):
        take(note, actions.clear, session_of("bob"))


def test_a_role_without_the_office_does_not_clear(
    desk: Desk, people: SimpleNamespace, keeper: Any, session_of: Sessions
) -> None:
    access.give_role(people.rita, role="senior_reviewer", by=keeper)
    with pytest.raises(Refused, match="do not hold this clearing office"):
        take(desk.submitted(), actions.clear, session_of("rita"))


def test_an_officer_in_charge_acts_for_the_holder(
    desk: Desk, people: SimpleNamespace, keeper: Any, session_of: Sessions
) -> None:
    director = next(one for one in directory.offices() if one.key == "director")
    access.put_in_charge(director, person=people.rita, since=today(), until=today(), by=keeper)
    note = cleared_by(desk.submitted(), session_of("bob"), session_of("rita"))
    with bound_to(desk.alice):
        release = queries.clearances(note)[-1]
        assert (release.by, release.on_behalf_of) == (str(people.rita.id), str(people.dan.id))
        moved = record.history(note)[-1]
        assert (moved.by, moved.on_behalf_of) == (str(people.rita.id), str(people.dan.id))
    with clock.fixed(now() + timedelta(days=2)), pytest.raises(Refused, match="do not hold"):
        take(cleared_by(desk.submitted(), session_of("bob")), actions.clear, session_of("rita"))


def test_a_text_changed_after_it_was_read_is_not_cleared(desk: Desk, session_of: Sessions) -> None:
    note = desk.submitted()
    bob = session_of("bob")
    with bound_to(bob):
        read = actions.text_hash(again(note, bob))
        actions.send_back(again(note, bob), reason="Shorter.", by=bob)
    with bound_to(desk.alice):
        changed = actions.write_note(again(note, desk.alice), subject="Another subject", by=desk.alice)
        actions.submit(changed, rendered=sound(), by=desk.alice)
    with bound_to(bob), pytest.raises(Refused, match="changed after you opened it"):
        actions.clear(again(note, bob), shown=read, by=bob)


@pytest.mark.parametrize("name", ["subject", "ask", "event", "confidence_why", "decision_why"])
def test_every_word_of_the_sheet_is_bound_by_the_clearance(desk: Desk, name: str) -> None:
    note = desk.note()
    with bound_to(desk.alice):
        before = actions.text_hash(note)
        assert actions.text_hash(actions.write_note(note, by=desk.alice, **{name: "other words"})) != before  # type: ignore[arg-type]


def test_a_recommendation_is_bound_by_the_clearance(desk: Desk) -> None:
    note = desk.note()
    with bound_to(desk.alice):
        before = actions.text_hash(note)
        actions.recommend(note, text="One more.", lead="Office", by=desk.alice)
        assert actions.text_hash(note) != before


def test_a_return_gives_its_reason_and_starts_the_count_anew(desk: Desk, session_of: Sessions) -> None:
    note = cleared_by(desk.submitted(), session_of("bob"), session_of("dan"))
    sana = session_of("sana")
    with bound_to(sana):
        with pytest.raises(Refused, match="Say why"):
            actions.send_back(again(note, sana), reason=" ", by=sana)
        note = actions.send_back(again(note, sana), reason="The ask is two asks.", by=sana)
        assert note.state == "draft"
        assert queries.clearances(note) == []
        assert len(queries.clearance_history(note)) == 3
        assert [one.state for one in queries.recommendations(note)] == ["proposed"]
    with bound_to(desk.alice):
        actions.submit(again(note, desk.alice), rendered=sound(), by=desk.alice)
    cleared_by(note, session_of("bob"), session_of("dan"), sana)
    assert again(note, sana).state == "signed"


def test_a_return_too_needs_the_office(desk: Desk, people: SimpleNamespace, keeper: Any, session_of: Sessions) -> None:
    access.give_role(people.rita, role="senior_reviewer", by=keeper)
    note, rita = desk.submitted(), session_of("rita")
    with bound_to(rita), pytest.raises(Refused, match="do not hold"):
        actions.send_back(again(note, rita), reason="I say so.", by=rita)


VERDICT = replace(sound(), findings=(Remark("ask", say("A verdict."), refuses=True),))


@pytest.mark.parametrize(("rendered", "sentence"), [(sound(pages=3), "3 pages"), (VERDICT, "A verdict")])
def test_what_the_checks_refuse_is_not_submitted(desk: Desk, rendered: Any, sentence: str) -> None:
    note = desk.note()
    with bound_to(desk.alice), pytest.raises(Refused, match=sentence):
        actions.submit(note, rendered=rendered, by=desk.alice)


def test_a_fact_without_evidence_is_not_submitted(desk: Desk) -> None:
    note = desk.note()
    with bound_to(desk.alice):
        told = {**note.sections, "changed": [{"text": "It changed.", "observations": [], "fact": True}]}
        note = actions.write_note(note, sections=told, by=desk.alice)
        with pytest.raises(Refused, match="cite nothing"):
            actions.submit(note, rendered=sound(), by=desk.alice)


# ---------------------------------------------------------------- evidence that is withdrawn


def reject(desk: Desk, place: int) -> None:
    with bound_to(desk.alice):
        for item in monitoring.standing([desk.observations[place]])[str(desk.observations[place].id)].items:
            items.reject(item, reason="A forgery.", by=desk.alice)


def test_removing_an_item_marks_each_sentence_that_rested_on_it(desk: Desk) -> None:
    note = desk.note()
    reject(desk, 1)
    with bound_to(desk.alice):
        marked = queries.unsupported(note)
        assert [claim.text for claim in marked] == ["Since October, two stations have fallen silent."]


def test_a_note_that_rests_on_what_was_withdrawn_goes_no_further(desk: Desk, session_of: Sessions) -> None:
    note = desk.submitted()
    reject(desk, 0)
    with pytest.raises(Refused, match="withdrawn"):
        take(note, actions.clear, session_of("bob"))


def test_a_signed_note_whose_evidence_is_withdrawn_does_not_leave(desk: Desk, session_of: Sessions) -> None:
    note, lee = signed(desk, session_of), session_of("lee")
    reject(desk, 2)
    with bound_to(lee), pytest.raises(Refused, match="withdrawn"):
        actions.transmit(again(note, lee), rendered=sound(), by=lee)


@pytest.mark.parametrize("step", ["submit", "clear", "transmit"])
def test_a_note_on_a_reading_that_was_withdrawn_goes_no_further(
    step: str, desk: Desk, session_of: Sessions, keeper: Any
) -> None:
    note = {"submit": desk.note, "clear": desk.submitted, "transmit": lambda: signed(desk, session_of)}[step]()
    with bound_to(keeper):
        desk.reading.state = "withdrawn"
        write(desk.reading, by=keeper.person_id, verb="assessment withdrawn")
    with pytest.raises(Refused, match="reading that this warning stands on was withdrawn"):
        if step == "submit":
            with bound_to(desk.alice):
                actions.submit(again(note, desk.alice), rendered=sound(), by=desk.alice)
        elif step == "clear":
            take(note, actions.clear, session_of("bob"))
        else:
            lee = session_of("lee")
            with bound_to(lee):
                actions.transmit(again(note, lee), rendered=sound(), by=lee)
