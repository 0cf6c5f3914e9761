"""What could not be taken in: kept with its bytes and the reason, shown to reviewers only, counted nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from forestall.base.canonical import sha256
from forestall.base.words import Words


@dataclass(frozen=True)
class Quarantined:
    """One file, or one part of a file, in quarantine.

    `content` is the bytes as they arrived; for a file too large to hold it is empty and `path` says where it lies.
    `found` and `expected` are names of kinds (`kinds.Kind`) or empty. `hostile`: built to do harm. `parent`, `locator`
    and `depth` say out of what it came, where in it it lay, and how many files lay around it; `in_place`: it was refused
    for how it lay there, before its own content was looked at.
    """

    name: str
    content: bytes
    reason: Words
    found: str = ""
    expected: str = ""
    hostile: bool = False
    locator: str = ""
    parent: str = ""
    depth: int = 0
    in_place: bool = False
    path: Path | None = None

    @property
    def sha256(self) -> str:
        """Of `content`, in hexadecimal."""
        return sha256(self.content)
