"""What a source is: a definition in TOML, and a module with three pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

from forestall.base.catalogue import read_definition, refuse_unknown
from forestall.base.errors import Malformed
from forestall.base.words import say

from .kinds import Kind
from .received import Part, Received
from .record import Record


class Redistribution(StrEnum):
    """What the publisher lets us pass on."""

    ALLOW = "allow"
    ATTRIBUTE = "attribute"
    INTERNAL_ONLY = "internal-only"
    FORBID = "forbid"


@dataclass(frozen=True)
class Bounds:
    """How many records one file of this source may plausibly hold."""

    least: int = 0
    most: int = 100_000


@dataclass(frozen=True)
class Source:
    """A catalogue entry. `cadence_minutes` 0: it arrives when it arrives. `settings` are the source's own.

    Title, publisher, licence and runbook are message ids (`forestall.cli.marked` finds them in the definition).
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


@dataclass(frozen=True)
class Request:
    """A request for `outbound` to make. `key` names what it is for within the source."""

    key: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Page:
    """The answer to a request: its status, the headers kept, and the body when there is one."""

    request: Request
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    received: Received | None = None


class Collector(Protocol):
    """A source's `collector.py`. Pure: no network, no clock, no files."""

    def plan(self, cursor: Mapping[str, Any], *, source: Source) -> Iterable[Request]:
        """The requests to make next, from where the last run stood."""

    def parse(self, received: Received, *, kind: Kind, source: Source) -> Iterator[Record | Part]:
        """Records, and the files inside `received`. Raises `Malformed` or `Hostile` with a sentence."""

    def advance(self, cursor: Mapping[str, Any], *, page: Page) -> dict[str, Any]:
        """The next cursor, once the page and its records are kept."""


_KEYS = (
    "id", "title", "publisher", "licence", "redistribution", "default_level", "cadence_minutes",
    "max_content_age_days", "reads", "bounds", "runbook", "settings",
)  # fmt: skip


def read_source(path: Path, *, module: str) -> Source:
    """The definition at `path` (a `source.toml`), whose collector is the module named `module`. Raises `Malformed`."""
    found = read_definition(path)
    refuse_unknown(found, known=_KEYS, where=path.parent.name)
    missing = sorted(set(_KEYS) - {"settings"} - set(found))
    if missing:
        raise Malformed(say("%(where)s lacks %(keys)s", where=path.parent.name, keys=", ".join(missing)))
    refuse_unknown(found["bounds"], known=("least", "most"), where=f"{path.parent.name} bounds")
    try:
        return _source(found, module)
    except ValueError as error:
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
    )
