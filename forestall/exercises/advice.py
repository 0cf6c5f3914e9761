"""The warning and the advisory note that the key leads to, and the script of who clears them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from .definition import build, build_all


@dataclass(frozen=True)
class Recommendation:
    """A measure advised: `option` is a number of the menu of prevention options, `factors` those it works on."""

    id: str
    option: str
    factors: tuple[int, ...]
    lead: str
    by: date
    text: Mapping[str, str]
    caution: Mapping[str, str]
    cites: tuple[str, ...]


@dataclass(frozen=True)
class Ask:
    """What is asked, of whom, through which channel, by when and why by then.

    `text` and `why_by_then` are sentences; `action` and `why` say the same in a clause, for a sheet that writes
    "We ask that you ..." and "Decision needed by ...: ..." around them.
    """

    addressee: str
    through: str
    channel: str
    decision_by: date
    text: Mapping[str, str]
    why_by_then: Mapping[str, str]
    action: Mapping[str, str]
    why: Mapping[str, str]


@dataclass(frozen=True)
class Sentence:
    """One sentence of the note, in `section`, by language, with the observations or items it rests on."""

    section: str
    text: Mapping[str, str]
    cites: tuple[str, ...] = ()


@dataclass(frozen=True)
class Step:
    """One step in the life of warning and note: who acts, what they do, when (UTC day), what is recorded."""

    on: date
    by: str
    act: str
    text: str


@dataclass(frozen=True)
class Advice:
    """The warning, its note, and what happens to them. `likelihood` and `confidence` are two sentences.

    `event` and `confidence_why` are the clauses within them, for a sheet that builds its own. Sections of the note:
    situation, changed, populations, unknown, dissent, mitigating.
    """

    id: str
    title: Mapping[str, str]
    situation: str
    assessment: str
    marking: str
    author: str
    warning: Mapping[str, str]
    window_from: date
    window_to: date
    likelihood_word: str
    likelihood: Mapping[str, str]
    confidence_word: str
    confidence: Mapping[str, str]
    event: Mapping[str, str]
    confidence_why: Mapping[str, str]
    ask: Ask
    note: tuple[Sentence, ...]
    recommendations: tuple[Recommendation, ...]
    steps: tuple[Step, ...]

    @property
    def ask_clause(self) -> Mapping[str, str]:
        """The ask as a clause: "We ask that you ..."."""
        return self.ask.action

    @property
    def why_clause(self) -> Mapping[str, str]:
        """Why by then, as a clause."""
        return self.ask.why

    def sentences(self, section: str) -> tuple[Sentence, ...]:
        """The note's sentences of one section, in order."""
        return tuple(sentence for sentence in self.note if sentence.section == section)


def read_advice(definition: Mapping[str, Any]) -> Advice:
    """The advice of a `warning.toml`. Raises `Malformed` for keys unknown or missing."""
    where = "warning.toml"
    entry = {
        **definition,
        "ask": build(Ask, entry=definition["ask"], where=f"{where}, ask"),
        "note": build_all(Sentence, entries=definition["note"], where=f"{where}, note"),
        "recommendations": build_all(
            Recommendation, entries=definition["recommendations"], where=f"{where}, recommendation"
        ),
        "steps": build_all(Step, entries=definition["steps"], where=f"{where}, step"),
    }
    return build(Advice, entry=entry, where=where)
