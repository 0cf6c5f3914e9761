"""One answer of a producer through the source that asked for it. This is what runs inside the limited child.

Facts leave as Arrow batches, records as they are, bad rows apart; what holds for every source is held here: how many rows
may be bad, how many an answer may hold, and that a key that is declared unique is.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, cast

from forestall.base.canonical import canonical_json, sha256
from forestall.base.errors import Malformed
from forestall.base.words import Words, say
from forestall.facts import Event, Fact, Finding, Measure

from .asking import BadRow, Envelope, Ignored, Withdrawn
from .contract import Collector, Found, Recogniser, Source
from .dispatch import finished
from .hostile import Hostile
from .identification import identify
from .kinds import KIND_WORDS, Kind
from .limits import LIMITS
from .names import ending
from .published import page_refused
from .received import Part, Received
from .record import Record

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class AnswerTask:
    """One answer for the child to read, and the source that it answers.

    `recognising`: a file that nobody asked for, to be read only if the source knows it as a table of facts.
    """

    received: Received
    source: Source
    recognising: bool = False


@dataclass(frozen=True)
class Batch:
    """Facts of one dataset (`events`, `measures`, `findings`): an Arrow stream, and how many rows it holds."""

    dataset: str
    rows: int
    stream: bytes = field(repr=False)


@dataclass(frozen=True)
class Response:
    """What one answer held. `count` is every row of it: records, facts, what is `withdrawn`; `ignored` is not kept.
    `repeated` rows came before in the very same words, and were left out.

    `refusal` is set when nothing of it can be taken. `mapping` names what a file was recognised by, and `level` is that
    of its facts then.
    """

    records: tuple[Record, ...] = ()
    parts: tuple[Part, ...] = ()
    facts: tuple[Batch, ...] = ()
    withdrawn: tuple[Withdrawn, ...] = ()
    bad: tuple[BadRow, ...] = ()
    ignored: tuple[str, ...] = ()
    envelope: Envelope = field(default_factory=Envelope)
    refusal: Words | None = None
    hostile: bool = False
    mapping: str = ""
    level: int = 0
    repeated: int = 0

    @property
    def count(self) -> int:
        """How many rows could be read."""
        return len(self.records) + len(self.withdrawn) + sum(one.rows for one in self.facts)


def respond(task: AnswerTask) -> Response:
    """Read one answer. Never raises for what is in it: a refusal is an answer."""
    try:
        return _recognised(task) if task.recognising else _read(task.received, task.source)
    except Malformed as refused:
        return Response(refusal=refused.words, hostile=isinstance(refused, Hostile))


def _read(received: Received, source: Source) -> Response:
    collector = cast(Collector, importlib.import_module(source.module))
    found = collector.parse(received, kind=_kind_of(received, source), source=source)
    response = _response(found, received, source)
    _check_bounds(response, source)
    return response


def _recognised(task: AnswerTask) -> Response:
    """What a table of facts holds, however many rows it has; nothing for a file that is none."""
    collector = importlib.import_module(task.source.module)
    known = (
        collector.recognised(task.received, source=task.source) if isinstance(collector, Recogniser) else None
    )
    if known is None:
        return Response()
    try:
        response = _response(known.found, task.received, task.source)
    except Malformed as refused:
        response = Response(refusal=refused.words, hostile=isinstance(refused, Hostile))
    return replace(response, mapping=known.mapping, level=known.level)


def _response(found: Iterator[Found], received: Received, source: Source) -> Response:
    gathered = _Gathered(source)
    facts = [_packed(name, batch) for name, batch in gathered.batches(found)]
    response = Response(
        records=tuple(finished(one, received, source, sha256(received.content)) for one in gathered.records),
        parts=tuple(gathered.parts),
        facts=tuple(facts),
        withdrawn=tuple(gathered.withdrawn),
        bad=tuple(gathered.bad),
        ignored=tuple(sorted(gathered.ignored)),
        envelope=gathered.envelope,
        repeated=gathered.repeated,
    )
    _check_bad(response)
    return response


def _kind_of(received: Received, source: Source) -> Kind:
    """The kind of file, for a source that reads kinds; others know the forms of their own producer."""
    if not source.reads:
        return Kind.UNKNOWN
    kind = identify(received.content, ending=ending(received.name), charset=received.declared_charset).kind
    if kind is Kind.HTML:
        raise page_refused(received.content)
    if kind not in source.reads:
        raise Malformed(say("%(source)s was expected; what came is %(found)s.", source=source.title, found=KIND_WORDS[kind]))
    return kind


class _Gathered:
    """What a collector finds, sorted by kind as it comes; facts go straight on."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._seen: dict[tuple[str, str], tuple[int, str]] = {}
        self.records: list[Record] = []
        self.parts: list[Part] = []
        self.withdrawn: list[Withdrawn] = []
        self.bad: list[BadRow] = []
        self.ignored: set[str] = set()
        self.envelope = Envelope()
        self.repeated = 0

    def batches(self, found: Iterator[object]) -> Iterator[tuple[str, pa.RecordBatch]]:
        """The facts as batches: those that a source makes itself, then those made of single facts."""
        from forestall.facts.arrow import batches, dataset_of

        whole: list[pa.RecordBatch] = []
        yield from batches(self._facts(found, whole))
        yield from ((dataset_of(batch), batch) for batch in whole)

    def _facts(self, found: Iterator[object], whole: list[pa.RecordBatch]) -> Iterator[Fact]:
        for one in found:
            if isinstance(one, Event | Measure | Finding):
                if self._repeated(one):
                    self.repeated += 1
                else:
                    yield one
            elif isinstance(one, Record):
                self.records.append(one)
            elif isinstance(one, Part):
                self.parts.append(one)
            elif isinstance(one, Withdrawn):
                self.withdrawn.append(one)
            elif isinstance(one, BadRow):
                self.bad.append(replace(one, content=one.content[: LIMITS.cell]))
            elif isinstance(one, Ignored):
                self.ignored.update(one.fields)
            elif isinstance(one, Envelope):
                self.envelope = one
            else:
                whole.append(cast("pa.RecordBatch", one))

    def _repeated(self, fact: Fact) -> bool:
        """Whether the very same row came before. Raises `Malformed` when its key did with another content."""
        if not self._source.key_unique:
            return False
        key = (type(fact).__name__, fact.external_id)
        content = sha256(canonical_json(fact.own))
        row, before = self._seen.setdefault(key, (fact.row, content))
        if row == fact.row:
            return False
        if before != content:
            raise Malformed(
                say("Rows %(first)s and %(second)s have one key and differ: %(key)s.", first=row, second=fact.row, key=fact.external_id[:80])
            )  # fmt: skip
        return True


def _packed(dataset: str, batch: pa.RecordBatch) -> Batch:
    import pyarrow as pa

    out = pa.BufferOutputStream()
    with pa.ipc.new_stream(out, batch.schema) as writer:
        writer.write_batch(batch)
    return Batch(dataset, batch.num_rows, out.getvalue().to_pybytes())


def _check_bad(response: Response) -> None:
    broken = [one for one in response.bad if not one.by_rule]
    bad, total = len(broken), len(response.bad) + response.count
    if bad > LIMITS.bad_rows * total and bad > 1:
        raise Malformed(
            say("%(bad)s of %(total)s rows are bad, which is too many. %(first)s", bad=bad, total=total, first=broken[0].reason)
        )  # fmt: skip


def _check_bounds(response: Response, source: Source) -> None:
    if not source.bounds.least <= response.count <= source.bounds.most:
        raise Malformed(
            say("It holds %(count)s items; %(source)s brings %(least)s to %(most)s.", count=response.count, source=source.title, least=source.bounds.least, most=source.bounds.most)
        )  # fmt: skip
