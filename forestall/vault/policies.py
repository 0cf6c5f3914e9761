"""Rules of the vault, over plain values."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from datetime import date, timedelta

from forestall.base.errors import Refused
from forestall.base.words import say
from forestall.labels.label import CONSENT_WORDS

from .states import PseudonymState

LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
"""What pseudonyms are spelled with: no letter that is taken for a digit or for another."""
CODE = re.compile(rf"(?<![0-9a-z])[{LETTERS.lower()}][\s\-‐‑‒–—_]?[0-9]{{2}}[{LETTERS.lower()}](?![0-9a-z])")
SPELLED = re.compile(rf"(?<![0-9A-Za-z-])[{LETTERS}]-[0-9]{{2}}[{LETTERS}](?![0-9A-Za-z-])")
"""A pseudonym as the vault spells it; CODE finds it however somebody wrote it."""
NUMBER = frozenset("0123456789+()-./ ")
"""What a telephone number is written with."""
REVIEW = timedelta(days=365)
MINUTES = 15
OPEN = timedelta(minutes=MINUTES)
"""How long an identity stays open to whoever asked for it."""
GUESSES = 3
"""Texts of one person in a day that may name a source before every further text waits for a source handler."""


def check_identity(*, name: str, contact: str) -> None:
    """Raise `Refused` for an identity that says nothing of who it is."""
    if not name.strip() and not contact.strip():
        raise Refused(say("Write a name, or how the source is reached. Otherwise there is nobody to protect."))


def check_words(*, words: Collection[str]) -> None:
    """Raise `Refused` when nothing would be taken out, or a word so short that it would take others with it."""
    if not words:
        raise Refused(say("Write the words that tell who the source is, one in each line."))
    if any(len(word) < 3 and word.isascii() for word in words):
        raise Refused(say("A word of fewer than three letters would take other words with it. Write it longer."))


def check_scopes(*, scopes: Iterable[str]) -> None:
    """Raise `Refused` for something that nobody can consent to here."""
    if any(scope not in CONSENT_WORDS for scope in scopes):
        raise Refused(say("Choose from the list what the source agreed to."))


def check_stands(*, state: str) -> None:
    """Raise `Refused` when the identity behind a pseudonym is gone from this desk."""
    if state == PseudonymState.ERASED:
        raise Refused(say("This identity was erased. Nothing can be done with it any more."))
    if state == PseudonymState.MOVED:
        raise Refused(say("This identity is another desk's now."))


def check_day(*, day: date, today: date) -> None:
    """Raise `Refused` for a day to come."""
    if day > today:
        raise Refused(say("This day is still to come."))


def may(*, state: str, scopes: Collection[str], purpose: str) -> bool:
    """Whether what a source gave may be used for a purpose now. Without consent it may not."""
    return state != PseudonymState.ERASED and purpose in scopes


def purpose_of_release(*, level: int) -> str:
    """What a source must have agreed to before words drawn from it are released at a level."""
    return {0: "public", 1: "share-UN"}.get(level, "analyse")


def folded(text: str) -> str:
    """A text as names are compared: one spelling of each letter and digit, no case, no accents, nothing unseen."""
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    kept = [str(unicodedata.digit(letter)) if letter.isdigit() else letter for letter in apart if not _is_unseen(letter)]
    return " ".join("".join(kept).split())


def _is_unseen(letter: str) -> bool:
    """Whether it only changes the letter before it, or shows as nothing at all."""
    return unicodedata.combining(letter) > 0 or unicodedata.category(letter) == "Cf"


def holds_pseudonym(text: str) -> bool:
    """Whether a text holds something shaped like a pseudonym, however it is spaced or which digits it is written in."""
    return CODE.search(folded(text)) is not None


def holds_word(text: str, *, words: Iterable[str]) -> bool:
    """Whether a text holds one of these words, in any case, spacing or form of its letters."""
    wanted = pattern(words)
    return wanted is not None and wanted.search(folded(text)) is not None


def pattern(words: Iterable[str]) -> re.Pattern[str] | None:
    """What finds any of `words` in a folded text: whole words where the script sets them apart, anywhere else."""
    parts = [_one(folded(word)) for word in sorted(set(words), key=len, reverse=True) if folded(word)]
    return re.compile("|".join(parts)) if parts else None


def _one(word: str) -> str:
    digits = [letter for letter in word if letter.isdigit()]
    if len(digits) >= 7 and set(word) <= NUMBER:
        return r"\+?(?<!\d)" + r"[\s.\-()/]*".join(digits) + r"(?!\d)"
    spaced = r"[\s._\-]*".join(re.escape(part) for part in word.split())
    before = r"(?<!\w)" if _set_apart(word[0]) else ""
    after = r"(?!\w)" if _set_apart(word[-1]) else ""
    return f"{before}{spaced}{after}"


def _set_apart(letter: str) -> bool:
    """Whether a script writes its words apart and joins nothing to them: those with two cases, and digits."""
    return letter.isdigit() or letter.lower() != letter.upper()


def replaced(text: str, *, words: Iterable[str], by: str) -> str:
    """A text with each of `words` replaced; as it was where none stands in it.

    Found letter by letter over the folded text, so that case, composition and unseen characters hide nothing.
    """
    wanted = pattern(words)
    if wanted is None or not text:
        return text
    letters, places = _folded_with_places(text)
    made, at = [], 0
    for found in wanted.finditer(letters):
        start, end = places[found.start()], places[found.end() - 1] + 1
        while end < len(text) and unicodedata.combining(text[end]):
            end += 1
        made += [text[at:start], by]
        at = end
    return "".join([*made, text[at:]])


def _folded_with_places(text: str) -> tuple[str, list[int]]:
    """The text folded letter by letter, spaces as they are, with the place of each letter in the text."""
    letters: list[str] = []
    places: list[int] = []
    for place, letter in enumerate(text):
        for one in " " if letter.isspace() else folded(letter):
            letters.append(one)
            places.append(place)
    return "".join(letters), places
