"""The limited child: gives up what it can, then reads one file after the other until its input ends.

Started by `childprocess`; never imported by the office's own process.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from typing import BinaryIO

from forestall.base.words import Words, say

from . import confinement
from .dispatch import Answer, Task, answer
from .limits import LIMITS
from .wire import receive, send


@dataclass(frozen=True)
class Hello:
    """What the child managed to give up. `sockets`: refused by the kernel; else only by the interpreter."""

    memory: bool
    sockets: bool


def _streams() -> tuple[BinaryIO, BinaryIO]:
    """The two pipes, moved away from where a library might print."""
    incoming, outgoing = os.dup(0), os.dup(1)
    null = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1):
        os.dup2(null, number)
    os.close(null)
    return os.fdopen(incoming, "rb"), os.fdopen(outgoing, "wb")


def _exhausted() -> Answer:
    reason: Words = say("Reading it needs more memory than one file may have.")
    return Answer(refusal=reason, hostile=True)


def _warm() -> None:
    """Load what reads most files while nothing hostile is in memory."""
    from .formats import delimited, package, webpage  # noqa: F401


def main() -> None:
    """Serve tasks. A file that exhausts memory is answered for, and the process ends: its heap is not trusted."""
    incoming, outgoing = _streams()
    memory = confinement.limit_memory(LIMITS.memory)
    _warm()
    sockets = confinement.refuse_sockets()
    confinement.refuse_calls(libraries=sys.argv[1:])
    send(outgoing, Hello(memory, sockets))
    while True:
        try:
            task = receive(incoming, Task, most=LIMITS.reply)
        except EOFError:
            return
        confinement.limit_time(LIMITS.seconds)
        try:
            send(outgoing, answer(task))
        except (MemoryError, RecursionError):
            del task
            send(outgoing, _exhausted())
            sys.exit(3)


if __name__ == "__main__":
    main()
