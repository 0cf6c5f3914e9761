"""A label explained to one reader: why they may see a thing, who else can, and what was changed about that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from forestall.access import decisions, queries
from forestall.access.session import Session
from forestall.base.clock import now
from forestall.base.words import Words, say, series
from forestall.labels.label import (
    COMPARTMENT_WORDS,
    CONSENT_WORDS,
    LEVEL_WORDS,
    Label,
    Level,
    compartment_words,
)

if TYPE_CHECKING:
    from forestall.record.models import Recorded

@dataclass(frozen=True)
class Clause:
    """One condition of sight: what the label asks, and what the reader has that meets it."""

    asks: Words
    met_by: Words


@dataclass(frozen=True)
class Reader:
    """Somebody who can see the thing when they sign in with the strongest key they could have."""

    name: str
    title: str
    is_self: bool


def desk_titles() -> dict[str, str]:
    """Titles of desks by their key."""
    return {desk.key: desk.title for desk in queries.desks()}


def named(compartments: Sequence[str]) -> list[Words]:
    """Compartments as readers call them, in order."""
    titles = desk_titles()
    return [compartment_words(one, desks=titles) for one in sorted(compartments)]


def why(label: Label, *, session: Session) -> list[Clause]:
    """Each condition that the label sets and this session meets."""
    clauses = [
        Clause(
            say("It is %(level)s.", level=LEVEL_WORDS[label.level]),
            say("You may see up to %(level)s, as you signed in.", level=LEVEL_WORDS[Level(session.level)]),
        )
    ]
    if label.compartments:
        told = series(named(sorted(label.compartments)))
        clauses.append(Clause(say("It is kept apart: %(what)s.", what=told), say("You are let into each of these.")))
        if set(session.opened.values()) & label.compartments:
            clauses.append(Clause(say("It is open to you in an emergency."), say("It closes by itself; a report must follow.")))
    if label.audience:
        clauses.append(Clause(say("It is for named people only."), say("You are one of them.")))
    if label.embargo_until is not None:
        clauses.append(_embargo(label))
    if label.quarantined:
        clauses.append(Clause(say("It is set aside until somebody decides on it."), say("You decide on what is set aside.")))
    if label.consent:
        agreed = series([CONSENT_WORDS.get(scope, say("%(name)s", name=scope)) for scope in sorted(label.consent)])
        clauses.append(Clause(say("Its source agreed: %(what)s.", what=agreed), say("You read it to analyse it.")))
    return clauses


def _embargo(label: Label) -> Clause:
    until = label.embargo_until
    told = until.strftime("%Y-%m-%d %H:%M UTC") if until else ""
    if until is not None and until <= now():
        return Clause(say("It was for its audience alone until %(when)s.", when=told), say("That time has passed."))
    return Clause(say("It is for its audience alone until %(when)s.", when=told), say("You are one of them."))


def who_else(label: Label, *, session: Session) -> list[Reader]:
    """Active people who can see it, by name: all of them share what it asks with the reader."""
    able = [one for one in queries.people() if one.is_active and decisions.at_widest(one).may_see(label)]
    return [Reader(one.name, one.title, str(one.id) == session.person_id) for one in able]


def nameable(label: Label, *, session: Session) -> frozenset[str]:
    """Compartments a reader may name on a thing: those it has, their own, and those that are apart in every office.

    Somebody who is not let into one may still put a thing there: then they see it no more.
    """
    return label.compartments | (session.sight.compartments or frozenset()) | frozenset(COMPARTMENT_WORDS)


def may_be_kept_apart(thing: Recorded, *, session: Session) -> list[tuple[str, Words, bool]]:
    """Compartments this reader can put a thing into or ask to take it out of: key, words, whether it is there now."""
    held = thing.label.compartments
    known = sorted(nameable(thing.label, session=session))
    titles = desk_titles()
    return [(one, compartment_words(one, desks=titles), one in held) for one in known]
