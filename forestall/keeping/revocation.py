"""What was taken from people, so that an older state put back does not give it back to them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import Q

from forestall.access import actions, queries
from forestall.access.models import Person
from forestall.access.session import Session
from forestall.base.clock import today
from forestall.record.actions import note
from forestall.record.store import remove

from . import lockdown

PERSON, OFFICE = "access.person", "access.office"
CARD = "given a card of the lock-down"
CODES, CODE_USED = "recovery_codes", "signed in: recovery code"
VERBS = ("account ended", "compartment taken", "recused", "password set", CARD)
BEGINNINGS = ("role ended: ", "clearance changed: ", "second factor removed: ", "second factor renewed: ", CODE_USED, "office kept: ")


def beside(act: dict[str, Any]) -> dict[str, Any]:
    """What the log leaves out of an act on a person or an office, as it stands now. Nothing that lets anybody in."""
    if act["kind"] == OFFICE:
        office = queries.office(act["verb"].partition(": ")[2])
        return {"holder": str(office.holder_id or ""), "alternate": str(office.alternate_id or "")} if office else {}
    person = _person(act)
    if person is None:
        return {}
    return {
        "granted": sorted(person.granted),
        "recused": sorted(one.compartment for one in person.recusals.filter(_lasting())),
        "factors": sorted(_named(one) for one in _factors(person)),
        "used": max((int(one.data.get("used_mask", 0)) for one in _factors(person) if one.type == CODES), default=0),
    }


def _person(act: dict[str, Any]) -> Person | None:
    return Person.objects.filter(pk=UUID(act["id"])).first() if act["kind"] == PERSON else None


def _factors(person: Person) -> list[Authenticator]:
    return list(Authenticator.objects.filter(user=person))


def _named(one: Authenticator) -> str:
    """What tells one second factor from another, and nothing of it."""
    return f"{one.type} {one.created_at.isoformat()}"


def _lasting() -> Q:
    return Q(until__isnull=True) | Q(until__gte=today())


def concerns(act: dict[str, Any]) -> bool:
    """Whether an act is one of these."""
    return act["kind"] in (PERSON, OFFICE)


def carry_out(act: dict[str, Any], *, by: Session) -> bool:
    """Take it from them again; False when they are not here, or do not hold it. What was given back since is given anew."""
    if act["kind"] == OFFICE:
        return _fill_office(act, by=by)
    if act["verb"] == CARD:
        return _take_cards()
    person = _person(act)
    if person is None:
        return False
    verb, _, what = act["verb"].partition(": ")
    return _ACTS.get(verb, _close)(person, what, act, by)


def _set_password(person: Person, _: str, __: dict[str, Any], by: Session) -> bool:
    actions.take_password(person, by=by)
    return True


def _lower(person: Person, what: str, _: dict[str, Any], by: Session) -> bool:
    level = int(what)
    lower = level < person.clearance
    if lower:
        actions.change_clearance(person, level=level, by=by)
    return lower


def _end_account(person: Person, _: str, __: dict[str, Any], by: Session) -> bool:
    active = person.is_active
    if active:
        actions.set_active(person, active=False, by=by)
    return active


def _end_role(person: Person, role: str, _: dict[str, Any], by: Session) -> bool:
    held = list(person.grants.filter(_lasting(), role=role))
    for grant in held:
        actions.end_role(grant, by=by)
    return bool(held)


def _take_factors(person: Person, _: str, act: dict[str, Any], by: Session) -> bool:
    """A key or a list of codes that was given up opens nothing; those that came since are not here."""
    left = [one for one in _factors(person) if _named(one) not in act.get("factors", ())]
    for one in left:
        one.delete()
        note(by=by.person_id, verb="second factor taken", kind=PERSON, object_id=person.id)
    return bool(left)


def _use_up(person: Person, _: str, act: dict[str, Any], __: Session) -> bool:
    """A recovery code that was used stays used."""
    done = False
    for one in _factors(person):
        if one.type == CODES and _named(one) in act.get("factors", ()):
            before = int(one.data.get("used_mask", 0))
            one.data["used_mask"] = before | int(act.get("used", 0))
            one.save(update_fields=["data"])
            done = one.data["used_mask"] != before
    return done


_ACTS: dict[str, Callable[[Person, str, dict[str, Any], Session], bool]] = {
    "account ended": _end_account,
    "password set": _set_password,
    "clearance changed": _lower,
    "role ended": _end_role,
    "second factor removed": _take_factors,
    "second factor renewed": _take_factors,
    "signed in": _use_up,
}


def _close(person: Person, _: str, act: dict[str, Any], by: Session) -> bool:
    taken = sorted(person.granted - set(act.get("granted", ()))) if act["verb"] == "compartment taken" else []
    for compartment in taken:
        actions.take_compartment(person, compartment=compartment, by=by)
    standing = set(person.recusals.filter(_lasting()).values_list("compartment", flat=True))
    missing = sorted(set(act.get("recused", ())) - standing)
    for compartment in missing:
        actions.recuse(person, compartment=compartment, by=by)
    return bool(taken or missing)


def _fill_office(act: dict[str, Any], *, by: Session) -> bool:
    """Whoever held an office and was followed by somebody else holds it no more, also when the other is not here yet."""
    office = queries.office(act["verb"].partition(": ")[2])
    if office is None or "holder" not in act:
        return False
    before = (str(office.holder_id or ""), str(office.alternate_id or ""))
    if before == (act["holder"], act["alternate"]):
        return False
    holder, alternate = (queries.person(one) if one else None for one in (act["holder"], act["alternate"]))
    actions.keep_office(key=office.key, title=office.title, holder=holder, alternate=alternate, by=by)
    return True


def _take_cards() -> bool:
    """Cards of an earlier preparation would open the home again: it is prepared anew."""
    ready = (settings.HOME.path / lockdown.FILE).exists()
    if ready:
        remove(settings.HOME.path / lockdown.FILE)
    return ready
