"""What leaves stays as it left; what comes back is seen by a closed circle; the gap is counted between events."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from forestall.access import queries as directory
from forestall.access.session import bound_to
from forestall.advising import actions, queries
from forestall.advising.course import courses, days_open
from forestall.advising.models import AdvisoryNote
from forestall.base import clock
from forestall.base.clock import now, today
from forestall.base.errors import Refused
from forestall.record import evidence
from forestall.record import queries as record
from tests.advising.notemaking import Desk, cleared_by, sound

pytestmark = pytest.mark.django_db
Sessions = Callable[..., Any]


def again(note: AdvisoryNote, session: Any) -> AdvisoryNote:
    with bound_to(session):
        found = queries.note(note.id)
        assert found is not None
        return found


def signed(desk: Desk, session_of: Sessions) -> AdvisoryNote:
    return cleared_by(desk.submitted(), session_of("bob"), session_of("dan"), session_of("sana"))


def sent(desk: Desk, session_of: Sessions) -> AdvisoryNote:
    note, lee = signed(desk, session_of), session_of("lee")
    with bound_to(lee):
        actions.transmit(again(note, lee), rendered=sound(), by=lee)
    return again(note, lee)


# ---------------------------------------------------------------- transmittal and answer


def test_only_a_signed_note_leaves_and_only_by_the_liaison(desk: Desk, session_of: Sessions) -> None:
    lee = session_of("lee")
    draft = desk.note()
    with bound_to(lee), pytest.raises(Refused, match="one cannot go to"):
        actions.transmit(again(draft, lee), rendered=sound(), by=lee)
    note = signed(desk, session_of)
    with bound_to(desk.alice), pytest.raises(Refused, match="Your roles do not let you"):
        actions.transmit(again(note, desk.alice), rendered=sound(), by=desk.alice)


def test_the_very_sheets_that_left_are_kept(desk: Desk, session_of: Sessions) -> None:
    note, lee = sent(desk, session_of), session_of("lee")
    with bound_to(lee):
        (left,) = queries.transmittals(note)
        assert (left.to, left.channel) == ("The Secretary-General", "eosg")
        assert evidence.content(left.pdf) == b"%PDF-sheet"
        assert left.pdf.label == note.label
        assert actions.take_transmitted(left, ending="docx", by=lee).content == b"PK-sheet"
        assert [entry.verb for entry in record.custody(left.docx_id)] == ["received", "exported"]
        assert [one.state for one in queries.recommendations(note)] == ["transmitted"]
        assert note.warning.state == "advised"


def test_a_note_that_left_is_never_withdrawn(desk: Desk, session_of: Sessions) -> None:
    note = sent(desk, session_of)
    with bound_to(desk.alice), pytest.raises(Refused, match="one cannot go to"):
        actions.withdraw(again(note, desk.alice), by=desk.alice)


def answer(note: AdvisoryNote, session: Any, outcome: str, *, days: int = 0, text: str = "") -> Any:
    moment = now() + timedelta(days=days)
    with clock.fixed(moment), bound_to(session):
        channel = "none" if outcome == "silence" else "call"
        return actions.record_response(
            again(note, session), outcome=outcome, channel=channel, text=text, on=moment.date(), by=session
        )


def test_nothing_comes_back_before_a_note_has_left(desk: Desk, session_of: Sessions) -> None:
    with pytest.raises(Refused, match="Nothing can have come back"):
        answer(signed(desk, session_of), session_of("lee"), "received")


def test_silence_is_recorded_only_after_the_day_asked(desk: Desk, session_of: Sessions) -> None:
    note, lee = sent(desk, session_of), session_of("lee")
    with pytest.raises(Refused, match="Silence is recorded after"):
        answer(note, lee, "silence", days=5)
    answer(note, lee, "silence", days=6)
    assert again(note, lee).state == "decided"


def test_a_late_answer_stands_beside_the_silence(desk: Desk, session_of: Sessions) -> None:
    note, lee = sent(desk, session_of), session_of("lee")
    answer(note, lee, "silence", days=6)
    answer(note, lee, "answered_orally", days=9, text="He will call.")
    with bound_to(lee):
        assert [one.outcome for one in queries.responses(note)] == ["silence", "answered_orally"]
        assert again(note, lee).warning.state == "answered"


def test_a_receipt_ends_no_wait(desk: Desk, session_of: Sessions) -> None:
    note, lee = sent(desk, session_of), session_of("lee")
    answer(note, lee, "received")
    assert again(note, lee).state == "acknowledged"
    with bound_to(lee):
        assert [one.id for one in queries.unanswered()] == [note.id]


def test_an_answer_is_seen_by_a_closed_circle(
    desk: Desk, people: SimpleNamespace, keeper: Any, session_of: Sessions
) -> None:
    note, lee = sent(desk, session_of), session_of("lee")
    answer(note, lee, "accepted", text="He agreed.")
    seen = {}
    for name in ("alice", "bob", "dan", "sana", "lee", "rita"):
        session = session_of(name)
        with bound_to(session):
            seen[name] = (queries.note(note.id) is not None, len(queries.responses(note)))
    assert seen == {
        "alice": (True, 1), "bob": (True, 1), "dan": (True, 1), "sana": (True, 1), "lee": (True, 1), "rita": (True, 0),
    }  # fmt: skip


def test_whoever_does_not_see_the_answer_is_told_no_days(desk: Desk, session_of: Sessions) -> None:
    note, lee, rita = sent(desk, session_of), session_of("lee"), session_of("rita")
    answer(note, lee, "accepted", days=3, text="He agreed.")
    with bound_to(lee):
        assert courses(queries.warnings())[0].days_to_answer == 3
    with bound_to(rita):
        assert courses(queries.warnings())[0].days_to_answer is None


def test_the_gap_is_counted_between_warning_transmittal_and_answer(desk: Desk, session_of: Sessions) -> None:
    warning, start = desk.warning(), now()
    lee = session_of("lee")
    with bound_to(lee):
        assert days_open(courses([warning])[0], today=today() + timedelta(days=1)) == 1
    with clock.fixed(start + timedelta(days=2)):
        note = cleared_by(desk.submitted(warning=warning), session_of("bob"), session_of("dan"), session_of("sana"))
        with bound_to(lee):
            actions.transmit(again(note, lee), rendered=sound(), by=lee)
    with bound_to(lee):
        (course,) = courses(queries.warnings())
        assert (course.days_to_leave, course.days_to_answer) == (2, None)
        assert days_open(course, today=today() + timedelta(days=5)) == 3
    answer(note, lee, "declined", days=6, text="Not now.")
    with bound_to(lee):
        (course,) = courses(queries.warnings())
        assert (course.days_to_leave, course.days_to_answer) == (2, 4)
        assert days_open(course, today=today() + timedelta(days=9)) is None


def test_what_became_of_a_recommendation_is_recorded_by_who_owns_the_move(desk: Desk, session_of: Sessions) -> None:
    note, lee = sent(desk, session_of), session_of("lee")
    with bound_to(desk.alice):
        (one,) = queries.recommendations(note)
        with pytest.raises(Refused, match="Your roles do not let you"):
            actions.follow_up(one, to="accepted", by=desk.alice)
    with bound_to(lee):
        for to in ("accepted", "under_way", "done"):
            actions.follow_up(queries.recommendations(note)[0], to=to, by=lee)
        with pytest.raises(Refused, match="Your roles do not let you"):
            actions.follow_up(queries.recommendations(note)[0], to="evaluated", by=lee)
    with bound_to(desk.alice):
        actions.follow_up(queries.recommendations(note)[0], to="evaluated", by=desk.alice)


def test_a_note_is_put_away_once_its_outcome_is_recorded(desk: Desk, session_of: Sessions) -> None:
    note, lee = sent(desk, session_of), session_of("lee")
    with bound_to(lee), pytest.raises(Refused):
        actions.close_note(again(note, lee), by=lee)
    answer(note, lee, "overtaken", text="The forms were recalled.")
    with bound_to(lee):
        assert actions.close_note(again(note, lee), by=lee).state == "closed"


def test_those_who_are_next_are_told_and_the_one_who_acts_is_not(
    desk: Desk, people: SimpleNamespace, session_of: Sessions
) -> None:
    desk.submitted()
    assert [one.kind for one in directory.notices(str(people.bob.id))] == ["advising.advisorynote"]
    assert directory.notices(str(people.alice.id)) == []


def test_a_note_of_another_desk_never_was(desk: Desk, session_of: Sessions) -> None:
    note = desk.note()
    with bound_to(session_of("carol")):
        assert queries.note(note.id) is None
        assert queries.warnings() == []
        assert queries.notes() == []
