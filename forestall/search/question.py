"""What somebody asks for: words that must all be there, "phrases", beginnings*, and -what must not be there.

No word of a question is a command: columns, operators and brackets of a database are words or nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from forestall.base.errors import Malformed
from forestall.base.words import say

from .normaliser import is_unspaced, words

MOST_BYTES = 10_000
MOST_TERMS = 64
MOST_WORDS = 256
"""Words in all terms together: a pasted page of Chinese is many pairs."""
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»「」『』＂〝〞", '"'))
_PART = re.compile(r'(?P<minus>-?)(?:"(?P<phrase>[^"]*)"?|(?P<plain>[^\s"]+))(?P<star>\*?)')


@dataclass(frozen=True)
class Term:
    """Words that must stand one after the other. `begins`: the last one is only the beginning of a word."""

    words: tuple[str, ...]
    begins: bool = False

    def places(self, told: list[str]) -> list[tuple[int, int]]:
        """From which to which word (excluded) of a text the term stands."""
        size = len(self.words)
        first = self.words[0] if size > 1 or not self.begins else None
        return [
            (place, place + size)
            for place in range(len(told) - size + 1)
            if (first is None or told[place] == first) and self._stands(told, place)
        ]

    def _stands(self, told: list[str], place: int) -> bool:
        *before, last = self.words
        there = told[place + len(before)]
        fits = there.startswith(last) if self.begins else there == last
        return fits and all(told[place + at] == word for at, word in enumerate(before))


@dataclass(frozen=True)
class Question:
    """A question, read. Of nothing: it has no terms, and everything answers it."""

    wanted: tuple[Term, ...] = ()
    unwanted: tuple[Term, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.wanted or self.unwanted)

    def answered_by(self, told: list[str]) -> bool:
        """Whether a text, given as its words, has all that is wanted and nothing that is not."""
        if not all(term.places(told) for term in self.wanted):
            return False
        return not any(term.places(told) for term in self.unwanted)


def read(text: str) -> Question:
    """The question in a text. Raises `Malformed` when it is too long; a text without a letter asks nothing."""
    if len(text.encode("utf-8", "replace")) > MOST_BYTES:
        raise Malformed(say("This is too long to search for. Ask for fewer words."))
    wanted: dict[Term, None] = {}
    unwanted: dict[Term, None] = {}
    for part in _PART.finditer(text.translate(_QUOTES)):
        term = _term(part["phrase"] if part["plain"] is None else part["plain"], star=bool(part["star"]))
        if term is not None:
            (unwanted if part["minus"] else wanted)[term] = None
    terms = [*wanted, *unwanted]
    if len(terms) > MOST_TERMS or sum(len(term.words) for term in terms) > MOST_WORDS:
        raise Malformed(say("These are too many words. Ask for %(most)s at the most.", most=MOST_TERMS))
    return Question(tuple(wanted), tuple(unwanted))


def _term(text: str, *, star: bool) -> Term | None:
    """One term. Where the text ends inside a run without spaces, the run may go on in what is found."""
    begins = star or text.rstrip().endswith("*")
    found = words(text)
    if not found:
        return None
    if is_unspaced(found[-1][0]) and len(found[-1]) == 1:
        alone = len(found) == 1 or not (len(found[-2]) == 2 and found[-2][1] == found[-1])
        return Term(tuple(found), begins=True) if alone else Term(tuple(found[:-1]))
    return Term(tuple(found), begins=begins)
