"""How warnings went on: when each was raised, when its note left, when an answer came, what became of the advice.

The gap is measured between events, never on persons: days from the warning to the transmittal, and from there to what
came back, as far as the reader may see it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

from forestall.labels.label import Label

from .models import AdvisoryNote, Recommendation, Response, Transmittal, Warning
from .states import NoteState, RecommendationState

Owned = TypeVar("Owned", Transmittal, Response, Recommendation)


@dataclass(frozen=True)
class NoteCourse:
    """One note with what left, what came back and what it recommends."""

    note: AdvisoryNote
    transmittals: tuple[Transmittal, ...]
    responses: tuple[Response, ...]
    recommendations: tuple[Recommendation, ...]

    @property
    def left(self) -> datetime | None:
        """When it left, UTC."""
        return self.transmittals[0].at if self.transmittals else None

    @property
    def answer(self) -> Response | None:
        """The first thing that came back beyond a receipt, if there is one to be seen."""
        return next((one for one in self.responses if one.outcome != "received"), None)

    @property
    def waits(self) -> bool:
        """Whether it left and no outcome is recorded."""
        return self.note.state in (NoteState.TRANSMITTED, NoteState.ACKNOWLEDGED)


@dataclass(frozen=True)
class Course:
    """One warning with its notes, the newest to leave first."""

    warning: Warning
    notes: tuple[NoteCourse, ...]

    @property
    def chief(self) -> NoteCourse | None:
        """The note that stands for the warning: the last that left, else one that is written."""
        return self.notes[0] if self.notes else None

    @property
    def days_to_leave(self) -> int | None:
        """Days from the warning until its first note left."""
        left = [one.left for one in self.notes if one.left]
        return (min(left).date() - self.warning.raised_at.date()).days if left else None

    @property
    def days_to_answer(self) -> int | None:
        """Days from the transmittal of the chief note until what came back, silence too, by the day it came."""
        chief = self.chief
        if chief is None or chief.left is None or chief.answer is None:
            return None
        return (chief.answer.on - chief.left.date()).days

    @property
    def labels(self) -> tuple[Label, ...]:
        """The labels of everything in it."""
        inside = [
            label.label
            for one in self.notes
            for label in (one.note, *one.transmittals, *one.responses, *one.recommendations)
        ]
        return (self.warning.label, *inside)


def days_open(course: Course, *, today: date) -> int | None:
    """Days since the warning while nothing left, or since the note left while no outcome is recorded; else None."""
    chief = course.chief
    if course.warning.state == "closed":
        return None
    if chief is None or chief.left is None:
        return (today - course.warning.raised_at.date()).days
    return (today - chief.left.date()).days if chief.waits else None


def courses(warnings: Sequence[Warning]) -> list[Course]:
    """These warnings with all that followed, in the order given, in a handful of questions for all of them."""
    found = AdvisoryNote.objects.filter(warning_id__in=[one.id for one in warnings]).order_by("reference")
    notes = [one for one in found if one.state != NoteState.WITHDRAWN]
    ids = [one.id for one in notes]
    left = _by_note(Transmittal.objects.filter(note_id__in=ids).order_by("at"))
    came = _by_note(Response.objects.filter(note_id__in=ids).order_by("on", "at"))
    kept = Recommendation.objects.filter(note_id__in=ids).exclude(state=RecommendationState.DROPPED)
    advised = _by_note(sorted(kept, key=lambda one: (one.due or date.max, one.text, str(one.id))))
    under: dict[UUID, list[NoteCourse]] = defaultdict(list)
    for note in notes:
        course = NoteCourse(note, tuple(left[note.id]), tuple(came[note.id]), tuple(advised[note.id]))
        under[note.warning_id].append(course)
    return [Course(one, tuple(sorted(under[one.id], key=_rank, reverse=True))) for one in warnings]


def _by_note(rows: Iterable[Owned]) -> Mapping[UUID, list[Owned]]:
    grouped: dict[UUID, list[Owned]] = defaultdict(list)
    for row in rows:
        grouped[row.note_id].append(row)
    return grouped


def _rank(course: NoteCourse) -> tuple[bool, str, str]:
    return (course.left is not None, course.left.isoformat() if course.left else "", course.note.reference)
