"""What was taken from people, so that an older state put back does not give it back to them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Q

from forestall.access import actions
from forestall.access.models import Person
from forestall.access.session import Session
from forestall.base.clock import today


def beside(act: dict[str, Any]) -> dict[str, Any]:
    """What the log leaves out of an act on a person, as it stands now: compartments and roles they still hold, recusals."""
    person = _person(act)
    if person is None:
        return {}
    return {
        "granted": sorted(person.granted),
        "recused": sorted(one.compartment for one in person.recusals.filter(_lasting())),
    }


def _person(act: dict[str, Any]) -> Person | None:
    return Person.objects.filter(pk=UUID(act["id"])).first() if act["kind"] == "access.person" else None


def _lasting() -> Q:
    return Q(until__isnull=True) | Q(until__gte=today())


def carry_out(act: dict[str, Any], *, by: Session) -> bool:
    """Take it from them again; False when they are not here, or do not hold it. What was given back since is given anew."""
    person, verb = _person(act), act["verb"]
    if person is None:
        return False
    if verb == "account ended":
        return _end_account(person, by=by)
    if verb == "password set":
        actions.take_password(person, by=by)
        return True
    if verb.startswith("clearance changed: "):
        level = int(verb.rpartition(" ")[2])
        lower = level < person.clearance
        if lower:
            actions.change_clearance(person, level=level, by=by)
        return lower
    if verb.startswith("role ended: "):
        return _end_role(person, role=verb.removeprefix("role ended: "), by=by)
    return _close(person, act, by=by)


def _end_account(person: Person, *, by: Session) -> bool:
    active = person.is_active
    if active:
        actions.set_active(person, active=False, by=by)
    return active


def _end_role(person: Person, *, role: str, by: Session) -> bool:
    held = list(person.grants.filter(_lasting(), role=role))
    for grant in held:
        actions.end_role(grant, by=by)
    return bool(held)


def _close(person: Person, act: dict[str, Any], *, by: Session) -> bool:
    taken = sorted(person.granted - set(act.get("granted", ()))) if act["verb"] == "compartment taken" else []
    for compartment in taken:
        actions.take_compartment(person, compartment=compartment, by=by)
    standing = set(person.recusals.filter(_lasting()).values_list("compartment", flat=True))
    missing = sorted(set(act.get("recused", ())) - standing)
    for compartment in missing:
        actions.recuse(person, compartment=compartment, by=by)
    return bool(taken or missing)
