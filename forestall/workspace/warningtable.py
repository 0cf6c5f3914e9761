"""Warnings as rows, and what they recommended as rows: the ask, who answers it, and the days between."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from forestall.advising.course import Course, NoteCourse, courses, days_open
from forestall.advising.queries import Recommendation, Warning
from forestall.advising.states import NOTE, RECOMMENDATION, WARNING
from forestall.assessment import queries as assessment
from forestall.assessment.states import CONFIDENCE_WORDS
from forestall.base.words import Words, say
from forestall.labels.label import Label

from .profiles import Likelihood, likelihood
from .wayfinding import address

Text = str | int | Words | None


@dataclass(frozen=True)
class Row:
    """One warning. Days are counted between events; `open_days` runs while nothing left or nothing came back."""

    title: str
    url: str
    situation: str
    situation_url: str
    situation_id: str
    likelihood: Likelihood | None
    likelihood_id: str
    confidence: str
    state: str
    state_words: Words
    raised_on: date
    until: date
    ask: str
    note_url: str
    note_state: Words | None
    addressee: str
    decision_by: date | None
    days_to_leave: int | None
    days_to_answer: int | None
    open_days: int | None
    open_since: str
    followed: int
    recommended: int
    labels: tuple[Label, ...]


@dataclass(frozen=True)
class AdviceRow:
    """One recommendation of a note that left."""

    id: str
    text: str
    lead: str
    due: date | None
    state: str
    state_words: Words
    factors: tuple[str, ...]
    warning: str
    url: str
    left_on: date | None


def rows(warnings: Sequence[Warning], *, today: date) -> list[Row]:
    """These warnings as rows, with what followed them."""
    return [_row(one, today=today) for one in courses(warnings)]


def _row(course: Course, *, today: date) -> Row:
    warning, chief = course.warning, course.chief
    about = assessment.situation(warning.situation_id)
    advised = [one for note in course.notes for one in note.recommendations if note.left]
    return Row(
        title=warning.title,
        url=address("warning", warning.id),
        situation=about.title if about else "",
        situation_url=address("situation", warning.situation_id) if about else "",
        situation_id=str(warning.situation_id),
        likelihood=likelihood(warning.likelihood),
        likelihood_id=warning.likelihood,
        confidence=warning.confidence,
        state=warning.state,
        state_words=WARNING.words[warning.state],
        raised_on=warning.raised_at.date(),
        until=warning.until,
        days_to_leave=course.days_to_leave,
        days_to_answer=course.days_to_answer,
        open_days=days_open(course, today=today),
        open_since="left" if chief and chief.left else "raised",
        followed=sum(one.state not in _WAITING for one in advised),
        recommended=len(advised),
        labels=(*course.labels, *((about.label,) if about else ())),
        **_asked(chief),
    )


_WAITING = ("proposed", "endorsed", "transmitted")


def _asked(chief: NoteCourse | None) -> dict[str, Any]:
    if chief is None:
        return {"ask": "", "note_url": "", "note_state": None, "addressee": "", "decision_by": None}
    note = chief.note
    addressee = note.addressee
    return {
        "ask": note.ask,
        "note_url": address("note", note.id),
        "note_state": NOTE.words[note.state],
        "addressee": addressee.title if addressee else "",
        "decision_by": note.decision_by,
    }


def advice(warnings: Sequence[Warning]) -> list[AdviceRow]:
    """What the notes of these warnings recommended, once they had left."""
    return [
        _advised(one, course=course, note=note)
        for course in courses(warnings)
        for note in course.notes
        for one in note.recommendations
        if note.left
    ]


def _advised(one: Recommendation, *, course: Course, note: NoteCourse) -> AdviceRow:
    return AdviceRow(
        id=str(one.id),
        text=one.text,
        lead=one.lead,
        due=one.due,
        state=one.state,
        state_words=RECOMMENDATION.words[one.state],
        factors=tuple(one.factors),
        warning=course.warning.title,
        url=address("warning", course.warning.id, at="follow-up"),
        left_on=note.left.date() if note.left else None,
    )


def chosen(found: Iterable[Row], *, text: str = "", state: str = "", situation: str = "") -> list[Row]:
    """Rows in which the words stand, in a state, about a situation; closed ones only when asked for."""
    return [
        row
        for row in found
        if (row.state == state if state else row.state != "closed")
        and (not text or text.casefold() in f"{row.title} {row.ask} {row.addressee} {row.situation}".casefold())
        and (not situation or row.situation_id == situation)
    ]


KEYS: Mapping[str, Callable[[Row], Any]] = {
    "title": lambda row: row.title.casefold(),
    "situation": lambda row: row.situation.casefold(),
    "likelihood": lambda row: row.likelihood.low if row.likelihood else None,
    "state": lambda row: (tuple(WARNING.words).index(row.state), row.title.casefold()),
    "raised": lambda row: row.raised_on,
    "decision": lambda row: row.decision_by,
    "addressee": lambda row: row.addressee.casefold() or None,
    "leave": lambda row: row.days_to_leave,
    "answer": lambda row: row.days_to_answer,
    "followed": lambda row: row.followed / row.recommended if row.recommended else None,
}
ADVICE_KEYS: Mapping[str, Callable[[AdviceRow], Any]] = {
    "text": lambda row: row.text.casefold(),
    "lead": lambda row: row.lead.casefold(),
    "due": lambda row: row.due,
    "state": lambda row: tuple(RECOMMENDATION.words).index(row.state),
    "warning": lambda row: row.warning.casefold(),
}

Any_Row = TypeVar("Any_Row")


def ordered(found: Iterable[Any_Row], *, by: Callable[[Any_Row], Any], falling: bool) -> list[Any_Row]:
    """The rows by a value of theirs; those without it stay last."""
    listed: list[Any_Row] = list(found)
    known: list[Any_Row] = sorted((row for row in listed if by(row) is not None), key=by, reverse=falling)
    return [*known, *(row for row in listed if by(row) is None)]


HEAD = (
    say("Warning"), say("Situation"), say("Likelihood"), say("Confidence"), say("State"), say("Raised"), say("Until"),
    say("Ask"), say("Addressee"), say("Decision needed by"), say("Days to transmittal"), say("Days to answer"),
    say("Recommendations followed up"), say("Recommendations"),
)  # fmt: skip
ADVICE_HEAD = (
    say("Recommendation"), say("Lead"), say("By"), say("State"), say("Risk factors"), say("Warning"), say("Transmitted"),
)  # fmt: skip


def lines(found: Iterable[Row]) -> list[list[Text]]:
    """The rows as a file has them."""
    return [
        [
            row.title, row.situation, row.likelihood.word if row.likelihood else row.likelihood_id,
            CONFIDENCE_WORDS[row.confidence], row.state_words, row.raised_on.isoformat(), row.until.isoformat(),
            row.ask, row.addressee, _iso(row.decision_by), row.days_to_leave, row.days_to_answer, row.followed,
            row.recommended,
        ]
        for row in found
    ]  # fmt: skip


def advice_lines(found: Iterable[AdviceRow]) -> list[list[Text]]:
    """The recommendations as a file has them."""
    return [
        [
            row.text, row.lead, _iso(row.due), row.state_words, ", ".join(row.factors), row.warning,
            _iso(row.left_on),
        ]
        for row in found
    ]  # fmt: skip


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
