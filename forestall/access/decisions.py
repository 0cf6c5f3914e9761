"""Decisions of two people: one proposes, another agrees in a session of their own. Neither is the one it is about.

A proposal is as sensitive as the thing, waits for any second person who holds the verb and sees the thing, and lapses
after some days. Whoever does not agree ends it: nobody shops around for a second.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import transaction

from forestall.base.clock import now
from forestall.base.errors import Refused
from forestall.base.words import say
from forestall.labels.label import Label, Level
from forestall.record.actions import write
from forestall.record.models import Recorded

from . import policies, queries
from .actions import tell
from .matters import About, matter
from .models import Decision, Notice, Person
from .session import Assurance, Session, for_person
from .states import DECISION, DecisionState

PERSON = "access.person"


def thing_of(kind: str, *, object_id: UUID | str) -> Recorded | None:
    """A recorded thing by the name of its kind, if the bound session may see it."""
    try:
        model = apps.get_model(kind)
    except (LookupError, ValueError):
        return None
    return model.objects.filter(pk=object_id).first() if issubclass(model, Recorded) else None


def subject_of(decision: Decision) -> About | None:
    """The thing or the person that a decision is about, if the bound session may see it."""
    if decision.about_kind == PERSON:
        return queries.person(decision.about_id)
    return thing_of(decision.about_kind, object_id=decision.about_id)


@transaction.atomic
def propose(
    key: str, *, about: About, reason: str, by: Session, terms: Mapping[str, Any] | None = None
) -> Decision:
    """Propose a matter about a thing or a person; everybody who could agree is told. Returns the decision that waits.

    Raises `Refused` without the verb, without a reason, when the rule says no, when the same is proposed already, or
    when there is nobody else who could agree.
    """
    asked = matter(key)
    by.check_may(asked.verb)
    policies.check_decision_reason(reason=reason)
    asked.check(about, terms or {}, by.person_id)
    kind = PERSON if isinstance(about, Person) else about.kind()
    policies.check_not_subject(person=by.person_id, subject=str(about.id))
    for other in waiting_on(about.id):
        if other.matter == key and other.terms == dict(terms or {}):
            raise Refused(say("This is proposed already and waits for a second person."))
    seconds = _seconds(about, verb=asked.verb, but={by.person_id, str(about.id)})
    decision = Decision(
        matter=key, about_kind=kind, about_id=about.id, terms=dict(terms or {}), reason=reason.strip(),
        proposer=by.person_id, proposed_at=now(), lapses_at=now() + timedelta(days=asked.days),
    ).labelled(_label_of(about, people={by.person_id, *seconds}))  # fmt: skip
    write(decision, by=by.person_id, verb=f"proposed: {key}")
    words = say("%(name)s proposes: %(what)s. A second person must agree.", name=by.name, what=asked.title)
    tell(seconds, words=words, kind=Decision.kind(), object_id=decision.id, due=decision.lapses_at.date())
    return decision


def _label_of(about: About, *, people: set[str]) -> Label:
    """A decision about a thing is as sensitive as the thing; one about a person is for those who decide.

    A hold is on the thing alone: lifting it would not lift the decision's, and the thing could never be removed.
    """
    if isinstance(about, Person):
        return Label(Level.INTERNAL, audience=frozenset(people))
    return replace(about.label, hold=False)


@transaction.atomic
def agree(decision: Decision, *, by: Session) -> Decision:
    """The second person agrees, and it is done. Raises `Refused` when the rule or the thing no longer allows it."""
    asked = matter(decision.matter)
    by.check_may(asked.verb)
    _check_open(decision, by=by)
    policies.check_two(by=decision.proposer, second=by.person_id, subject=str(decision.about_id))
    about = subject_of(decision)
    if about is None:
        raise Refused(say("There is nothing here with this id."))
    policies.check_not_author(person=by.person_id, author=str(getattr(about, "author", "")))
    _check_proposer(decision, about, verb=asked.verb)
    asked.check(about, decision.terms, decision.proposer)
    _close(decision, to=DecisionState.AGREED, by=by, answer="")
    asked.carry_out(decision, about, by)
    _tell_proposer(decision, by=by)
    return decision


def _check_proposer(decision: Decision, about: About, *, verb: str) -> None:
    """Whoever proposed must still be somebody who could."""
    proposer = queries.person(decision.proposer)
    if proposer is None or not at_widest(proposer).may(verb):
        raise Refused(say("Whoever proposed this may no longer do so."))
    if isinstance(about, Recorded) and not at_widest(proposer).may_see(about.label):
        raise Refused(say("Whoever proposed this may no longer do so."))


@transaction.atomic
def decline(decision: Decision, *, reason: str, by: Session) -> Decision:
    """A second person does not agree, and says why: that ends it, and the proposer is told."""
    by.check_may(matter(decision.matter).verb)
    _check_open(decision, by=by)
    policies.check_two(by=decision.proposer, second=by.person_id, subject=str(decision.about_id))
    policies.check_decision_reason(reason=reason)
    _close(decision, to=DecisionState.DECLINED, by=by, answer=reason.strip())
    _tell_proposer(decision, by=by)
    return decision


@transaction.atomic
def withdraw(decision: Decision, *, by: Session) -> Decision:
    """Whoever proposed it wants it no more."""
    _check_open(decision, by=by)
    if decision.proposer != by.person_id:
        raise Refused(say("Only whoever proposed this can withdraw it."))
    return _close(decision, to=DecisionState.WITHDRAWN, by=by, answer="")


def lapse(*, by: Session) -> int:
    """Close every proposal past its day; run by the worker. Returns how many."""
    late = Decision.objects.filter(state=DecisionState.PROPOSED, lapses_at__lt=now())
    for decision in late:
        _close(decision, to=DecisionState.LAPSED, by=by, answer="")
    return len(late)


def _check_open(decision: Decision, *, by: Session) -> None:
    if not by.may_see(decision.label):
        raise Refused(say("There is nothing here with this id."))
    DECISION.move(decision.state, DecisionState.AGREED)
    if decision.lapses_at < now():
        raise Refused(say("This proposal has lapsed. Propose it again."))


def _close(decision: Decision, *, to: DecisionState, by: Session, answer: str) -> Decision:
    step = DECISION.move(decision.state, to)
    decision.state, decision.answer, decision.decided_at = to, answer, now()
    if to in (DecisionState.AGREED, DecisionState.DECLINED):
        decision.second = by.person_id
    write(decision, by=by.person_id, verb=f"{step.records}: {decision.matter}")
    Notice.objects.filter(kind=Decision.kind(), object_id=decision.id, read_at__isnull=True).update(read_at=now())
    return decision


def _tell_proposer(decision: Decision, *, by: Session) -> None:
    words = say("%(name)s answered what you proposed: %(state)s.", name=by.name, state=DECISION.words[decision.state])
    tell([decision.proposer], words=words, kind=Decision.kind(), object_id=decision.id)


def decision(decision_id: UUID) -> Decision | None:
    """A decision, if the bound session may see it."""
    return Decision.objects.filter(pk=decision_id).first()


def waiting_on(object_id: UUID) -> list[Decision]:
    """Proposals about a thing or person that wait for a second, newest first."""
    found = Decision.objects.filter(about_id=object_id, state=DecisionState.PROPOSED, lapses_at__gte=now())
    return list(found.order_by("-proposed_at"))


def decided_on(object_id: UUID) -> list[Decision]:
    """Everything two people decided, or did not agree on, about a thing; newest first."""
    return list(Decision.objects.filter(about_id=object_id).exclude(state=DecisionState.PROPOSED).order_by("-decided_at"))


def waiting_for(session: Session) -> list[Decision]:
    """Proposals that this person could agree to now, those that lapse first, first."""
    waiting = Decision.objects.filter(state=DecisionState.PROPOSED, lapses_at__gte=now()).order_by("lapses_at")
    return [one for one in waiting if may_agree(one, session=session)]


def may_agree(one: Decision, *, session: Session) -> bool:
    """Whether this session could be the second."""
    is_open = one.state == DecisionState.PROPOSED and one.lapses_at >= now()
    is_other = session.person_id not in (one.proposer, str(one.about_id))
    return is_open and is_other and session.may(matter(one.matter).verb)


def at_widest(person: Person) -> Session:
    """Somebody's session as wide as it could be: for what they may, not for what they see just now."""
    return for_person(person, assurance=Assurance.WEBAUTHN)


def able(verb: str, *, label: Label) -> list[str]:
    """Ids of active people who hold the verb and may see what has this label."""
    seats = [(str(one.id), at_widest(one)) for one in queries.people() if one.is_active]
    return [person_id for person_id, session in seats if session.may(verb) and session.may_see(label)]


def _seconds(about: About, *, verb: str, but: set[str]) -> list[str]:
    """Ids of active people who could agree. Raises `Refused` when there is nobody."""
    found = [one for one in able(verb, label=_label_of(about, people=set())) if one not in but]
    if not found:
        raise Refused(say("This needs two people, and nobody else here could agree. Give a second person the role."))
    return found
