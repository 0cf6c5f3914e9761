"""One key for the many forms of a word of a name: Arabic prefixes, Russian cases, Amharic particles.

The words of all names are known beforehand, so a form is only ever reduced to a word that some name has: `لبنان`
keeps its first letter although `ل` is also a preposition, because the list knows `لبنان`. A name that bears the
article is not read in a word without it (`الرقة` is a city, `ورقة` a sheet of paper), nor the other way round.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_ARABIC = re.compile("[\u0620-\u06ff]")
_CYRILLIC = re.compile("[\u0400-\u052f]")
_ETHIOPIC = re.compile("[\u1200-\u137f]")
_ADJECTIVE = re.compile("(?:ая|яя|ое|ее|ый|ий|..ой|ые|ие)$")
_CASES = sorted(
    [
        "а",
        "я",
        "ы",
        "и",
        "у",
        "ю",
        "е",
        "о",
        "ом",
        "ем",
        "ой",
        "ей",
        "ою",
        "ею",
        "ам",
        "ям",
        "ами",
        "ями",
        "ах",
        "ях",
        "ов",
        "ев",
        "ь",
        "й",
        "ью",
        "ий",
        "ый",
        "ая",
        "яя",
        "ое",
        "ее",
        "ые",
        "ие",
        "ого",
        "его",
        "ому",
        "ему",
        "ым",
        "им",
        "ую",
        "юю",
        "ых",
        "их",
        "ыми",
        "ими",
        "і",
        "ї",
        "ою",
        "єю",
        "ів",
        "ами",
        "ові",
        "єм",
        "ою",
        "ський",
        "ського",
        "ській",
        "ська",
        "ську",
    ],
    key=len,
    reverse=True,
)
_RELATION_ENDINGS = ("", "ه", "ين", "ون", "ات", "يين", "يون")
_ARTICLE = "ال"
_SHORTEST_STEM = 3
_MEMORY = 50_000


def declined_stem(word: str) -> str | None:
    """The part of a Cyrillic name's word that its cases share; None when the word never changes (Мали, Конго)."""
    if len(word) > 4 and _ADJECTIVE.search(word):
        return word[:-2]
    if word[-1] in "аяьйы":
        return word[:-1] if len(word) > _SHORTEST_STEM else None
    return None if word[-1] in "оеиуюэі" else word


@dataclass
class Vocabulary:
    """Every word that occurs in a name, under the key that its forms share."""

    plain: set[str] = field(default_factory=set)
    stems: set[str] = field(default_factory=set)
    arabic: set[str] = field(default_factory=set)
    arabic_with_article: set[str] = field(default_factory=set)
    relations: set[str] = field(default_factory=set)
    _known: dict[str, str] = field(default_factory=dict)

    def learn(self, word: str) -> str:
        """Take in one word of a name, in matching form, and return its key."""
        if _CYRILLIC.match(word):
            return self._learn_cyrillic(word)
        if _ARABIC.match(word):
            bare = word.removeprefix(_ARTICLE) if len(word) > 4 else word
            (self.arabic if bare == word else self.arabic_with_article).add(bare)
            return bare
        self.plain.add(word)
        return word

    def learn_stem(self, stem: str) -> str:
        """Take in a Cyrillic adjective's stem, and return its key."""
        self.stems.add(stem)
        return f"{stem}~"

    def learn_relation(self, word: str) -> str:
        """Take in an Arabic adjective of a people, and return its key."""
        self.relations.add(word)
        return f"{word}~"

    def _learn_cyrillic(self, word: str) -> str:
        stem = declined_stem(word)
        if stem is None or len(stem) < _SHORTEST_STEM:
            self.plain.add(word)
            return word
        return self.learn_stem(stem)

    def key(self, word: str) -> str:
        """The key of a word of a text, in matching form; the word itself when no name has it."""
        found = self._known.get(word)
        if found is None:
            if len(self._known) > _MEMORY:
                self._known.clear()
            found = self._known[word] = self._reduced(word)
        return found

    def _reduced(self, word: str) -> str:
        if word.isascii() or word in self.plain:
            return word
        if _CYRILLIC.match(word):
            return self._cyrillic(word)
        if _ARABIC.match(word):
            return self._arabic(word)
        if _ETHIOPIC.match(word):
            return next((form for form in (word[1:], word[:-1], word[1:-1]) if form in self.plain), word)
        return word

    def _cyrillic(self, word: str) -> str:
        if word in self.stems:
            return f"{word}~"
        for ending in _CASES:
            stem = word[: -len(ending)]
            if word.endswith(ending) and len(stem) >= _SHORTEST_STEM and stem in self.stems:
                return f"{stem}~"
        return word

    def _arabic(self, word: str) -> str:
        for bare, has_article in _without_prefixes(word):
            if bare in (self.arabic_with_article if has_article else self.arabic):
                return bare
        for bare, has_article in _without_prefixes(word):
            for ending in _RELATION_ENDINGS:
                stem = bare.removesuffix(ending) if ending else bare
                # Without article or ending the form may be a common word; a people's name seldom stands so bare.
                if stem in self.relations and (has_article or len(stem) > 4):
                    return f"{stem}~"
        return word


def _without_prefixes(word: str) -> list[tuple[str, bool]]:
    """The readings of an Arabic word as conjunction, preposition and article before a name, the fullest word first."""
    readings = [(word, False)]
    for conjunction in ("", "و", "ف"):
        if not word.startswith(conjunction):
            continue
        rest = word[len(conjunction) :]
        readings.append((rest, False))
        for preposition in ("", "ب", "ل", "ك"):
            if rest.startswith(preposition):
                inner = rest[len(preposition) :]
                readings.extend(((inner, False), *_without_article(inner, after=preposition)))
    return [reading for reading in readings if len(reading[0]) >= 2]


def _without_article(word: str, *, after: str) -> list[tuple[str, bool]]:
    if word.startswith(_ARTICLE):
        return [(word[2:], True)]
    # The preposition li- swallows the alif of the article: للسودان.
    return [(word[1:], True)] if after == "ل" and word.startswith("ل") else []
