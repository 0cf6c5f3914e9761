"""What the limited process that reads files gives up on this machine: tried once, and told as it is."""

from __future__ import annotations

from functools import cache

from forestall.base.errors import Unavailable
from forestall.base.words import Words, say

from .childprocess import Child
from .worker import Hello

KERNEL = say("What arrives is read in a process without a network: the kernel refuses it sockets and programs (seccomp).")
CLOSED = say(
    "What arrives is read in a process whose sockets are closed before it reads. The kernel of this machine does not refuse them"
    " by itself: on Linux (x86-64 or ARM) it does."
)
UNBOUNDED = say("Its memory is not bounded on this system.")
NOT_STARTED = say("The limited process that reads files does not start. Nothing can be read.")


@cache
def found() -> Hello | None:
    """What a process started here managed to give up; None when it does not start. Starts one, the first time."""
    child = Child()
    try:
        with child:
            child.start()
            return child.protections
    except Unavailable:
        return None


def sentences(given: Hello | None) -> list[Words]:
    """The same for whoever looks after the machine."""
    if given is None:
        return [NOT_STARTED]
    return [KERNEL if given.sockets else CLOSED, *([] if given.memory else [UNBOUNDED])]
