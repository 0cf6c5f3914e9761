"""A session: one person, signed in one way, acting for one purpose, now or looking at a past day."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import IntEnum
from typing import Any

from django.db.models import Q

from forestall.base.clock import now, today, trusted
from forestall.base.errors import Refused
from forestall.base.words import Words, say
from forestall.labels.binding import bind, bound
from forestall.labels.label import Label
from forestall.record.past import standing_at

from . import roles, visibility
from .models import Office, Person


class Assurance(IntEnum):
    """How a person signed in, as the highest level it opens."""

    PASSWORD = 1
    TOTP = 2
    WEBAUTHN = 3
    EXERCISE_LINK = 3


@dataclass(frozen=True)
class Session:
    """Who reads and acts. Made by `for_person` or `system_reader`, bound with `bound_to`.

    `outside`: a person of another organisation, who sees nothing and opens only what is declared for them.
    """

    sight: visibility.Sight
    name: str
    verbs: frozenset[str] = frozenset()
    opened: dict[str, str] = field(default_factory=dict, compare=False)
    language: str = "en"
    as_of: date | None = None
    reason: str = ""
    how: str = ""
    outside: bool = False
    database: str = "default"
    interned: set[str] = field(default_factory=set, compare=False, repr=False)
    querysets: dict[type[Any], Any] = field(default_factory=dict, compare=False, repr=False)
    _scopes: dict[str, Q] = field(default_factory=dict, compare=False, repr=False)
    _moments: list[datetime] = field(default_factory=list, compare=False, repr=False)

    @property
    def person_id(self) -> str:
        return self.sight.person

    @property
    def link(self) -> bool:
        """Entered by the link of an exercise home: there is no second factor to show again."""
        return self.how == "link"

    @property
    def level(self) -> int:
        return self.sight.level

    def scope(self) -> Q:
        """The filter that this session's queries carry, worked out once."""
        if "scope" not in self._scopes:
            self._scopes["scope"] = visibility.scope(self.sight, at=self._moment())
        return self._scopes["scope"]

    def told(self) -> dict[str, Any]:
        """The sight as PostgreSQL is told it, for the same moment as the filter."""
        return visibility.spelled(self.sight, at=self._moment())

    def _moment(self) -> datetime:
        """The moment for which embargoes are decided: one for filter and database, until the filter is worked out anew."""
        if not self._moments:
            self._moments.append(trusted())
        return self._moments[0]

    def forget_scope(self) -> None:
        """Work the filter out anew: a new set of compartments may have come."""
        self._scopes.clear()
        self._moments.clear()
        self.querysets.clear()

    def may_see(self, label: Label) -> bool:
        return visibility.may_see(self.sight, label, at=trusted())

    def may(self, verb: str) -> bool:
        """Whether this session holds a verb; nothing can be done while looking at a past day."""
        return verb in self.verbs and self.as_of is None

    def check_may_act(self) -> None:
        """Raise `Refused` while looking at a past day: for what needs no role, such as one's own saved searches."""
        if self.as_of is not None:
            raise Refused(say("You are looking at a past day. Return to today to act."))

    def check_may(self, verb: str) -> None:
        """Raise `Refused` unless this session holds the verb."""
        self.check_may_act()
        if verb not in self.verbs:
            raise Refused(say("Your roles do not let you %(do)s.", do=roles.VERBS[verb]))


def for_person(person: Person, *, assurance: Assurance, how: str = "") -> Session:
    """The session of `person`: clearance lowered by how they signed in, recusals taken out, roles and offices of today.

    Whoever ever held a role of the outside sees nothing: what is granted to them only tells how what they give is held.
    """
    day = today()
    if any(grant.role in roles.OUTSIDE for grant in person.grants.all()):
        return _for_outsider(person, on=day, how=how)
    held = [grant.role for grant in person.grants.all() if _on(grant.since, grant.until, day=day)]
    recused = {r.compartment for r in person.recusals.all() if _on(r.since, r.until, day=day)}
    verbs = roles.verbs_of(held, offices=_offices_of(person, on=day))
    opened = _opened_for(person)
    return Session(
        sight=visibility.Sight(
            person=str(person.id),
            level=min(person.clearance, int(assurance)),
            compartments=(person.granted | set(opened.values())) - recused,
            active=person.is_active,
            reviewer="item.review" in verbs,
        ),
        name=person.name,
        opened=opened,
        verbs=verbs if person.is_active else frozenset(),
        language=person.language,
        how=how,
    )


def _for_outsider(person: Person, *, on: date, how: str) -> Session:
    """No sight at all; the verbs of the roles of the outside that they hold on a day, and no other."""
    held = [grant.role for grant in person.grants.all() if grant.role in roles.OUTSIDE and _on(grant.since, grant.until, day=on)]
    return Session(
        sight=visibility.Sight(person=str(person.id), level=0, active=person.is_active),
        name=person.name,
        verbs=roles.verbs_of(held) if person.is_active else frozenset(),
        language=person.language,
        how=how,
        outside=True,
    )


def _opened_for(person: Person) -> dict[str, str]:
    """Compartments open for a person in an emergency at this moment, by the id of the opening."""
    standing = person.emergency_grants.filter(since__lte=now(), until__gt=now())
    return {str(pk): compartment for pk, compartment in standing.values_list("opening", "compartment")}


def _offices_of(person: Person, *, on: date) -> list[str]:
    """Keys of the offices that a person acts in on a day: as holder, as alternate, as officer-in-charge."""
    charged = Q(in_charge__person=person, in_charge__since__lte=on, in_charge__until__gte=on)
    acting = Office.objects.filter(Q(holder=person) | Q(alternate=person) | charged)
    return list(acting.values_list("key", flat=True).distinct())


def _on(since: date, until: date | None, *, day: date) -> bool:
    return since <= day and (until is None or day <= until)


SYSTEM_READERS: dict[str, Words] = {
    "collector": say("keeps what arrives and recognises copies"),
    "worker": say("runs schedules, due days and notices"),
    "forecaster": say("runs the risk models"),
    "exercise": say("plays the exercise's people, in an exercise home only"),
    "keeper": say("sets up the home, migrates and verifies"),
    "door": say("notes who is turned away at sign-in"),
}
"""Every reader that is not a person, with what it is for."""


def system_reader(name: str, *, reason: str, level: int = 3) -> Session:
    """A declared reader that is not a person, with a reason. Sees everything up to `level`, and never more."""
    if name not in SYSTEM_READERS:
        raise ValueError(f"{name} is no declared system reader")
    return Session(
        sight=visibility.Sight(person=f"system:{name}", level=level, compartments=None, reviewer=True),
        name=name,
        verbs=frozenset(roles.VERBS),
        reason=reason,
    )


@contextmanager
def bound_to(session: Session) -> Iterator[Session]:
    """Read and act as `session` inside the block; with `as_of` set, read from that day's state of knowledge."""
    if session.as_of is None:
        with bind(session):
            yield session
        return
    with bind(session), standing_at(session.as_of, visible_now=session.scope()) as database:
        past = replace(session, database=database, querysets={}, _scopes=dict(session._scopes))
        with bind(past):
            yield past


def current() -> Session:
    """The session now bound. Raises `Unbound` when there is none."""
    reader = bound()
    if not isinstance(reader, Session):
        raise TypeError("Only access.session binds readers.")
    return reader
