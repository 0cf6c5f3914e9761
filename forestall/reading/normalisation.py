"""The forms of a text: one to keep and show, one to search and match in.

Nothing here throws a character of the original away for good: `clean` reports what it took out, `matching` gives
for every character of the matching form the place in the original that it came from.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_ZERO_WIDTH = "\u00ad\u180e\u200b\u200c\u200d\u2060\u2061\u2062\u2063\u2064\ufeff"
_BIDI_RUN = re.compile(f"[{_BIDI}]")
_ZERO_WIDTH_RUN = re.compile(f"[{_ZERO_WIDTH}]|[\U000e0000-\U000e007f]")
# Tab, line feed and carriage return are layout; every other C0 or C1 control is noise or an attack.
_CONTROL_RUN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]|[\ud800-\udfff]")
_LINE_END = re.compile("\r\n?|\u2028|\u2029|\x85")
_SPACES = re.compile(r"[^\S\n]+")
_BLANK_LINES = re.compile(r" *\n *(?:\n *)+")
_WHITE = re.compile(r"\s+")
HAN = "\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_HAN_GAP = re.compile(f"(?<=[{HAN}]) +(?=[{HAN}])")
_ARABIC_LETTERS = str.maketrans(
    {
        "أ": "ا",
        "إ": "ا",
        "آ": "ا",
        "ٱ": "ا",
        "ى": "ي",
        "ة": "ه",
        "ی": "ي",
        "ک": "ك",
        "ـ": "",
        "ؤ": "و",
        "ئ": "ي",
    }
)
# Vowel signs belong to their word; and a hidden character inside a word must not cut it in two, or a name could be
# smuggled past the reader.
_MARKS = (
    "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0900-\u0963\u0966-\u0e3a\u0e40-\u0e4e"
    "\u0e80-\u0ece\u0f71-\u0f84\u102b-\u103e\u1056-\u1059\u135d-\u135f\u17b4-\u17d3"
)
MATCH_WORD = re.compile(rf"\w(?:[\w{_MARKS}{_BIDI}{_ZERO_WIDTH}]*[\w{_MARKS}])?")


@dataclass(frozen=True)
class CleanText:
    """A text fit to show and to split, with the count of what was taken out of it.

    `direction_controls` and `hidden_characters` above nought deserve a reader's eye: they can make a text read
    otherwise than it matches.
    """

    text: str
    direction_controls: int
    hidden_characters: int
    control_characters: int

    @property
    def is_suspicious(self) -> bool:
        """Whether characters were found that change how a text looks without being seen."""
        return bool(self.direction_controls or self.control_characters)


def clean(text: str) -> CleanText:
    """`text` in NFC without control, direction and zero-width characters, lines ended by a line feed.

    Zero-width joiners carry meaning in Persian and Indic scripts: keep the original beside this form.
    """
    text = _LINE_END.sub("\n", text)
    text, direction = _BIDI_RUN.subn("", text)
    text, hidden = _ZERO_WIDTH_RUN.subn("", text)
    text, controls = _CONTROL_RUN.subn("", text)
    text = unicodedata.normalize("NFC", text)
    text = _BLANK_LINES.sub("\n\n", _SPACES.sub(" ", text)).strip()
    return CleanText(text, direction, hidden, controls)


@lru_cache(maxsize=65536)
def word_form(word: str) -> str:
    """One word in the form in which words are compared: NFKC, case folded, marks and Arabic variants levelled.

    Cyrillic й and ё keep apart from и, and level with е, as Russian readers write them; Han stays as it is.
    """
    folded = unicodedata.normalize("NFKC", word).casefold()
    if folded.isascii():
        return folded
    folded = _ZERO_WIDTH_RUN.sub("", _BIDI_RUN.sub("", folded)).translate(_ARABIC_LETTERS)
    decomposed = unicodedata.normalize("NFD", folded.replace("й", "\ue000").replace("ё", "е"))
    bare = "".join(letter for letter in decomposed if not _is_dropped_mark(letter))
    return unicodedata.normalize("NFC", bare).replace("\ue000", "й")


def _is_dropped_mark(letter: str) -> bool:
    # Vowel signs of Indic, Thai, Burmese or Ethiopic scripts are letters to their readers and stay.
    if letter < "\u0300" or unicodedata.category(letter) != "Mn":
        return False
    return letter <= "\u036f" or "\u0610" <= letter <= "\u06ed" or "\u0591" <= letter <= "\u05c7"


def search_form(text: str) -> str:
    """`text` as words in their comparable form with one space between; no space inside Han. For search and hashing."""
    plain = _ZERO_WIDTH_RUN.sub("", _BIDI_RUN.sub("", _CONTROL_RUN.sub("", text)))
    # Marks are part of a word before they are levelled, so words are cut after composing.
    words = MATCH_WORD.findall(unicodedata.normalize("NFC", plain))
    return _HAN_GAP.sub("", " ".join(word_form(word) for word in words))


@dataclass(frozen=True)
class MatchingForm:
    """The words of a text in comparable form, each with its place in the original (characters from 0)."""

    words: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]


def matching(text: str) -> MatchingForm:
    """The words of `text` for matching, with offsets into `text` exactly as given."""
    words: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for found in MATCH_WORD.finditer(text):
        form = word_form(found.group())
        if form:
            words.append(form)
            starts.append(found.start())
            ends.append(found.end())
    return MatchingForm(tuple(words), tuple(starts), tuple(ends))


def one_line(text: str) -> str:
    """`text` with every run of white space as one space."""
    return _WHITE.sub(" ", text).strip()
