"""The way of a note through three people, none of them its author."""

from __future__ import annotations

from django.db import transaction

from forestall.access import queries as people
from forestall.access.queries import Acting
from forestall.access.session import Session
from forestall.advising import policies, queries
from forestall.advising.models import AdvisoryNote, NoteClearance
from forestall.advising.sheet import Rendered
from forestall.advising.states import STEPS, NoteState, RecommendationState
from forestall.base.canonical import canonical_json, sha256
from forestall.base.clock import now, today
from forestall.base.errors import Refused
from forestall.base.words import say
from forestall.record.actions import write

from .notice import move_note, move_recommendations


def text_hash(note: AdvisoryNote) -> str:
    """What a clearance binds: everything that the sheet says. SHA-256, hexadecimal."""
    warning = note.warning
    said = [
        [one.text, one.lead, one.due, one.option, sorted(one.factors)] for one in queries.recommendations(note)
    ]
    return sha256(
        canonical_json(
            [note.subject, note.language, note.sections, note.event, note.confidence_why, note.ask, note.decision_by,
             note.decision_why, note.addressee_id, note.channel, said,
             warning.assessment_id, warning.likelihood, warning.confidence, warning.until]
        )
    )  # fmt: skip


@transaction.atomic
def submit(note: AdvisoryNote, *, rendered: Rendered, by: Session) -> AdvisoryNote:
    """Give a finished note to the second reader. Refuses what is unasked, uncited, too long or worded as a verdict."""
    policies.check_author(author=note.author, person=by.person_id)
    policies.check_reading(state=note.warning.assessment.state)
    policies.check_originators(without_leave=queries.without_leave(note))
    policies.check_ask(
        ask=note.ask,
        addressee=note.addressee_id is not None,
        decision_by=note.decision_by,
        decision_why=note.decision_why,
        today=today(),
    )
    policies.check_evidence(
        uncited=policies.sentences_without_evidence(note.sections), unsupported=len(queries.unsupported(note))
    )
    policies.check_remarks([remark.words for remark in rendered.findings])
    policies.check_pages(pages=rendered.pages)
    return move_note(note, to=NoteState.SUBMITTED, by=by)


@transaction.atomic
def clear(note: AdvisoryNote, *, shown: str, by: Session) -> AdvisoryNote:
    """Take the step that the note waits for. `shown` is the hash of the text that the clearer read.

    Content by the second reader, release by the Director, signature by a Special Adviser: three people, none the author.
    """
    step, to, office, verb = waiting_step(note)
    acting = _check_turn(note, office=office, verb=verb, by=by)
    stored = text_hash(note)
    policies.check_same_text(shown=shown, stored=stored)
    policies.check_reading(state=note.warning.assessment.state)
    policies.check_originators(without_leave=queries.without_leave(note))
    policies.check_evidence(uncited=0, unsupported=len(queries.unsupported(note)))
    _record_step(note, step=step, decision="cleared", acting=acting, stored=stored)
    if step == "release":
        move_recommendations(note, to=RecommendationState.ENDORSED, by=by)
    return move_note(note, to=to, by=by, on_behalf_of=acting.on_behalf_of)


@transaction.atomic
def send_back(note: AdvisoryNote, *, reason: str, by: Session) -> AdvisoryNote:
    """Return a note to its author with the reason. Steps taken before do not count for the next text."""
    step, _, office, verb = waiting_step(note)
    acting = _check_turn(note, office=office, verb=verb, by=by)
    if not reason.strip():
        raise Refused(say("Say why. The reason is kept with the move."))
    _record_step(
        note, step=step, decision="returned", acting=acting, stored=text_hash(note), reason=reason.strip()
    )
    move_recommendations(note, to=RecommendationState.PROPOSED, by=by)
    return move_note(note, to=NoteState.DRAFT, by=by, on_behalf_of=acting.on_behalf_of)


@transaction.atomic
def withdraw(note: AdvisoryNote, *, by: Session) -> AdvisoryNote:
    """Take a note back before it leaves."""
    policies.check_author(author=note.author, person=by.person_id)
    return move_note(note, to=NoteState.WITHDRAWN, by=by)


def waiting_step(note: AdvisoryNote) -> tuple[str, NoteState, str, str]:
    """The step a note waits for, where it leads, which office takes it, by which verb. Raises `Refused` for none."""
    for step, (here, there, office, verb) in STEPS.items():
        if note.state == here:
            return step, there, office, verb
    raise Refused(say("This note waits for no clearance now."))


def _check_turn(note: AdvisoryNote, *, office: str, verb: str, by: Session) -> Acting:
    """In which capacity somebody takes the step. Raises `Refused` for the author and for whoever may not."""
    acting = people.acting_in(office, person_id=by.person_id)
    taken = {clearance.by for clearance in queries.clearances(note)}
    # First who they are to this note, then what their roles let them do: the first sentence tells more.
    policies.check_clearer(
        author=note.author, cleared_by=taken, person=by.person_id, in_office=acting is not None
    )
    by.check_may(verb)
    return acting or Acting(by.person_id)


def _record_step(
    note: AdvisoryNote, *, step: str, decision: str, acting: Acting, stored: str, reason: str = ""
) -> NoteClearance:
    made = NoteClearance(
        note=note,
        step=step,
        decision=decision,
        reason=reason,
        text_hash=stored,
        by=acting.person_id,
        on_behalf_of=acting.on_behalf_of,
        at=now(),
    ).labelled(note.label)
    return write(made, by=acting.person_id, verb=f"{decision}: {step}", on_behalf_of=acting.on_behalf_of)
