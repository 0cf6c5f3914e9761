"""Workflow of a request about oneself. Tables only; no Django."""

from __future__ import annotations

from enum import StrEnum

from forestall.base.moves import Machine, Move
from forestall.base.words import Words, say


class Wanted(StrEnum):
    """What somebody asks about what is held on them."""

    ACCESS = "access"
    CORRECTION = "correction"
    ERASURE = "erasure"


WANTED: dict[str, Words] = {
    "access": say("to know what is held"),
    "correction": say("to have it corrected"),
    "erasure": say("to have it erased"),
}


class RequestState(StrEnum):
    """How far a request has come."""

    RECEIVED = "received"
    WEIGHED = "weighed"
    GRANTED = "granted"
    PARTLY = "partly"
    REFUSED = "refused"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"


OUTCOMES = (RequestState.GRANTED, RequestState.PARTLY, RequestState.REFUSED)
OPEN = (RequestState.RECEIVED, RequestState.WEIGHED, *OUTCOMES)
KEEP, DECIDE = "retention.keep", "retention.decide"

REQUEST = Machine(
    name="Request about oneself",
    states=RequestState,
    start=RequestState.RECEIVED,
    words={
        "received": say("received", context="request"),
        "weighed": say("being weighed"),
        "granted": say("granted", context="request"),
        "partly": say("granted in part"),
        "refused": say("refused", context="request"),
        "answered": say("answered", context="request"),
        "withdrawn": say("withdrawn"),
    },
    moves={
        (RequestState.RECEIVED, RequestState.WEIGHED): Move(KEEP, "request weighed"),
        (RequestState.WEIGHED, RequestState.GRANTED): Move(DECIDE, "request granted"),
        (RequestState.WEIGHED, RequestState.PARTLY): Move(DECIDE, "request granted in part"),
        (RequestState.WEIGHED, RequestState.REFUSED): Move(DECIDE, "request refused"),
        (RequestState.GRANTED, RequestState.ANSWERED): Move(KEEP, "request answered"),
        (RequestState.PARTLY, RequestState.ANSWERED): Move(KEEP, "request answered"),
        (RequestState.REFUSED, RequestState.ANSWERED): Move(KEEP, "request answered"),
        (RequestState.RECEIVED, RequestState.WITHDRAWN): Move(KEEP, "request withdrawn"),
        (RequestState.WEIGHED, RequestState.WITHDRAWN): Move(KEEP, "request withdrawn"),
    },
)
"""No move removes anything: what a granted erasure asks for is proposed for removal, thing by thing, by two."""

MACHINES = (REQUEST,)
