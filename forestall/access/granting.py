"""Sight that only two people give: level 3, the compartments that no desk owns, and a compartment in an emergency."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from forestall.base.clock import now
from forestall.base.errors import Refused
from forestall.base.words import Words, say
from forestall.labels.label import Label, Level
from forestall.record.actions import note, write

from . import policies, queries
from .actions import change_clearance, let_into, tell
from .decisions import at_widest
from .matters import Matter, no_terms, register
from .models import Decision, EmergencyGrant, Opening, Person
from .session import Session

LEVEL_3 = "level 3"
COMPARTMENT = "let into a compartment"
BREAK_GLASS = "open in an emergency"
MINUTES = 60
LOOKED = "looked at in an emergency: "
"""How the log names a page looked at while a compartment stands open; the public id of the thing follows."""


def _check_level_3(person: Person, terms: Mapping[str, Any], proposer: str) -> None:
    if person.clearance >= Level.STRICTLY_CONFIDENTIAL:
        raise Refused(say("This person may see what is strictly confidential already."))


def _raise(decision: Decision, person: Person, by: Session) -> None:
    proposer = queries.person(decision.proposer)
    if proposer is None:
        raise Refused(say("Whoever proposed this may no longer do so."))
    change_clearance(person, level=3, by=at_widest(proposer), second=by.person_id)


def _check_compartment(person: Person, terms: Mapping[str, Any], proposer: str) -> None:
    if terms["compartment"] in person.granted:
        raise Refused(say("This person is let in already."))


def _let_in(decision: Decision, person: Person, by: Session) -> None:
    compartment = str(decision.terms["compartment"])
    let_into(person, compartments=frozenset({compartment}), by=decision.proposer, second=by.person_id)
    words = say("%(name)s is now let into what is kept apart as %(compartment)s.", name=person.name, compartment=compartment)
    tell(within(compartment), words=words, kind="access.person", object_id=person.id)


def within(compartment: str) -> list[str]:
    """Ids of active people who are let into a compartment today."""
    return [str(one.id) for one in queries.people() if one.is_active and compartment in (at_widest(one).sight.compartments or ())]


def _check_opening(person: Person, terms: Mapping[str, Any], proposer: str) -> None:
    policies.check_hour(minutes=int(terms["minutes"]))
    if not person.is_active:
        raise Refused(say("This account has ended. Open it again first."))
    if any(one.compartment == terms["compartment"] for one in person.recusals.filter(until__isnull=True)):
        raise Refused(say("This person is recused from it, and no emergency opens that."))
    if unreported(str(person.id)):
        raise Refused(say("The report on the last opening is not written yet. It comes first."))


def _open(decision: Decision, person: Person, by: Session) -> None:
    """Open it, and raise the alarm: whoever works with the compartment, and the records officers."""
    compartment, since = str(decision.terms["compartment"]), now()
    opening = Opening(
        person=str(person.id), compartment=compartment, by=decision.proposer, second=by.person_id,
        reason=decision.reason, since=since, until=since + timedelta(minutes=int(decision.terms["minutes"])),
    )  # fmt: skip
    told = {*within(compartment), *(str(one.id) for one in queries.holders("records_officer"))}
    everybody = told | {str(person.id), decision.proposer, by.person_id}
    write(opening.labelled(Label(Level.INTERNAL, audience=frozenset(everybody))), by=decision.proposer, verb="opened in an emergency")
    EmergencyGrant.objects.create(
        opening=opening.id, person=person, compartment=compartment, since=since, until=opening.until
    )
    note(by=by.person_id, verb="emergency opening agreed", kind=Opening.kind(), object_id=opening.id)
    words = say("Alarm: %(compartment)s was opened for %(name)s in an emergency.", compartment=compartment, name=person.name)
    tell(sorted(everybody), words=words, kind=Opening.kind(), object_id=opening.id)


def openings(*, person_id: str = "") -> list[Opening]:
    """Emergency openings that the bound session may see, newest first; those for one person when named."""
    found = Opening.objects.order_by("-since")
    return list(found.filter(person=person_id) if person_id else found)


def opening(opening_id: UUID) -> Opening | None:
    """One emergency opening, if the bound session may see it."""
    return Opening.objects.filter(pk=opening_id).first()


def unreported(person_id: str) -> list[Opening]:
    """Openings for a person that have closed and whose report is not written."""
    return [one for one in openings(person_id=person_id) if one.until <= now() and not one.report]


@transaction.atomic
def report(one: Opening, *, text: str, by: Session) -> Opening:
    """Whoever it was opened for says what was looked at and why. Only then can it be opened for them again."""
    if one.person != by.person_id:
        raise Refused(say("Only whoever it was opened for writes this report."))
    if one.report:
        raise Refused(say("The report is written and stays as it is."))
    if not text.strip():
        raise Refused(say("Say what you looked at and why it was needed."))
    one.report, one.reported_at = text.strip(), now()
    return write(one, by=by.person_id, verb="emergency opening reported")


def _compartment_words(terms: Mapping[str, Any]) -> list[Words]:
    return [say("Only for: %(who)s", who=str(terms["compartment"]))]


def _opening_words(terms: Mapping[str, Any]) -> list[Words]:
    return [*_compartment_words(terms), say("For %(count)s minutes", count=int(terms["minutes"]))]


register(Matter(
    key=LEVEL_3,
    title=say("Let somebody see what is strictly confidential"),
    consequence=say("Only within the desks granted to them, and only when they sign in with a security key."),
    verb="people.keep", check=_check_level_3, carry_out=_raise, terms_words=no_terms,
))  # fmt: skip
register(Matter(
    key=COMPARTMENT,
    title=say("Let somebody into what is kept apart"),
    consequence=say("They see all that is kept apart so, up to their level. Whoever works with it already is told."),
    verb="people.keep", check=_check_compartment, carry_out=_let_in, terms_words=_compartment_words,
))  # fmt: skip
register(Matter(
    key=BREAK_GLASS,
    title=say("Open what is kept apart, in an emergency"),
    consequence=say("It opens at once and closes by itself. Everybody who works with it is told, each page looked at is noted, "
                    "and a report must follow."),
    verb="glass.break", check=_check_opening, carry_out=_open, terms_words=_opening_words, days=1,
))  # fmt: skip
