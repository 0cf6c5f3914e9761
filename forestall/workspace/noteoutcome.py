"""What left and what came back: the sheets that left, the responses the reader may see, what may be recorded now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from forestall.access import queries as people
from forestall.access.session import Session
from forestall.advising import queries as advising
from forestall.advising.queries import AdvisoryNote, Transmittal
from forestall.advising.states import NOTE, OUTCOMES, RESPONSE_CHANNELS, NoteState
from forestall.base.clock import today
from forestall.base.words import Words
from forestall.institutions.states import CHANNELS
from forestall.labels.label import Label
from forestall.monitoring import queries as monitoring


@dataclass(frozen=True)
class SheetLine:
    """A transmittal: the very sheets that left, each with its bytes' hash."""

    id: str
    at: datetime
    by: str
    to: str
    channel: Words
    hashes: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class ResponseLine:
    """Something that came back, or the silence that was recorded."""

    on: date
    outcome: Words
    channel: Words
    text: str
    by: str


@dataclass(frozen=True)
class Outcome:
    """What left, what came back, and which outcomes may be recorded by this person now."""

    sheets: tuple[SheetLine, ...]
    responses: tuple[ResponseLine, ...]
    choices: tuple[tuple[str, Words], ...]
    channels: tuple[tuple[str, Words], ...]
    may_close: bool
    labels: tuple[Label, ...]


def outcome_of(note: AdvisoryNote, *, session: Session) -> Outcome:
    """Of a note, through the bound session."""
    left, came = advising.transmittals(note), advising.responses(note)
    names = people.names([*(one.by for one in left), *(one.by for one in came)])
    may_record = session.may("note.transmit") and note.state in ("transmitted", "acknowledged", "decided")
    return Outcome(
        sheets=tuple(_sheets(one, by=names.get(one.by, "")) for one in left),
        responses=tuple(
            ResponseLine(one.on, OUTCOMES[one.outcome], RESPONSE_CHANNELS[one.channel], one.text, names.get(one.by, ""))
            for one in came
        ),
        choices=tuple(_choices(note)) if may_record else (),
        channels=tuple(RESPONSE_CHANNELS.items()),
        may_close=session.may("note.transmit") and NoteState.CLOSED in NOTE.onward(note.state),
        labels=tuple(one.label for one in (*left, *came)),
    )


def _choices(note: AdvisoryNote) -> list[tuple[str, Words]]:
    """The outcomes that can be true today: silence only once the day asked has passed."""
    early = note.decision_by is not None and today() <= note.decision_by
    return [(value, words) for value, words in OUTCOMES.items() if not (value == "silence" and early)]


def _sheets(one: Transmittal, *, by: str) -> SheetLine:
    kept = monitoring.evidence([one.pdf_id, one.docx_id])
    found = (("pdf", one.pdf_id), ("docx", one.docx_id))
    return SheetLine(
        id=str(one.id),
        at=one.at,
        by=by,
        to=one.to,
        channel=CHANNELS[one.channel],
        hashes=tuple((ending, kept[key].sha256) for ending, key in found if key in kept),
    )
