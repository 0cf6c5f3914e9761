"""A label that is raised on an item is raised for all that was made from it, whoever may see that."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from forestall import frameworks
from forestall.access.labelling import hold_closer
from forestall.access.session import bound_to
from forestall.advising import queries as advising
from forestall.assessment import queries as assessment
from forestall.assessment.actions import assessment as assessing
from forestall.assessment.actions import situation as situations
from forestall.base.clock import today
from forestall.labels.label import Level
from forestall.monitoring import queries as monitoring
from forestall.record import queries as record
from forestall.record.actions import write
from forestall.record.verification import verify
from tests.advising.notemaking import Desk

pytestmark = pytest.mark.django_db


def raise_first(desk: Desk, *, by: Any, level: int = 3, compartments: frozenset[str] = frozenset()) -> Any:
    """Raise the first item under the first observation of the desk."""
    with bound_to(by):
        seen = desk.observations[0]
        item = monitoring.standing([seen])[str(seen.id)].items[0]
        wanted = item.label.compartments | compartments
        return hold_closer(item, label=item.label.raised_to(Level(level)).within(*wanted), by=by)


def test_an_observation_and_what_it_bears_on_follow_an_item_that_is_raised(
    desk: Desk, session_of: Callable[..., Any]
) -> None:
    raise_first(desk, by=desk.alice)
    with bound_to(session_of("ivo")):
        assert monitoring.observations(ids=[str(desk.observations[0].id)]) == []
        assert monitoring.observations(ids=[str(desk.observations[1].id)]) != []
    with bound_to(desk.alice):
        seen = monitoring.observations(ids=[str(desk.observations[0].id)])[0]
        assert seen.label.level == Level.STRICTLY_CONFIDENTIAL
        assert {link.label.level for link in seen.links.all()} == {Level.STRICTLY_CONFIDENTIAL}


def test_a_judgement_on_it_follows_and_its_neighbours_stay(desk: Desk) -> None:
    first, second = (str(one.id) for one in desk.observations[:2])
    with bound_to(desk.alice):
        framework = frameworks.load("unfaac-2014")
        about = situations.open_situation(title="Hills", places=["ZZK"], reason="Lists", desk="karvania", by=desk.alice)
        draft = assessing.draft(about, framework=framework, on=today(), by=desk.alice)
        for number, cited in (("7.5", first), ("9.1", second)):
            assessing.judge(
                draft, number=number, presence="emerging", trend="unclear", confidence="low", observations=[cited],
                by=desk.alice,
            )  # fmt: skip
    raise_first(desk, by=desk.alice)
    with bound_to(desk.alice):
        levels = {number: one.label.level for number, one in assessment.judgements(draft).items()}
        assert levels == {"7.5": Level.STRICTLY_CONFIDENTIAL, "9.1": Level.CONFIDENTIAL}


def test_a_note_that_cites_it_follows_with_what_it_recommends(desk: Desk) -> None:
    note = desk.note()
    raise_first(desk, by=desk.alice)
    with bound_to(desk.alice):
        again = advising.note(note.id)
        assert again is not None and again.label.level == Level.STRICTLY_CONFIDENTIAL
        assert {one.label.level for one in advising.recommendations(again)} == {Level.STRICTLY_CONFIDENTIAL}


def test_what_the_one_who_raises_may_not_see_is_raised_as_well(
    desk: Desk, session_of: Callable[..., Any], keeper: Any
) -> None:
    with bound_to(keeper):
        seen = monitoring.observations(ids=[str(desk.observations[0].id)])[0]
        seen.label = seen.label.within("DIP")
        write(seen, by=keeper.person_id, verb="put under quiet diplomacy")
    ivo = session_of("ivo")
    with bound_to(ivo):
        assert monitoring.observations(ids=[str(seen.id)]) == []
    with bound_to(keeper):
        item = monitoring.standing([seen])[str(seen.id)].items[0]
    with bound_to(ivo):
        hold_closer(item, label=item.label.within("SRC"), by=ivo)
    with bound_to(keeper):
        assert monitoring.observations(ids=[str(seen.id)])[0].label.compartments >= {"DIP", "SRC"}


def test_raising_writes_each_thing_once_and_the_record_holds(desk: Desk) -> None:
    desk.note()
    raise_first(desk, by=desk.alice)
    raise_first(desk, by=desk.alice)
    with bound_to(desk.alice):
        seen = desk.observations[0]
        verbs = [entry.verb for entry in record.custody(seen.id)]
    assert verbs.count("label raised") == 1
    assert verify().holds
