"""Where the words of a question stand in a text as it was written, and the stretch of it worth showing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .normaliser import Placed, placed, words
from .question import Question

AROUND = 90
"""Characters shown before the first mark."""
LENGTH = 320
"""Characters shown of a text at the most, whatever is written over and under its letters."""
SLICE = 4_000
"""Characters in which marks are looked for at a time, until some are found."""


@dataclass(frozen=True)
class Piece:
    """A stretch of the original text; `marked` when it answers the question."""

    text: str
    marked: bool = False


def marks(text: str, question: Question) -> list[tuple[int, int]]:
    """From which to which character (excluded) the text answers the question, in order, none over another."""
    found: list[Placed] = placed(text)
    told = [one.word for one in found]
    spans = sorted(
        (found[low].start, found[high - 1].end) for term in question.wanted for low, high in term.places(told)
    )
    united: list[tuple[int, int]] = []
    for start, end in spans:
        if united and start <= united[-1][1]:
            united[-1] = (united[-1][0], max(end, united[-1][1]))
        else:
            united.append((start, end))
    return united


def _first_answering(text: str, question: Question) -> int:
    """Where the first slice begins in which a term stands; the beginning when there is none. A slice ends at a space."""
    start = 0
    while start < len(text):
        space = text.find(" ", start + SLICE, start + 2 * SLICE)
        end = space if space >= 0 else start + SLICE
        told = words(text[start:end])
        if any(term.places(told) for term in question.wanted):
            return start
        start = end
    return 0


def whole(text: str, question: Question) -> list[Piece]:
    """All of a short text, such as a title, with its marks."""
    return _pieces(text, 0, len(text), marks(text, question))


def excerpt(text: str, question: Question) -> list[Piece]:
    """The stretch around the first mark, else the beginning; an ellipsis where the text goes on."""
    begun = _first_answering(text, question)
    part = text[begun : begun + 2 * SLICE]
    spans = marks(part, question)
    start = _beginning(part, spans[0][0]) if spans else 0
    end = _ending(part, start + LENGTH, least=spans[0][1] if spans else 0)
    pieces = _pieces(part, start, end, spans)
    before = [Piece("… ")] if begun + start else []
    after = [Piece(" …")] if begun + end < len(text) else []
    return [*before, *pieces, *after]


def _beginning(text: str, first: int) -> int:
    """Where to begin so that the first mark is shown: at a word, where there are words."""
    start = max(0, first - AROUND)
    space = text.find(" ", start, first)
    return space + 1 if start and space >= 0 else start


def _ending(text: str, most: int, *, least: int) -> int:
    """Where to end: at the last word that fits, where there are words."""
    if most >= len(text):
        return len(text)
    space = text.rfind(" ", max(least, most - AROUND), most)
    return space if space >= 0 else most


def _pieces(text: str, start: int, end: int, spans: Sequence[tuple[int, int]]) -> list[Piece]:
    pieces, at = [], start
    for low, high in spans:
        low, high = max(low, at), min(high, end)
        if low >= high:
            continue
        pieces += [Piece(text[at:low]), Piece(text[low:high], marked=True)]
        at = high
    return [piece for piece in [*pieces, Piece(text[at:end])] if piece.text]
