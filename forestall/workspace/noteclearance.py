"""Where a note stands on its way, who is next, and what this person may do with it now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from forestall.access import queries as people
from forestall.access.session import Session
from forestall.advising import policies
from forestall.advising import queries as advising
from forestall.advising.queries import AdvisoryNote, NoteClearance
from forestall.advising.states import STEP_WORDS, STEPS, NoteState
from forestall.base.errors import Refused
from forestall.base.words import Words, say

from .templatetags.dates import in_words
from .templatetags.parts import Step
from .warningcourse import in_charge

VERBS = {
    "content": say("Clear the content"),
    "release": say("Clear for release"),
    "signature": say("Sign"),
}


@dataclass(frozen=True)
class Turn:
    """The step a note waits for, as one person meets it. `why_not` says what blocks it; None: they may take it."""

    step: str
    words: Words
    why_not: Words | None
    may_return: bool


def steps(note: AdvisoryNote) -> list[Step]:
    """Drafted, three clearances, transmitted, answered: who took each and who is waited for."""
    taken = {one.step: one for one in advising.clearances(note)}
    named = people.names([note.author, *(who for one in taken.values() for who in (one.by, one.on_behalf_of))])
    return [
        _drafted(note, author=named.get(note.author, "")),
        *(_step(note, step=step, taken=taken, named=named) for step in STEPS),
        _left(note),
        _answered(note),
    ]


def _drafted(note: AdvisoryNote, *, author: str) -> Step:
    history = advising.clearance_history(note)
    if note.state != NoteState.DRAFT:
        return Step(say("Drafted"), "done", author)
    if history and history[-1].decision == "returned":
        by = people.names([history[-1].by]).get(history[-1].by, "")
        return Step(say("Draft"), "refused", say("returned by %(name)s: %(reason)s", name=by, reason=history[-1].reason))
    return Step(say("Draft"), "here", author)


def _step(
    note: AdvisoryNote, *, step: str, taken: dict[str, NoteClearance], named: dict[str, str]
) -> Step:
    here, _, office, _ = STEPS[step]
    done = taken.get(step)
    if done is not None:
        who = in_charge(done.by, done.on_behalf_of, named=named)
        return Step(STEP_WORDS[step], "done", say("%(name)s, %(day)s", name=who, day=_short(done.at.date())))
    waited = _waited_for(office, note=note, taken={one.by for one in taken.values()})
    return Step(STEP_WORDS[step], "here" if note.state == here else "todo", waited)


def _waited_for(office: str, *, note: AdvisoryNote, taken: set[str]) -> Words | str:
    if note.state not in (NoteState.DRAFT, *(here for here, _, _, _ in STEPS.values())):
        return ""
    able = [person for person in people.occupants(office) if person != note.author and person not in taken]
    names = people.names(able)
    return ", ".join(names[person] for person in able if person in names) or say("nobody who may holds this office today")


def _left(note: AdvisoryNote) -> Step:
    left = advising.transmittals(note)
    if left:
        return Step(say("Transmitted"), "done", _short(left[-1].at.date()))
    return Step(say("Transmitted"), "here" if note.state == NoteState.SIGNED else "todo", say("by the liaison"))


def _answered(note: AdvisoryNote) -> Step:
    if note.state in (NoteState.DECIDED, NoteState.CLOSED):
        return Step(say("Outcome recorded"), "done")
    waits = note.state in (NoteState.TRANSMITTED, NoteState.ACKNOWLEDGED)
    due = say("decision needed by %(day)s", day=_short(note.decision_by)) if note.decision_by else ""
    return Step(say("Outcome recorded"), "here" if waits else "todo", due)


def _short(day: date) -> str:
    # U+2068 and U+2069 keep a date whole beside a name of the other direction.
    return f"\u2068{in_words(day, short=True)}\u2069"


def turn(note: AdvisoryNote, *, session: Session) -> Turn | None:
    """The clearance that this person is asked for; None for the author, who is never offered it, and for others."""
    for step, (here, _, office, verb) in STEPS.items():
        if note.state == here and session.may(verb) and note.author != session.person_id:
            return _turn(note, step=step, office=office, session=session)
    return None


def _turn(note: AdvisoryNote, *, step: str, office: str, session: Session) -> Turn:
    theirs = _refusal(lambda: _check_theirs(note, office=office, session=session))
    sound = _refusal(lambda: policies.check_evidence(uncited=0, unsupported=len(advising.unsupported(note))))
    return Turn(step, VERBS[step], theirs or sound, may_return=theirs is None)


def _check_theirs(note: AdvisoryNote, *, office: str, session: Session) -> None:
    policies.check_clearer(
        author=note.author,
        cleared_by={one.by for one in advising.clearances(note)},
        person=session.person_id,
        in_office=people.acting_in(office, person_id=session.person_id) is not None,
    )


def _refusal(check: Callable[[], None]) -> Words | None:
    try:
        check()
    except Refused as refused:
        return refused.words
    return None
