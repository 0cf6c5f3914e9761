"""What the exercise's information officers do with the inbox: name sources, grade, confirm what happened.

They follow the exercise's key. Suggestions of the machine that agree with it are confirmed, the others stay open.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from forestall.access.session import Session, bound_to
from forestall.exercises import Exercise
from forestall.exercises.item import Item as Written
from forestall.exercises.item import Observation as Seen
from forestall.monitoring import queries
from forestall.monitoring.actions import group as groups
from forestall.monitoring.actions import item as items
from forestall.monitoring.actions import observation as observations
from forestall.monitoring.actions import source as sources
from forestall.monitoring.models import CopyEdge, Group, Item, Observation

NATURES = {
    "un_mission": "un", "un_entity": "un", "regional": "regional", "embassy": "state", "permanent_mission": "state",
    "government": "state", "oversight": "state", "party": "state", "official": "state", "state_agency": "state",
    "ngo": "ngo", "civil_society": "ngo", "individual": "private", "social": "private", "wire": "media",
    "newspaper": "media", "radio": "media", "armed_movement": "armed",
}  # fmt: skip
CADENCES = {"wire": 7, "newspaper": 14, "radio": 14, "un_mission": 14, "un_entity": 30}
"""Days between items that the desk expects of a kind of source; of the others it expects nothing fixed."""
PRECISIONS = {"day": "day", "about": "circa", "month": "month", "range": "circa"}


@dataclass
class Bench:
    """What the players keep at hand: the exercise's ids to what the office knows them by."""

    exercise: Exercise
    items: dict[str, Item] = field(default_factory=dict)
    observations: dict[str, Observation] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)


def name_sources(bench: Bench, *, by: Session) -> None:
    """The list of sources as the desk keeps it: nature, usual reliability, interested parties."""
    for speaker in bench.exercise.originators.values():
        sources.keep(
            sources.add(name=speaker.name, key=speaker.address or speaker.name, collector="mail", by=by),
            name=speaker.name,
            nature=NATURES[speaker.kind],
            interested_party=speaker.interested_party,
            reliability=speaker.reliability,
            state="active",
            language=speaker.language,
            iso3=bench.exercise.country.code,
            cadence_days=CADENCES.get(speaker.kind),
            by=by,
        )


LAST_DAYS = timedelta(days=4)
"""What came in the last days and carries nothing yet is left in the inbox, for whoever takes the seat."""


def cited(exercise: Exercise) -> frozenset[str]:
    """Ids of the items that a judgement, a factor or a sentence of the note rests on."""
    key, advice = exercise.key, exercise.advice
    told: tuple[tuple[str, ...], ...] = (
        *(one.cites for assessment in key.assessments for one in assessment.moved),
        *(one.cites for one in key.factors),
        *(one.cites for one in key.populations),
        *(one.cites for one in key.scenarios),
        *(one.cites for one in key.mitigations),
        *(one.cites for one in advice.note),
        *(one.cites for one in advice.recommendations),
    )
    return frozenset(reference.split(".")[0] for references in told for reference in references)


def is_left_waiting(exercise: Exercise, written: Written, *, cited: frozenset[str]) -> bool:
    """Whether an item stays unread in the played exercise."""
    recent = exercise.today - written.received_at.date() <= LAST_DAYS
    return recent and written.id not in cited


def add_groups(bench: Bench, *, by: Session) -> None:
    """The groups of the country, with how they stand."""
    for group in bench.exercise.country.groups:
        made = groups.add_group(iso3=bench.exercise.country.code, name=group.names["en"], note=group.text, by=by)
        bench.groups[group.id] = made
        for inequality in group.inequalities:
            groups.note_inequality(
                made,
                respect=inequality.domain,
                perception=inequality.basis,
                text=inequality.text,
                said_by=inequality.source,
                on=inequality.on,
                by=by,
            )


def weigh(bench: Bench, written: Written, item: Item, *, situation: UUID, by: Session, analyst: Session) -> None:
    """One item through the inbox: source named, graded, observations confirmed, filed; noise set aside."""
    bench.items[written.id] = item
    with bound_to(by):
        _name_source(bench, written, item, by=by)
        items.grade(item, reliability=written.reliability, credibility=str(written.credibility), by=by)
        if written.noise:
            items.park(item, by=by)
            return
    with bound_to(analyst):
        for seen in written.observations:
            bench.observations[seen.id] = _confirm(bench, seen, item, by=analyst)
        _decide_suggestions(item, written, by=analyst)
        items.file_to(item, situation_id=situation, by=analyst)


def _name_source(bench: Bench, written: Written, item: Item, *, by: Session) -> None:
    speaker = bench.exercise.originators[written.originator]
    known = queries.source_of("mail", key=speaker.address or speaker.name)
    if known is not None and item.source_id != known.id:
        sources.name_source(item, source=known, by=by)


def _confirm(bench: Bench, seen: Seen, item: Item, *, by: Session) -> Observation:
    country = bench.exercise.country
    towns = {town.id: town for unit in country.units for town in unit.towns}
    units = {unit.id: unit for unit in country.units}
    return observations.confirm(
        item=item,
        summary=seen.quote,
        quote=seen.quote if seen.quote in item.text else "",
        on=seen.on.first,
        on_precision=PRECISIONS[seen.on.precision],
        iso3=country.code,
        unit=units[seen.place.unit].names["en"] if seen.place.unit else "",
        place=towns[seen.place.town].names["en"] if seen.place.town else "",
        place_precision={"town": "place", "unit": "unit", "country": "country"}[seen.place.precision],
        actors=[{"name": _actor(bench, actor), "kind": actor} for actor in seen.actors],
        groups=[bench.groups[group].id for group in seen.groups],
        harm={name: [count.low, count.best, count.high] for name, count in seen.harm.items()},
        indicators=[("unfaac-2014", sign.number, sign.direction) for sign in seen.indicators],
        by=by,
    )


def _actor(bench: Bench, actor: str) -> str:
    named = {one.id: one for one in bench.exercise.country.institutions}
    return named[actor].names["en"] if actor in named else actor


def _decide_suggestions(item: Item, written: Written, *, by: Session) -> None:
    """Confirm what the key agrees with; leave the rest for whoever opens the item next."""
    agreed = {(sign.number, sign.direction) for seen in written.observations for sign in seen.indicators}
    for suggestion in queries.suggestions(item):
        right = (
            (suggestion.value, suggestion.direction) in agreed
            if suggestion.suggester == "indicator"
            else suggestion.value in (written.language, "ZZK")
        )
        if right:
            observations.decide(suggestion, state="confirmed", by=by)


def decide_copies(edges: Iterable[CopyEdge], told: Mapping[UUID, Written], *, by: Session) -> int:
    """Confirm the copies that the key knows; return how many edges the machine proposed."""
    count = 0
    for edge in edges:
        count += 1
        newer, older = told.get(edge.newer_id), told.get(edge.older_id)
        if newer is not None and older is not None and any(tie.to == older.id for tie in newer.relations):
            items.decide_copy(edge, confirmed=True, by=by)
    return count
