"""Workflow of a decision of two people. Tables only; no Django."""

from __future__ import annotations

from enum import StrEnum

from forestall.base.moves import Machine, Move
from forestall.base.words import say


class DecisionState(StrEnum):
    """How far a decision of two people has come."""

    PROPOSED = "proposed"
    AGREED = "agreed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


DECISION = Machine(
    name="Decision of two",
    states=DecisionState,
    start=DecisionState.PROPOSED,
    words={
        "proposed": say("waits for a second person"),
        "agreed": say("agreed and done"),
        "declined": say("not agreed"),
        "withdrawn": say("withdrawn"),
        "lapsed": say("lapsed"),
    },
    moves={
        (DecisionState.PROPOSED, DecisionState.AGREED): Move("library.read", "decision agreed"),
        (DecisionState.PROPOSED, DecisionState.DECLINED): Move("library.read", "decision not agreed"),
        (DecisionState.PROPOSED, DecisionState.WITHDRAWN): Move("library.read", "decision withdrawn"),
        (DecisionState.PROPOSED, DecisionState.LAPSED): Move("library.read", "decision lapsed"),
    },
)
"""The verb that proposing and agreeing need is that of the matter decided on; see `access.matters`."""

MACHINES = (DECISION,)
