"""How like a passage is to the text of each indicator, in the languages that the framework speaks."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from .lexicon import units

# Words cut to their beginnings meet across cases and persons; shorter words say little of a subject.
_BEGINNING = 6
_SHORTEST = 4


@dataclass(frozen=True)
class IndicatorText:
    """An indicator as a framework hands it in: its number and its wording by language (BCP-47)."""

    number: str
    texts: Mapping[str, str]


def _terms(text: str, *, language: str) -> Counter[str]:
    if language == "zh":
        signs = [unit.forms[0] for unit in units(text, language=language)]
        return Counter(one + two for one, two in pairwise(signs))
    words = (unit.forms[-1] for unit in units(text, language=language))
    return Counter(word[:_BEGINNING] for word in words if len(word) >= _SHORTEST)


class Likeness:
    """Cosines between a passage and every indicator, over word beginnings weighed by their rarity (tf-idf)."""

    def __init__(self, indicators: Sequence[IndicatorText], *, language: str) -> None:
        self.language = language
        texts = {one.number: one.texts[language] for one in indicators if language in one.texts}
        counted = {number: _terms(text, language=language) for number, text in texts.items()}
        spread = Counter(term for terms in counted.values() for term in terms)
        self._rarity = {term: math.log((len(counted) + 1) / count) for term, count in spread.items()}
        self._postings: dict[str, list[tuple[str, float]]] = defaultdict(list)
        for number, terms in counted.items():
            norm = self._norm(terms.items())
            for term, count in terms.items():
                self._postings[term].append((number, (1 + math.log(count)) * self._rarity[term] / norm))

    def _norm(self, terms: Iterable[tuple[str, int]]) -> float:
        return (
            math.sqrt(
                sum(((1 + math.log(count)) * self._rarity.get(term, 1.0)) ** 2 for term, count in terms)
            )
            or 1.0
        )

    def to(self, text: str) -> dict[str, float]:
        """Indicator numbers with their likeness to `text`, 0 to 1; those without a word in common are absent."""
        terms = _terms(text, language=self.language)
        norm = self._norm(terms.items())
        found: dict[str, float] = defaultdict(float)
        for term, count in terms.items():
            for number, weight in self._postings.get(term, ()):
                found[number] += weight * (1 + math.log(count)) * self._rarity[term] / norm
        return dict(found)
