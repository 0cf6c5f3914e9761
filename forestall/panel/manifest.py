"""Which files hold the facts of one source: a manifest of hashes, kept under its own hash.

Files and manifests never change once written. Which manifest stands is said elsewhere, in one place; an older one still
tells what was held then.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from forestall.base import durable
from forestall.base.canonical import canonical_json, sha256
from forestall.base.errors import Malformed
from forestall.base.words import say

CURRENT, ENDED = "current", "ended"


@dataclass(frozen=True)
class FactFile:
    """One Parquet file. `dataset` is events, measures or findings; `period` the year or month it is filed under.

    `state`: rows that hold (`current`), or versions that were superseded or withdrawn (`ended`). `low` and `high` bound
    its identifiers, so that most files need not be opened to know that a row is not among theirs.
    """

    dataset: str
    period: str
    state: str
    sha256: str
    rows: int
    size: int
    low: str
    high: str

    def path_of(self, root: Path) -> Path:
        """Where it lies below the store."""
        return root / "files" / self.sha256[:2] / f"{self.sha256}.parquet"

    def may_hold(self, low: str, high: str) -> bool:
        """Whether an identifier between the two may be in it."""
        return self.low <= high and low <= self.high


@dataclass(frozen=True)
class Manifest:
    """All files of one source. `level` is the highest of what is in them: public or internal.

    `snapshots`: when the newest snapshot of each scope came (ISO 8601, UTC), for sources that give everything each time.
    """

    source_id: str
    level: int
    files: tuple[FactFile, ...] = field(default=())
    snapshots: tuple[tuple[str, str], ...] = ()

    def of(self, dataset: str, *, state: str = CURRENT) -> list[FactFile]:
        """The files of a dataset in the order of their periods."""
        return [one for one in self.files if one.dataset == dataset and one.state == state]

    def rows(self, dataset: str = "", *, state: str = CURRENT) -> int:
        """How many rows hold, in a dataset or in all."""
        return sum(one.rows for one in self.files if one.state == state and dataset in ("", one.dataset))

    @property
    def text(self) -> str:
        """As it is written, and hashed."""
        return canonical_json(asdict(self))

    @property
    def sha256(self) -> str:
        return sha256(self.text)


@dataclass
class Change:
    """What a load or a withdrawal did, in rows. `withheld` would have vanished and did not: too many at once."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    older: int = 0
    withdrawn: int = 0
    withheld: int = 0


def write_manifest(root: Path, manifest: Manifest) -> str:
    """Keep it below `root` under its hash, durably. Returns the hash."""
    path = _path(root, manifest.sha256)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        durable.replace(path, manifest.text.encode())
    return manifest.sha256


def read_manifest(root: Path, digest: str) -> Manifest:
    """The manifest with this hash. Raises `Malformed` when it is gone or is another."""
    try:
        text = _path(root, digest).read_text(encoding="utf-8")
    except OSError as error:
        raise Malformed(say("The list of a source's files of facts is not in the store.")) from error
    if sha256(text) != digest:
        raise Malformed(say("The list of a source's files of facts was changed after it was written."))
    return _built(json.loads(text))


def _built(found: Mapping[str, Any]) -> Manifest:
    files = tuple(FactFile(**one) for one in found["files"])
    snapshots = tuple((scope, at) for scope, at in found["snapshots"])
    return Manifest(found["source_id"], found["level"], files, snapshots)


def _path(root: Path, digest: str) -> Path:
    return root / "manifests" / f"{digest}.json"


def broken(root: Path, manifest: Manifest) -> Iterator[FactFile]:
    """Files that are gone, or whose bytes are not those of their hash."""
    for one in manifest.files:
        path = one.path_of(root)
        if not path.is_file() or sha256(path.read_bytes()) != one.sha256:
            yield one
