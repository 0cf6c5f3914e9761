"""What is looked at before words of or about a survivor or a source reach more people: could anybody be recognised?

Whoever proposes answers each question; without that nothing of it is lowered or released, by whatever way it is asked
for. The answers stand in the proposal, before the second person.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from forestall.base.errors import Refused
from forestall.base.words import Words, say
from forestall.labels.label import Label

APART = frozenset({"SRC", "SURV"})
LOOKED = "looked"
"""Where the terms of a decision keep the answers."""
QUESTIONS: dict[str, Words] = {
    "name": say("No name, pseudonym, number or address of theirs stands in it."),
    "voice": say("Neither language, dialect nor turn of phrase tells who spoke."),
    "detail": say("Role, place and day together fit many people."),
    "known": say("Nothing stands in it that only a few could know."),
}


def needed(label: Label) -> bool:
    """Whether what has this label could tell who a survivor or a source is."""
    return bool(label.compartments & APART)


def check(terms: Mapping[str, Any], *, label: Label) -> None:
    """Raise `Refused` when it is needed and not every question was answered."""
    if needed(label) and set(QUESTIONS) - set(terms.get(LOOKED, ())):
        raise Refused(say("Somebody could be recognised by it. Look at each of the questions, and say that you did."))


def answered(keys: Iterable[str]) -> dict[str, list[str]]:
    """The questions that were answered, as terms of a decision; empty when none was."""
    known = sorted(set(keys) & set(QUESTIONS))
    return {LOOKED: known} if known else {}


def words(terms: Mapping[str, Any]) -> list[Words]:
    """What the proposer says to have looked at."""
    return [QUESTIONS[key] for key in terms.get(LOOKED, ()) if key in QUESTIONS]
