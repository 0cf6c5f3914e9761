"""Suggests the language of a text, or its languages with the share of each.

The script decides first; where it leaves several languages open three opinions are weighed, and where they part
without a clear majority the answer is `und`: a person looks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from forestall.base.words import say
from forestall.reading.passage import Passage, passages
from forestall.reading.suggester import Abstention, Answer, Suggestion, folder_digest, read_card

from . import opinion
from .script import ALONE, LANGUAGES, OPEN, legible, letters, main_script, shares

_HERE = Path(__file__).parent
# Fewer letters than this name a language too often by chance.
_FEWEST_LETTERS = 10
_MIXED_SHARE = 0.12
_MIXED_LETTERS = 40
_SURE_ENOUGH = 0.34
# Names of columns and places are no sentences, and several languages share them: where the opinions waver, only the
# languages that tables are usually written in are believed.
_SURE_ENOUGH_OF_CELLS = 0.6
_OF_TABLES = frozenset({"ar", "en", "es", "fr", "pt", "ru", "zh"})
# The languages of a text show in its first pages.
_LONGEST = 8_000
UNDETERMINED = "und"
_NEIGHBOURS = (("rw", "rn"),)


@dataclass(frozen=True)
class Verdict:
    """One language for one stretch of text, and how far the opinions agree, 0 to 1."""

    language: str
    score: float


def _by_script(text: str, *, script: str) -> Verdict | None:
    if script in ALONE:
        return Verdict(ALONE[script], 0.99)
    if script == "Hani":
        return Verdict("zh", 0.98)
    if script == "Kana":
        return Verdict("ja", 0.98)
    return None


def _by_opinions(text: str, *, script: str) -> Verdict:
    second = opinion.cld2(text)
    third = opinion.short_words(text, script=script)
    favourite = max(third, key=lambda code: third[code], default=UNDETERMINED)
    # Two independent opinions of one mind on a text of some length need no third.
    if second.reliable and second.first == favourite and third[favourite] > 0.45 and len(text) > 150:
        return Verdict(favourite, 0.97)
    total: dict[str, float] = defaultdict(float)
    for code, share in opinion.bayes(text, script=script).items():
        total[code] += 1.0 * share
    if second.first in OPEN[script]:
        total[second.first] += 0.8 if second.reliable else 0.35
    for code, share in third.items():
        total[code] += 1.2 * share
    return _majority(total)


def _among_neighbours(verdict: Verdict, *, text: str) -> Verdict:
    """Tongues that identifiers mistake for each other are told apart by the letters only one of them writes."""
    for pair in _NEIGHBOURS:
        if verdict.language in pair:
            nearer = opinion.nearer(text, languages=pair)
            return Verdict(nearer or verdict.language, verdict.score)
    return verdict


def _majority(total: dict[str, float]) -> Verdict:
    ranked = sorted(total, key=lambda code: -total[code])
    if not ranked or not total[ranked[0]]:
        return Verdict(UNDETERMINED, 0.0)
    lead = total[ranked[0]] - (total[ranked[1]] if len(ranked) > 1 else 0.0)
    score = min(0.99, 0.3 * min(1.0, lead) + 0.7 * min(1.0, total[ranked[0]] / 1.8))
    return Verdict(ranked[0], score) if score >= _SURE_ENOUGH else Verdict(UNDETERMINED, score)


def identify(text: str) -> Verdict:
    """The one language that most of `text` is written in; `und` when it is too short or the opinions part."""
    plain = legible(text[:_LONGEST])
    if letters(plain) < _FEWEST_LETTERS:
        return Verdict(UNDETERMINED, 0.0)
    script = main_script(plain)
    if not script:
        return Verdict(UNDETERMINED, 0.0)
    alone = _by_script(plain, script=script)
    if alone is not None:
        return alone
    found = _among_neighbours(_by_opinions(plain, script=script), text=plain)
    wavering = found.score < _SURE_ENOUGH_OF_CELLS and found.language not in _OF_TABLES
    if wavering and _is_cells(text):
        return Verdict(UNDETERMINED, found.score)
    return found


def _is_cells(text: str) -> bool:
    """Whether most lines are rows of a table, their cells parted by tabs."""
    lines = [line for line in text[:_LONGEST].split("\n") if line.strip()]
    return 2 * sum("\t" in line for line in lines) > len(lines)


def languages_of(text: str) -> list[tuple[str, float, float]]:
    """The languages of `text` as (BCP-47 code, score, share of its letters), largest share first; empty if `und`."""
    whole = identify(text)
    if not _may_be_mixed(text):
        return [] if whole.language == UNDETERMINED else [(whole.language, whole.score, 1.0)]
    parts: dict[str, float] = defaultdict(float)
    sureness: dict[str, float] = defaultdict(float)
    for stretch, size in _stretches(text):
        found = identify(stretch) if size >= _MIXED_LETTERS else whole
        code = found.language if found.language != UNDETERMINED else whole.language
        parts[code] += size
        sureness[code] += size * found.score
    return _shared(parts, sureness=sureness)


def _shared(parts: dict[str, float], *, sureness: dict[str, float]) -> list[tuple[str, float, float]]:
    total = sum(parts.values()) or 1.0
    kept = {
        code: size
        for code, size in parts.items()
        if code != UNDETERMINED and size / total >= _MIXED_SHARE and size >= _MIXED_LETTERS
    }
    ranked = sorted(kept, key=lambda code: -kept[code])
    return [(code, sureness[code] / kept[code], kept[code] / total) for code in ranked]


def _may_be_mixed(text: str) -> bool:
    plain = legible(text[:_LONGEST])
    if letters(plain) < 3 * _MIXED_LETTERS:
        return False
    scripts = [share for name, share in shares(plain).items() if name != "Kana"]
    if len(scripts) > 1 and scripts[1] >= _MIXED_SHARE / 2:
        return True
    parts = opinion.cld2(plain).languages
    return len(parts) > 1 and parts[1][1] >= 10


def _stretches(text: str) -> list[tuple[str, int]]:
    """Sentences of `text`, short ones joined to the one before in the same script, each with its letters."""
    joined: list[tuple[str, int]] = []
    for piece in passages(text[:_LONGEST]):
        size = letters(legible(piece.text))
        before = joined[-1] if joined else None
        if before and before[1] < _MIXED_LETTERS and main_script(before[0]) == main_script(piece.text):
            joined[-1] = (f"{before[0]} {piece.text}", before[1] + size)
        else:
            joined.append((piece.text, size))
    return joined


class LanguageSuggester:
    """Suggests one language per stretch of text, or several with shares where a document mixes them."""

    kind = "language"
    languages: frozenset[str] | None = None
    known = LANGUAGES

    def __init__(self) -> None:
        card = read_card(_HERE)
        self.name, self.version = card.name, card.version
        self.digest = folder_digest(_HERE)

    def suggest(self, passages: Sequence[Passage]) -> list[Answer]:
        """One answer per passage: languages by their share of it; an abstention stands for `und`."""
        return [self._answer(passage) for passage in passages]

    def _answer(self, passage: Passage) -> Answer:
        found = languages_of(passage.text)
        if not found:
            return Answer(abstained=self._abstention(passage.text))
        return Answer(
            Suggestion(
                label=code,
                score=round(score, 3),
                start=0,
                end=len(passage.text),
                reason=say(
                    "The script, short words and two identifiers together say %(language)s (%(share)s %% of the letters).",
                    language=code,
                    share=round(100 * share),
                ),
                suggester=self.name,
                version=self.version,
                digest=self.digest,
                qualifier="main" if place == 0 else "part",
                share=round(share, 3),
            )
            for place, (code, score, share) in enumerate(found)
        )

    def _abstention(self, text: str) -> Abstention:
        if letters(legible(text)) < _FEWEST_LETTERS:
            return Abstention(say("The text is too short to tell its language."))
        return Abstention(say("The opinions on the language part: a person should look."))


def make() -> LanguageSuggester:
    """The suggester as the catalogue offers it."""
    return LanguageSuggester()
