"""Drafting an assessment, judging, challenging, clearing, issuing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from forestall.access import queries as people
from forestall.access.actions import tell
from forestall.access.session import Session
from forestall.assessment import policies, queries
from forestall.assessment.models import Assessment, Clearance, Dissent, Judgement, Review, Scenario, Situation
from forestall.assessment.states import ASSESSMENT, AssessmentState
from forestall.base.clock import now
from forestall.base.errors import Refused
from forestall.base.words import say
from forestall.frameworks.framework import Framework
from forestall.labels.label import join
from forestall.monitoring import queries as monitoring
from forestall.record.actions import write


@transaction.atomic
def draft(situation: Situation, *, framework: Framework, on: date, by: Session) -> Assessment:
    """Begin the next reading of a situation. What was judged before is carried over as a starting point, as such."""
    by.check_may("assessment.draft")
    before = queries.latest(situation, framework=framework.id)
    made = Assessment(
        situation=situation,
        framework=framework.id,
        edition=framework.digest,
        on=on,
        author=by.person_id,
        summary="",
        mitigation=before.mitigation if before else "",
        unknowns=list(before.unknowns) if before else [],
        supersedes=before,
    ).labelled(situation.label)
    write(made, by=by.person_id, verb="assessment drafted")
    for judgement in queries.judgements(before).values() if before else ():
        carried = Judgement(
            assessment=made,
            number=judgement.number,
            presence=judgement.presence,
            trend=judgement.trend,
            confidence=judgement.confidence,
            note=judgement.note,
            observations=list(judgement.observations),
            by=judgement.by,
            at=judgement.at,
        ).labelled(judgement.label)
        write(carried, by=by.person_id, verb="judgement carried over")
    return made


@transaction.atomic
def judge(
    assessment: Assessment,
    *,
    number: str,
    presence: str,
    trend: str,
    confidence: str,
    by: Session,
    note: str = "",
    observations: Sequence[str] = (),
) -> Judgement:
    """A person's judgement of an indicator or factor. It carries the strictest label of what it rests on."""
    by.check_may("assessment.draft")
    policies.check_author(author=assessment.author, person=by.person_id)
    policies.check_open(state=assessment.state)
    found = monitoring.observations(ids=observations)
    if len(found) != len(set(observations)):
        raise Refused(say("One of the observations chosen does not exist."))
    standing = monitoring.standing(found)
    origins = {origin for one in standing.values() for origin in one.origins}
    policies.check_judgement(
        presence=presence,
        trend=trend,
        confidence=confidence,
        note=note,
        observations=len(found),
        origins=len(origins),
    )
    judged = queries.judgements(assessment).get(number) or Judgement(assessment=assessment, number=number)
    judged.presence, judged.trend, judged.confidence = presence, trend, confidence
    judged.note, judged.observations = note, [str(one.id) for one in found]
    judged.by, judged.at = by.person_id, now()
    judged.label = join([assessment.label, *(one.label for one in found)])
    return write(judged, by=by.person_id, verb="judged")


@transaction.atomic
def describe(
    assessment: Assessment, *, summary: str, mitigation: str, unknowns: Sequence[str], by: Session
) -> Assessment:
    """Write what a Director reads: the summary, what holds the risk down, what we do not know."""
    by.check_may("assessment.draft")
    policies.check_author(author=assessment.author, person=by.person_id)
    policies.check_open(state=assessment.state)
    assessment.summary, assessment.mitigation = summary.strip(), mitigation.strip()
    assessment.unknowns = [unknown.strip() for unknown in unknowns if unknown.strip()]
    return write(assessment, by=by.person_id, verb="assessment described")


@transaction.atomic
def add_scenario(
    assessment: Assessment,
    *,
    title: str,
    text: str,
    likelihood: str,
    until: date,
    by: Session,
    watch: Sequence[str] = (),
) -> Scenario:
    """A way things may go, with a likelihood word, a window and what would show it coming."""
    by.check_may("assessment.draft")
    policies.check_author(author=assessment.author, person=by.person_id)
    policies.check_open(state=assessment.state)
    if not title.strip() or not text.strip() or not likelihood:
        raise Refused(say("A scenario needs a title, a text and a likelihood."))
    made = Scenario(
        assessment=assessment, title=title, text=text, likelihood=likelihood, until=until, watch=list(watch)
    ).labelled(assessment.label)
    return write(made, by=by.person_id, verb="scenario written")


@transaction.atomic
def dissent(assessment: Assessment, *, text: str, by: Session, number: str = "") -> Dissent:
    """Record that somebody sees it otherwise. Nobody can take another's dissent out."""
    if not (by.may("assessment.review") or by.may("assessment.draft")):
        by.check_may("assessment.review")
    policies.check_reason(reason=text)
    made = Dissent(assessment=assessment, number=number, text=text, by=by.person_id, at=now()).labelled(
        assessment.label
    )
    return write(made, by=by.person_id, verb="dissent recorded")


@transaction.atomic
def remark(assessment: Assessment, *, text: str, by: Session, number: str = "") -> Review:
    """A question or remark in the margin; the author is told."""
    by.check_may("assessment.review")
    policies.check_reason(reason=text)
    made = Review(assessment=assessment, number=number, text=text, by=by.person_id, at=now()).labelled(
        assessment.label
    )
    write(made, by=by.person_id, verb="remark written")
    _tell(assessment, ("author",), by=by, what=say("a remark"))
    return made


@transaction.atomic
def answer(review: Review, *, text: str, by: Session) -> Review:
    """The author answers a remark."""
    policies.check_author(author=review.assessment.author, person=by.person_id)
    policies.check_reason(reason=text)
    review.answer = text
    return write(review, by=by.person_id, verb="remark answered")


@transaction.atomic
def submit(assessment: Assessment, *, framework: Framework, by: Session) -> Assessment:
    """Give a finished draft to the second reader. Every factor needs a judgement; “no information” is one."""
    policies.check_author(author=assessment.author, person=by.person_id)
    judged = {number for number in queries.judgements(assessment) if "." not in number}
    policies.check_submittable(
        summary=assessment.summary, factors_judged=len(judged), factors=len(framework.factors)
    )
    return _move(assessment, to=AssessmentState.PEER_REVIEW, by=by)


@transaction.atomic
def clear(assessment: Assessment, *, by: Session) -> Assessment:
    """Take the next step: the second reader, then the Director. Never the author, never one person twice."""
    step, to = _step(assessment)
    acting = people.acting_in(step, person_id=by.person_id)
    taken = {clearance.by for clearance in queries.clearances(assessment)}
    policies.check_clearer(author=assessment.author, cleared_by=taken, person=by.person_id)
    if acting is None:
        raise Refused(say("You do not hold this clearing office today, and nobody put you in charge of it."))
    made = Clearance(
        assessment=assessment,
        step=step,
        decision="cleared",
        by=by.person_id,
        on_behalf_of=acting.on_behalf_of,
        at=now(),
    ).labelled(assessment.label)
    write(made, by=by.person_id, verb="cleared", on_behalf_of=acting.on_behalf_of)
    return _move(assessment, to=to, by=by)


@transaction.atomic
def send_back(assessment: Assessment, *, reason: str, by: Session) -> Assessment:
    """Return a draft to its author, with the reason. Clearances given before do not count for the next text."""
    policies.check_not_author(author=assessment.author, person=by.person_id)
    policies.check_reason(reason=reason)
    step, _ = _step(assessment)
    made = Clearance(
        assessment=assessment, step=step, decision="returned", reason=reason, by=by.person_id, at=now()
    ).labelled(assessment.label)
    write(made, by=by.person_id, verb="returned")
    return _move(assessment, to=AssessmentState.DRAFT, by=by)


@transaction.atomic
def withdraw(assessment: Assessment, *, reason: str, by: Session) -> Assessment:
    """Take a reading back before it is issued, with the reason. It stays in the record and counts nowhere."""
    policies.check_author(author=assessment.author, person=by.person_id)
    policies.check_reason(reason=reason)
    made = Clearance(
        assessment=assessment, step="author", decision="withdrawn", reason=reason.strip(), by=by.person_id, at=now()
    ).labelled(assessment.label)
    write(made, by=by.person_id, verb="withdrawn")
    return _move(assessment, to=AssessmentState.WITHDRAWN, by=by)


@transaction.atomic
def issue(assessment: Assessment, *, by: Session) -> Assessment:
    """Issue a cleared assessment; the one it follows is superseded."""
    before = assessment.supersedes
    if before is not None and before.state == AssessmentState.ISSUED:
        _move(before, to=AssessmentState.SUPERSEDED, by=by)
    return _move(assessment, to=AssessmentState.ISSUED, by=by)


def _step(assessment: Assessment) -> tuple[str, AssessmentState]:
    if assessment.state == AssessmentState.PEER_REVIEW:
        return "second_reader", AssessmentState.PROTECTION_CHECK
    if assessment.state == AssessmentState.PROTECTION_CHECK:
        return "director", AssessmentState.CLEARED
    raise Refused(say("This assessment waits for no clearance now."))


def _move(assessment: Assessment, *, to: AssessmentState, by: Session) -> Assessment:
    step = ASSESSMENT.move(assessment.state, to)
    by.check_may(step.verb)
    assessment.state = to
    write(assessment, by=by.person_id, verb=step.records)
    _tell(assessment, step.tells, by=by, what=ASSESSMENT.words[to])
    return assessment


def _tell(assessment: Assessment, whom: Sequence[str], *, by: Session, what: object) -> None:
    told: list[str] = []
    for one in whom:
        told += [assessment.author] if one == "author" else people.occupants(one)
    tell(
        [person for person in told if person != by.person_id],
        words=say("Assessment of %(title)s: %(what)s.", title=assessment.situation.title, what=what),
        kind=Assessment.kind(),
        object_id=assessment.id,
    )
