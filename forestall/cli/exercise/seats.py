"""The exercise's people, desks, offices and counterparts."""

from __future__ import annotations

from collections.abc import Mapping

from forestall.access import actions, queries
from forestall.access.models import Person
from forestall.access.session import Assurance, Session, for_person
from forestall.exercises import Exercise
from forestall.institutions import actions as institutions
from forestall.institutions.models import OfficeHolder

BODIES = {
    "secretary_general": "secretary_general",
    "un_entity": "un_entity",
    "peace_operation": "peace_operation",
    "permanent_mission": "permanent_mission",
    "regional": "regional",
}
OFFICES = {"second-reader": "second_reader", "director": "director", "special-adviser": "special_adviser"}


def seat(exercise: Exercise, *, by: Session) -> dict[str, Person]:
    """Everybody of the exercise office, by their id in the exercise. Doing it again changes nothing."""
    office = exercise.office
    desk = office.compartment.removeprefix("desk:")
    actions.keep_desk(key=desk, title=exercise.country.names["en"], places=frozenset({exercise.country.code}), by=by)
    seated: dict[str, Person] = {}
    for officer in office.people:
        person = next((one for one in queries.people() if one.username == officer.id), None)
        seated[officer.id] = person or actions.add_person(
            username=officer.id,
            name=officer.name,
            title=officer.title,
            clearance=officer.level,
            compartments=frozenset(officer.compartments),
            language="en",
            by=by,
        )
        for role in officer.roles:
            actions.give_role(seated[officer.id], role=role, since=exercise.opens, by=by)
    _offices(exercise, seated, by=by)
    return seated


def _offices(exercise: Exercise, seated: Mapping[str, Person], *, by: Session) -> None:
    for clearing in exercise.office.clearing:
        office = actions.keep_office(
            key=OFFICES[clearing.id],
            title=clearing.title,
            holder=seated[clearing.holder],
            alternate=seated[clearing.alternate],
            by=by,
        )
        stands_in, since, until = clearing.officer_in_charge, clearing.in_charge_from, clearing.in_charge_until
        if stands_in and since and until and not office.in_charge.exists():
            actions.put_in_charge(office, person=seated[stands_in], since=since, until=until, by=by)


def counterparts(exercise: Exercise, *, by: Session) -> OfficeHolder:
    """The exercise's counterparts; returns the Secretary-General, whom the note addresses."""
    for body in exercise.office.counterparts:
        made = institutions.add_counterpart(
            kind_of_body=BODIES.get(body.kind, "un_entity"),
            name=body.name,
            iso3=exercise.country.code if body.kind == "permanent_mission" else "",
            note=body.channel,
            acronym=body.acronym,
            by=by,
        )
        for holder in body.holders:
            institutions.add_office_holder(
                made, title=holder.title, name=holder.name, since=holder.since, until=holder.until, by=by
            )
    head = institutions.add_counterpart(kind_of_body="secretary_general", name="Secretary-General", by=by)
    return institutions.add_office_holder(
        head, title="Secretary-General", name="The Secretary-General", since=exercise.opens, by=by
    )


def session_of(person: Person) -> Session:
    """A person's session in the exercise, as the exercise link opens it."""
    return for_person(person, assurance=Assurance.EXERCISE_LINK)
