"""Workflow of a pseudonym. Tables only; no Django."""

from __future__ import annotations

from enum import StrEnum

from forestall.base.moves import Machine, Move
from forestall.base.words import say


class PseudonymState(StrEnum):
    """What stands behind a pseudonym now."""

    KEPT = "kept"
    MOVED = "moved"
    ERASED = "erased"


PSEUDONYM = Machine(
    name="Pseudonym",
    states=PseudonymState,
    start=PseudonymState.KEPT,
    words={
        "kept": say("in the vault"),
        "moved": say("handed to another desk"),
        "erased": say("erased"),
    },
    moves={
        (PseudonymState.KEPT, PseudonymState.MOVED): Move("vault.open", "source moved"),
        (PseudonymState.KEPT, PseudonymState.ERASED): Move("vault.open", "source erased"),
        (PseudonymState.MOVED, PseudonymState.ERASED): Move("vault.open", "source erased"),
    },
)

MACHINES = (PSEUDONYM,)
