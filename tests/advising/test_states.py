"""The workflows of warnings, notes and recommendations are whole."""

from __future__ import annotations

import pytest

from forestall.access.roles import ROLES, VERBS
from forestall.advising.states import MACHINES, NOTE, OUTCOMES, SIGN_OFF_WORDS, STEP_WORDS, STEPS, NoteState
from forestall.base.errors import Refused
from forestall.base.moves import Machine
from forestall.institutions.states import BODIES, CHANNELS, PROPER_CHANNEL


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.name)
def test_every_state_has_a_name_and_can_be_reached(machine: Machine) -> None:
    assert machine.incomplete() == []


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.name)
def test_every_move_needs_a_verb_that_some_role_grants(machine: Machine) -> None:
    granted = set().union(*(role.verbs for role in ROLES.values()))
    for move in machine.moves.values():
        assert move.verb in VERBS
        assert move.verb in granted


def test_a_note_passes_three_offices_one_after_the_other() -> None:
    ways = list(STEPS.values())
    assert [one[0] for one in ways[1:]] == [one[1] for one in ways[:-1]]
    assert ways[0][0] == NoteState.SUBMITTED and ways[-1][1] == NoteState.SIGNED
    assert len({office for _, _, office, _ in ways}) == 3
    assert set(STEPS) == set(STEP_WORDS) == set(SIGN_OFF_WORDS)
    for here, there, _, verb in ways:
        assert NOTE.move(here, there).verb == verb


def test_no_step_of_clearance_can_be_left_out() -> None:
    for here, there in ((NoteState.DRAFT, NoteState.SIGNED), (NoteState.SUBMITTED, NoteState.CLEARED), (NoteState.CLEARED, NoteState.TRANSMITTED)):
        with pytest.raises(Refused):
            NOTE.move(here, there)


def test_from_every_step_a_note_can_go_back_to_its_author() -> None:
    for here, _, _, verb in STEPS.values():
        back = NOTE.move(here, NoteState.DRAFT)
        assert back.tells == ("author",)
        assert back.verb == verb


def test_a_note_that_left_is_never_withdrawn() -> None:
    for here in (NoteState.TRANSMITTED, NoteState.ACKNOWLEDGED, NoteState.DECIDED):
        assert str(NoteState.WITHDRAWN) not in NOTE.onward(here)


def test_no_state_and_no_outcome_is_the_councils() -> None:
    words = [str(one) for machine in MACHINES for one in machine.words.values()] + [str(one) for one in OUTCOMES.values()]
    assert not [one for one in words if "ouncil" in one]


def test_every_body_has_its_one_proper_channel() -> None:
    assert set(PROPER_CHANNEL) == set(BODIES)
    assert set(PROPER_CHANNEL.values()) <= set(CHANNELS)
