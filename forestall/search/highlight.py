"""Where the words of a question stand in a text as it was written, and the stretch of it worth showing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .normaliser import Placed, placed
from .question import Question

AROUND = 90
"""Characters shown before the first mark."""
LENGTH = 320
"""Characters shown of a text at the most, whatever is written over and under its letters."""
LOOKED_AT = 60_000
"""Characters of a text in which marks are looked for."""


@dataclass(frozen=True)
class Piece:
    """A stretch of the original text; `marked` when it answers the question."""

    text: str
    marked: bool = False


def marks(text: str, question: Question) -> list[tuple[int, int]]:
    """From which to which character (excluded) the text answers the question, in order, none over another."""
    found: list[Placed] = placed(text[:LOOKED_AT])
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


def whole(text: str, question: Question) -> list[Piece]:
    """All of a short text, such as a title, with its marks."""
    return _pieces(text, 0, len(text), marks(text, question))


def excerpt(text: str, question: Question) -> list[Piece]:
    """The stretch around the first mark, else the beginning; an ellipsis where the text goes on."""
    spans = marks(text, question)
    start = _beginning(text, spans[0][0]) if spans else 0
    end = min(len(text), start + LENGTH)
    pieces = _pieces(text, start, end, spans)
    before, after = [Piece("… ")] if start else [], [Piece(" …")] if end < len(text) else []
    return [*before, *pieces, *after]


def _beginning(text: str, first: int) -> int:
    """Where to begin so that the first mark is shown: at a word, where there are words."""
    start = max(0, first - AROUND)
    space = text.find(" ", start, first)
    return space + 1 if start and space >= 0 else start


def _pieces(text: str, start: int, end: int, spans: Sequence[tuple[int, int]]) -> list[Piece]:
    pieces, at = [], start
    for low, high in spans:
        low, high = max(low, at), min(high, end)
        if low >= high:
            continue
        pieces += [Piece(text[at:low]), Piece(text[low:high], marked=True)]
        at = high
    return [piece for piece in [*pieces, Piece(text[at:end])] if piece.text]
