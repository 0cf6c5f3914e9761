"""One form of every text to search in, the same for both databases, for a past day, and for what is marked on a page.

A text becomes words in small plain letters: compatibility forms taken apart (NFKC), case folded, accents and vowel
signs of Arabic and Hebrew dropped, letters of one sound in Arabic, Persian and Urdu unified, digits of every script
as 0 to 9, what cannot be seen left out. Scripts that are written without spaces (Chinese, Japanese, Thai, Lao, Khmer,
Burmese) are cut into overlapping pairs, so that any part of a run of them is found.

The same text always gives the same words; nothing here asks a database, a dictionary or a locale.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

LONGEST = 64
"""Characters of a word that count: a longer one is found by its first 64."""

_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\ua9e0-\ua9ff\uaa60-\uaa7f\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U0001b000-\U0001b16f\U00020000-\U000323af"
)
_UNSPACED_ONE = re.compile(f"[{_UNSPACED}]")
_RUNS = re.compile(f"[{_UNSPACED}]+|[^{_UNSPACED}]+")
_UNSEEN = (
    (0x00AD, 0x00AD), (0x034F, 0x034F), (0x061C, 0x061C), (0x0640, 0x0640), (0x115F, 0x1160), (0x17B4, 0x17B5),
    (0x180B, 0x180F), (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164), (0xD800, 0xDFFF),
    (0xE000, 0xE000), (0xFC5E, 0xFC63), (0xFCF2, 0xFCF4), (0xFE00, 0xFE0F), (0xFE70, 0xFE7F), (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0),
    (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF),
)  # fmt: skip
"""Without width, direction, a stretch of a letter, or a vowel sign standing alone: never part of what a word is."""
_DROPPED = (
    (0x0300, 0x036F), (0x0483, 0x0487), (0x0591, 0x05C7), (0x0610, 0x061A), (0x064B, 0x065F), (0x0670, 0x0670),
    (0x06D6, 0x06ED), (0x0711, 0x0711), (0x0730, 0x074A), (0x08CA, 0x08FF), (0x135D, 0x135F), (0x1AB0, 0x1AFF),
    (0x1DC0, 0x1DFF), (0x20D0, 0x20FF), (0xFE20, 0xFE2F),
)  # fmt: skip
"""Accents and vowel signs that readers leave out. Vowel signs of Indic, Thai, Khmer and Burmese writing are letters."""
_LEVELLED = {
    "ı": "i", "ł": "l", "ø": "o", "đ": "d", "ħ": "h", "ŧ": "t", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "ɓ": "b",
    "ɗ": "d", "ƙ": "k", "ƴ": "y", "ѐ": "е", "ٱ": "ا", "ٲ": "ا", "ٳ": "ا", "ٵ": "ا", "ى": "ي", "ی": "ي", "ې": "ي",
    "ۍ": "ي", "ێ": "ي", "ے": "ي", "ۓ": "ي", "ک": "ك", "ڪ": "ك", "ګ": "گ", "ة": "ه", "ۃ": "ه", "ہ": "ه", "ھ": "ه",
    "ە": "ه", "ۀ": "ه", "ۂ": "ه", "ں": "ن", "ۆ": "و", "ۇ": "و", "ۋ": "و",
}  # fmt: skip
_ETHIOPIC = ((0x1210, 0x1200, 7), (0x1280, 0x1200, 7), (0x1220, 0x1230, 7), (0x12D0, 0x12A0, 7), (0x1340, 0x1338, 7))
"""Rows of Ethiopic letters that are spoken alike today: from, to, how many."""
_JOINED = ((0x1160, 0x11FF), (0x3131, 0x318E), (0xD7B0, 0xD7FF), (0xFF9E, 0xFFDC))
"""Letters that form one syllable with the one before them: parts of Korean syllables, half-width voicing marks."""
_BREVE, _HELD = "\u0306", "\ue000"


def _within(code: int, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(low <= code <= high for low, high in ranges)


class _Unseen(dict[int, int | None]):
    """What each character is before anything else is done to it: itself, or nothing."""

    def __missing__(self, code: int) -> int | None:
        self[code] = found = None if _within(code, _UNSEEN) else code
        return found


class _Letters(dict[int, str | None]):
    """What each character of a folded text taken apart counts as: letters, nothing, or the end of a word."""

    def __missing__(self, code: int) -> str | None:
        self[code] = found = _letter(chr(code))
        return found


def _letter(character: str) -> str | None:
    code = ord(character)
    if character == _HELD:
        return character
    if character in _LEVELLED:
        return _LEVELLED[character]
    if _within(code, _DROPPED) and unicodedata.category(character) == "Mn":
        return None
    for first, onto, many in _ETHIOPIC:
        if first <= code < first + many:
            return chr(code - first + onto)
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if 0x02B0 <= code <= 0x02FF:  # an apostrophe, whichever was typed
        return " "
    return character if category[0] in "LMN" else " "


_unseen, _letters = _Unseen(), _Letters()


def fold(text: str) -> str:
    """`text` in small plain letters and digits, everything else as spaces. Words of unspaced scripts are not cut yet."""
    if text.isascii():
        return text.lower().translate(_letters)
    seen = unicodedata.normalize("NFKC", text.translate(_unseen))
    folded = unicodedata.normalize("NFKC", seen.casefold()).translate(_unseen)
    apart = unicodedata.normalize("NFD", folded.replace("ё", "е"))
    # Russian й is a letter of its own and no и with an accent.
    kept = apart.replace("и" + _BREVE, _HELD).translate(_letters)
    return unicodedata.normalize("NFC", kept).replace(_HELD, "й")


def words(text: str) -> list[str]:
    """The words of a text, in order. Each run of an unspaced script gives its pairs and, last, its last letter."""
    return [word for chunk in fold(text).split() for word in _cut(chunk)]


@lru_cache(maxsize=16384)
def _cut(chunk: str) -> tuple[str, ...]:
    if chunk.isascii():
        return (chunk[:LONGEST],)
    return tuple(chunk[start:end] for start, end in _cuts(chunk))


def _cuts(chunk: str) -> Iterator[tuple[int, int]]:
    """Where each word of a chunk without spaces begins and ends."""
    for run in _RUNS.finditer(chunk):
        start, end = run.span()
        if is_unspaced(chunk[start]):
            yield from ((place, min(place + 2, end)) for place in range(start, end))
        else:
            yield start, min(end, start + LONGEST)


def is_unspaced(character: str) -> bool:
    """Whether a character belongs to a script that is written without spaces between words."""
    return character > "\u0dff" and _UNSPACED_ONE.match(character) is not None


@dataclass(frozen=True)
class Placed:
    """A word, with the characters of the original text that it came from: `start` to `end` (excluded)."""

    word: str
    start: int
    end: int


def placed(text: str) -> list[Placed]:
    """The words of a text as `words` gives them, each with its place in the text as it was written."""
    found: list[Placed] = []
    chunk: list[tuple[str, int, int]] = []
    for start, end in _clusters(text):
        for letter in _folded(text[start:end]):
            if letter == " ":
                found += _placed(chunk)
                chunk = []
            else:
                chunk.append((letter, start, end))
    return found + _placed(chunk)


@lru_cache(maxsize=65536)
def _folded(cluster: str) -> str:
    return fold(cluster)


def _placed(chunk: list[tuple[str, int, int]]) -> list[Placed]:
    letters = "".join(letter for letter, _, _ in chunk)
    return [Placed(letters[low:high], chunk[low][1], chunk[high - 1][2]) for low, high in _cuts(letters)]


def _clusters(text: str) -> Iterator[tuple[int, int]]:
    """Letters with all that is written over, under or into them: what is folded together must stay together."""
    start = 0
    for place in range(1, len(text)):
        if not _continues(text[place]):
            yield start, place
            start = place
    if text:
        yield start, len(text)


@lru_cache(maxsize=65536)
def _continues(character: str) -> bool:
    code = ord(character)
    if code < 0x0300:
        return code == 0x00AD
    return _within(code, _UNSEEN) or _within(code, _JOINED) or unicodedata.category(character)[0] == "M"
