"""Changing a label. Whoever sees a thing may hold it closer, at once; letting more people see it takes two.

Both reach what was made from the thing (`record.resting`). The matters of two that concern labels stand here too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from django.db import transaction

from forestall.base.errors import Refused
from forestall.base.words import Words, say
from forestall.labels.label import Label, Level
from forestall.record import actions as record
from forestall.record import queries as history
from forestall.record import resting
from forestall.record.announcement import withdrawn
from forestall.record.models import Recorded

from . import queries, recognising
from .actions import tell
from .decisions import at_widest
from .matters import Matter, no_terms, register
from .models import Decision
from .session import Session

Thing = TypeVar("Thing", bound=Recorded)
LOWER = "lower a label"
LIFT_HOLD = "lift a hold"
EXPUNGE = "expunge"
READING = "analyse"
"""The scope of consent that the rule of sight asks for."""


@transaction.atomic
def hold_closer(thing: Thing, *, label: Label, by: Session, reason: str = "") -> Thing:
    """Put a thing, and all that was made from it, under a stricter label. Refuses whatever would let more people see it.

    Who had opened it and may no longer see it is told so, without its content. When that takes back a consent, the
    record announces it, with the `reason`.
    """
    by.check_may("label.raise")
    if not label.holds_closer(thing.label):
        raise Refused(say("This would let more people see it. Propose it as a lowering: two people decide."))
    readers, before = _readers_who_saw(thing), thing.label
    resting.raise_label(thing, label=label, by=by.person_id)
    by.forget_scope()
    _recall(thing, readers=[one for one in readers if one != by.person_id])
    if takes_back(before, label):
        withdrawn.send(type(thing), thing=thing, by=by.person_id, reason=reason)
    return thing


def takes_back(before: Label, after: Label) -> bool:
    """Whether a stricter label takes back what a source had agreed to, or did not have to be asked for until then."""
    return bool(before.consent - after.consent) or bool(after.consent and READING not in after.consent)


def _readers_who_saw(thing: Recorded) -> list[str]:
    seen = {one.by for one in history.acts_of(thing.id, verbs=("viewed", "exported"))}
    evidence = getattr(thing, "evidence_id", None)
    if evidence:
        seen |= {one.by for one in history.acts_of(evidence, verbs=("viewed", "exported"))}
    return sorted(one for one in seen if not one.startswith("system:"))


def _recall(thing: Recorded, *, readers: list[str]) -> None:
    """Content-free, and about the reader's own account: the thing itself is no longer theirs to see."""
    words = say("Something you opened is now more closely held. Destroy any copy you took.")
    for person_id in readers:
        person = queries.person(person_id)
        if person is not None and not at_widest(person).may_see(thing.label):
            tell([person_id], words=words, kind="access.person", object_id=person.id)


@transaction.atomic
def place_hold(thing: Thing, *, reason: str, by: Session) -> Thing:
    """Keep a thing from every deletion, until two people lift the hold."""
    by.check_may("record.hold")
    if not reason.strip():
        raise Refused(say("Say why. The reason stays in the record."))
    resting.raise_label(thing, label=replace(thing.label, hold=True), by=by.person_id)
    record.note(by=by.person_id, verb="hold placed", kind=thing.kind(), object_id=thing.id)
    return thing


def label_from(terms: Mapping[str, Any], *, now: Label) -> Label:
    """The label that the terms of a decision describe: `level`, `compartments`, `audience`, `embargo_until`, `consent`."""
    until = terms.get("embargo_until")
    return replace(
        now,
        level=Level(int(terms["level"])),
        compartments=frozenset(terms["compartments"]),
        audience=frozenset(terms.get("audience", now.audience)),
        embargo_until=datetime.fromisoformat(until) if until else None,
        consent=frozenset(terms.get("consent", now.consent)),
    )


def terms_of(label: Label) -> dict[str, Any]:
    """A label as the terms of a decision."""
    return {
        "level": int(label.level),
        "compartments": sorted(label.compartments),
        "audience": sorted(label.audience),
        "embargo_until": label.embargo_until.isoformat() if label.embargo_until else None,
        "consent": sorted(label.consent),
    }


def _check_lower(thing: Recorded, terms: Mapping[str, Any], proposer: str) -> None:
    wanted = label_from(terms, now=thing.label)
    if wanted == thing.label:
        raise Refused(say("This is the label it has. Nothing would change."))
    if wanted.holds_closer(thing.label):
        raise Refused(say("This holds it closer and needs no second person. Raise the label instead."))
    if not replace(wanted, hold=False).holds_closer(replace(resting.least_label(thing), hold=False)):
        raise Refused(say("It was made from things that are held more closely. Release it as a new record instead."))
    recognising.check(terms, label=thing.label)


def _lower(decision: Decision, thing: Recorded, by: Session) -> None:
    resting.lower_label(thing, label=label_from(decision.terms, now=thing.label), by=decision.proposer)
    record.note(by=by.person_id, verb="lowering agreed", kind=thing.kind(), object_id=thing.id)
    by.forget_scope()


def _label_words(terms: Mapping[str, Any]) -> list[Words]:
    told = [Level(int(terms["level"])).words]
    if terms["level"] == Level.PUBLIC:
        told.append(say("Anybody may read it, also outside the Office."))
    compartments = terms["compartments"]
    if compartments:
        told.append(say("Only for: %(who)s", who=", ".join(compartments)))
    if terms.get("audience"):
        told.append(say("For named people only: %(who)s", who=", ".join(sorted(queries.names(terms["audience"]).values()))))
    if terms.get("embargo_until"):
        told.append(say("For its audience alone until %(when)s", when=str(terms["embargo_until"])[:16].replace("T", " ")))
    return [*told, *recognising.words(terms)]


def _check_hold(thing: Recorded, terms: Mapping[str, Any], proposer: str) -> None:
    if not thing.hold:
        raise Refused(say("There is no hold on this."))


def _lift(decision: Decision, thing: Recorded, by: Session) -> None:
    record.write(thing.labelled(replace(thing.label, hold=False)), by=decision.proposer, verb="hold lifted")
    record.note(by=by.person_id, verb="lifting agreed", kind=thing.kind(), object_id=thing.id)


def _check_expunge(thing: Recorded, terms: Mapping[str, Any], proposer: str) -> None:
    record.check_expunge(by=proposer, second="", reason="asked", hold=thing.hold)


def remove(decision: Decision, thing: Recorded, by: Session) -> None:
    """What other decisions said about it goes too: their reasons may quote it."""
    for other in Decision.objects.filter(about_id=thing.id).exclude(pk=decision.pk):
        other.hold = False  # decisions once took over the hold they were about
        record.expunge(other, by=decision.proposer, second=by.person_id, reason=decision.reason)
    record.expunge(thing, by=decision.proposer, second=by.person_id, reason=decision.reason)


register(Matter(
    key=LOWER,
    title=say("Lower the label"),
    consequence=say("More people will see it, from the next page they open. What they have read cannot be taken back."),
    verb="label.lower", check=_check_lower, carry_out=_lower, terms_words=_label_words,
))  # fmt: skip
register(Matter(
    key=LIFT_HOLD,
    title=say("Lift the hold"),
    consequence=say("From then on it can be removed, and goes when its time is over."),
    verb="record.hold", check=_check_hold, carry_out=_lift, terms_words=no_terms,
))  # fmt: skip
register(Matter(
    key=EXPUNGE,
    title=say("Remove this content for good"),
    consequence=say("Its content goes from every state it ever had and cannot be brought back. That something stood here, "
                    "who removed it and when stays in the log, which still verifies."),
    verb="record.expunge", check=_check_expunge, carry_out=remove, terms_words=no_terms,
))  # fmt: skip
