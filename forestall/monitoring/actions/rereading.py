"""Answers that are here already: one that somebody has as a file, and those that were kept. Nobody is asked."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from forestall.access.session import Session
from forestall.base.clock import now
from forestall.base.errors import Malformed, Refused
from forestall.base.words import say
from forestall.collecting.asking import Cursor, Request
from forestall.collecting.childprocess import AnswerReader
from forestall.collecting.contract import Source
from forestall.collecting.enquiry import Reply
from forestall.collecting.received import Received
from forestall.collecting.responses import Response as Read
from forestall.monitoring import holdings
from forestall.monitoring.actions import answers, intake, leasing
from forestall.monitoring.actions.answers import BY_HAND, Turn
from forestall.monitoring.actions.collecting import Outcome, count, judge, tell_of
from forestall.monitoring.models import Response, Run
from forestall.monitoring.states import RunState
from forestall.monitoring.suggesting import Readers
from forestall.record import evidence
from forestall.record.actions import write
from forestall.sources import all_sources


def take_file(
    source: Source, received: Received, *, by: Session, reader: AnswerReader, readers: Readers
) -> Outcome:
    """Keep one answer that somebody has as a file, as if the producer had just given it. The cursor stays where it is.

    Raises `Malformed` when it cannot be read, `Refused` for a file that holds no fact and no record; nothing is kept then.
    """
    by.check_may("item.collect")
    read = answers.read_kept(received, source=source, reader=reader)
    if not read.count and read.refusal is None and not any(row.by_rule for row in read.bad):
        raise Refused(say("No fact is known by these columns. Hand the file in: it becomes an item."))
    if read.refusal is not None:
        raise Malformed(read.refusal)
    request = Request(BY_HAND, received.name, name=received.name)
    return _keep(request, received, read, source=source, by=by, readers=readers, cursor=answers.cursor_of(source))


def read_set_aside(source: Source, received: Received, *, key: str, by: Session, reader: AnswerReader, readers: Readers) -> Outcome:
    """Read an answer again that was set aside (`key` BY_HAND), or one that is kept and lost rows to the quarantine.

    What can be read now is kept; the cursor stays where it is. Raises `Malformed` with the reason when nothing can.
    """
    by.check_may("item.review")
    read = answers.read_kept(received, source=source, reader=reader)
    if read.refusal is not None:
        raise Malformed(read.refusal)
    request = Request(key, received.name, name=received.name)
    cursor = answers.cursor_of(source) if key == BY_HAND else None
    return _keep(request, received, read, source=source, by=by, readers=readers, cursor=cursor)


def _keep(
    request: Request, received: Received, read: Read, *, source: Source, by: Session, readers: Readers, cursor: Cursor | None
) -> Outcome:
    fence = leasing.take(source.id)
    run = Run(collector=source.id, started_at=now()).labelled(answers.label_of(source))
    outcome = Outcome(write(run, by=by.person_id, verb="run started"))
    turn = Turn(source, run, by, fence, intake.Turn(run, by, readers, dict(all_sources())))
    try:
        done = answers.keep(request, Reply(200, {}, received.content, received.received_at), read, turn=turn, cursor=cursor)
        count(turn, outcome, read, done)
        judge(turn, outcome)
    finally:
        run.state, run.ended_at = outcome.state, now()
        tell_of(run, outcome)
        write(run, by=by.person_id, verb="run ended")
        leasing.release(source.id, fence=fence)
    return outcome


def read_again(source: Source, *, by: Session, reader: AnswerReader, readers: Readers) -> Outcome:
    """Read every kept answer of a source once more with the reader of today, in the order in which they came.

    Nothing is asked for. What a reader now reads otherwise takes the place of what it read before, which is kept.
    """
    by.check_may("item.collect")
    fence = leasing.take(source.id)
    run = Run(collector=source.id, started_at=now()).labelled(answers.label_of(source))
    outcome = Outcome(write(run, by=by.person_id, verb="reading again started"))
    turn = Turn(source, run, by, fence, intake.Turn(run, by, readers, dict(all_sources())))
    try:
        for one in reversed(holdings.responses(source.id)):
            if one.evidence_id is not None:
                _again(one.id, turn, outcome, reader)
    finally:
        run.state, run.ended_at = (RunState.PARTLY if run.quarantines else RunState.HEALTHY), now()
        write(run, by=by.person_id, verb="reading again ended")
        leasing.release(source.id, fence=fence)
    outcome.state = RunState(run.state)
    return outcome


def _again(response_id: UUID, turn: Turn, outcome: Outcome, reader: AnswerReader) -> None:
    one = Response.objects.get(pk=response_id)
    assert one.evidence is not None
    content = evidence.content(one.evidence)
    request = Request(one.key, one.url, name=one.name)
    reply = Reply(one.status, {"content-type": one.evidence.media_type}, content, one.received_at)
    read = answers.read_kept(Received(one.name, content, one.received_at), source=turn.source, reader=reader)
    if read.refusal is not None:
        with transaction.atomic():
            answers.set_aside(content, name=one.name, reason=read.refusal, turn=turn, hostile=read.hostile)
        return
    done = answers.keep(request, reply, read, turn=turn, cursor=None)
    count(turn, outcome, read, done)
