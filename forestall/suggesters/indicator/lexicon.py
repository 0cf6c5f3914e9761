"""The words of six languages by which passages speak of what indicators are about."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import ahocorasick

from forestall.base.catalogue import read_definition, refuse_unknown
from forestall.base.errors import Malformed
from forestall.base.words import say
from forestall.reading.normalisation import matching, word_form

HERE = Path(__file__).parent
LANGUAGES = ("en", "fr", "es", "ru", "ar", "zh")
# How many words may stand between two words of a term, and signs between two stretches of a Chinese one.
_GAP = 3
_SIGNS_BETWEEN = 10
_ARABIC_PREFIX = re.compile("^(?:[وف])?(?:[بك]|ل(?=[^ل])|(?=لل))?(?:ال|لل)?")
_SHORTEST = 3


@dataclass(frozen=True)
class Unit:
    """One word of a passage, or one sign of a Chinese one, with its place in the passage."""

    forms: tuple[str, ...]
    start: int
    end: int


@dataclass(frozen=True)
class Hit:
    """Where a passage speaks of a concept: units from `first` to `last`, characters from `start` to `end`."""

    concept: str
    first: int
    last: int
    start: int
    end: int


@dataclass(frozen=True)
class _Lexicon:
    beginnings: Any
    terms: Mapping[str, tuple[tuple[str, tuple[str, ...]], ...]]


def _arabic_forms(word: str) -> tuple[str, ...]:
    bare = _ARABIC_PREFIX.sub("", word)
    return (word, bare) if len(bare) >= _SHORTEST and bare != word else (word,)


def units(text: str, *, language: str) -> list[Unit]:
    """The units of `text` that terms of `language` are matched against."""
    if language == "zh":
        return [
            Unit((letter,), place, place + 1) for place, letter in enumerate(text) if not letter.isspace()
        ]
    form = matching(text)
    rows = zip(form.words, form.starts, form.ends, strict=True)
    if language == "ar":
        return [Unit(_arabic_forms(word), start, end) for word, start, end in rows]
    return [Unit((word,), start, end) for word, start, end in rows]


def _parts(term: str, *, language: str) -> tuple[str, ...]:
    """A term's words as patterns: a space before a beginning, one after it when it is a whole word."""
    if language == "zh":
        return tuple(term.split())
    return tuple(
        f" {word_form(part.rstrip('='))}{' ' if part.endswith('=') else ''}"
        for part in re.split(r"[\s'’-]+", term.strip())
        if part
    )


@cache
def concepts() -> Mapping[str, Mapping[str, str]]:
    """Every concept with its terms in each language. Raises `Malformed` when a language is missing."""
    found = read_definition(HERE / "concepts.toml")
    for name, terms in found.items():
        refuse_unknown(terms, known=LANGUAGES, where=name)
        missing = [language for language in LANGUAGES if not terms.get(language, "").strip()]
        if missing:
            raise Malformed(
                say("The concept %(name)s lacks %(languages)s.", name=name, languages=", ".join(missing))
            )
    return found


@cache
def _lexicon(language: str) -> _Lexicon:
    terms: dict[str, list[tuple[str, tuple[str, ...]]]] = defaultdict(list)
    beginnings = ahocorasick.Automaton()
    for name, languages in concepts().items():
        for term in languages[language].split(","):
            if parts := _parts(term, language=language):
                terms[parts[0]].append((name, parts))
                for part in parts:
                    beginnings.add_word(part, part)
    beginnings.make_automaton()
    return _Lexicon(beginnings, {first: tuple(found) for first, found in terms.items()})


def hits(found: Sequence[Unit], *, language: str) -> dict[str, list[Hit]]:
    """For each concept the passage speaks of, where it does, in order."""
    lexicon = _lexicon(language)
    places = _places(found, lexicon=lexicon, language=language)
    gap = _SIGNS_BETWEEN if language == "zh" else _GAP
    spoken: dict[str, list[Hit]] = defaultdict(list)
    for first, where in places.items():
        for name, parts in lexicon.terms.get(first, ()):
            for begin in sorted(where):
                last = _followed(begin, parts=parts, places=places, gap=gap)
                if last is not None:
                    end = min(last + (len(parts[-1]) - 1 if language == "zh" else 0), len(found) - 1)
                    spoken[name].append(Hit(name, begin, end, found[begin].start, found[end].end))
    return {name: sorted(group, key=lambda hit: hit.first) for name, group in spoken.items()}


def _places(found: Sequence[Unit], *, lexicon: _Lexicon, language: str) -> dict[str, set[int]]:
    """For each pattern, the numbers of the units it begins at."""
    places: dict[str, set[int]] = defaultdict(set)
    for text, at in _spellings(found, language=language):
        for last, part in lexicon.beginnings.iter(text):
            places[part].add(at[last - len(part) + 1])
    return places


def _spellings(found: Sequence[Unit], *, language: str) -> Iterator[tuple[str, list[int]]]:
    """The passage as one string per spelling of its words, with the number of the unit each sign belongs to."""
    if language == "zh":
        yield "".join(unit.forms[0] for unit in found), list(range(len(found)))
        return
    for spelling in (0, -1):
        words = [unit.forms[spelling] for unit in found]
        at: list[int] = []
        for number, word in enumerate(words):
            at.extend([number] * (len(word) + 1))
        yield f" {' '.join(words)} ", [*at, len(words) - 1, len(words) - 1]
        if all(len(unit.forms) == 1 for unit in found):
            return


def _followed(begin: int, *, parts: tuple[str, ...], places: Mapping[str, set[int]], gap: int) -> int | None:
    """The unit at which the last part of a term stands when each part follows the one before; None when not."""
    at = begin
    for part in parts[1:]:
        near = [place for place in places.get(part, ()) if at < place <= at + gap]
        if not near:
            return None
        at = min(near)
    return at
