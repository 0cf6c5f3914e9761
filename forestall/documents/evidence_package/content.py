"""What the cover of an evidence package holds before it is laid out. Plain values; no Django, no tables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class File:
    """One file of the package: its neutral name, its bytes by number and hash, and when the Office received them (UTC)."""

    name: str
    size: int
    sha256: str
    received_at: datetime
    looks: int


@dataclass(frozen=True)
class EvidencePackageContent:
    """Everything the cover says. Days are UTC days; `level` 0 to 3 is the label of the request.

    `left_out` are the numbers of what was asked for and is not in it. `opened`: the package opens what the log committed
    to when each file was received.
    """

    reference: str
    language: str
    level: int
    exercise: bool
    requester: str
    authority: str
    purpose: str
    received_on: date
    decided_on: date
    assembled_on: date
    sealed_at: datetime
    opened: bool
    files: tuple[File, ...]
    left_out: tuple[int, ...] = ()
