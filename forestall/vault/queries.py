"""What may be asked about protected sources. Pseudonyms through the bound session; identities never from here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from forestall.access import decisions
from forestall.access import queries as people
from forestall.access.decisions import at_widest
from forestall.access.models import Decision, Person
from forestall.access.session import Session
from forestall.access.states import DecisionState
from forestall.base.clock import now, today
from forestall.labels.label import Label, Level

from .models import Handover, Pseudonym
from .policies import OPEN as OPEN_FOR
from .states import PseudonymState

OPEN = "open an identity"
MOVE = "move a source to another desk"
NAME_OUT = "take a name out of earlier states"
SOURCES = "SRC"


def label_on(desk: str) -> Label:
    """The label of everything about the protected sources of a desk (its key)."""
    return Label(Level.STRICTLY_CONFIDENTIAL).within(SOURCES, f"desk:{desk}")


def may_enter(session: Session) -> bool:
    """Whether the vault has pages for this session at all; for everybody else they never were."""
    return "vault.open" in session.verbs


def desks_of(session: Session) -> list[str]:
    """Keys of the desks whose sources a session may care for, by key."""
    return [desk.key for desk in people.desks() if session.may_see(label_on(desk.key))]


def pseudonyms() -> list[Pseudonym]:
    """Protected sources that the bound session may see, those to be looked at first, first."""
    return list(Pseudonym.objects.order_by("review_due", "code"))


def pseudonym(entry: UUID) -> Pseudonym | None:
    """One protected source, if the bound session may see it."""
    return Pseudonym.objects.filter(pk=entry).first()


def by_codes(codes: Iterable[str]) -> list[Pseudonym]:
    """Protected sources by their codes, as far as the bound session may see them."""
    return list(Pseudonym.objects.filter(code__in=list(codes)).order_by("code"))


def by_entries(entries: Iterable[UUID]) -> list[Pseudonym]:
    """Protected sources by their public ids, as far as the bound session may see them."""
    return list(Pseudonym.objects.filter(pk__in=list(entries)).order_by("code"))


def review_overdue(*, on: date | None = None) -> list[Pseudonym]:
    """Sources whose identity must be looked at again: is it still needed?"""
    due = Pseudonym.objects.filter(review_due__lte=on or today(), state=PseudonymState.KEPT)
    return list(due.order_by("review_due"))


def carers(desk: str) -> list[Person]:
    """Active people who are source handlers of a desk, by name."""
    return [one for one in people.people() if one.is_active and is_carer(one, desk=desk)]


def is_carer(person: Person, *, desk: str) -> bool:
    """Whether somebody can be a source handler of a desk when they sign in with the strongest key they could have."""
    widest = at_widest(person)
    return widest.may("source.protect") and widest.may_see(label_on(desk))


def opened_until(one: Pseudonym, *, session: Session) -> Decision | None:
    """The decision by which an identity stands open to this session now; None while it is shut."""
    since = now() - OPEN_FOR
    agreed = Decision.objects.filter(
        about_id=one.id, matter=OPEN, state=DecisionState.AGREED, proposer=session.person_id, decided_at__gt=since
    )
    return agreed.order_by("-decided_at").first()


def handover(handover_id: UUID) -> Handover | None:
    """One handover, if the bound session may see it."""
    return Handover.objects.filter(pk=handover_id).first()


def waiting_on(one: Pseudonym) -> list[Decision]:
    """What was proposed about a protected source and waits for a second person."""
    return decisions.waiting_on(one.id)


def name_still_stands(one: Pseudonym) -> bool:
    """Whether it waits for a second person that the name is taken out of what was recorded before."""
    waiting = Decision.objects.filter(matter=NAME_OUT, state=DecisionState.PROPOSED, lapses_at__gte=now())
    return any(each.terms.get("code") == one.code for each in waiting)
