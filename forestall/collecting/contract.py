"""What a source is: a definition in TOML, and a module with three pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, Union, runtime_checkable

from forestall.base.catalogue import read_definition, refuse_unknown
from forestall.base.errors import Malformed
from forestall.base.words import say
from forestall.facts import Fact

from .asking import Asks, BadRow, Cursor, Envelope, Ignored, Page, Request, TokenGrant, Withdrawn
from .kinds import Kind
from .received import Part, Received
from .record import Record

if TYPE_CHECKING:
    from pyarrow import RecordBatch


class Redistribution(StrEnum):
    """What the publisher lets us pass on."""

    ALLOW = "allow"
    ATTRIBUTE = "attribute"
    INTERNAL_ONLY = "internal-only"
    FORBID = "forbid"


class Proof(StrEnum):
    """What a source's reader was held to."""

    RECORDED = "recorded"
    MINIATURE = "miniature"


@dataclass(frozen=True)
class Bounds:
    """How many records one file of this source may plausibly hold."""

    least: int = 0
    most: int = 100_000


PASSWORD = "password"  # noqa: S105 - the name of a secret, and none
"""The credential that opens the office's mailbox."""


@dataclass(frozen=True)
class Source:
    """A catalogue entry. `cadence_minutes` 0: it arrives when it arrives. `settings` are the source's own.

    `reads`: kinds of files that are read by this source wherever they come from; a source that is asked (`asks`) reads
    its own answers and has none. `attribution` is printed wherever something of it is passed on. `licences`: those that
    single records of it name as their own, where they are stricter than `redistribution`. `key_unique`: its
    identifiers occur once in an answer. `filed_by`: its facts are filed by their `day`, or by `arrival` when they come
    in many small files. `mailbox`: what comes to the office's own mailbox is its. `office`: the settings that
    each office makes for itself. `proof` says what its reader was held to: answers as they were recorded, or
    miniatures of our own. Title, publisher, licence, attribution and runbook are message ids (`forestall.cli.marked`
    finds them in the definition).
    """

    id: str
    module: str
    title: str
    publisher: str
    licence: str
    redistribution: Redistribution
    default_level: int
    cadence_minutes: int
    max_content_age_days: int
    reads: tuple[Kind, ...]
    bounds: Bounds
    runbook: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    version: str = "1"
    attribution: str = ""
    licences: Mapping[str, Redistribution] = field(default_factory=dict)
    proof: Proof = Proof.MINIATURE
    key_unique: bool = True
    asks: Asks | None = None
    filed_by: str = "day"
    mailbox: bool = False
    office: tuple[str, ...] = ()

    @property
    def is_asked(self) -> bool:
        """Whether anything is asked for it at fixed times: its producer, or the office's mailbox."""
        return self.asks is not None or self.mailbox

    @property
    def credentials(self) -> tuple[str, ...]:
        """Names of the secrets that it cannot do without."""
        return ((PASSWORD,) if self.mailbox else ()) + (self.asks.credentials if self.asks else ())


Found = Union["Record", "Part", "Fact", "Withdrawn", "BadRow", "Ignored", "Envelope", "RecordBatch"]
"""What a collector may find in what it reads; a batch is facts that the source has laid out as columns itself."""


class Collector(Protocol):
    """A source's `collector.py`. Pure: no network, no clock, no files."""

    def plan(self, cursor: Mapping[str, Any], *, source: Source, today: date) -> Iterable[Request]:
        """The requests to make next, from where the last run stood. `today` is the UTC day.

        Asked again after each page. Of what it gives, the first request is made that this turn has not made yet; when
        there is none, the turn is over. What `advance` noted as unfinished comes first.
        """

    def parse(self, received: Received, *, kind: Kind, source: Source) -> Iterator[Found]:
        """Records and facts, the files inside `received`, the rows that could not be read, what the answer says of
        itself. Raises `Malformed` or `Hostile` with a sentence.
        """

    def advance(self, cursor: Mapping[str, Any], *, page: Page) -> Cursor:
        """The next cursor, once the page and what it held are kept."""


@dataclass(frozen=True)
class Recognised:
    """A file that a collector of files knows as a table of facts: by which mapping, at what level, and what it found."""

    mapping: str
    level: int
    found: Iterator[Found]


@runtime_checkable
class Recogniser(Protocol):
    """A collector of files that also knows tables of facts among them."""

    def recognised(self, received: Received, *, source: Source) -> Recognised | None:
        """What `received` is, or None when no mapping names it: then it is read like any other file."""


_KEYS = (
    "id", "title", "publisher", "licence", "redistribution", "default_level", "cadence_minutes",
    "max_content_age_days", "reads", "bounds", "runbook",
)  # fmt: skip
_OPTIONAL = (
    "settings", "version", "attribution", "licences", "proof", "key_unique", "asks", "filed_by", "mailbox", "office",
)  # fmt: skip


def read_source(path: Path, *, module: str) -> Source:
    """The definition at `path` (a `source.toml`), whose collector is the module named `module`. Raises `Malformed`."""
    found = read_definition(path)
    refuse_unknown(found, known=(*_KEYS, *_OPTIONAL), where=path.parent.name)
    missing = sorted(set(_KEYS) - set(found))
    if missing:
        raise Malformed(say("%(where)s lacks %(keys)s", where=path.parent.name, keys=", ".join(missing)))
    refuse_unknown(found["bounds"], known=("least", "most"), where=f"{path.parent.name} bounds")
    asks = found.get("asks", {})
    refuse_unknown(asks, known=[part.name for part in fields(Asks)], where=f"{path.parent.name} asks")
    grant = [part.name for part in fields(TokenGrant)]
    refuse_unknown(asks.get("token", {}), known=grant, where=f"{path.parent.name} asks.token")
    try:
        return _source(found, module)
    except (ValueError, TypeError) as error:
        raise Malformed(say("%(where)s: %(error)s", where=path.parent.name, error=str(error))) from error


def _source(found: Mapping[str, Any], module: str) -> Source:
    plain = {key: found[key].strip() for key in ("id", "title", "publisher", "licence", "runbook")}
    return Source(
        **plain,
        module=module,
        redistribution=Redistribution(found["redistribution"]),
        default_level=int(found["default_level"]),
        cadence_minutes=int(found["cadence_minutes"]),
        max_content_age_days=int(found["max_content_age_days"]),
        reads=tuple(Kind(kind) for kind in found["reads"]),
        bounds=Bounds(**found["bounds"]),
        settings=found.get("settings", {}),
        version=str(found.get("version", "1")),
        attribution=found.get("attribution", "").strip(),
        licences={name: Redistribution(rule) for name, rule in found.get("licences", {}).items()},
        proof=Proof(found.get("proof", "miniature")),
        key_unique=bool(found.get("key_unique", True)),
        asks=_asks(found["asks"]) if "asks" in found else None,
        filed_by=str(found.get("filed_by", "day")),
        mailbox=bool(found.get("mailbox", False)),
        office=_office(found),
    )


def _office(found: Mapping[str, Any]) -> tuple[str, ...]:
    named = tuple(found.get("office", ()))
    if not set(named) <= set(found.get("settings", {})):
        raise ValueError("office names a setting that is not there")
    return named


def _asks(found: Mapping[str, Any]) -> Asks:
    plain = dict(found)
    plain["hosts"] = tuple(plain["hosts"])
    plain["credentials"] = tuple(plain.get("credentials", ()))
    if "token" in plain:
        plain["token"] = TokenGrant(**plain["token"])
    return Asks(**plain)
