"""Reading the office's mailbox: one turn, message by message, each kept together with how far the mailbox has been read.

Nothing there is changed. A message that cannot be taken is set aside with what there is of it, and never holds up the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

from django.db import transaction

from forestall.access.session import Session
from forestall.base.canonical import sha256
from forestall.base.clock import now
from forestall.base.errors import Malformed, Refused, Spoken, Unavailable
from forestall.base.words import Words, say
from forestall.collecting.childprocess import Reader
from forestall.collecting.contract import Source
from forestall.collecting.enquiry import CredentialMissing
from forestall.collecting.intake import Outcome as Became
from forestall.collecting.intake import Reading, Seen, compared, read, same_file
from forestall.collecting.limits import LIMITS, megabytes
from forestall.collecting.received import Channel, Received
from forestall.monitoring.actions import answers, intake, leasing
from forestall.monitoring.actions.answers import Turn
from forestall.monitoring.actions.collecting import Outcome, end
from forestall.monitoring.models import Run
from forestall.monitoring.states import RunState
from forestall.monitoring.suggesting import Readers
from forestall.outbound.imap import TooLarge
from forestall.record.actions import write
from forestall.sources import all_sources

AT_ONCE = 500
"""Messages of one turn; the rest is taken in the next ones."""
LASTS = timedelta(minutes=20)
"""After which a turn begins no other message."""
TRIES = 3
"""Turns that may end over the same message before it is left where it is."""


class NotConfigured(Refused):
    """The office has named no mailbox."""

    def __init__(self) -> None:
        super().__init__(say("No mailbox is named. Name it under [mailbox] in home.toml; the worker has to be started again."))


class Box(Protocol):
    """A mailbox that is open for reading, as `outbound.imap.Mailbox` is."""

    validity: int
    requests: int

    def above(self, number: int) -> list[int]:
        """The numbers of the messages above one."""

    def sizes(self, numbers: Iterable[int]) -> dict[int, int]:
        """How large they are said to be."""

    def message(self, number: int, *, most: int) -> bytes | None:
        """One of them."""

    def headers(self, number: int) -> bytes:
        """The beginning of its headers."""


@dataclass(frozen=True)
class Way:
    """How a mailbox is entered: `place` names it, `enter` opens it, `trusted` vouches for its senders (an authserv-id)."""

    place: str
    enter: Callable[[], AbstractContextManager[Box]]
    trusted: str = ""


def collect(
    source: Source,
    *,
    by: Session,
    way: Way,
    child: Reader,
    readers: Readers,
    stop: Callable[[], bool] = lambda: False,
) -> Outcome:
    """One turn of reading the mailbox. Raises `Refused` while another process reads it.

    `child` is a limited process to read in; `stop` is asked between messages. What is broken off goes on the next time.
    """
    by.check_may("item.collect")
    fence = leasing.take(source.id)
    run = Run(collector=source.id, started_at=now()).labelled(answers.label_of(source))
    outcome = Outcome(write(run, by=by.person_id, verb="run started"))
    turn = Turn(source, run, by, fence, intake.Turn(run, by, readers, dict(all_sources())))
    reading = _Reading(turn, outcome, way, child)
    try:
        reading.go(stop)
    except Spoken as error:
        outcome.end(_state_of(error), error.words)
    except Exception:
        outcome.end(RunState.FAILED, say("It was stopped by an error of the program; the log tells."))
        raise
    finally:
        end(turn, outcome, requests=reading.requests)
        leasing.release(source.id, fence=fence)
    return outcome


def _state_of(error: Spoken) -> RunState:
    """How a turn ends that this broke off."""
    kinds: tuple[tuple[type[Spoken], RunState], ...] = (
        (NotConfigured, RunState.NOT_CONFIGURED), (CredentialMissing, RunState.CREDENTIAL_MISSING),
        (Unavailable, RunState.UNREACHABLE), (Malformed, RunState.MALFORMED), (Refused, RunState.REFUSED),
    )  # fmt: skip
    return next((state for kind, state in kinds if isinstance(error, kind)), RunState.FAILED)


class _Reading:
    """One turn, from signing in to the last message."""

    def __init__(self, turn: Turn, outcome: Outcome, way: Way, child: Reader) -> None:
        self.turn, self.outcome, self.way, self.child = turn, outcome, way, child
        self.cursor: dict[str, Any] = {}
        self.seen = Seen()
        self.requests = 0

    def go(self, stop: Callable[[], bool]) -> None:
        with self.way.enter() as box:
            try:
                self._through(box, stop)
            finally:
                self.requests = box.requests

    def _through(self, box: Box, stop: Callable[[], bool]) -> None:
        self.cursor = begin(answers.cursor_of(self.turn.source), place=self.way.place, validity=box.validity)
        waiting = box.above(self.cursor["number"])
        taken, until = waiting[:AT_ONCE], now() + LASTS
        if not taken:
            return
        self.seen = intake.seen_before()
        sizes = box.sizes(taken)
        for done, number in enumerate(taken):
            if stop() or now() > until:
                waiting = waiting[done:]
                break
            self._one(box, number, size=sizes.get(number, 0))
        else:
            waiting = waiting[len(taken) :]
        if waiting:
            self.outcome.notice = say("%(count)s messages wait still; the next turns take them.", count=len(waiting))

    def _one(self, box: Box, number: int, *, size: int) -> None:
        if size > LIMITS.file:
            self._leave(number, too_large(size), headers=box.headers(number))
            return
        try:
            content = box.message(number, most=LIMITS.file)
        except TooLarge:  # the line cannot be used any more, whatever was sent on it; the next turn goes on behind it
            self._leave(number, say("It is larger than its server said, and than is taken from a mailbox."))
            raise
        except Refused as error:
            self._leave(number, error.words, headers=box.headers(number))
            return
        except (Unavailable, Malformed) as error:
            self._failed(number, error)
            raise
        if content is not None:
            self._take(number, content)

    def _take(self, number: int, content: bytes) -> None:
        received = Received(
            f"mail-{self.cursor['validity']}-{number}.eml", content, now(), Channel.MAIL, carried=self.way.trusted,
            level=self.turn.source.default_level,
        )  # fmt: skip
        reading = same_file(received, seen=self.seen) or self._read(received)
        self.turn.reading.hear(reading.records)
        with transaction.atomic():
            leasing.hold(self.turn.source.id, fence=self.turn.fence)
            (taken,) = intake.take([reading], turn=self.turn.reading)
            self._move(number=number)
        if reading.outcome is Became.ACCEPTED:
            self.seen.remember(reading)
        intake.count(self.turn.run, taken)
        self.outcome.items += taken.items

    def _read(self, received: Received) -> Reading:
        return compared(read(received, sources=self.turn.reading.sources, child=self.child), seen=self.seen)

    def _leave(self, number: int, why: Words, *, headers: bytes = b"") -> None:
        """Set aside what there is of a message that stays where it is, with why; and go on behind it."""
        reason = say("Message %(number)s stays in the mailbox. %(why)s", number=number, why=why)
        with transaction.atomic():
            leasing.hold(self.turn.source.id, fence=self.turn.fence)
            name = f"mail-{self.cursor['validity']}-{number}-headers.eml"
            answers.set_aside(headers, name=name, reason=reason, turn=self.turn)
            self._move(number=number)

    def _failed(self, number: int, error: Spoken) -> None:
        """Note that the turn ended over this message; the third time it is left where it is."""
        times = self.cursor["times"] + 1 if self.cursor["failed"] == number else 1
        if times >= TRIES:
            self._leave(number, error.words)
            return
        with transaction.atomic():
            self._move(number=self.cursor["number"], failed=number, times=times)

    def _move(self, *, number: int, failed: int = 0, times: int = 0) -> None:
        moved = {**self.cursor, "number": number, "failed": failed, "times": times}
        answers.move(self.turn.source, moved, by=self.turn.by)
        self.cursor = moved


def begin(cursor: dict[str, Any], *, place: str, validity: int) -> dict[str, Any]:
    """Where to go on: at the very beginning of another mailbox, and where the server has numbered its messages anew."""
    named = sha256(place)[:16]
    if (cursor.get("place"), cursor.get("validity")) == (named, validity):
        return cursor
    return {"place": named, "validity": validity, "number": 0, "failed": 0, "times": 0}


def too_large(size: int) -> Words:
    """Why a message of `size` bytes is not taken."""
    return say("It has %(size)s MB; at most %(limit)s are read.", size=megabytes(size), limit=megabytes(LIMITS.file))
