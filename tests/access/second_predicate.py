"""Who sees what, written a second time, from the sentence of the policy and not from the code that decides it.

The policy: an active person sees a record that was not expunged; in quarantine only a reviewer does; of no higher level
than their own; only with every compartment that it needs; if it is addressed, only whom it is addressed to; before an
embargo has passed, only whom it is addressed to; and only for a purpose to which its source agreed, where that was asked.
No person is an exception. A system reader sees every compartment, whoever it is addressed to, up to its level.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Reader:
    """Who asks, in the words of the policy."""

    name: str
    clearance: int
    holds: frozenset[str]
    account_open: bool
    reviews: bool
    purpose: str
    is_system: bool = False


@dataclass(frozen=True)
class Paper:
    """What is asked for, in the words of the policy."""

    level: int
    needs: frozenset[str]
    addressed_to: frozenset[str]
    not_before: datetime | None
    in_quarantine: bool
    destroyed: bool
    agreed_to: frozenset[str]


def objections(reader: Reader, paper: Paper, *, at: datetime) -> Iterator[str]:
    """Every reason for which the paper stays shut."""
    addressee = reader.is_system or reader.name in paper.addressed_to
    if not reader.account_open:
        yield "the account has ended"
    if paper.destroyed:
        yield "its content was removed"
    if paper.in_quarantine and not reader.reviews:
        yield "only a reviewer opens what is in quarantine"
    if reader.clearance < paper.level:
        yield "the clearance is too low"
    if not reader.is_system and paper.needs - reader.holds:
        yield "a compartment is missing"
    if paper.addressed_to and not addressee:
        yield "it is addressed to others"
    if paper.not_before is not None and at < paper.not_before and not addressee:
        yield "the embargo has not passed"
    if paper.agreed_to and reader.purpose not in paper.agreed_to:
        yield "its source did not agree to this purpose"


def opens(reader: Reader, paper: Paper, *, at: datetime) -> bool:
    """Whether nothing stands against it."""
    return not list(objections(reader, paper, at=at))
