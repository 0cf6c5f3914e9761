"""Asking a source: one turn, request by request, until it has nothing more, refuses, or may not be believed.

How a turn ends is a state that an operator can act on, with the producer's own words. What does not answer, answers with
something else, or answers with suspiciously little never looks like calm, and never takes the place of what is there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from django.db import transaction

from forestall.access.session import Session
from forestall.base.clock import now, today
from forestall.base.errors import Malformed, Refused, Spoken, Unavailable
from forestall.base.words import Words, kept, say
from forestall.collecting.asking import Request
from forestall.collecting.childprocess import AnswerReader
from forestall.collecting.contract import Source
from forestall.collecting.enquiry import CredentialMissing, Later, Reply, conditional, said
from forestall.collecting.progress import Progress, host_of, page_of, received
from forestall.collecting.responses import Response as Read
from forestall.monitoring import health, holdings
from forestall.monitoring.actions import answers, intake, leasing
from forestall.monitoring.actions.answers import Kept, Turn
from forestall.monitoring.models import Collection, Item, Response, Run
from forestall.monitoring.states import WITHOUT_ANSWER, RunState
from forestall.monitoring.suggesting import Readers
from forestall.record.actions import write
from forestall.sources import all_sources

MOST_PAGES = 2_000
"""Of one turn: a source that never comes to an end is broken."""


class Asker(Protocol):
    """Whoever puts a request to the producer."""

    requests: int

    def ask(self, request: Request) -> Reply:
        """The producer's answer."""


@dataclass
class Outcome:
    """How a turn went: the state it ends in, why, and what it brought; `absent` counts what was not there (404), `bad` the rows that
    could not be taken."""

    run: Run
    state: RunState = RunState.EMPTY
    why: Words | None = None
    notice: Words | None = None
    not_before: datetime | None = None
    items: list[Item] = field(default_factory=list)
    absent: int = 0
    bad: int = 0

    def end(self, state: RunState, why: Words | None) -> None:
        """The first thing that goes wrong is told; what comes after it is not lost, and not told again."""
        if self.state not in WITHOUT_ANSWER:
            self.state, self.why = state, why


def collect(
    source: Source,
    *,
    by: Session,
    asker: Asker,
    reader: AnswerReader,
    readers: Readers,
    on: date | None = None,
    stop: Callable[[], bool] = lambda: False,
) -> Outcome:
    """One turn of asking `source`. Raises `Refused` for one that is not asked, or is being asked by another.

    `on` is the UTC day the turn is on; `stop` is asked between requests. Whatever is broken off goes on the next time.
    """
    by.check_may("item.collect")
    if source.asks is None:
        raise Refused(say("%(source)s is not asked: what it brings arrives by itself.", source=source.title))
    fence = leasing.take(source.id)
    run = Run(collector=source.id, started_at=now()).labelled(answers.label_of(source))
    outcome = Outcome(write(run, by=by.person_id, verb="run started"))
    turn = Turn(source, run, by, fence, intake.Turn(run, by, readers, dict(all_sources())))
    try:
        _Asking(turn, outcome, asker, reader, on or today()).go(stop)
    except Spoken as error:
        outcome.end(RunState.FAILED, error.words)
    except Exception:
        outcome.end(RunState.FAILED, say("It was stopped by an error of the program; the log tells."))
        raise
    finally:
        end(turn, outcome, requests=asker.requests)
        leasing.release(source.id, fence=fence)
    return outcome


class _Asking:
    """One turn, from its first request to its last."""

    def __init__(self, turn: Turn, outcome: Outcome, asker: Asker, reader: AnswerReader, on: date) -> None:
        self.turn, self.outcome, self.asker, self.reader = turn, outcome, asker, reader
        self.progress = Progress(turn.source, cursor=answers.cursor_of(turn.source), on=on)

    @property
    def source(self) -> Source:
        return self.turn.source

    def go(self, stop: Callable[[], bool]) -> None:
        planned = 0
        while not stop() and planned < MOST_PAGES:
            planned += 1
            request = self.progress.next()
            if request is None or self._over_budget():
                return
            try:
                self._one(request)
            except _Closed as closed:
                self.progress.close(closed.what)

    def _over_budget(self) -> bool:
        assert self.source.asks is not None
        budget = self.source.asks.budget_per_day
        midnight = now().replace(hour=0, minute=0, second=0, microsecond=0)
        used = holdings.requests_since(self.source.id, since=midnight) + self.asker.requests
        if not budget or used < budget:
            return False
        why = say("%(used)s requests were made today; %(budget)s are allowed. It goes on tomorrow.", used=used, budget=budget)
        self.outcome.end(RunState.OVER_BUDGET, why)
        return True

    def _one(self, request: Request) -> None:
        """Ask, read and keep. Raises `_Closed` for what is asked no more this turn."""
        reply = self._asked(request)
        if reply is None:
            return
        if reply.status == 404 and holdings.answered_before(self.source.id, url=request.url):
            self._fail(request, RunState.REFUSED, say("It was there before, and is not any more (404): it moved, or was taken away."))
            raise _Closed(request.key)
        if reply.status in (304, 404):
            self._keep(request, reply, Read())
            return
        if reply.status != 200:
            self._fail(request, RunState.REFUSED, health.refusal(reply.status, said=said(reply.body)))
            raise _Closed(host_of(request))
        read = self.reader.read(received(self.source, request, body=reply.body, at=reply.at), source=self.source)
        doubt = read.refusal or self._too_empty(request, read)
        if doubt is not None:
            self._distrusted(request, reply, read, doubt)
        self._keep(request, reply, read)

    def _asked(self, request: Request) -> Reply | None:
        """The answer, or None when this request cannot be made and others can."""
        try:
            return self.asker.ask(_marked(self.source, request))
        except CredentialMissing as missing:
            self.outcome.end(RunState.CREDENTIAL_MISSING, missing.words)
            return None
        except Later as later:
            self._fail(request, RunState.UNREACHABLE, later.words)
            self.outcome.not_before = later.until
        except Unavailable as error:
            self._fail(request, RunState.UNREACHABLE, error.words)
        except Malformed as error:
            self._fail(request, RunState.MALFORMED, error.words)
            raise _Closed(request.key) from error
        except Refused as error:
            self._fail(request, RunState.REFUSED, error.words)
        raise _Closed(host_of(request))

    def _fail(self, request: Request, state: RunState, why: Words) -> None:
        self.outcome.end(state, say("%(what)s: %(why)s", what=request.name or request.key, why=why))

    def _too_empty(self, request: Request, read: Read) -> Words | None:
        """Only where answers are alike: how many rows came since the last time tells nothing."""
        assert self.source.asks is not None
        if not (self.source.asks.snapshot or self.source.asks.steady):
            return None
        return health.too_empty(read.count, before=holdings.usual_rows(self.source.id, key=request.key))

    def _distrusted(self, request: Request, reply: Reply, read: Read, doubt: Words) -> None:
        """Set the answer aside whole. What was there stays, and the cursor with it."""
        with transaction.atomic():
            leasing.hold(self.source.id, fence=self.turn.fence)
            answers.set_aside(reply.body, name=request.name, reason=doubt, turn=self.turn, hostile=read.hostile)
        self._fail(request, RunState.MALFORMED if read.refusal else RunState.SUSPICIOUSLY_EMPTY, doubt)
        raise _Closed(request.key)

    def _keep(self, request: Request, reply: Reply, read: Read) -> None:
        moved = self.progress.after(page_of(request, reply, read))
        done = answers.keep(request, reply, read, turn=self.turn, cursor=moved)
        self.progress.cursor = moved
        if reply.status == 404:
            self.outcome.absent += 1
            return
        count(self.turn, self.outcome, read, done)
        if done.change.withheld:
            why = say("%(count)s facts are gone from its answer at once, which is not believed: they stay.", count=done.change.withheld)
            self.outcome.end(RunState.SUSPICIOUSLY_EMPTY, why)


def count(turn: Turn, outcome: Outcome, read: Read, done: Kept) -> None:
    run = turn.run
    run.files += 1
    run.items += len(done.items)
    run.rows += read.count
    outcome.bad += len(read.bad)
    run.changed += done.change.new + done.change.changed
    run.withdrawn += done.change.withdrawn
    run.withheld += done.change.withheld
    outcome.items += done.items
    outcome.notice = read.envelope.notice or outcome.notice


class _Closed(Exception):
    """A host or a key of requests that is asked no more in this turn; the outcome says why."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


def _marked(source: Source, request: Request) -> Request:
    """The request with the marks of the version that is kept of the very same address, if there is one."""
    last = Response.objects.filter(collector=source.id, url=request.url, status=200).order_by("-received_at").first()
    if last is None or request.sent:
        return request
    return conditional(request, etag=last.etag, modified=last.modified)


def end(turn: Turn, outcome: Outcome, *, requests: int) -> None:
    """Say how the turn ended, and leave a source alone that did not answer: longer each time."""
    run = turn.run
    judge(turn, outcome)
    run.requests, run.ended_at, run.state = requests, now(), outcome.state
    tell_of(run, outcome)
    write(run, by=turn.by.person_id, verb="run ended")
    _leave_alone(turn, outcome)


def tell_of(run: Run, outcome: Outcome) -> None:
    words = outcome.why or outcome.notice
    if words is not None:
        run.message, run.parameters = kept(words)["message"], kept(words)["parameters"]


def judge(turn: Turn, outcome: Outcome) -> None:
    """The state of a turn in which nothing went wrong: by what came, and by how old the newest of it is."""
    run = turn.run
    if outcome.state is not RunState.EMPTY:
        return
    if outcome.absent and not holdings.answered_before(turn.source.id):
        outcome.state = RunState.UNREACHABLE
        outcome.why = say("Nothing that was asked for is there (404): the addresses in its definition have to be corrected.")
        return
    held = holdings.holding(turn.source.id)
    newest = held.newest if held else None
    if held is None:
        last = Item.objects.filter(collector=turn.source.id, published_at__isnull=False).order_by("-published_at").first()
        newest = last.published_at.date() if last and last.published_at else None
    old = health.stale(newest, today=today(), most_days=turn.source.max_content_age_days)
    if old is not None:
        outcome.state, outcome.why = RunState.STALE, old
    elif run.quarantines:
        outcome.state = RunState.PARTLY
    elif run.items or run.changed or run.withdrawn:
        outcome.state = RunState.HEALTHY


def _leave_alone(turn: Turn, outcome: Outcome) -> None:
    """A source of which nothing could be kept is left alone, longer each time; one feed that is gone costs no other."""
    source = turn.source
    row = holdings.collection(source.id) or Collection(collector=source.id).labelled(answers.label_of(source))
    failures = row.failures + 1 if outcome.state in WITHOUT_ANSWER and not turn.run.files else 0
    until = outcome.not_before or (now() + health.pause(failures) if failures else None)
    if (row.failures, row.not_before) != (failures, until):
        row.failures, row.not_before = failures, until
        write(row, by=turn.by.person_id, verb="collection noted")
