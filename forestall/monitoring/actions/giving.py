"""What a partner gives: kept as it came, read like any other file, under the consent they give, with a receipt.

They have no sight of anything, so what they do here is done by the collector in their name, and what they are told of it
is told by `monitoring.contributions`. Whoever gives the bytes of something that is here already is told nothing of that.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from uuid import UUID

from django.db import transaction

from forestall.access import queries as people
from forestall.access.models import Person
from forestall.access.session import Session, bound_to, system_reader
from forestall.base.clock import now
from forestall.base.errors import Refused
from forestall.base.words import Words, say
from forestall.collecting.childprocess import Child, Reader
from forestall.collecting.intake import Outcome, Reading, read
from forestall.collecting.received import Channel, Received
from forestall.labels.label import NO_SCOPE, Label, Level
from forestall.monitoring import contributions, policies
from forestall.monitoring.actions import allowance, aside, copies, intake
from forestall.monitoring.models import Contribution, Item, Quarantine
from forestall.monitoring.suggesting import Readers
from forestall.record import evidence, resting
from forestall.record.actions import write
from forestall.record.models import Evidence, Recorded
from forestall.retention import recall
from forestall.sources import all_sources
from forestall.vault import actions as vault
from forestall.vault.identities import Known

TOLD = "Taken back by whoever gave it, on their own page."
REMARKS = {
    "yes": say("A partner gave it, receipt %(number)s, and says that somebody is in danger if it is known."),
    "unknown": say("A partner gave it, receipt %(number)s, and does not know whether somebody is in danger if it is known."),
    "no": say("A partner gave it, receipt %(number)s."),
}


@dataclass(frozen=True)
class Gift:
    """What is given: a file with its name, words about it, or both. `danger` is one of `policies.DANGERS`.

    `apart`: who gives it goes into the vault, and a pseudonym stands in its place.
    """

    scopes: frozenset[str]
    danger: str
    words: str = ""
    content: bytes = b""
    name: str = ""
    apart: bool = False


def give(gift: Gift, *, by: Session, readers: Readers, child: Reader | None = None) -> contributions.Given:
    """Keep what somebody gives, and return the receipt. Raises `Refused` for what nobody agreed that we keep.

    Bytes, items and receipt stand in one transaction. `child` is a limited process to read in, when the caller has one.
    """
    by.check_may("contribution.give")
    policies.check_gift(scopes=gift.scopes, danger=gift.danger, size=len(gift.content), words=gift.words)
    giver = people.person(by.person_id)
    assert giver is not None
    number = f"C-{secrets.token_hex(4).upper()}"
    allowance.take(len(gift.content) + len(gift.words.encode()), by=by)
    with bound_to(system_reader("collector", reason="what a partner gives")) as collector:
        readings = _read(gift, number=number, level=policies.level_of_gift(danger=gift.danger), child=child)
        with _named(giver, gift, by=collector) as name:
            turn = intake.Turn(None, collector, readers, dict(all_sources()))
            turn.hear(record for one in readings for record in one.records)
            made, items = _keep(readings, gift, _Receipt(number, giver, name), turn=turn)
        copies.recognise(items, by=collector)
    return contributions.given(made)


@dataclass(frozen=True)
class _Receipt:
    number: str
    giver: Person
    name: str


def _read(gift: Gift, *, number: str, level: Level, child: Reader | None) -> list[Reading]:
    """The file and the words, read as whatever else arrives."""
    files = [(gift.name, gift.content), (contributions.words_name(number), gift.words.strip().encode())]
    found = []
    for name, content in files:
        if content:
            received = Received(name, content, now(), Channel.UPLOAD, level=level)
            with Child() if child is None else _kept_open(child) as reader:
                found.append(read(received, sources=all_sources(), child=reader))
    return found


@contextmanager
def _kept_open(child: Reader) -> Iterator[Reader]:
    yield child


@contextmanager
def _named(giver: Person, gift: Gift, *, by: Session) -> Iterator[str]:
    """The name that stands with what is given: the giver's, or a pseudonym, with who it is in the vault first."""
    if not gift.apart:
        yield giver.name
        return
    desk = policies.desk_of(compartments=giver.granted)
    known = Known(name=giver.name, contact="\n".join(filter(None, (giver.username, giver.email))), words=(giver.name, giver.username))
    with vault.sealing(known, desk=desk, by=by, scopes=gift.scopes) as entry:
        yield vault.name(entry, desk=desk, scopes=gift.scopes, by=by).code


@transaction.atomic
def _keep(readings: list[Reading], gift: Gift, receipt: _Receipt, *, turn: intake.Turn) -> tuple[Contribution, list[Item]]:
    level = max([policies.level_of_gift(danger=gift.danger), *(Level(one.level) for one in readings)])
    bare = Label(level=level, compartments=receipt.giver.granted)
    label = replace(bare, consent=gift.scopes)
    remark = REMARKS[gift.danger]
    told = say(remark.message, number=receipt.number)
    kept, items = [], []
    for reading in readings:
        bytes_kept, brought = _one(reading, label=label, name=receipt.name, remark=told, turn=replace(turn, source_label=bare))
        kept.append(bytes_kept)
        items += brought
    file, note = (kept[0] if gift.content else None), (kept[-1] if gift.words.strip() else None)
    made = Contribution(
        number=receipt.number, giver=contributions.mark(str(receipt.giver.id)), name=receipt.name, given_at=now(), file=file,
        note=note, pieces=[{"name": one.name, "sha256": one.sha256, "size": one.size} for one in kept], danger=gift.danger,
        agreed=sorted(gift.scopes),
    ).labelled(bare)  # fmt: skip
    by = turn.by.person_id if gift.apart else str(receipt.giver.id)
    return write(made, by=by, verb="contribution given"), items


def _one(reading: Reading, *, label: Label, name: str, remark: Words, turn: intake.Turn) -> tuple[Evidence, list[Item]]:
    """The bytes of one piece and the items of it; what cannot be read waits for a reviewer."""
    if reading.outcome is not Outcome.ACCEPTED:
        return aside.set_aside(reading.quarantined[0], reading=reading, label=label, turn=turn), []
    named = replace(reading, records=tuple(replace(one, reporter=name) for one in reading.records))
    kept: list[Evidence] = []

    def keep(pairs: Sequence[tuple[Reading, Label]]) -> list[Evidence]:
        under = pairs[0][1]
        kept.append(evidence.keep(reading.content, name=reading.name, media_type=reading.kind, label=under, by=turn.by.person_id))
        return kept

    (taken,) = intake.bring([intake.Arrival(named, label, remark=remark)], turn=turn, keep=keep)
    return kept[0], list(taken.items)


@transaction.atomic
def take_back(number: str, *, scopes: Collection[str], by: Session) -> contributions.Given:
    """A giver takes back some of what they agreed to, at once; without that it is kept or read, everything.

    It only lowers what may be done. Raises `Refused` for what is not theirs, and when nothing would be taken back.
    """
    by.check_may("contribution.give")
    with bound_to(system_reader("collector", reason="a partner takes back a consent")) as collector:
        made = contributions.of(by.person_id, number=number)
        if made is None:
            raise Refused(say("There is nothing here with this id."))
        left = policies.left_of_consent(agreed=made.agreed, taken_back=scopes)
        for bytes_id in filter(None, (made.file_id, made.note_id)):
            _withdraw(bytes_id, left=left, by=collector)
        made = Contribution.objects.get(pk=made.pk)
        made.agreed, made.taken_back_at = sorted(left), now()
        write(made, by=collector.person_id, verb="consent taken back")
    return contributions.given(made)


def _withdraw(bytes_id: UUID, *, left: frozenset[str], by: Session) -> None:
    def act(bytes_kept: Recorded) -> None:
        things: list[Recorded] = [*Item.objects.filter(evidence_id=bytes_id), *Quarantine.objects.filter(evidence_id=bytes_id)]
        for thing in things:
            gone = thing.label.consent - left - {NO_SCOPE}
            if gone:
                recall.withdraw_consent(thing, scopes=gone, reason=TOLD, by=by)
        fresh = Evidence.objects.get(pk=bytes_id)
        resting.raise_label(fresh, label=replace(fresh.label, consent=left or frozenset({NO_SCOPE})), by=by.person_id)

    resting.with_withdrawn(Evidence, bytes_id, act=act)
