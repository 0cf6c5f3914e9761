"""Rules about people and offices, over plain values."""

from __future__ import annotations

from datetime import date

from forestall.base.errors import Refused
from forestall.base.words import say

SHORTEST = 12
"""Characters of a password."""


def check_days(*, since: date, until: date | None) -> None:
    """Raise `Refused` when a period ends before it begins."""
    if until is not None and until < since:
        raise Refused(say("The last day (%(until)s) is before the first (%(since)s).", until=until, since=since))


def check_stand_in(*, holder: str | None, person: str) -> None:
    """Raise `Refused` when somebody would act for themselves."""
    if holder == person:
        raise Refused(say("Nobody acts for themselves. Choose somebody else as officer-in-charge."))


def check_clearance_granted(*, granter_level: int, level: int) -> None:
    """Raise `Refused` for a level that does not exist, or above what the one who grants may see."""
    if level not in (0, 1, 2, 3):
        raise Refused(say("A clearance is 0, 1, 2 or 3."))
    if level > granter_level:
        raise Refused(say("You cannot grant a clearance above your own."))


def check_password(*, password: str) -> None:
    """Raise `Refused` for a password under twelve characters (ASVS 5.0, 6.2)."""
    if len(password) < SHORTEST:
        raise Refused(say("A password needs at least 12 characters. A sentence you remember is best."))


def check_granted_alone(*, level: int, person: str) -> None:
    """Raise `Refused` when a person would grant level 3 alone; a home is set up by its declared keeper."""
    if level == 3 and not person.startswith("system:"):
        raise Refused(say("Level 3 is granted by two people. Grant 2 now, then propose 3 on the person's page."))


def check_two(*, by: str, second: str, subject: str) -> None:
    """Raise `Refused` unless two different people decide, neither of them the one it is about."""
    if by == second:
        raise Refused(say("This needs two people. Somebody else must agree."))
    if subject in (by, second):
        raise Refused(say("Nobody decides about themselves. Ask two others."))


def check_named(*, typed: str, name: str) -> None:
    """Raise `Refused` unless the thing that is to end was named again."""
    if typed.strip() != name:
        raise Refused(say("Nothing was done. To go on, type “%(name)s” exactly.", name=name))


def check_not_subject(*, person: str, subject: str) -> None:
    """Raise `Refused` when somebody would decide about themselves."""
    if person == subject:
        raise Refused(say("Nobody decides about themselves. Ask two others."))


def check_not_author(*, person: str, author: str) -> None:
    """Raise `Refused` when an author would be the second person for their own text."""
    if author and person == author:
        raise Refused(say("You wrote this. Somebody else must be the second person."))


def check_decision_reason(*, reason: str) -> None:
    """Raise `Refused` when no reason was given."""
    if not reason.strip():
        raise Refused(say("Say why. The reason stays in the record."))


def check_hour(*, minutes: int) -> None:
    """Raise `Refused` unless an emergency opening lasts an hour at the most."""
    if not 0 < minutes <= 60:
        raise Refused(say("A compartment is opened for 60 minutes at the most."))


def check_desks_alone(*, compartments: frozenset[str]) -> None:
    """Raise `Refused` when one person would let another into what no desk owns: sources, survivors, diplomacy …"""
    if any(not one.startswith("desk:") for one in compartments):
        raise Refused(say("What is kept apart from the desks is opened by two people. Propose it on the person's page."))
