"""Requests about oneself: registered, weighed, decided by two, answered. Nothing is ever removed by a move."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from forestall.access import decisions
from forestall.access import queries as access
from forestall.access.actions import tell
from forestall.access.matters import Matter, register
from forestall.access.models import Decision
from forestall.access.session import Session
from forestall.base.clock import now, today
from forestall.base.errors import Refused
from forestall.base.words import Words, say
from forestall.labels.label import Label, Level, join
from forestall.record.actions import write
from forestall.record.models import Recorded

from . import policies
from .models import Concern, Request
from .states import DECIDE, KEEP, OPEN, REQUEST, RequestState

DECIDE_REQUEST = "decide a request"
LABEL = Label(level=Level.CONFIDENTIAL)
CAME = say("A request about somebody's own data came. It must be answered within thirty days.")


@transaction.atomic
def enter(
    *, wants: str, received_on: date, name: str, contact: str, identity: str, text: str, by: Session
) -> Request:
    """Register a request with the day it came and how it was checked who asks. Those who keep requests are told.

    Raises `Refused` for a day to come, or when something needed is missing.
    """
    by.check_may(KEEP)
    needed = {
        "name": (name, say("who asks")),
        "identity": (identity, say("how it was checked who asks")),
        "text": (text, say("what they ask")),
    }
    policies.check_request(wants=wants, received=received_on, today=today(), fields=needed)
    made = Request(
        wants=wants, received_on=received_on, due_on=received_on + timedelta(days=policies.ANSWERED_WITHIN),
        name=name.strip(), contact=contact.strip(), identity=identity.strip(), text=text.strip(), by=by.person_id,
    ).labelled(LABEL)  # fmt: skip
    write(made, by=by.person_id, verb="request registered")
    tell(_keepers(made), words=CAME, kind=made.kind(), object_id=made.id, due=made.due_on)
    return made


def _keepers(one: Request) -> list[str]:
    able = [(str(person.id), decisions.at_widest(person)) for person in access.people() if person.is_active]
    return [person_id for person_id, session in able if session.may(KEEP) and session.may_see(one.label)]


@transaction.atomic
def link(one: Request, *, thing: Recorded, by: Session) -> Concern:
    """Note that a request concerns a thing that the officer may see; the link is as hidden as both."""
    by.check_may(KEEP)
    check_open(one)
    if thing.kind() in (Request.kind(), Concern.kind()):
        raise Refused(say("A request concerns what is held, not itself."))
    if Concern.objects.filter(request=one, about_id=thing.id).exists():
        raise Refused(say("This is linked already."))
    made = Concern(request=one, about_kind=thing.kind(), about_id=thing.id, by=by.person_id, at=now())
    bare = Label(thing.label.level, thing.label.compartments, thing.label.audience, thing.label.embargo_until)
    write(made.labelled(join([one.label, bare])), by=by.person_id, verb="request linked")
    if one.state == RequestState.RECEIVED:
        _move(one, to=RequestState.WEIGHED, by=by)
    return made


def check_open(one: Request) -> None:
    """Raise `Refused` once it is decided or withdrawn."""
    if one.state not in (RequestState.RECEIVED, RequestState.WEIGHED):
        raise Refused(say("This request is decided. Nothing more is linked to it."))


@transaction.atomic
def weigh(one: Request, *, by: Session) -> Request:
    """Begin to weigh a request that concerns nothing that was found."""
    return _move(one, to=RequestState.WEIGHED, by=by)


@transaction.atomic
def withdraw(one: Request, *, by: Session) -> Request:
    """Whoever asked wants it no more."""
    return _move(one, to=RequestState.WITHDRAWN, by=by)


@transaction.atomic
def answered(one: Request, *, on: date, by: Session) -> Request:
    """Note the day on which the answer that two agreed to was sent."""
    if not one.received_on <= on <= today():
        raise Refused(say("The answer left between the day it came and today."))
    one.answered_on = on
    return _move(one, to=RequestState.ANSWERED, by=by)


def _move(one: Request, *, to: RequestState, by: Session) -> Request:
    step = REQUEST.move(one.state, to)
    by.check_may(step.verb)
    one.state = to
    return write(one, by=by.person_id, verb=step.records)


def propose_outcome(
    one: Request, *, outcome: str, answer: str, reason: str, by: Session, says_hold: bool = False
) -> Decision:
    """Propose how a request is decided, with the very words of the answer; another person must agree.

    `says_hold`: the answer says that a hold keeps some of it. Raises `Refused` when erasure would be granted against a
    hold, or when the answer keeps silent about it.
    """
    if one.state == RequestState.RECEIVED:
        weigh(one, by=by)
    terms = {"outcome": outcome, "answer": answer.strip(), "held": held(one), "says_hold": says_hold}
    return decisions.propose(DECIDE_REQUEST, about=one, reason=reason, by=by, terms=terms)


def held(one: Request) -> int:
    """How many of the things it concerns are under a hold, as far as the bound session may see."""
    return sum(thing.hold for thing in things(one))


def things(one: Request) -> list[Recorded]:
    """What a request concerns and the bound session may see, in the order in which it was linked."""
    found = Concern.objects.filter(request=one).order_by("at")
    seen = [decisions.thing_of(each.about_kind, object_id=each.about_id) for each in found]
    return [thing for thing in seen if thing is not None]


def _check(one: Request, terms: Mapping[str, Any], proposer: str) -> None:
    policies.check_outcome(outcome=str(terms["outcome"]), answer=str(terms["answer"]))
    REQUEST.move(one.state, str(terms["outcome"]))
    policies.check_hold(
        wants=one.wants, outcome=str(terms["outcome"]), says_hold=bool(terms["says_hold"]),
        held=max(held(one), int(terms["held"])),
    )  # fmt: skip


def _decide(decision: Decision, one: Request, by: Session) -> None:
    """What a granted erasure asks for is not removed by this: each thing is proposed for removal, by two."""
    step = REQUEST.move(one.state, decision.terms["outcome"])
    one.state = one.outcome = decision.terms["outcome"]
    one.answer = decision.terms["answer"]
    write(one, by=decision.proposer, verb=step.records)


def _words(terms: Mapping[str, Any]) -> list[Words]:
    told = [REQUEST.words[str(terms["outcome"])], say("The answer: %(text)s", text=terms["answer"])]
    if terms["held"]:
        told.append(say("Things it concerns that are under a hold: %(count)s", count=terms["held"]))
    if terms["says_hold"]:
        told.append(say("The answer says that a hold keeps some of it."))
    return told


register(Matter(
    key=DECIDE_REQUEST,
    title=say("Decide a request about somebody's own data"),
    consequence=say("The answer stands as it is written here and is sent so. Nothing is removed by it: each removal takes two of its own."),
    verb=DECIDE, check=_check, carry_out=_decide, terms_words=_words,
))  # fmt: skip


def open_requests() -> list[Request]:
    """Requests that are not answered yet and the bound session may see, the soonest day first."""
    return list(Request.objects.filter(state__in=OPEN).order_by("due_on", "pk"))


def closed_requests() -> list[Request]:
    """Requests that were answered or withdrawn, newest first."""
    return list(Request.objects.exclude(state__in=OPEN).order_by("-received_on", "pk"))


def request(request_id: UUID) -> Request | None:
    """A request, if the bound session may see it."""
    return Request.objects.filter(pk=request_id).first()
