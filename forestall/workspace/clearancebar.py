"""Where an assessment stands on its way out, who is next, what this person may do now, and what blocks the rest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from forestall.access import queries as people
from forestall.access.session import Session
from forestall.assessment import policies
from forestall.assessment import queries as assessment
from forestall.assessment.queries import Assessment
from forestall.assessment.states import ASSESSMENT, AssessmentState
from forestall.base.errors import Refused
from forestall.base.words import Words, say
from forestall.frameworks import Framework

from .templatetags.parts import Step

OFFICES = {AssessmentState.PEER_REVIEW: "second_reader", AssessmentState.PROTECTION_CHECK: "director"}
WAY = ("draft", "peer_review", "protection_check", "cleared", "issued")
NAMES = {
    "draft": say("Draft"),
    "peer_review": say("Second reader"),
    "protection_check": say("Director, protection check"),
    "cleared": say("Cleared by two"),
    "issued": say("Issued"),
}


@dataclass(frozen=True)
class Verb:
    """Something to do with the document. `why_not` is what blocks it; None when it can be done now."""

    name: str
    words: Words
    why_not: Words | None


def steps(one: Assessment) -> list[Step]:
    """The stages of an assessment, with who took each and who is waited for."""
    reached = WAY.index(one.state) if one.state in WAY else 0
    notes = _notes(one)
    stopped = _stopped(one)
    found = []
    for place, stage in enumerate(WAY):
        state = "done" if place < reached else "here" if place == reached else "todo"
        if one.state in ("issued", "superseded"):
            state = "done"
        note = notes.get(stage, "")
        if stage == "draft" and stopped:
            state, note = "refused", stopped
        found.append(Step(NAMES[stage], state, note))
    return found


def _notes(one: Assessment) -> dict[str, Words | str]:
    names = people.names([one.author])
    notes: dict[str, Words | str] = {"draft": names.get(one.author, ""), "cleared": say("neither is the author")}
    by_office = {clearance.step: clearance for clearance in assessment.clearances(one)}
    taken = {clearance.by for clearance in by_office.values()}
    for stage, office in OFFICES.items():
        done = by_office.get(office)
        if done is not None:
            notes[stage] = _acted(done.by, done.on_behalf_of)
        elif one.state in ("draft", "peer_review", "protection_check"):
            notes[stage] = _waited_for(office, one=one, taken=taken)
    return notes


def _acted(by: str, on_behalf_of: str) -> Words | str:
    names = people.names([by, on_behalf_of])
    if on_behalf_of:
        return say("%(name)s for %(holder)s", name=names.get(by, ""), holder=names.get(on_behalf_of, ""))
    return names.get(by, "")


def _waited_for(office: str, *, one: Assessment, taken: set[str]) -> Words | str:
    able = [person for person in people.occupants(office) if person != one.author and person not in taken]
    names = people.names(able)
    if not able:
        return say("nobody who may holds this office today")
    return ", ".join(names[person] for person in able if person in names)


def _stopped(one: Assessment) -> Words | None:
    """By whom and why it went back to its author, or was withdrawn, when that is where it stands."""
    last = assessment.last_step(one)
    if last is None or last.decision == "cleared":
        return None
    by = people.names([last.by]).get(last.by, "")
    if last.decision == "withdrawn":
        return say("withdrawn by %(name)s: %(reason)s", name=by, reason=last.reason)
    return say("returned by %(name)s: %(reason)s", name=by, reason=last.reason) if one.state == "draft" else None


def verbs(one: Assessment, *, framework: Framework, session: Session) -> list[Verb]:
    """What can be done with an assessment in its state, by anybody; each with what blocks this person, if anything."""
    if session.as_of is not None:
        return []
    if one.state == AssessmentState.DRAFT:
        return [Verb("submit", say("Send to the second reader"), _why_not_submit(one, framework=framework, session=session))]
    if one.state in OFFICES:
        return [
            Verb("clear", say("Clear"), _why_not_clear(one, session=session)),
            Verb("return", say("Return to its author"), _why_not_return(one, session=session)),
        ]
    if one.state == AssessmentState.CLEARED:
        return [Verb("issue", say("Issue"), _why_not(lambda: session.check_may("assessment.clear")))]
    return []


def may_withdraw(one: Assessment, *, session: Session) -> bool:
    """Whether this person may take it back: its author, before it is issued."""
    leads = AssessmentState.WITHDRAWN in ASSESSMENT.onward(one.state)
    return leads and one.author == session.person_id and session.may("assessment.draft")


def _why_not(check: Callable[[], None]) -> Words | None:
    try:
        check()
    except Refused as refused:
        return refused.words
    return None


def _why_not_submit(one: Assessment, *, framework: Framework, session: Session) -> Words | None:
    def check() -> None:
        session.check_may("assessment.draft")
        policies.check_author(author=one.author, person=session.person_id)
        judged = {number for number in assessment.judgements(one) if "." not in number}
        policies.check_submittable(
            summary=one.summary, factors_judged=len(judged), factors=len(framework.factors)
        )

    return _why_not(check)


def _why_not_clear(one: Assessment, *, session: Session) -> Words | None:
    office = OFFICES[AssessmentState(one.state)]

    def check() -> None:
        taken = {clearance.by for clearance in assessment.clearances(one)}
        policies.check_clearer(author=one.author, cleared_by=taken, person=session.person_id)
        if people.acting_in(office, person_id=session.person_id) is None:
            raise Refused(say("You do not hold this clearing office today."))
        session.check_may(_verb_of(one, backwards=False))

    return _why_not(check)


def _why_not_return(one: Assessment, *, session: Session) -> Words | None:
    def check() -> None:
        policies.check_not_author(author=one.author, person=session.person_id)
        session.check_may(_verb_of(one, backwards=True))

    return _why_not(check)


def _verb_of(one: Assessment, *, backwards: bool) -> str:
    onward = {"peer_review": "protection_check", "protection_check": "cleared"}
    return ASSESSMENT.move(one.state, "draft" if backwards else onward[one.state]).verb
