"""What may be asked about people and offices."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from forestall.base.clock import today
from forestall.base.identifiers import is_id

from .models import Desk, Grant, Leave, Notice, Office, OfficerInCharge, Person, Recusal
from .session import SYSTEM_READERS, Session


@dataclass(frozen=True)
class Acting:
    """In which capacity somebody acts in an office: for themselves, or for the holder."""

    person_id: str
    on_behalf_of: str = ""


def person(person_id: str | UUID) -> Person | None:
    """The person with this id, if there is one."""
    return Person.objects.filter(pk=person_id).first()


def people() -> list[Person]:
    """Everybody, by name."""
    return list(Person.objects.order_by("name").prefetch_related("grants", "recusals"))


def names(person_ids: Iterable[str]) -> dict[str, str]:
    """Ids to names as they read on a sheet; system readers by their own name. What is no id has no name."""
    wanted = {p for p in person_ids if p}
    system = {p: p.removeprefix("system:") for p in wanted if p.removeprefix("system:") in SYSTEM_READERS}
    found = Person.objects.filter(pk__in=[p for p in wanted if is_id(p)]).values_list("id", "name")
    return system | {str(pk): name for pk, name in found}


def holders(role: str, *, on: date | None = None) -> list[Person]:
    """Active people who hold a role on a day (today)."""
    day = on or today()
    held = Grant.objects.filter(role=role, since__lte=day).filter(Q(until__isnull=True) | Q(until__gte=day))
    return list(Person.objects.filter(pk__in=held.values("person"), is_active=True).order_by("name"))


def acting_in(office_key: str, *, person_id: str, on: date | None = None) -> Acting | None:
    """How `person_id` may act in an office on a day: as holder, as officer-in-charge or as alternate; None: not at all."""
    day = on or today()
    office = Office.objects.filter(key=office_key).first()
    if office is None:
        return None
    holder = str(office.holder_id) if office.holder_id else ""
    if person_id == holder:
        return Acting(person_id)
    in_charge = OfficerInCharge.objects.filter(
        office=office, person_id=person_id, since__lte=day, until__gte=day
    ).exists()
    if in_charge or person_id == str(office.alternate_id):
        return Acting(person_id, on_behalf_of=holder)
    return None


def occupants(office_key: str, *, on: date | None = None) -> list[str]:
    """Ids of those who can act in an office on a day: officers-in-charge first, then holder, then alternate."""
    day = on or today()
    office = Office.objects.filter(key=office_key).first()
    if office is None:
        return []
    charged = office.in_charge.filter(since__lte=day, until__gte=day).values_list("person_id", flat=True)
    standing = [office.holder_id, office.alternate_id]
    return list(dict.fromkeys(str(p) for p in [*charged, *standing] if p))


def offices() -> list[Office]:
    """The clearing offices."""
    return list(Office.objects.order_by("key").prefetch_related("in_charge"))


def desks() -> list[Desk]:
    """The desks, by key."""
    return list(Desk.objects.order_by("key"))


def compartments_for(place: str) -> frozenset[str]:
    """The desk compartments that work on a place (ISO3)."""
    return frozenset(desk.compartment for desk in Desk.objects.filter(places__contains=f",{place},"))


def places_of(session: Session) -> frozenset[str]:
    """The countries (ISO3) that the desks work on which a session is of."""
    own = session.sight.compartments
    found = [desk.places for desk in Desk.objects.order_by("key") if own is None or desk.compartment in own]
    return frozenset(place for places in found for place in places.split(",") if place)


def notices(person_id: str, *, newest: int = 50) -> list[Notice]:
    """Notices a person has not put away, newest first."""
    return list(Notice.objects.filter(person_id=person_id, read_at__isnull=True).order_by("-at")[:newest])


def notice(notice_id: UUID | str, *, person_id: str) -> Notice | None:
    """One notice of this person, put away or not, if there is one."""
    return Notice.objects.filter(pk=notice_id, person_id=person_id).first()


def offices_of(person_id: str, *, on: date | None = None) -> dict[str, Acting]:
    """The clearing offices in which somebody may act on a day (today), each with the capacity."""
    found = {office.key: acting_in(office.key, person_id=person_id, on=on) for office in offices()}
    return {key: acting for key, acting in found.items() if acting is not None}


def office(key: str) -> Office | None:
    """One clearing office, if there is one."""
    return Office.objects.filter(key=key).first()


def grant(grant_id: UUID | str) -> Grant | None:
    """One role held by one person, if there is one."""
    return Grant.objects.filter(pk=grant_id).first()


def recusals(one: Person) -> list[Recusal]:
    """What a person is recused from today."""
    standing = Q(until__isnull=True) | Q(until__gte=today())
    return list(one.recusals.filter(standing, since__lte=today()).order_by("compartment"))


def recusal(recusal_id: UUID | str) -> Recusal | None:
    """One recusal, if there is one."""
    return Recusal.objects.filter(pk=recusal_id).first()


def leaves(*, person_id: str = "") -> list[Leave]:
    """Days away that have not ended, soonest first; those of one person, or those handed to them, when named."""
    found = Leave.objects.filter(until__gte=today()).order_by("since")
    if person_id:
        found = found.filter(Q(person_id=person_id) | Q(handed_to_id=person_id))
    return list(found)


def leave(leave_id: UUID | str) -> Leave | None:
    """One period away, if there is one."""
    return Leave.objects.filter(pk=leave_id).first()
