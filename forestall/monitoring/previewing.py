"""What would come of reading something again, beside what is held. Nothing is stored; what one may not see is not told."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from forestall.access.session import Session
from forestall.access.visibility import may_see
from forestall.base.canonical import sha256
from forestall.base.clock import now
from forestall.base.words import Words
from forestall.collecting.asking import BadRow
from forestall.collecting.childprocess import AnsweringChild, AnswerReader, Reader
from forestall.collecting.contract import Source
from forestall.collecting.intake import Outcome, Reading
from forestall.collecting.received import Received
from forestall.collecting.record import Record
from forestall.collecting.responses import Response as Read
from forestall.labels.label import Label, Level
from forestall.record import evidence

from . import holdings, queries, setaside
from .actions import answers, quarantine
from .actions.quarantine import NOTHING, Correction
from .models import Item, Quarantine
from .suggesting import Readers

if TYPE_CHECKING:
    from forestall.panel.factdiff import Differences, Row

SHOWN = 50
"""Differences told one by one; the rest are counted."""
LONGEST = 400
"""Signs of a text that are told, from where it begins to differ."""


@dataclass(frozen=True)
class Part:
    """One field that differs: what is held, and what was read now."""

    name: str
    held: str
    read: str


@dataclass(frozen=True)
class Change:
    """One row or item: what it is (`events`, `item` …), its key, what it is called, and the fields that differ."""

    kind: str
    key: str
    title: str
    parts: tuple[Part, ...] = ()


@dataclass
class Preview:
    """What would come of it. Counts are exact; of each kind of change the first are told.

    `refusal`: nothing of it could be taken, and why. `known`: it came before, and why it is a duplicate. `hidden`: it would
    be more sensitive than the reader may see, and nothing of it is told. `unchanged` are those held that would stay as they
    are; `gone` would be withdrawn; `withheld` are missing too, and too many to be believed. `level` is the highest of what is told.
    """

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    older: int = 0
    gone: int = 0
    withheld: int = 0
    bad: int = 0
    changing: list[Change] = field(default_factory=list)
    arriving: list[Change] = field(default_factory=list)
    going: list[Change] = field(default_factory=list)
    first_bad: list[BadRow] = field(default_factory=list)
    refusal: Words | None = None
    known: Words | None = None
    hidden: bool = False
    level: int = Level.PUBLIC
    answers: int = 0

    @property
    def takes(self) -> bool:
        """Whether anything would come of it."""
        return self.hidden or bool(self.new or self.changed or self.gone or self.older)


def of_set_aside(
    one: Quarantine,
    *,
    by: Session,
    readers: Readers,
    correction: Correction = NOTHING,
    child: Reader | None = None,
    reader: AnswerReader | None = None,
) -> Preview:
    """What would come of reading again what lies in quarantine. Raises as `actions.quarantine.read_again` does."""
    by.check_may("item.review")
    source = setaside.asked_source(one)
    if source is not None:
        received, key = quarantine.answer_of(one)
        with AnsweringChild() if reader is None else nullcontext(reader) as answering:
            return of_answer(received, source=source, by=by, reader=answering, key=key)
    reading, label = quarantine.try_again(one, by=by, readers=readers, correction=correction, child=child)
    found = Preview(level=max(one.level, label.level))
    if reading.outcome is Outcome.QUARANTINED:
        found.refusal = reading.reason
        return found
    if reading.outcome is Outcome.DUPLICATE:
        found.known = reading.reason
        return found
    if not _sees(by, label):
        return Preview(hidden=True, level=one.level)
    _of_reading(reading, found)
    return found


def of_kept(source: Source, *, by: Session, reader: AnswerReader) -> Preview:
    """What would change if every kept answer of a source were read again with the reader of today, in their order."""
    found = Preview(level=answers.label_of(source).level)
    with _Trial(source, found) as trial:
        for one in reversed(holdings.responses(source.id)):
            if one.evidence is not None:
                found.answers += 1
                received = Received(one.name, evidence.content(one.evidence), one.received_at)
                read = answers.read_kept(received, source=source, reader=reader)
                _of_answer(read, received, trial, found, key=one.key, by=by)
    return found


def of_answer(received: Received, *, source: Source, by: Session, reader: AnswerReader, key: str = answers.BY_HAND) -> Preview:
    """What would come of one answer. `key` is that of its request where it is kept already."""
    found = Preview(level=answers.label_of(source).level)
    read = answers.read_kept(received, source=source, reader=reader)
    if read.refusal is not None:
        found.refusal = read.refusal
        return found
    with _Trial(source, found) as trial:
        _of_answer(read, received, trial, found, key=key, by=by)
    return found


def _of_answer(read: Read, received: Received, trial: _Trial, found: Preview, *, key: str, by: Session) -> None:
    if read.refusal is not None:
        found.bad += 1
        found.first_bad.append(BadRow(received.name, read.refusal))
        return
    found.bad += len(read.bad)
    found.first_bad += read.bad[: max(0, SHOWN - len(found.first_bad))]
    _of_records((one for one in read.records if _sees(by, Label(level=Level(one.level)))), found, at=received.received_at)
    trial.bring(read, received, key=key)


class _Trial:
    """The facts of a source, and what answers would make of them. At its end the differences are told in `found`."""

    def __init__(self, source: Source, found: Preview) -> None:
        self._source, self._found = source, found
        held = holdings.holding(source.id)
        self._before = holdings.manifest_of(held) if held else None
        self._after = self._before
        self._stack = ExitStack()

    def __enter__(self) -> _Trial:
        from forestall.panel import factdiff

        self._root = self._stack.enter_context(factdiff.trial(holdings.root(), self._before))
        return self

    def bring(self, read: Read, received: Received, *, key: str) -> None:
        """Merge the facts of one answer, as keeping it would."""
        from forestall.panel import factstore

        raw, at = sha256(received.content), received.received_at
        load = answers.load_of(self._source, read, key=key, raw_sha256=raw, at=at, reread=True)
        if load is not None:
            self._after, change = factstore.merge(self._root, self._after, load)
            self._found.older += change.older
            self._found.withheld += change.withheld
        if read.withdrawn and self._after is not None:
            keys = {one.external_id for one in read.withdrawn}
            self._after, _ = factstore.withdraw(self._root, self._after, keys=keys, at=at)

    def __exit__(self, *failed: object) -> None:
        from forestall.panel import factdiff

        with self._stack:
            if not any(failed):
                told = factdiff.differences(self._root, self._before, self._after)
                self._tell(told)

    def _tell(self, told: Differences) -> None:
        found, held = self._found, self._before.rows() if self._before else 0
        found.new, found.changed, found.gone = found.new + told.new, found.changed + told.changed, found.gone + told.gone
        found.unchanged += held - told.changed - told.gone
        for mine, theirs in ((found.changing, told.changing), (found.arriving, told.arriving), (found.going, told.going)):
            mine += [_fact(one) for one in theirs[: max(0, SHOWN - len(mine))]]


def _fact(row: Row) -> Change:
    return Change(row.dataset, row.key, row.title, tuple(Part(one.name, *_apart(one.before, one.after)) for one in row.columns))


def _of_reading(reading: Reading, found: Preview) -> None:
    found.bad += len(reading.quarantined)
    found.first_bad += [BadRow(one.locator or one.name, one.reason) for one in reading.quarantined[:SHOWN]]
    _of_records(reading.records, found, at=now())


def _of_records(records: Iterable[Record], found: Preview, *, at: datetime) -> None:
    for record in records:
        held = queries.item_known_as(record.source_id, external_id=record.external_id)
        title = record.title or record.file_name
        change = Change("item", record.external_id, title)
        if held is None:
            found.new += 1
            found.arriving += [change] if len(found.arriving) < SHOWN else []
        elif held.content_hash == record.sha256 or held.received_at > at:
            found.unchanged += 1
        else:
            found.changed += 1
            found.changing += [replace(change, parts=tuple(_parts(held, record)))] if len(found.changing) < SHOWN else []
        found.level = max(found.level, record.level, held.level if held else 0)


def _parts(held: Item, record: Record) -> list[Part]:
    """Where an item and what was read of it now differ: title, text, address, and the producer's own fields."""
    pairs = [("title", held.title, record.title or held.title), ("text", held.text, record.body), ("url", held.url, record.url)]
    own = dict.fromkeys([*held.native, *record.native])
    pairs += [(f"own: {name}", str(held.native.get(name, "")), str(record.native.get(name, ""))) for name in own]
    return [Part(name, *_apart(before, after)) for name, before, after in pairs if before != after]


def _apart(held: str, read: str) -> tuple[str, str]:
    """Two texts from where they begin to differ, a little before it, no longer than can be read."""
    if max(len(held), len(read)) <= LONGEST:
        return held, read
    same = next((at for at, (one, other) in enumerate(zip(held, read, strict=False)) if one != other), min(len(held), len(read)))
    start = max(0, same - 40)
    return tuple((("… " if start else "") + text[start : start + LONGEST]) for text in (held, read))  # type: ignore[return-value]


def _sees(by: Session, label: Label) -> bool:
    return may_see(by.sight, label, at=now())
