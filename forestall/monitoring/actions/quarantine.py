"""Deciding on what was set aside: read it once more with the readers of today, refuse it, take it back."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace

from django.db import transaction

from forestall.access.actions import tell
from forestall.access.session import Session
from forestall.base.clock import now
from forestall.base.errors import Malformed
from forestall.base.words import Words, say
from forestall.base.words import kept as kept_words
from forestall.collecting.childprocess import AnsweringChild, AnswerReader, Reader
from forestall.collecting.contract import Source
from forestall.collecting.intake import Outcome, Reading, compared, read, same_file
from forestall.collecting.mapping import read_mapping
from forestall.collecting.received import Received
from forestall.labels.label import Label, join
from forestall.monitoring import policies, setaside
from forestall.monitoring.actions import copies, rereading
from forestall.monitoring.actions.answers import BY_HAND
from forestall.monitoring.actions.intake import Arrival, Taken, Turn, bring, label_of, seen_before
from forestall.monitoring.models import Item, Quarantine
from forestall.monitoring.states import QUARANTINE, QuarantineState
from forestall.monitoring.suggesting import Readers
from forestall.record import evidence
from forestall.record.actions import write
from forestall.record.models import Evidence
from forestall.record.queries import custody
from forestall.sources import all_sources


@dataclass(frozen=True)
class Correction:
    """What a reviewer says of a file before it is read again. `name` it should have had, `encoding` of its letters,
    `mapping` (TOML) of its table; empty where there is nothing to say.
    """

    name: str = ""
    encoding: str = ""
    mapping: str = ""


NOTHING = Correction()


def read_again(
    one: Quarantine,
    *,
    by: Session,
    readers: Readers,
    correction: Correction = NOTHING,
    child: Reader | None = None,
    reader: AnswerReader | None = None,
) -> Taken:
    """Send the kept bytes once more through the intake, with the readers of today and every guard of the first time.

    What comes of it arrives as if just collected, under no lower label than it had while set aside; what still cannot
    be read stays waiting, with the new reason. An answer of a producer goes through the reader of its own source. One transaction writes it all; a second time changes nothing. Raises
    `Refused` for what may not be read again, `Malformed` for a mapping that is none or bytes that are gone.
    """
    by.check_may(QUARANTINE.move(QuarantineState.WAITING, QuarantineState.READ_AGAIN).verb)
    if one.state == QuarantineState.READ_AGAIN:
        return _read_before(one)
    source = setaside.asked_source(one)
    if source is not None:
        with AnsweringChild() if reader is None else nullcontext(reader) as answering:
            return _read_answer(one, source, by=by, reader=answering, readers=readers)
    received, reading = _read(one, correction, child)
    turn = Turn(None, by, readers, dict(all_sources()))
    turn.hear(reading.records)
    with transaction.atomic():
        return _concluded(one, received, reading, turn=turn)


def try_again(
    one: Quarantine, *, by: Session, readers: Readers, correction: Correction = NOTHING, child: Reader | None = None
) -> tuple[Reading, Label]:
    """What `read_again` would make of the bytes, and under which label its items would be. Nothing is written.

    Raises as it does.
    """
    by.check_may(QUARANTINE.move(QuarantineState.WAITING, QuarantineState.READ_AGAIN).verb)
    received, reading = _read(one, correction, child)
    seen = seen_before()
    reading = same_file(received, seen=seen) or compared(reading, seen=seen)
    floor = _floor(one)
    if reading.outcome is not Outcome.ACCEPTED:
        return reading, floor
    return reading, join([label_of(reading, turn=Turn(None, by, readers, dict(all_sources()))), floor])


def _read(one: Quarantine, correction: Correction, child: Reader | None) -> tuple[Received, Reading]:
    QUARANTINE.move(one.state, QuarantineState.READ_AGAIN)
    received = _received(one, correction)
    reading = read(received, sources=all_sources(), child=child)
    policies.check_terms(
        kind=reading.kind, mapping=bool(correction.mapping), encoding=bool(correction.encoding)
    )
    return received, reading


def answer_of(one: Quarantine) -> tuple[Received, str]:
    """The answer as it is read again, and the key of its request: the kept one whose rows these are, or this one itself.

    Raises `Refused` for what may not be read again, `Malformed` when the bytes are gone.
    """
    around = setaside.answer_around(one)
    if around is not None and around.evidence is not None:
        return Received(around.name, evidence.content(around.evidence), around.received_at), around.key
    kept = one.evidence
    policies.check_readable(size=kept.size, in_place=one.in_place)
    return Received(one.name, evidence.content(kept), kept.received_at), BY_HAND


def _read_answer(one: Quarantine, source: Source, *, by: Session, reader: AnswerReader, readers: Readers) -> Taken:
    """Through the reader of the source that answered. The very rows that still cannot be read keep it waiting."""
    QUARANTINE.move(one.state, QuarantineState.READ_AGAIN)
    received, key = answer_of(one)
    try:
        outcome = rereading.read_set_aside(source, received, key=key, by=by, reader=reader, readers=readers)
    except Malformed as refusal:
        return _still_set_aside(one, refusal.words, by=by)
    with transaction.atomic():
        stands = _as_it_stands(one)
        stands.read_at = now()
        still = outcome.bad and key != BY_HAND and not outcome.run.quarantines
        _move(stands, to=QuarantineState.WAITING if still else QuarantineState.READ_AGAIN, by=by)
    reason = say("%(count)s rows could still not be taken.", count=outcome.bad) if outcome.bad else None
    done = Outcome.QUARANTINED if still else Outcome.ACCEPTED
    return Taken(one.name, done, one.level, tuple(outcome.items), rows=outcome.run.rows, reason=reason)


@transaction.atomic
def _still_set_aside(one: Quarantine, reason: Words, *, by: Session) -> Taken:
    stands, told = _as_it_stands(one), kept_words(reason)
    stands.message, stands.parameters, stands.read_at = told["message"], told["parameters"], now()
    _move(stands, to=QuarantineState.WAITING, by=by)
    return Taken(one.name, Outcome.QUARANTINED, one.level, reason=reason)


def _received(one: Quarantine, correction: Correction) -> Received:
    """The bytes as they arrived, where they lay and when; only the name, the encoding and the mapping can be others."""
    bytes_kept = one.evidence
    policies.check_readable(size=bytes_kept.size, in_place=one.in_place)
    name = correction.name.strip() or one.name
    if name != one.name:
        policies.check_new_name(name, hostile=one.hostile)
    policies.check_encoding(correction.encoding)
    mapping = correction.mapping.encode() if correction.mapping.strip() else None
    read_mapping(mapping)
    return Received(
        name=name,
        content=evidence.content(bytes_kept),
        received_at=bytes_kept.received_at,
        mapping=mapping,
        declared_charset=correction.encoding,
        parent=one.within,
        locator=one.locator,
        depth=one.depth,
        level=one.level,
    )


def _concluded(one: Quarantine, received: Received, reading: Reading, *, turn: Turn) -> Taken:
    """What the reading led to, against what stands now: somebody else may have decided in the meantime."""
    stands = _as_it_stands(one)
    if stands.state == QuarantineState.READ_AGAIN:
        return _read_before(stands)
    seen = seen_before()
    reading = same_file(received, seen=seen) or compared(reading, seen=seen)
    stands.read_at = now()
    stands.read_as = received.name if received.name != stands.name else ""
    if reading.outcome is Outcome.QUARANTINED:
        return _still_unread(stands, reading, by=turn.by)
    move = QUARANTINE.move(stands.state, QuarantineState.READ_AGAIN)
    taken = Taken(reading.name, reading.outcome, reading.level, reason=reading.reason)
    if reading.outcome is Outcome.ACCEPTED:
        taken = _brought(stands, reading, turn=turn)
        copies.propose(taken.items, by=turn.by)
        _tell_of(stands, taken.items, whom=move.tells, by=turn.by)
    _move(stands, to=QuarantineState.READ_AGAIN, by=turn.by)
    return taken


def _read_before(one: Quarantine) -> Taken:
    items = tuple(setaside.items_read_from(one))
    reason = say("It was read already.")
    return Taken(one.read_as or one.name, Outcome.DUPLICATE, one.level, items, reason=reason)


def _still_unread(one: Quarantine, reading: Reading, *, by: Session) -> Taken:
    found = reading.quarantined[0]
    reason = kept_words(found.reason)
    one.message, one.parameters, one.hostile = reason["message"], reason["parameters"], found.hostile
    _move(one, to=QuarantineState.WAITING, by=by)
    return Taken(reading.name, reading.outcome, reading.level, reason=found.reason)


def _brought(one: Quarantine, reading: Reading, *, turn: Turn) -> Taken:
    """Its items, on the very bytes that were set aside: one chain of custody, from receipt to reading."""
    parent, floor = setaside.item_around(one), _floor(one)

    def let_out(pairs: Sequence[tuple[Reading, Label]]) -> list[Evidence]:
        bytes_kept = one.evidence
        bytes_kept.label, bytes_kept.media_type = pairs[0][1], reading.kind
        return [write(bytes_kept, by=turn.by.person_id, verb="let out of quarantine")]

    (taken,) = bring([Arrival(reading, floor, parent, _remark(one))], turn=turn, keep=let_out)
    one.label = join([one.label, one.evidence.label])
    return taken


def _floor(one: Quarantine) -> Label:
    """No lower than it was while set aside, nor than what it came in."""
    parent = setaside.item_around(one)
    return join([replace(one.label, quarantined=False), *([parent.label] if parent else [])])


def _remark(one: Quarantine) -> Words:
    if one.read_as:
        return say(
            "It came as %(name)s and was set aside. A reviewer had it read as %(read_as)s.",
            name=one.name,
            read_as=one.read_as,
        )
    return say("It came as %(name)s and was set aside. A reviewer had it read again.", name=one.name)


def _tell_of(one: Quarantine, items: tuple[Item, ...], *, whom: tuple[str, ...], by: Session) -> None:
    """Tell whoever handed the file in; whether they see the item is decided when they look."""
    if "receiver" not in whom or not items:
        return
    received = [entry.by for entry in custody(one.evidence_id) if entry.verb == "received"]
    tell(
        [person for person in received if person != by.person_id],
        words=say("%(name)s could be read after all and is in the inbox.", name=one.name),
        kind=Item.kind(),
        object_id=items[0].id,
    )


@transaction.atomic
def refuse(one: Quarantine, *, reason: str, by: Session) -> Quarantine:
    """Decide that a file is not read, with the reason. Its bytes stay; it can be taken back."""
    policies.check_refusal(reason=reason)
    stands = _as_it_stands(one)
    stands.why = reason.strip()
    return _move(stands, to=QuarantineState.REFUSED, by=by)


@transaction.atomic
def reopen(one: Quarantine, *, by: Session) -> Quarantine:
    """Let a refused file wait again; the record keeps why it was refused."""
    stands = _as_it_stands(one)
    if stands.state == QuarantineState.WAITING:
        return stands
    stands.why = ""
    return _move(stands, to=QuarantineState.WAITING, by=by)


def _as_it_stands(one: Quarantine) -> Quarantine:
    """The row as it is now, held until the transaction ends: a form may be older than another's decision."""
    return Quarantine.objects.select_for_update().get(pk=one.pk)


def _move(one: Quarantine, *, to: QuarantineState, by: Session) -> Quarantine:
    move = QUARANTINE.move(one.state, to)
    by.check_may(move.verb)
    one.state = to
    return write(one, by=by.person_id, verb=move.records)
