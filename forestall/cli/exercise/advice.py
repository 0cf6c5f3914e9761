"""The exercise's warning and note: drafted, cleared by two, signed, transmitted, and waiting for its answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time

from forestall.access.models import Person
from forestall.access.session import Session, bound_to
from forestall.advising import actions, queries
from forestall.advising.models import AdvisoryNote
from forestall.advising.sheet import Rendered
from forestall.assessment.models import Assessment
from forestall.base import clock
from forestall.exercises.advice import Step
from forestall.institutions.models import OfficeHolder

from .inbox import Bench
from .judging import observations_of
from .seats import session_of

SECTIONS = {"what_changed": "changed", "triggers": "changed"}
OWN_WORDS = ("risk",)
"""What the sheet says by itself, from the judgement: not told a second time."""
Render = Callable[[AdvisoryNote], Rendered]


@dataclass
class Advising:
    """The note on its way, with the people who carry it."""

    bench: Bench
    assessment: Assessment
    addressee: OfficeHolder
    seated: Mapping[str, Person]
    render: Render
    note: AdvisoryNote | None = None


def play(advising: Advising) -> AdvisoryNote:
    """Every step of the script, each on its day and by its person."""
    advice = advising.bench.exercise.advice
    for place, step in enumerate(advice.steps):
        moment = datetime.combine(step.on, time(9, place), tzinfo=UTC)
        person = session_of(advising.seated[step.by])
        with clock.fixed(moment), bound_to(person):
            STEPS[step.act](advising, step, person)
    assert advising.note is not None
    return advising.note


def _propose(advising: Advising, step: Step, by: Session) -> None:
    advice = advising.bench.exercise.advice
    warning = actions.raise_warning(
        advising.assessment,
        title=advice.title["en"],
        likelihood=advice.likelihood_word,
        confidence=advice.confidence_word,
        until=advice.window_to,
        by=by,
    )
    note = actions.draft_note(warning, subject=advice.title["en"], by=by)
    advising.note = actions.write_note(
        note,
        sections=_sections(advising),
        event=advice.event["en"],
        confidence_why=advice.confidence_why["en"],
        ask=advice.ask_clause["en"],
        addressee=advising.addressee,
        decision_by=advice.ask.decision_by,
        decision_why=advice.why_clause["en"],
        by=by,
    )
    for one in advice.recommendations:
        actions.recommend(
            advising.note,
            text=one.text["en"],
            lead=one.lead,
            option=one.option,
            due=one.by,
            factors=[str(factor) for factor in one.factors],
            by=by,
        )


def _sections(advising: Advising) -> dict[str, list[dict[str, object]]]:
    told: dict[str, list[dict[str, object]]] = {}
    for sentence in advising.bench.exercise.advice.note:
        if sentence.section in OWN_WORDS:
            continue
        cited = observations_of(advising.bench, sentence.cites)
        section = SECTIONS.get(sentence.section, sentence.section)
        fact = bool(cited) or section not in ("unknown", "dissent")
        told.setdefault(section, []).append({"text": sentence.text["en"], "observations": cited, "fact": fact})
    return told


def _note(advising: Advising) -> AdvisoryNote:
    assert advising.note is not None
    found = queries.note(advising.note.id)
    assert found is not None
    return found


def _submit(advising: Advising, step: Step, by: Session) -> None:
    note = _note(advising)
    advising.note = actions.submit(note, rendered=advising.render(note), by=by)


def _clear(advising: Advising, step: Step, by: Session) -> None:
    note = _note(advising)
    advising.note = actions.clear(note, shown=actions.text_hash(note), by=by)


def _transmit(advising: Advising, step: Step, by: Session) -> None:
    note = _note(advising)
    actions.transmit(note, rendered=advising.render(note), by=by)
    advising.note = _note(advising)


STEPS: dict[str, Callable[[Advising, Step, Session], None]] = {
    "propose_warning": _propose,
    "submit_note": _submit,
    "clear_content": _clear,
    "clear_release": _clear,
    "sign": _clear,
    "transmit": _transmit,
}
