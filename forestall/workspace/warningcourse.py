"""Everything the page of one warning shows: its notes, asks and answers, the days between, the follow-up, the timeline."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.text import capfirst

from forestall.access import queries as people
from forestall.access.session import current
from forestall.advising import queries as advising
from forestall.advising.course import Course, NoteCourse, courses, days_open
from forestall.advising.queries import Recommendation, Warning
from forestall.advising.states import NOTE, OUTCOMES, RECOMMENDATION, RESPONSE_CHANNELS, STEP_WORDS, WARNING
from forestall.assessment import queries as assessment
from forestall.assessment.queries import Assessment, Situation
from forestall.base.clock import end_of
from forestall.base.words import Words, say
from forestall.institutions.states import CHANNELS
from forestall.labels.label import Label
from forestall.record import queries as record

from .profiles import name_of
from .templatetags.dates import in_words
from .templatetags.parts import Ask
from .wayfinding import address

SETTLED_WITH_ITS_NOTE = ("proposed", "dropped", "endorsed", "transmitted")


@dataclass(frozen=True)
class Happening:
    """One line of the timeline: when (UTC), what, by whom, and what was said."""

    at: datetime
    words: Words
    by: str | Words
    text: str = ""


@dataclass(frozen=True)
class Advised:
    """One recommendation with the factors it answers, and the moves the reader may record."""

    id: str
    text: str
    lead: str
    due: date | None
    state: Words
    factors: tuple[tuple[str, str], ...]
    onward: tuple[tuple[str, Words], ...]


@dataclass(frozen=True)
class NoteLine:
    """A note of the warning; its ask and its recommendations once it left."""

    reference: str
    subject: str
    url: str
    state: Words
    author: str
    left: datetime | None
    ask: Ask | None
    advised: tuple[Advised, ...]


@dataclass(frozen=True)
class Story:
    """One warning with what it rests on and what followed."""

    course: Course
    situation: Situation | None
    situation_url: str
    reading: Assessment | None
    reading_url: str
    raised_by: str
    notes: tuple[NoteLine, ...]
    open_days: int | None
    timeline: tuple[Happening, ...]
    labels: tuple[Label, ...]

    @property
    def followed(self) -> bool:
        """Whether a note that left recommended anything."""
        return any(note.advised for note in self.notes)


def story_of(warning: Warning, *, day: date) -> Story:
    """The warning as of `day`, gathered through the bound session."""
    (course,) = courses([warning])
    about = assessment.situation(warning.situation_id)
    reading = assessment.assessment(warning.assessment_id)
    names = people.names([warning.raised_by, *(one.note.author for one in course.notes)])
    return Story(
        course=course,
        situation=about,
        situation_url=address("situation", about.id) if about else "",
        reading=reading,
        reading_url=address("assessment", reading.id) if reading else "",
        raised_by=names.get(warning.raised_by, ""),
        notes=tuple(_note(one, reading=reading, author=names.get(one.note.author, "")) for one in course.notes),
        open_days=days_open(course, today=day),
        timeline=tuple(sorted(_timeline(course), key=lambda one: one.at)),
        labels=(*course.labels, *(one.label for one in (about, reading) if one)),
    )


def _note(course: NoteCourse, *, reading: Assessment | None, author: str) -> NoteLine:
    note = course.note
    return NoteLine(
        reference=note.reference,
        subject=note.subject,
        url=address("note", note.id),
        state=NOTE.words[note.state],
        author=author,
        left=course.left,
        ask=ask_of(course) if course.left else None,
        advised=tuple(_advised(one, reading=reading) for one in course.recommendations) if course.left else (),
    )


def ask_of(course: NoteCourse) -> Ask:
    """The ask of a note that left, with what came back as far as the reader may see it. No lateness is counted."""
    note, answer = course.note, course.answer
    silent = answer is not None and answer.outcome == "silence"
    outcome = OUTCOMES[answer.outcome] if answer and not silent else None
    told = say("%(outcome)s: %(text)s", outcome=outcome, text=answer.text) if answer and outcome and answer.text else outcome
    return Ask(
        what=capfirst(note.ask) or note.subject,
        addressee=course.transmittals[0].to if course.transmittals else "",
        url=address("note", note.id),
        sent=course.left.date() if course.left else None,
        due=note.decision_by,
        answer=told or "",
        answered=answer.on if answer else None,
        silent=silent,
    )


def _advised(one: Recommendation, *, reading: Assessment | None) -> Advised:
    framework = assessment.framework_of(reading) if reading else None
    known = {factor.number for factor in framework.factors} if framework else set()
    return Advised(
        id=str(one.id),
        text=one.text,
        lead=one.lead,
        due=one.due,
        state=RECOMMENDATION.words[one.state],
        factors=tuple(
            (number, name_of(framework, number) if framework and number in known else "") for number in one.factors
        ),
        onward=tuple(_onward(one.state)),
    )


def _onward(state: str) -> Iterable[tuple[str, Words]]:
    session = current()
    for there in RECOMMENDATION.onward(state):
        if there not in SETTLED_WITH_ITS_NOTE and session.may(RECOMMENDATION.move(state, there).verb):
            yield there, RECOMMENDATION.words[there]


def _timeline(course: Course) -> Iterable[Happening]:
    """What happened, from the things themselves and the record, told only as far as it may be seen."""
    warning = course.warning
    named = people.names(_actors(course))
    yield Happening(warning.raised_at, say("Warning raised"), named.get(warning.raised_by, ""), warning.title)
    yield from _closed(warning)
    for one in course.notes:
        yield from _cleared(one, named=named)
        yield from _out_and_back(one, named=named)
        for advised in one.recommendations:
            yield from _moves(advised)


def _cleared(course: NoteCourse, *, named: dict[str, str]) -> Iterable[Happening]:
    for step in advising.clearance_history(course.note):
        taken = STEP_WORDS[step.step]
        words = say("%(step)s: cleared", step=taken) if step.decision == "cleared" else say("%(step)s: returned", step=taken)
        yield Happening(step.at, words, in_charge(step.by, step.on_behalf_of, named=named), step.reason)


def _out_and_back(course: NoteCourse, *, named: dict[str, str]) -> Iterable[Happening]:
    for left in course.transmittals:
        words = say(
            "Note %(reference)s transmitted: %(channel)s", reference=course.note.reference, channel=CHANNELS[left.channel]
        )
        yield Happening(left.at, words, named.get(left.by, ""), left.to)
    for came in course.responses:
        words = say(
            "Came back: %(outcome)s (%(channel)s, %(day)s)",
            outcome=OUTCOMES[came.outcome],
            channel=RESPONSE_CHANNELS[came.channel],
            day=in_words(came.on),
        )
        yield Happening(came.at, words, named.get(came.by, ""), came.text)


def _actors(course: Course) -> list[str]:
    steps = [step for one in course.notes for step in advising.clearance_history(one.note)]
    sent = [left.by for one in course.notes for left in one.transmittals]
    recorded = [came.by for one in course.notes for came in one.responses]
    cleared = [who for step in steps for who in (step.by, step.on_behalf_of)]
    return [course.warning.raised_by, *cleared, *sent, *recorded]


def _closed(warning: Warning) -> Iterable[Happening]:
    for step in _history(warning):
        if step.verb == "warning closed":
            yield Happening(step.at, WARNING.words["closed"], people.names([step.by]).get(step.by, ""))


def _moves(one: Recommendation) -> Iterable[Happening]:
    """What became of a recommendation after it left: each move that a person recorded by itself."""
    for step in _history(one):
        before, after = step.changed.get("state", (None, None))
        if before is not None and str(after) in RECOMMENDATION.words and str(after) not in SETTLED_WITH_ITS_NOTE:
            words = say("Recommendation: %(state)s", state=RECOMMENDATION.words[str(after)])
            yield Happening(step.at, words, people.names([step.by]).get(step.by, ""), one.text)


def _history(thing: Warning | Recommendation) -> list[record.Step]:
    day = current().as_of
    return record.history(thing, until=end_of(day) if day else None)


def in_charge(by: str, on_behalf_of: str, *, named: dict[str, str]) -> str | Words:
    """Who acted: `A`, or `A for B` when A was in charge of B's office."""
    if on_behalf_of and on_behalf_of != by:
        return say("%(name)s for %(other)s", name=named.get(by, ""), other=named.get(on_behalf_of, ""))
    return named.get(by, "")


