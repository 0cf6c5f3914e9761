"""What an advisory note holds before it is laid out. Plain values in the Office's own words; no Django, no tables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from forestall.documents.sheet import Mark, Sentence, SignOff, Source, Text


@dataclass(frozen=True)
class LikelihoodTerm:
    """One word of a likelihood scale with its range in per cent (0 to 100)."""

    word: Text
    low: int
    high: int


@dataclass(frozen=True)
class LikelihoodScale:
    """The one scale a note uses, lowest term first. Source: its published name, such as `ICD 203`."""

    name: str
    terms: tuple[LikelihoodTerm, ...]


@dataclass(frozen=True)
class Likelihood:
    """How probable: `event` is a clause that follows "that", with its place and actor; both days are UTC days."""

    event: str
    start: date
    end: date
    term: LikelihoodTerm
    citations: tuple[int, ...] = ()
    href: str = ""


@dataclass(frozen=True)
class Confidence:
    """How well founded the judgement is: `word` low, moderate or high; `why` a clause about sources and gaps."""

    word: Text
    why: str


@dataclass(frozen=True)
class Factor:
    """A risk factor as judged: the framework's number and our short name for it, never a framework's own text."""

    number: str
    name: Text
    presence: Text
    presence_mark: Mark
    trend: Text
    trend_mark: Mark
    confidence: Text
    confidence_mark: Mark


@dataclass(frozen=True)
class Recommendation:
    """One option: what, who leads, by which UTC day. `asked` marks the one that the ask takes up."""

    action: str
    lead: str
    by: date
    asked: bool = False


@dataclass(frozen=True)
class Ask:
    """What is asked of whom. `action` follows "We ask that you"; `why` says why the decision is needed by that day."""

    addressee: str
    action: str
    decision_by: date
    why: str


@dataclass(frozen=True)
class AdvisoryNoteContent:
    """Everything an advisory note says. Text is in `language`; days are UTC days; `level` 0 to 3.

    `sources` carry only the names a reader of the note may see; hidden identities stay in their vault. `forecast` is
    at most one sentence. `handling` is the line beside the marking, such as the copy number.
    """

    number: str
    day: date
    language: str
    level: int
    exercise: bool
    from_: str
    through: str
    subject: str
    ask: Ask
    likelihood: Likelihood
    confidence: Confidence
    situation: tuple[Sentence, ...]
    changed: tuple[Sentence, ...]
    populations: tuple[Sentence, ...]
    factors: tuple[Factor, ...]
    unknown: tuple[Sentence, ...]
    mitigating: tuple[Sentence, ...]
    recommendations: tuple[Recommendation, ...]
    scale: LikelihoodScale
    sources: tuple[Source, ...]
    dissent: tuple[Sentence, ...] = ()
    forecast: Sentence | None = None
    sign_offs: tuple[SignOff, ...] = ()
    handling: Text = ""
