"""A text cut where something is to be marked in it: words confirmed by a person, words a machine points at."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

CONFIRMED, SUGGESTED = "confirmed", "suggested"
_BREAK = re.compile(r"\n\s*\n")


@dataclass(frozen=True)
class Span:
    """Characters `start` to `end` (excluded) of a text, how they are marked, and the anchor of what marks them."""

    start: int
    end: int
    mark: str
    anchor: str = ""


@dataclass(frozen=True)
class Piece:
    """A stretch of text with one mark, or none. `first`: an anchor begins here and can be linked to."""

    text: str
    mark: str = ""
    anchor: str = ""
    first: bool = False


def paragraphs(text: str, *, spans: Iterable[Span] = ()) -> list[list[Piece]]:
    """The paragraphs of `text`, each as pieces. Where marks overlap, what a person confirmed covers the rest."""
    inside, met = _inside(text, spans), set[str]()
    return [_pieces(text, start, end, spans=inside, met=met) for start, end in _extents(text)]


def rows(text: str, *, most: int, spans: Iterable[Span] = ()) -> list[list[list[Piece]]]:
    """The first `most` rows of a table whose text has a line for each and a tab between cells; each cell as pieces."""
    inside, met, start = _inside(text, spans), set[str](), 0
    found = []
    for line in text.split("\n", most)[:most]:
        cells = []
        for cell in line.split("\t"):
            cells.append(_pieces(text, start, start + len(cell), spans=inside, met=met))
            start += len(cell) + 1
        found.append(cells)
    return found


def _inside(text: str, spans: Iterable[Span]) -> list[Span]:
    inside = [span for span in spans if 0 <= span.start < span.end <= len(text)]
    return sorted(inside, key=lambda span: (span.mark != CONFIRMED, span.start, span.end))


def _extents(text: str) -> list[tuple[int, int]]:
    found, start = [], 0
    for gap in _BREAK.finditer(text):
        found.append((start, gap.start()))
        start = gap.end()
    return [(low, high) for low, high in [*found, (start, len(text))] if text[low:high].strip()]


def _pieces(text: str, start: int, end: int, *, spans: Sequence[Span], met: set[str]) -> list[Piece]:
    cuts = {start, end} | {cut for span in spans for cut in (span.start, span.end) if start < cut < end}
    edges = sorted(cuts)
    return [_piece(text, low, high, spans=spans, met=met) for low, high in itertools.pairwise(edges)]


def _piece(text: str, low: int, high: int, *, spans: Sequence[Span], met: set[str]) -> Piece:
    over = next((span for span in spans if span.start <= low and high <= span.end), None)
    if over is None:
        return Piece(text[low:high])
    first = bool(over.anchor) and over.anchor not in met
    met.add(over.anchor)
    return Piece(text[low:high], over.mark, over.anchor, first)
