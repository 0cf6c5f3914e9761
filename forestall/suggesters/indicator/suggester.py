"""Suggests which indicators a passage bears on, in the six official languages, and in which direction.

Rules over a lexicon come first; where a framework is handed in, a passage is held against its indicators' own words
as well. A suggestion is a pointer for a reader: it says which words led to it, and it is nobody's judgement.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from forestall.base.words import Words, say
from forestall.reading.passage import Passage, passages
from forestall.reading.suggester import (
    Abstention,
    Answer,
    Suggestion,
    folder_digest,
    outside,
    read_card,
    speaks,
)

from .lexicon import LANGUAGES, hits, units
from .likeness import IndicatorText, Likeness
from .rule import RAISES, Match, Rule, matches

__all__ = ["IndicatorSuggester", "IndicatorText", "make"]

_HERE = Path(__file__).parent
_MOST = 8
_LEAST = 0.3
_LIKENESS_BONUS = 0.25
_LIKE_ENOUGH = 0.36
_ALONE = 0.55
_OTHER_RULES = 0.02
# Words of one thought may fall into two sentences: a short passage is also read as one.
_SHORT_UNITS = 70
_ACROSS = 0.85


@dataclass(frozen=True)
class _Reading:
    """What one indicator has going for it in a passage."""

    match: Match | None
    number: str
    direction: str
    score: float
    start: int
    end: int
    words: tuple[str, ...]


class IndicatorSuggester:
    """Suggests indicators (`label`, their number) with a direction (`qualifier`: `raises` or `lowers`)."""

    kind = "indicator"
    languages: frozenset[str] | None = frozenset(LANGUAGES)

    def __init__(self, indicators: Iterable[IndicatorText] = ()) -> None:
        card = read_card(_HERE)
        self.name, self.version = card.name, card.version
        self.digest = folder_digest(_HERE)
        self.indicators = tuple(indicators)
        self._numbers = frozenset(one.number for one in self.indicators)

    def for_framework(self, indicators: Iterable[IndicatorText]) -> IndicatorSuggester:
        """The same suggester held to the indicators of a framework: no other number is suggested."""
        return IndicatorSuggester(indicators)

    @cached_property
    def _likeness(self) -> dict[str, Likeness]:
        return {language: Likeness(self.indicators, language=language) for language in LANGUAGES}

    def suggest(self, passages: Sequence[Passage]) -> list[Answer]:
        """One answer per passage, the plainest indicator first; an abstention outside the six languages."""
        return [self._answer(passage) for passage in passages]

    def _answer(self, passage: Passage) -> Answer:
        language = passage.language.split("-")[0]
        if not speaks(language, languages=self.languages):
            return Answer(abstained=outside(passage.language))
        if not passage.text.strip():
            return Answer(abstained=Abstention(say("There is nothing to read in this passage.")))
        best: dict[str, _Reading] = {}
        for reading in self._readings(passage.text, language=language):
            if reading.number not in best or reading.score > best[reading.number].score:
                best[reading.number] = reading
        ranked = sorted(best.values(), key=lambda found: -found.score)
        return Answer(self._suggestion(found) for found in ranked[:_MOST] if found.score >= _LEAST)

    def _readings(self, text: str, *, language: str) -> list[_Reading]:
        likeness = self._likeness[language].to(text) if self.indicators else {}
        found = [
            self._rated(reading, likeness=likeness)
            for piece, weight in _pieces(text, language=language)
            for reading in _spoken(piece, weight=weight, language=language)
            if not self._numbers or reading.number in self._numbers
        ]
        return _agreed(found) + self._by_likeness(
            likeness, text=text, known={reading.number for reading in found}
        )

    def _rated(self, reading: _Reading, *, likeness: dict[str, float]) -> _Reading:
        bonus = _LIKENESS_BONUS * likeness.get(reading.number, 0.0)
        return _with_score(reading, score=min(0.97, reading.score + bonus * (1 - reading.score)))

    def _by_likeness(self, likeness: dict[str, float], *, text: str, known: set[str]) -> list[_Reading]:
        return [
            _Reading(None, number, RAISES, round(_ALONE * value + 0.1, 3), 0, len(text), ())
            for number, value in likeness.items()
            if value >= _LIKE_ENOUGH and number not in known
        ]

    def _suggestion(self, found: _Reading) -> Suggestion:
        return Suggestion(
            label=found.number,
            score=round(found.score, 3),
            start=found.start,
            end=found.end,
            reason=_reason(found),
            suggester=self.name,
            version=self.version,
            digest=self.digest,
            qualifier=found.direction,
        )


def _reason(found: _Reading) -> Words:
    words = ", ".join(f"“{word}”" for word in found.words)
    if found.match is None:
        return say(
            "The passage shares rare words with the text of indicator %(number)s.", number=found.number
        )
    if found.match.denied:
        return say("The passage speaks of %(words)s, but near words that deny it.", words=words)
    if found.direction == RAISES:
        return say("The passage speaks of %(words)s.", words=words)
    return say("The passage speaks of %(words)s, which lowers the risk.", words=words)


def _pieces(text: str, *, language: str) -> list[tuple[Passage, float]]:
    """The sentences of a passage, and the passage whole when it is short, with the weight of what is found in it."""
    sentences = [(piece, 1.0) for piece in passages(text, language=language)]
    if len(sentences) > 1 and len(text) <= _SHORT_UNITS * (3 if language == "zh" else 7):
        sentences.append((Passage("", text, language), _ACROSS))
    return sentences


def _spoken(piece: Passage, *, weight: float, language: str) -> list[_Reading]:
    found = units(piece.text, language=language)
    if not found:
        return []
    return [_reading(match, piece=piece, weight=weight) for match in matches(hits(found, language=language))]


def _reading(match: Match, *, piece: Passage, weight: float) -> _Reading:
    words = tuple(dict.fromkeys(piece.text[hit.start : hit.end] for hit in match.hits))
    return _Reading(
        match,
        match.rule.indicator,
        match.rule.direction,
        weight * match.score,
        piece.start + min(hit.start for hit in match.hits),
        piece.start + max(hit.end for hit in match.hits),
        words,
    )


def _with_score(reading: _Reading, *, score: float) -> _Reading:
    return _Reading(
        reading.match, reading.number, reading.direction, score, reading.start, reading.end, reading.words
    )


def _agreed(found: list[_Reading]) -> list[_Reading]:
    """Readings a little surer for every other rule that says the same of their indicator."""
    same: dict[tuple[str, str], set[Rule]] = defaultdict(set)
    for reading in found:
        if reading.match:
            same[reading.number, reading.direction].add(reading.match.rule)
    return [
        _with_score(
            reading,
            score=min(
                0.97, reading.score + _OTHER_RULES * (len(same[reading.number, reading.direction]) - 1)
            ),
        )
        for reading in found
    ]


def make() -> IndicatorSuggester:
    """The suggester as the catalogue offers it: rules alone, until a framework is handed in (`for_framework`)."""
    return IndicatorSuggester()
