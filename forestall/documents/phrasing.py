"""How each language states a finding and how it speaks of risk: patterns read from `vocabulary/`, compiled once."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from forestall.base.catalogue import read_definition, refuse_unknown
from forestall.base.errors import Refused
from forestall.base.words import say

_FOLDER = Path(__file__).parent / "vocabulary"
_ONE = (
    "hedge",
    "boundary",
    "body",
    "found",
    "said",
    "person",
    "likelihood",
    "confidence",
    "score",
    "silence",
)
_MANY = ("asserted", "guilt")
LANGUAGES = ("en", "fr", "es", "ru", "ar", "zh")

_ARABIC_FORMS = str.maketrans(
    {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "ک": "ك", "ی": "ي"}
)
_SAME_LENGTH = str.maketrans({"’": "'", "ʼ": "'", "\u00a0": " ", "\u202f": " ", "\u2011": "-"})
# A crime put in quotation marks is still named.
_OPENING = '(?:["“«„「]\\s?)?'
_TATWEEL, _SOFT_HYPHEN = "\u0640", "\u00ad"


@dataclass(frozen=True)
class Phrasing:
    """Compiled patterns of one language. All ignore case and expect text that `folded` has brought to one form."""

    asserted: tuple[re.Pattern[str], ...]
    guilt: tuple[re.Pattern[str], ...]
    hedge: re.Pattern[str]
    boundary: re.Pattern[str]
    body: re.Pattern[str]
    found: re.Pattern[str]
    said: re.Pattern[str]
    person: re.Pattern[str]
    likelihood: re.Pattern[str]
    confidence: re.Pattern[str]
    score: re.Pattern[str]
    silence: re.Pattern[str]


@dataclass(frozen=True)
class Folded:
    """Text in one form, and for each of its characters the place it had in the text as written."""

    text: str
    places: tuple[int, ...]

    def place(self, index: int) -> int:
        """The place in the text as written; the end of the text maps to its end."""
        return self.places[index] if index < len(self.places) else (self.places[-1] + 1 if self.places else 0)


def folded(text: str) -> Folded:
    """The text without vowel signs, stretching and soft hyphens, with one form of alif and plain apostrophes."""
    kept = [
        (character, place)
        for place, character in enumerate(text)
        if character not in (_TATWEEL, _SOFT_HYPHEN) and not _is_vowel_sign(character)
    ]
    joined = "".join(character for character, _ in kept).translate(_SAME_LENGTH).translate(_ARABIC_FORMS)
    return Folded(joined, tuple(place for _, place in kept))


@cache
def phrasing(language: str) -> Phrasing:
    """The patterns of a language (ISO 639-1). Raises `Refused` when the check does not know it."""
    if language not in LANGUAGES:
        raise Refused(say("There is no language check for %(language)s yet.", language=language))
    found = read_definition(_FOLDER / f"{language}.toml")
    refuse_unknown(found, known=("gap", "crime", *_ONE, *_MANY), where=f"{language}.toml")
    asserted, guilt = (tuple(_compiled(one, found=found) for one in found[name]) for name in _MANY)
    single = {name: _compiled(found[name], found=found) for name in _ONE}
    return Phrasing(asserted=asserted, guilt=guilt, **single)


def _compiled(pattern: str, *, found: dict[str, Any]) -> re.Pattern[str]:
    whole = pattern.replace("{gap}", found["gap"]).replace("{crime}", f"{_OPENING}{found['crime']}")
    return re.compile(whole.translate(_ARABIC_FORMS), re.IGNORECASE)


def _is_vowel_sign(character: str) -> bool:
    return unicodedata.category(character) == "Mn" and "\u064b" <= character <= "\u0670"
