"""Deciding on what was set aside: read it once more with the readers of today, refuse it, take it back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db import transaction

from forestall.access.actions import tell
from forestall.access.session import Session
from forestall.base.clock import now
from forestall.base.words import Words, say
from forestall.base.words import kept as kept_words
from forestall.collecting.childprocess import Reader
from forestall.collecting.intake import Outcome, Reading, compared, read, same_file
from forestall.collecting.mapping import read_mapping
from forestall.collecting.received import Received
from forestall.labels.label import Label, join
from forestall.monitoring import policies, setaside
from forestall.monitoring.actions import copies
from forestall.monitoring.actions.intake import Arrival, Taken, Turn, bring, seen_before
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
) -> Taken:
    """Send the kept bytes once more through the intake, with the readers of today and every guard of the first time.

    What comes of it arrives as if just collected, under no lower label than it had while set aside; what still cannot
    be read stays waiting, with the new reason. One transaction writes it all; a second time changes nothing. Raises
    `Refused` for what may not be read again, `Malformed` for a mapping that is none or bytes that are gone.
    """
    by.check_may(QUARANTINE.move(QuarantineState.WAITING, QuarantineState.READ_AGAIN).verb)
    if one.state == QuarantineState.READ_AGAIN:
        return _read_before(one)
    QUARANTINE.move(one.state, QuarantineState.READ_AGAIN)
    received = _received(one, correction)
    reading = read(received, sources=all_sources(), child=child)
    policies.check_terms(
        kind=reading.kind, mapping=bool(correction.mapping), encoding=bool(correction.encoding)
    )
    with transaction.atomic():
        return _concluded(one, received, reading, turn=Turn(None, by, readers, dict(all_sources())))


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
    parent = setaside.item_around(one)
    floor = join([replace(one.label, quarantined=False), *([parent.label] if parent else [])])

    def let_out(pairs: Sequence[tuple[Reading, Label]]) -> list[Evidence]:
        bytes_kept = one.evidence
        bytes_kept.label, bytes_kept.media_type = pairs[0][1], reading.kind
        return [write(bytes_kept, by=turn.by.person_id, verb="let out of quarantine")]

    (taken,) = bring([Arrival(reading, floor, parent, _remark(one))], turn=turn, keep=let_out)
    one.label = join([one.label, one.evidence.label])
    return taken


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
