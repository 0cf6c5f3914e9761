"""Finding the country a messy name means, in six languages: exact names and aliases, never a guess.

A name that means several comes back as several ("Korea", "Congo"), and one that is not known comes back as none. What
stands inside a longer text is not looked for here; that is the work of the place suggester.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from .register import Country, codes, country
from .tabletext import rows
from .territory import Territory, territories

_ARABIC = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "ـ": None})
_MARKS = re.compile(r"[^\w]+|_+")
_ARTICLE = re.compile(r"^(?:the|la|le|les|l|el|los|las) (?=.)")
_ABBREVIATED = {"st": "saint", "ste": "sainte", "is": "islands", "rep": "republic", "dem": "democratic"}
_ANDS = re.compile(r"\s*&\s*")
_DOTTED = re.compile(r"\b(\w)\.(?=\w\b)")
_DOTS = re.compile(r"[.\s]")
_INSERTED = re.compile(r"\s*[(（][^)）]*[)）]\s*")


def find(text: str, *, also: Iterable[Country] = ()) -> list[str]:
    """The codes of the countries that `text` names: one, several when the name is ambiguous, or none.

    Understands names, short and former names, and nationalities in English and French (also in the plural), whatever
    their case, accents, articles and punctuation; codes and abbreviations only as they are written ("US", not "us"). `also` are the countries of an exercise.
    """
    key = normal(text)
    found = [*_by_code(text.strip()), *_index().get(key, ())]
    found += [one.iso3 for one in also if text.strip() == one.iso3 or key in map(normal, one.names.values())]
    return list(dict.fromkeys(found))


def find_territories(text: str) -> list[Territory]:
    """The territories that `text` names by one of their six names."""
    key = normal(text)
    return [one for one in territories() if key in map(normal, one.names.values())]


def normal(text: str) -> str:
    """A name without what writers vary: case, accents, punctuation, articles, `St.` for `Saint`, kinds of alif."""
    text = _DOTTED.sub(r"\1", _ANDS.sub(" and ", text)).translate(_ARABIC)
    spread = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(letter for letter in spread if not unicodedata.combining(letter))
    words = _MARKS.sub(" ", bare).split()
    joined = " ".join(_ABBREVIATED.get(word, word) for word in words)
    return _ARTICLE.sub("", joined)


def _by_code(text: str) -> list[str]:
    # Spelled exactly so: "no", "us", "car" and "opt" are words.
    if text in codes():
        return [text]
    found = _abbreviations().get(_DOTS.sub("", text), ())
    return [*found, *([_by_iso2()[text]] if text in _by_iso2() else [])]


@cache
def _by_iso2() -> Mapping[str, str]:
    known = (country(iso3) for iso3 in sorted(codes()))
    return {one.iso2: one.iso3 for one in known if one.iso2 and not one.successors}


@cache
def _index() -> Mapping[str, tuple[str, ...]]:
    found: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for spelling, iso3 in [*_official(), *_without_insertions(), *_aliases()]:
        found[normal(spelling)][iso3] = None
    return {key: tuple(those) for key, those in found.items() if key}


def _official() -> Iterator[tuple[str, str]]:
    for iso3 in sorted(codes()):
        one = country(iso3)
        yield from ((spelling, iso3) for spelling in one.names.values())
        yield one.formal_en, iso3


def _without_insertions() -> Iterator[tuple[str, str]]:
    # "Bolivia (Plurinational State of)" is also called by what stands before the bracket.
    for spelling, iso3 in _official():
        if _INSERTED.search(spelling):
            yield _INSERTED.sub(" ", spelling).strip(), iso3


@cache
def _abbreviations() -> Mapping[str, tuple[str, ...]]:
    return {
        row["alias"]: tuple(row["codes"].split())
        for row in rows("aliases.csv")
        if row["kind"] == "abbreviation"
    }


def _aliases() -> Iterator[tuple[str, str]]:
    for row in rows("aliases.csv"):
        if row["kind"] == "abbreviation":
            continue
        for iso3 in row["codes"].split():
            yield row["alias"], iso3
            if row["kind"] == "adjective":
                yield row["alias"] + "s", iso3
