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
from .limits import BULK, LIMITS, Limits
from .responses import AnswerTask, Response, respond
from .wire import receive, send

FILES, ANSWERS = "files", "answers"
"""What a child is started to read: files of any kind, or answers of producers."""


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


def _exhausted(kind: type[Answer] | type[Response]) -> Answer | Response:
    reason: Words = say("Reading it needs more memory than one file may have.")
    return kind(refusal=reason, hostile=True)


def _warm(*, answers: bool) -> None:
    """Load what reads most files while nothing hostile is in memory."""
    from .formats import delimited, package, webpage  # noqa: F401

    if answers:
        import pyarrow.csv  # noqa: F401


def _task(incoming: BinaryIO, limits: Limits, *, answers: bool) -> Task | AnswerTask:
    if answers:
        return receive(incoming, AnswerTask, most=limits.reply)
    return receive(incoming, Task, most=limits.reply)


def _serve(incoming: BinaryIO, outgoing: BinaryIO, limits: Limits, *, answers: bool) -> None:
    kind: type[Answer] | type[Response] = Response if answers else Answer
    while True:
        try:
            task = _task(incoming, limits, answers=answers)
        except EOFError:
            return
        confinement.limit_time(limits.seconds)
        try:
            send(outgoing, respond(task) if isinstance(task, AnswerTask) else answer(task))
        except (MemoryError, RecursionError):
            del task
            send(outgoing, _exhausted(kind))
            sys.exit(3)


def main() -> None:
    """Serve tasks. A file that exhausts memory is answered for, and the process ends: its heap is not trusted.

    Started with `answers`, it reads whole answers of producers under the wider limits; else one file at a time.
    """
    incoming, outgoing = _streams()
    mode, *libraries = sys.argv[1:]
    answers = mode == ANSWERS
    limits = BULK if answers else LIMITS
    memory = confinement.limit_memory(limits.memory)
    _warm(answers=answers)
    sockets = confinement.refuse_sockets()
    confinement.refuse_calls(libraries=libraries)
    send(outgoing, Hello(memory, sockets))
    _serve(incoming, outgoing, limits, answers=answers)


if __name__ == "__main__":
    main()
