"""The exercise's presences, mandates, decisions, reviews and treaties, and what its officers ask of others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime, time
from typing import Any

from forestall.access.models import Person
from forestall.access.session import Session, bound_to, system_reader
from forestall.assessment.models import Situation
from forestall.base import clock
from forestall.exercises import Exercise
from forestall.institutions.actions import council, presence, review
from forestall.institutions.actions.said import Said
from forestall.institutions.models import Counterpart
from forestall.monitoring import queries as monitoring
from forestall.monitoring.actions import inforequest
from forestall.monitoring.actions import source as sources

from .seats import session_of

Bodies = Mapping[str, Counterpart]


def keep(exercise: Exercise, *, by: Session) -> None:
    """Everything that is noted of the United Nations in the country, and whom its sources speak for."""
    bodies, iso3, told = _bodies(exercise), exercise.country.code, exercise.within
    for one in told.presences:
        values = _values(one)
        presence.keep_presence(bodies[values.pop("counterpart")], iso3=iso3, by=by, **values)
    for mandate in told.mandates:
        values = _values(mandate)
        presence.keep_mandate(bodies[values.pop("counterpart")], countries=[iso3], by=by, **values)
    for resolution in told.resolutions:
        council.keep_resolution(countries=[iso3], by=by, **_values(resolution))
    for step in told.reviews:
        review.keep_review(iso3=iso3, by=by, **_values(step))
    for treaty in told.treaties:
        review.keep_treaty_status(iso3=iso3, by=by, **_values(treaty))


def name_bodies(exercise: Exercise, *, by: Session) -> None:
    """Say of the list of sources for which body each speaks."""
    bodies = _bodies(exercise)
    for voice in exercise.within.speaks_for:
        for originator in voice.originators:
            speaker = exercise.originators[originator]
            source = monitoring.source_of("mail", key=speaker.address or speaker.name)
            if source is not None:
                sources.speaks_for(source, counterpart_id=bodies[voice.counterpart].id, by=by)


def ask(exercise: Exercise, *, situation: Situation, seated: Mapping[str, Person]) -> None:
    """What the officers asked, each on its day; and the worker's turn, which records as silence what was not answered."""
    for one in exercise.within.asked:
        officer = session_of(seated[one.by])
        with clock.fixed(datetime.combine(one.asked_on, time(10), tzinfo=UTC)), bound_to(officer):
            inforequest.ask(
                _bodies(exercise)[one.counterpart], question=one.question, due=one.due, iso3=exercise.country.code,
                situation_id=situation.id, about=situation.label, by=officer,
            )  # fmt: skip
    worker = system_reader("worker", reason="due days")
    with clock.fixed(datetime.combine(exercise.today, time(8), tzinfo=UTC)), bound_to(worker):
        inforequest.record_silence(by=worker)


def _values(entry: Any) -> dict[str, Any]:
    """The fields of an entry, with who says so as one value."""
    values = asdict(entry)
    said = Said(source=values.pop("source"), as_of=values.pop("as_of"))
    return {**values, "said": said}


def _bodies(exercise: Exercise) -> Bodies:
    """Counterparts by their id in the exercise."""
    named = {one.name: one for one in Counterpart.objects.all()}
    return {body.id: named[body.name] for body in exercise.office.counterparts}
