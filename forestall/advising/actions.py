"""The writers of warnings and notes."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction

from forestall.access import queries as people
from forestall.access.actions import tell
from forestall.access.session import Session
from forestall.assessment.models import Assessment
from forestall.base.canonical import canonical_json, sha256
from forestall.base.clock import now, today
from forestall.base.errors import Refused
from forestall.base.words import say
from forestall.institutions.models import OfficeHolder
from forestall.labels.label import Label, join
from forestall.monitoring import queries as monitoring
from forestall.record import evidence
from forestall.record.actions import write

from . import policies, queries
from .models import AdvisoryNote, NoteClearance, Recommendation, Response, Transmittal, Warning
from .sheet import Rendered
from .states import NOTE, RECOMMENDATION, STEPS, WARNING, NoteState, RecommendationState, WarningState


@transaction.atomic
def raise_warning(
    assessment: Assessment, *, title: str, likelihood: str, confidence: str, until: date, by: Session
) -> Warning:
    """Warn on the ground of an issued assessment."""
    by.check_may("warning.draft")
    if assessment.state not in ("issued", "cleared"):
        raise Refused(say("A warning rests on a cleared assessment. Have this one cleared first."))
    if not title.strip() or not likelihood or not confidence:
        raise Refused(say("Say in a line where and what, how likely, and how well founded."))
    made = Warning(
        situation=assessment.situation,
        assessment=assessment,
        title=title.strip(),
        likelihood=likelihood,
        confidence=confidence,
        until=until,
        raised_by=by.person_id,
        raised_at=now(),
    ).labelled(assessment.label)
    return write(made, by=by.person_id, verb="warning raised")


@transaction.atomic
def draft_note(warning: Warning, *, subject: str, by: Session, language: str = "en") -> AdvisoryNote:
    """Begin the note of a warning. Its reference is random, so that references count nothing."""
    by.check_may("warning.draft")
    if not subject.strip():
        raise Refused(say("Give the note a subject line."))
    made = AdvisoryNote(
        warning=warning,
        reference=f"AN-{secrets.token_hex(3).upper()}",
        language=language,
        subject=subject.strip(),
        sections={},
        author=by.person_id,
    ).labelled(warning.label)
    return write(made, by=by.person_id, verb="note drafted")


@transaction.atomic
def write_note(
    note: AdvisoryNote,
    *,
    by: Session,
    sections: Mapping[str, Sequence[Mapping[str, Any]]] | None = None,
    subject: str | None = None,
    event: str | None = None,
    confidence_why: str | None = None,
    ask: str | None = None,
    addressee: OfficeHolder | None = None,
    decision_by: date | None = None,
    decision_why: str | None = None,
) -> AdvisoryNote:
    """Change a draft; what is None stays. The note carries the strictest label of what its sentences cite."""
    by.check_may("warning.draft")
    policies.check_author(author=note.author, person=by.person_id)
    _check_draft(note)
    if sections is not None:
        note.sections = {name: [dict(sentence) for sentence in told] for name, told in sections.items()}
        note.label = _label(note)
    if addressee is not None:
        body = addressee.counterpart
        policies.check_addressee(
            kind_of_body=body.kind_of_body, channel=body.channel, proper_channel=body.channel
        )
        note.addressee, note.channel = addressee, body.channel
    given = {"subject": subject, "event": event, "confidence_why": confidence_why, "ask": ask,
             "decision_by": decision_by, "decision_why": decision_why}  # fmt: skip
    for name, value in given.items():
        if value is not None:
            setattr(note, name, value)
    return write(note, by=by.person_id, verb="note written")


def _label(note: AdvisoryNote) -> Label:
    cited = queries.cited(note)
    found = monitoring.observations(ids=cited)
    if len(found) != len(cited):
        raise Refused(say("One of the observations cited does not exist."))
    return join([note.warning.label, *(one.label for one in found)])


def _check_draft(note: AdvisoryNote) -> None:
    if note.state != NoteState.DRAFT:
        raise Refused(say("The note is in clearance. It can be changed again when it is returned."))


@transaction.atomic
def recommend(
    note: AdvisoryNote,
    *,
    text: str,
    lead: str,
    by: Session,
    option: str = "",
    due: date | None = None,
    factors: Sequence[str] = (),
) -> Recommendation:
    """Recommend something to be done, by whom and by when, against which factors."""
    by.check_may("warning.draft")
    policies.check_author(author=note.author, person=by.person_id)
    _check_draft(note)
    if not text.strip() or not lead.strip():
        raise Refused(say("A recommendation needs its text and who leads."))
    made = Recommendation(
        note=note, option=option, text=text.strip(), lead=lead.strip(), due=due, factors=list(factors)
    ).labelled(note.label)
    return write(made, by=by.person_id, verb="recommendation proposed")


def text_hash(note: AdvisoryNote) -> str:
    """What a clearance binds: everything that the sheet says."""
    said = [
        [one.text, one.lead, one.due, one.option, sorted(one.factors)] for one in queries.recommendations(note)
    ]
    return sha256(
        canonical_json(
            [note.subject, note.language, note.sections, note.event, note.confidence_why, note.ask, note.decision_by, note.decision_why,
             note.addressee_id, note.channel, said]
        )
    )  # fmt: skip


@transaction.atomic
def submit(note: AdvisoryNote, *, rendered: Rendered, by: Session) -> AdvisoryNote:
    """Give a finished note to the second reader. Refuses what is unasked, uncited, too long or worded as a verdict."""
    policies.check_author(author=note.author, person=by.person_id)
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
    policies.check_language(rendered.findings)
    policies.check_pages(pages=rendered.pages)
    return _move(note, to=NoteState.SUBMITTED, by=by)


@transaction.atomic
def clear(note: AdvisoryNote, *, shown: str, by: Session) -> AdvisoryNote:
    """Take the step that the note waits for. `shown` is the hash of the text that the clearer read.

    Content by the second reader, release by the Director, signature by a Special Adviser: three people, none the author.
    """
    step, to, office, verb = _waiting_step(note)
    by.check_may(verb)
    acting = people.acting_in(office, person_id=by.person_id)
    taken = {clearance.by for clearance in queries.clearances(note)}
    policies.check_clearer(
        author=note.author, cleared_by=taken, person=by.person_id, in_office=acting is not None
    )
    stored = text_hash(note)
    policies.check_same_text(shown=shown, stored=stored)
    policies.check_evidence(uncited=0, unsupported=len(queries.unsupported(note)))
    behalf = acting.on_behalf_of if acting else ""
    made = NoteClearance(
        note=note, step=step, decision="cleared", text_hash=stored, by=by.person_id, on_behalf_of=behalf, at=now()
    ).labelled(note.label)
    write(made, by=by.person_id, verb=f"cleared: {step}", on_behalf_of=behalf)
    if step == "release":
        _move_recommendations(note, to=RecommendationState.ENDORSED, by=by)
    return _move(note, to=to, by=by)


@transaction.atomic
def send_back(note: AdvisoryNote, *, reason: str, by: Session) -> AdvisoryNote:
    """Return a note to its author with the reason. Steps taken before do not count for the next text."""
    step, _, _, verb = _waiting_step(note)
    by.check_may(verb)
    policies.check_clearer(author=note.author, cleared_by=(), person=by.person_id, in_office=True)
    if not reason.strip():
        raise Refused(say("Say why. The reason is kept with the move."))
    made = NoteClearance(
        note=note,
        step=step,
        decision="returned",
        reason=reason,
        text_hash=text_hash(note),
        by=by.person_id,
        at=now(),
    ).labelled(note.label)
    write(made, by=by.person_id, verb=f"returned: {step}")
    return _move(note, to=NoteState.DRAFT, by=by)


def _waiting_step(note: AdvisoryNote) -> tuple[str, NoteState, str, str]:
    for step, (here, there, office, verb) in STEPS.items():
        if note.state == here:
            return step, there, office, verb
    raise Refused(say("This note waits for no clearance now."))


@transaction.atomic
def transmit(note: AdvisoryNote, *, rendered: Rendered, by: Session) -> Transmittal:
    """Send the signed note through the channel proper to its addressee; keep the very sheets that left."""
    if note.addressee is None:
        raise Refused(say("A note asks one addressee for one action. Write the ask and choose the addressee."))
    move = NOTE.move(note.state, NoteState.TRANSMITTED)
    by.check_may(move.verb)
    if {clearance.text_hash for clearance in queries.clearances(note)} != {text_hash(note)}:
        raise Refused(say("The text differs from what was cleared. It must be cleared again."))
    sheets = [
        evidence.keep(content, name=f"{rendered.name}.{ending}", media_type=kind, label=note.label, by=by.person_id)
        for ending, kind, content in (
            ("pdf", "application/pdf", rendered.pdf),
            ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", rendered.docx),
        )
    ]
    made = Transmittal(
        note=note, pdf=sheets[0], docx=sheets[1], to=str(note.addressee), channel=note.channel, by=by.person_id, at=now()
    ).labelled(note.label)
    write(made, by=by.person_id, verb="transmitted")
    _move_recommendations(note, to=RecommendationState.TRANSMITTED, by=by)
    _move(note, to=NoteState.TRANSMITTED, by=by)
    if note.warning.state in (WarningState.RAISED, WarningState.ANSWERED):
        _move_warning(note.warning, to=WarningState.ADVISED, by=by)
    return made


@transaction.atomic
def record_response(
    note: AdvisoryNote, *, outcome: str, channel: str, on: date, by: Session, text: str = ""
) -> Response:
    """Record a receipt, an answer or silence, from any channel. Only those who carry the note's business see it."""
    by.check_may("note.transmit")
    policies.check_response(outcome=outcome, channel=channel, text=text, decision_by=note.decision_by, on=on)
    closed = join([note.label, Label(level=note.label.level, audience=frozenset(_audience(note, by=by)))])
    made = Response(
        note=note, outcome=outcome, channel=channel, text=text, on=on, by=by.person_id, at=now()
    ).labelled(closed)
    write(made, by=by.person_id, verb="response recorded")
    if outcome == "received":
        if note.state == NoteState.TRANSMITTED:
            _move(note, to=NoteState.ACKNOWLEDGED, by=by)
        return made
    _move(note, to=NoteState.DECIDED, by=by)
    if note.warning.state == WarningState.ADVISED:
        _move_warning(note.warning, to=WarningState.ANSWERED, by=by)
    return made


def _audience(note: AdvisoryNote, *, by: Session) -> list[str]:
    """The closed circle of an answer: author, those who cleared it, the liaison officers."""
    cleared = [clearance.by for clearance in queries.clearances(note)]
    liaison = [str(person.id) for person in people.holders("liaison")]
    return [*dict.fromkeys([note.author, *cleared, *liaison, by.person_id])]


@transaction.atomic
def follow_up(recommendation: Recommendation, *, to: str, by: Session) -> Recommendation:
    """Record what became of a recommendation."""
    move = RECOMMENDATION.move(recommendation.state, to)
    by.check_may(move.verb)
    recommendation.state = to
    return write(recommendation, by=by.person_id, verb=move.records)


@transaction.atomic
def withdraw(note: AdvisoryNote, *, by: Session) -> AdvisoryNote:
    """Take a note back before it leaves."""
    policies.check_author(author=note.author, person=by.person_id)
    return _move(note, to=NoteState.WITHDRAWN, by=by)


def _move_recommendations(note: AdvisoryNote, *, to: RecommendationState, by: Session) -> None:
    for recommendation in queries.recommendations(note):
        move = RECOMMENDATION.move(recommendation.state, to)
        recommendation.state = to
        write(recommendation, by=by.person_id, verb=move.records)


def _move_warning(warning: Warning, *, to: WarningState, by: Session) -> None:
    move = WARNING.move(warning.state, to)
    warning.state = to
    write(warning, by=by.person_id, verb=move.records)


def _move(note: AdvisoryNote, *, to: NoteState, by: Session) -> AdvisoryNote:
    move = NOTE.move(note.state, to)
    by.check_may(move.verb)
    note.state = to
    write(note, by=by.person_id, verb=move.records)
    told: list[str] = []
    for one in move.tells:
        if one == "author":
            told.append(note.author)
        elif one == "liaison":
            told += [str(person.id) for person in people.holders("liaison")]
        else:
            told += people.occupants(one)
    tell(
        [person for person in told if person != by.person_id],
        words=say("Note %(reference)s: %(state)s.", reference=note.reference, state=NOTE.words[to]),
        kind=AdvisoryNote.kind(),
        object_id=note.id,
        due=note.decision_by,
    )
    return note
