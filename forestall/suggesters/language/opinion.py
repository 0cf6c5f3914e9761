"""Three opinions on a language: two identifiers of different make, and the short words and letters of each tongue.

Sources: py3langid (naive Bayes over byte n-grams, restricted to the languages a script leaves open) and CLD2.
Neither runs on control characters, on which CLD2 raises.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from forestall.base.catalogue import read_definition
from forestall.reading.normalisation import word_form

from .script import OPEN

_HERE = Path(__file__).parent
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
# What CLD2 calls otherwise than BCP-47 does.
_CLD2 = {
    "iw": "he",
    "jw": "jv",
    "zh-Hant": "zh",
    "sr-ME": "sr",
    "bs": "hr",
    "nn": "no",
    "nb": "no",
    "sh": "hr",
}
# Tongues so near that one identifier knows only one of them: it votes for both.
_ALIKE = {"rw": ("rn",), "am": ("ti",)}
# More than this of a text makes py3langid slower and no surer.
_SAMPLE = 400
# In a text of some length short words leave few languages open, and the letters of those alone are looked at.
_MANY_WORDS = 40
_LIKELY = 6


@dataclass(frozen=True)
class Cld2Opinion:
    """What CLD2 says: languages with their share of the text in hundredths, and whether it trusts itself."""

    languages: tuple[tuple[str, int], ...]
    reliable: bool

    @property
    def first(self) -> str:
        """The language of most of the text, `und` when it knows none."""
        return self.languages[0][0] if self.languages else "und"


@lru_cache(maxsize=512)
def cld2(text: str) -> Cld2Opinion:
    """CLD2's opinion on a legible text."""
    import pycld2

    try:
        reliable, _, details = pycld2.detect(text.encode("utf-8", "ignore"), bestEffort=True)
    except pycld2.error:
        return Cld2Opinion((), False)
    named = [(_CLD2.get(code, code), share) for _, code, share, _ in details if code not in {"un", "xxx"}]
    return Cld2Opinion(tuple(named), bool(reliable))


@cache
def _identifiers() -> dict[str, Any]:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    full = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    return {name: _restricted(full, languages=set(codes)) for name, codes in OPEN.items()}


def _restricted(full: Any, *, languages: set[str]) -> Any:
    """`full` with the columns of `languages` alone, so that the rest of the model is let go of."""
    keep = [place for place, code in enumerate(full.nb_classes) if code in languages]
    return type(full)(
        full.nb_ptc[:, keep],
        full.nb_pc[keep],
        [full.nb_classes[place] for place in keep],
        full.tk_nextmove,
        full.tk_output,
        norm_probs=True,
        tk_row=full.tk_row,
    )


def bayes(text: str, *, script: str) -> dict[str, float]:
    """py3langid's probabilities over the languages that `script` leaves open; languages it lacks are absent."""
    sample = text if len(text) <= _SAMPLE else f"{text[: _SAMPLE // 2]} {_middle(text)}"
    found = {code: float(share) for code, share in _identifiers()[script].rank(sample) if share > 0.005}
    for known, others in _ALIKE.items():
        for other in others:
            if known in found and other in OPEN[script]:
                found[other] = max(found.get(other, 0.0), found[known])
    return found


def _middle(text: str) -> str:
    begin = max(_SAMPLE // 2, len(text) // 2 - _SAMPLE // 4)
    return text[begin : begin + _SAMPLE // 2]


@dataclass(frozen=True)
class Tongue:
    """The short words of one language and the letters that speak for and against it."""

    words: frozenset[str]
    always: re.Pattern[str] | None
    never: re.Pattern[str] | None


@cache
def tongues() -> Mapping[str, Tongue]:
    """Every language of `words.toml`."""
    return {code: _tongue(entry) for code, entry in read_definition(_HERE / "words.toml").items()}


def _tongue(entry: dict[str, str]) -> Tongue:
    patterns = {key: re.compile(entry[key]) if key in entry else None for key in ("always", "never")}
    return Tongue(words=frozenset(entry["words"].split()), **patterns)


@cache
def _by_word() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for code, tongue in tongues().items():
        for word in tongue.words | {word_form(plain) for plain in tongue.words}:
            found.setdefault(word, []).append(code)
    return {word: tuple(codes) for word, codes in found.items()}


def short_words(text: str, *, script: str) -> dict[str, float]:
    """For each language that `script` leaves open, how much of `text` is its short words and telling letters, 0 to 1."""
    sample = text[:1200].lower()
    words = _WORD.findall(sample)
    if not words:
        return {}
    counts = dict.fromkeys(OPEN[script], 0.0)
    for word in words:
        for code in _by_word().get(word, ()):
            if code in counts:
                counts[code] += 1
    likely = counts if len(words) < _MANY_WORDS else sorted(counts, key=lambda code: -counts[code])[:_LIKELY]
    return {
        code: _weighed(code, counts[code] / len(words), sample=sample, words=len(words)) for code in likely
    }


def nearer(text: str, *, languages: tuple[str, str]) -> str | None:
    """Which of two neighbours the telling letters of `text` speak for; None when not plainly."""
    sample = text[:4000].lower()
    first, second = (_spoken_for(tongues()[code], sample=sample) for code in languages)
    if abs(first - second) < 3:
        return None
    return languages[0] if first > second else languages[1]


def _spoken_for(tongue: Tongue, *, sample: str) -> int:
    hits = len(tongue.always.findall(sample)) if tongue.always else 0
    return hits - (len(tongue.never.findall(sample)) if tongue.never else 0)


def _weighed(code: str, share: float, *, sample: str, words: int) -> float:
    tongue = tongues()[code]
    value = min(1.0, share * 2.2)
    if tongue.always and (hits := len(tongue.always.findall(sample))):
        value += min(0.3, 2.0 * hits / words)
    if tongue.never and (hits := len(tongue.never.findall(sample))):
        value -= min(0.9, 4.0 * hits / words)
    return max(0.0, min(1.0, value))
