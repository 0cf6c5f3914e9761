"""What only two people decide. A room registers each of its matters here; `decisions` carries them out.

A matter says which verb both people need, what is checked when it is proposed and again when it is agreed to, and
what is done then. Nothing else in the house may do it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from forestall.base.errors import Refused
from forestall.base.words import Words, say
from forestall.record.departure import Departure
from forestall.record.models import Recorded

from .models import Decision, Person
from .session import Session

About = Recorded | Person


@dataclass(frozen=True)
class Matter:
    """One kind of decision of two. `days` until an unanswered proposal lapses.

    `check(about, terms, proposer)` raises `Refused` when the rule says no; `carry_out(decision, about, by)` does it,
    inside the transaction of the agreement. `terms_words(terms)` says what exactly is to be done. `departed(decision)`
    says where content went by it, for a matter that lets content out.
    """

    key: str
    title: Words
    consequence: Words
    verb: str
    carry_out: Callable[[Decision, Any, Session], None]
    check: Callable[[Any, Mapping[str, Any], str], None]
    terms_words: Callable[[Mapping[str, Any]], list[Words]]
    days: int = 14
    departed: Callable[[Decision], Departure] | None = None


MATTERS: dict[str, Matter] = {}


def register(matter: Matter) -> Matter:
    """Let two people decide on this. Raises ValueError when another matter has its key."""
    if MATTERS.setdefault(matter.key, matter) is not matter:
        raise ValueError(f"There are two matters called {matter.key}")
    return matter


def matter(key: str) -> Matter:
    """The matter with this key. Raises `Refused` when there is none."""
    if key not in MATTERS:
        raise Refused(say("Nothing of this kind is decided by two."))
    return MATTERS[key]


def no_terms(terms: Mapping[str, Any]) -> list[Words]:
    """For a matter that its title says whole."""
    return []
