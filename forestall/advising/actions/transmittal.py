"""What leaves, what comes back, and what becomes of what was recommended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from forestall.access import queries as people
from forestall.access.session import Session
from forestall.advising import policies, queries
from forestall.advising.content import addressed
from forestall.advising.models import AdvisoryNote, Recommendation, Response, Transmittal
from forestall.advising.sheet import Rendered, translator
from forestall.advising.states import NOTE, RECOMMENDATION, NoteState, RecommendationState, WarningState
from forestall.base.clock import now, today
from forestall.base.errors import Refused
from forestall.base.words import say
from forestall.labels.label import Label, join
from forestall.record import evidence
from forestall.record.actions import note as note_act
from forestall.record.actions import write
from forestall.record.models import Evidence

from .clearance import text_hash
from .notice import move_note, move_recommendations, tell_of
from .warning import move_warning

PDF = "application/pdf"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_CARRIED = (NoteState.TRANSMITTED, NoteState.ACKNOWLEDGED)


@dataclass(frozen=True)
class File:
    """A sheet as a file for a person to keep."""

    name: str
    media_type: str
    content: bytes


@transaction.atomic
def transmit(note: AdvisoryNote, *, rendered: Rendered, by: Session) -> Transmittal:
    """Send the signed note through the channel proper to its addressee; keep the very sheets that left."""
    move = NOTE.move(note.state, NoteState.TRANSMITTED)
    by.check_may(move.verb)
    if note.addressee is None:
        raise Refused(say("A note asks one addressee for one action. Write the ask and choose the addressee."))
    if {clearance.text_hash for clearance in queries.clearances(note)} != {text_hash(note)}:
        raise Refused(say("The text differs from what was cleared. It must be cleared again."))
    policies.check_reading(state=note.warning.assessment.state)
    policies.check_originators(without_leave=queries.without_leave(note))
    policies.check_evidence(uncited=0, unsupported=len(queries.unsupported(note)))
    made = Transmittal(
        note=note,
        pdf=_kept(note, rendered.pdf, name=f"{rendered.name}.pdf", media_type=PDF, by=by),
        docx=_kept(note, rendered.docx, name=f"{rendered.name}.docx", media_type=WORD, by=by),
        to=addressed(note, translate=translator(note.language)),
        channel=note.channel,
        by=by.person_id,
        at=now(),
    ).labelled(note.label)
    write(made, by=by.person_id, verb="transmitted")
    move_recommendations(note, to=RecommendationState.TRANSMITTED, by=by)
    move_note(note, to=NoteState.TRANSMITTED, by=by)
    if note.warning.state in (WarningState.RAISED, WarningState.ANSWERED):
        move_warning(note.warning, to=WarningState.ADVISED, by=by)
    return made


def _kept(note: AdvisoryNote, content: bytes, *, name: str, media_type: str, by: Session) -> Evidence:
    return evidence.keep(content, name=name, media_type=media_type, label=note.label, by=by.person_id)


@transaction.atomic
def record_response(
    note: AdvisoryNote, *, outcome: str, channel: str, on: date, by: Session, text: str = ""
) -> Response:
    """Record a receipt, an answer or silence, from any channel. Only those who carry the note's business see it.

    An answer that comes after silence was recorded stands beside it.
    """
    by.check_may("note.transmit")
    policies.check_left(state=note.state)
    policies.check_response(
        outcome=outcome,
        channel=channel,
        text=text,
        decision_by=note.decision_by,
        on=on,
        left=queries.transmittals(note)[-1].at.date(),
        today=today(),
    )
    closed = join([note.label, Label(level=note.label.level, audience=frozenset(_audience(note, by=by)))])
    made = Response(
        note=note, outcome=outcome, channel=channel, text=text.strip(), on=on, by=by.person_id, at=now()
    ).labelled(closed)
    write(made, by=by.person_id, verb="response recorded")
    _follow(note, outcome=outcome, by=by)
    return made


def _follow(note: AdvisoryNote, *, outcome: str, by: Session) -> None:
    """A receipt acknowledges, anything else ends the wait; what has ended stays ended."""
    if outcome == "received" and note.state == NoteState.TRANSMITTED:
        move_note(note, to=NoteState.ACKNOWLEDGED, by=by)
    if outcome != "received" and note.state in _CARRIED:
        move_note(note, to=NoteState.DECIDED, by=by)
        if note.warning.state == WarningState.ADVISED:
            move_warning(note.warning, to=WarningState.ANSWERED, by=by)


def _audience(note: AdvisoryNote, *, by: Session) -> list[str]:
    """The closed circle of an answer: author, those who cleared it, the liaison officers."""
    cleared = [clearance.by for clearance in queries.clearances(note)]
    liaison = [str(person.id) for person in people.holders("liaison")]
    return [*dict.fromkeys([note.author, *cleared, *liaison, by.person_id])]


@transaction.atomic
def close_note(note: AdvisoryNote, *, by: Session) -> AdvisoryNote:
    """Put a note away whose outcome is recorded."""
    return move_note(note, to=NoteState.CLOSED, by=by)


@transaction.atomic
def follow_up(recommendation: Recommendation, *, to: str, by: Session) -> Recommendation:
    """Record what became of a recommendation."""
    move = RECOMMENDATION.move(recommendation.state, to)
    by.check_may(move.verb)
    policies.check_followed(state=to)
    recommendation.state = to
    write(recommendation, by=by.person_id, verb=move.records)
    words = say("A recommendation moved: %(state)s.", state=RECOMMENDATION.words[RecommendationState(to)])
    tell_of(recommendation.note, words=words, whom=move.tells, by=by, author=recommendation.note.author)
    return recommendation


@transaction.atomic
def take_sheet(note: AdvisoryNote, *, rendered: Rendered, ending: str, by: Session) -> File:
    """The sheet as it stands, `pdf` or `docx`, for a person to keep; the record notes the export."""
    found = {"pdf": (PDF, rendered.pdf), "docx": (WORD, rendered.docx)}[ending]
    note_act(by=by.person_id, verb="exported", kind=note.kind(), object_id=note.id)
    return File(f"{rendered.name}.{ending}", *found)


@transaction.atomic
def take_transmitted(transmittal: Transmittal, *, ending: str, by: Session) -> File:
    """The very sheet that left, `pdf` or `docx`; its custody notes the export. Raises `Malformed` when it is gone."""
    kept = {"pdf": transmittal.pdf, "docx": transmittal.docx}[ending]
    content = evidence.content(kept)
    evidence.exported(kept.id, by=by.person_id)
    return File(kept.name, kept.media_type, content)
