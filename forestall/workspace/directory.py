"""The directory of people as one administrator sees it: others' compartments only where they share them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from forestall.access import queries as access
from forestall.access.roles import ROLES
from forestall.access.session import Session
from forestall.base.clock import today
from forestall.base.words import Words

if TYPE_CHECKING:
    from forestall.access.models import Grant, Person


@dataclass(frozen=True)
class Held:
    """A role somebody holds, in words, with its days."""

    id: str
    name: Words
    description: Words
    since: date
    until: date | None


@dataclass(frozen=True)
class Row:
    """One person of the directory. `desks` and `recused` hold only compartments that the reader has as well."""

    person: Person
    roles: tuple[Held, ...]
    offices: tuple[str, ...]
    desks: tuple[str, ...]
    recused: tuple[str, ...]


def rows(session: Session, *, text: str = "", role: str = "", state: str = "") -> list[Row]:
    """Everybody by name, narrowed by a part of the name, a role held today, and whether the account is open."""
    found = [row_of(person, session=session) for person in access.people()]
    if text:
        found = [row for row in found if text.casefold() in f"{row.person.name} {row.person.title}".casefold()]
    if role:
        found = [row for row in found if role in {grant.role for grant in row.person.grants.all() if _now(grant)}]
    if state:
        found = [row for row in found if row.person.is_active == (state == "open")]
    return found


def row_of(person: Person, *, session: Session) -> Row:
    """One person as the reader may see them."""
    day = today()
    recused = {one.compartment for one in person.recusals.all() if one.until is None or one.until >= day}
    return Row(
        person=person,
        roles=tuple(_held(grant) for grant in sorted(person.grants.all(), key=lambda one: one.since) if _now(grant)),
        offices=tuple(_offices(person)),
        desks=titled(shared(session, person.granted - recused)),
        recused=titled(shared(session, recused)),
    )


def titled(compartments: frozenset[str]) -> tuple[str, ...]:
    """Compartments as people call them: a desk by its title, the others by their own short name."""
    known = {desk.compartment: desk.title for desk in access.desks()}
    return tuple(sorted(known.get(one, one) for one in compartments))


def shared(session: Session, compartments: frozenset[str] | set[str]) -> frozenset[str]:
    """Those of these compartments that the reader has too; all of them for a reader without bounds."""
    own = session.sight.compartments
    return frozenset(compartments) if own is None else frozenset(compartments) & own


def _now(grant: Grant) -> bool:
    return grant.until is None or grant.until >= today()


def _held(grant: Grant) -> Held:
    known = ROLES[grant.role]
    return Held(str(grant.id), known.name, known.description, grant.since, grant.until)


def _offices(person: Person) -> list[str]:
    return [office.title for office in access.offices() if person.id in (office.holder_id, office.alternate_id)]
