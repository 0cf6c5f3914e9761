"""Documents and the passages they are cut into, with offsets that stay true to the text as it was given."""

from __future__ import annotations

import re
from dataclasses import dataclass

# Full stops of Latin, Cyrillic and Greek; Arabic question mark and Urdu stop; Han, Devanagari, Burmese,
# Ethiopic, Armenian and Khmer ends of sentence.
_STOPS = ".!?…؟۔。！？｡।॥။።፧፨։៖។"
_ALWAYS_END = "。！？｡।॥။።፧፨։។؟۔"
_CLOSING = "\"'”’»)]）】」』〉》"
_END = re.compile(rf"[{_STOPS}]+[{re.escape(_CLOSING)}]*(?=\s|$)|[{_ALWAYS_END}]+[{re.escape(_CLOSING)}]*")
_PARAGRAPH = re.compile(r"\n[^\S\n]*\n\s*|\n(?=\s*(?:[-*•–—]|\d{1,3}[.)])\s)")
# Words that end in a full stop without ending a sentence, in the Latin and Cyrillic languages of the Office.
_ABBREVIATION = re.compile(
    r"(?:^|[\s(«“\"])(?:mr|mrs|ms|dr|prof|gen|col|lt|maj|capt|sgt|st|no|nos|art|para|paras|vol|fig|approx|etc|vs|cf|"
    r"al|inc|ltd|jr|sr|mme|mlle|m|sra|sres|dra|núm|pág|ud|uds|av|г|гг|им|ул|стр|ст|тыс|млн|млрд|др|т|е|"
    r"jan|feb|mar|apr|jun|jul|aug|sep|sept|oct|nov|dec|i\.e|e\.g|p|pp|[A-ZА-Я])\.$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Passage:
    """A stretch of a document's text; `start` and `end` count characters of that text from 0, end excluded."""

    id: str
    text: str
    language: str = "und"
    start: int = 0
    end: int = -1

    def __post_init__(self) -> None:
        if self.end < 0:
            object.__setattr__(self, "end", self.start + len(self.text))


@dataclass(frozen=True)
class Document:
    """One item's text with its title; `language` is BCP-47, `und` when nobody has said."""

    id: str
    text: str
    title: str = ""
    language: str = "und"

    def whole(self) -> Passage:
        """The document as one passage, its title first."""
        joined = f"{self.title}\n\n{self.text}" if self.title else self.text
        return Passage(id=self.id, text=joined, language=self.language)


def passages(text: str, *, language: str = "und", within: str = "") -> list[Passage]:
    """The sentences of `text`, in order, white space at the ends left out.

    Every passage satisfies `text[p.start:p.end] == p.text`; together they hold every character of `text` that is
    not white space. Ids are `within` (a document's id) with `#start-end`.
    """
    cut: list[Passage] = []
    for start, end in _paragraphs(text):
        for first, last in _sentences(text, start=start, end=end):
            cut.append(Passage(f"{within}#{first}-{last}", text[first:last], language, first, last))
    return cut


def paragraphs(text: str, *, language: str = "und", within: str = "") -> list[Passage]:
    """The paragraphs of `text` (parted by a blank line or a list's next point), on the same terms as `passages`."""
    return [Passage(f"{within}#{a}-{b}", text[a:b], language, a, b) for a, b in _paragraphs(text)]


def _trimmed(text: str, *, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _paragraphs(text: str) -> list[tuple[int, int]]:
    edges = [0]
    for gap in _PARAGRAPH.finditer(text):
        edges.extend((gap.start(), gap.end()))
    edges.append(len(text))
    pieces = (_trimmed(text, start=a, end=b) for a, b in zip(edges[::2], edges[1::2], strict=True))
    return [(a, b) for a, b in pieces if b > a]


def _sentences(text: str, *, start: int, end: int) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    begin = start
    for stop in _END.finditer(text, start, end):
        if _goes_on(text, begin=begin, stop=stop, end=end):
            continue
        found.append(_trimmed(text, start=begin, end=stop.end()))
        begin = stop.end()
    rest = _trimmed(text, start=begin, end=end)
    return [piece for piece in [*found, rest] if piece[1] > piece[0]]


def _goes_on(text: str, *, begin: int, stop: re.Match[str], end: int) -> bool:
    """Whether the mark at `stop` does not end a sentence: an abbreviation, an initial, or a small letter follows."""
    if stop.group()[0] != ".":
        return False
    if _ABBREVIATION.search(text[max(begin, stop.start() - 12) : stop.start() + 1]):
        return True
    following = text[stop.end() : min(end, stop.end() + 3)].lstrip()
    return bool(following) and following[0].islower() and following[0].isalpha()
