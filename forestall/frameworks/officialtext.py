"""Reading a person's own copy of an official text: its factor headings and numbered indicators, in document order.

Nothing of the text is kept but what the comparison shows. Tolerant of line breaks, ligatures, hyphenation, page numbers
and running headers; what it cannot decide it leaves in the words for the person who reads them. Arabic copies are not
read: the order of words in them cannot be relied on. Our Arabic wording is held against a copy in another language.
"""

from __future__ import annotations

import io
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pypdf

from forestall.base.canonical import sha256
from forestall.base.errors import Malformed
from forestall.base.words import say

MOST_BYTES = 50_000_000
MOST_PAGES = 600
SOFT_HYPHEN = "\u00ad"
_EDGE = 3
_HEADINGS = {
    "en": r"risk\s+factor",
    "fr": r"facteur\s+de\s+risque",
    "es": r"factor\s+de\s+riesgo",
    "ru": r"фактор\s+риска",
    "zh": r"风险因素",
}
_HEADING = {
    language: re.compile(rf"^{words}\s*(\d{{1,2}})(?!\d|[.,]\d)[\s:.–—-]*(.*)$", re.IGNORECASE)
    for language, words in _HEADINGS.items()
}
_INDICATOR = re.compile(r"^(\d{1,2})\s?\.\s?(\d{1,2})(?!\d|\.\d)\.?(?:\s+(\S.*))?$")
_COMMENT = re.compile(r"^(?:comments?|commentaires?|comentarios?|комментари[йи]|评论)\s*:?", re.IGNORECASE)
_LIST_TITLE = re.compile(r"^(?:indicators?|indicateurs?|indicadores|показатели|指标)\s*:?$", re.IGNORECASE)


@dataclass(frozen=True)
class Line:
    """One line of text and the page of the file it stands on, counted from 1."""

    words: str
    page: int


@dataclass(frozen=True)
class OfficialFactor:
    """A heading as found. `opening` is everything from the heading to the first indicator, the title first."""

    number: str
    opening: str
    page: int


@dataclass(frozen=True)
class OfficialIndicator:
    """An indicator as found, with its words joined to one line."""

    number: str
    text: str
    page: int


@dataclass(frozen=True)
class OfficialText:
    """What was found, in document order. `repeated` are numbers that also stood elsewhere at the head of a line."""

    sha256: str
    language: str
    pages: int
    factors: tuple[OfficialFactor, ...]
    indicators: tuple[OfficialIndicator, ...]
    repeated: tuple[str, ...]


def read_official(content: bytes) -> OfficialText:
    """The factors and numbered indicators of a PDF.

    Raises `Malformed` when the file is empty, no PDF, cut off, locked with a password, without text, too large, or holds
    no numbered indicator.
    """
    pages = _pages(content)
    lines = list(_lines(pages))
    language = _language(lines)
    headings, indicators, repeated = _places(lines, language=language)
    factors = tuple(_factors(lines, headings=headings, indicators=indicators))
    found = tuple(_indicators(lines, headings=headings, indicators=indicators))
    if not found:
        raise Malformed(
            say(
                "This PDF holds no numbered indicators under factor headings in English, French, Spanish, Russian "
                "or Chinese. Is it the official text?"
            )
        )
    return OfficialText(sha256(content), language, len(pages), factors, found, repeated)


def _pages(content: bytes) -> list[str]:
    """The text of each page."""
    _check_bytes(content)
    try:
        reader = pypdf.PdfReader(io.BytesIO(content))
        # Many official files are locked against changes only: they open with no password.
        locked = reader.is_encrypted and not reader.decrypt("")
        pages = (
            [] if locked or len(reader.pages) > MOST_PAGES else [page.extract_text() for page in reader.pages]
        )
        count = 0 if locked else len(reader.pages)
    except Exception as error:  # a hostile or broken file makes the reader raise almost anything
        raise Malformed(say("This PDF cannot be read: it is damaged or incomplete.")) from error
    if locked:
        raise Malformed(say("This PDF is locked with a password. Save a copy without one."))
    if count > MOST_PAGES:
        raise Malformed(
            say("This PDF has %(pages)s pages; at most %(most)s are read.", pages=count, most=MOST_PAGES)
        )
    if not any(page.strip() for page in pages):
        raise Malformed(
            say("This PDF holds no text, only pictures of pages. Use a copy whose text can be selected.")
        )
    return pages


def _check_bytes(content: bytes) -> None:
    if not content:
        raise Malformed(say("The file is empty."))
    if len(content) > MOST_BYTES:
        raise Malformed(say("The file is larger than %(most)s MB.", most=MOST_BYTES // 1_000_000))
    if b"%PDF-" not in content[:1024]:
        raise Malformed(say("The file is no PDF."))
    # The reader would mend a cut file and hand over the pages it finds, and numbers would seem to be missing.
    if b"%%EOF" not in content[-2048:]:
        raise Malformed(say("This PDF breaks off before its end. Fetch it again."))


def _lines(pages: list[str]) -> Iterator[Line]:
    """All lines, cleaned, without page numbers and running headers."""
    cleaned = [[words for words in map(_clean, page.splitlines()) if words] for page in pages]
    running = _running(cleaned)
    for number, page in enumerate(cleaned, start=1):
        for place, words in enumerate(page):
            at_edge = place < _EDGE or place >= len(page) - _EDGE
            if not (at_edge and (words.isdigit() or _masked(words) in running)):
                yield Line(words, number)


def _clean(words: str) -> str:
    # NFKC takes ligatures apart; marks of direction carry no words. A soft hyphen at the end says that a word goes on.
    goes_on = words.rstrip().endswith(SOFT_HYPHEN)
    plain = "".join(
        letter for letter in unicodedata.normalize("NFKC", words) if unicodedata.category(letter) != "Cf"
    )
    return re.sub(r"\s+", " ", plain).strip() + (SOFT_HYPHEN if goes_on else "")


def _masked(words: str) -> str:
    return re.sub(r"\d+", "#", words).casefold()


def _running(pages: list[list[str]]) -> set[str]:
    """Lines, digits masked, that come back at the edge of pages."""
    seen: Counter[str] = Counter()
    for page in pages:
        seen.update({_masked(words) for words in (*page[:_EDGE], *page[-_EDGE:]) if not _is_marked(words)})
    return {words for words, count in seen.items() if count >= min(3, max(2, len(pages)))}


def _is_marked(words: str) -> bool:
    return bool(_INDICATOR.match(words)) or any(heading.match(words) for heading in _HEADING.values())


def _language(lines: list[Line]) -> str:
    counts = {
        code: sum(bool(heading.match(line.words)) for line in lines) for code, heading in _HEADING.items()
    }
    return max(counts, key=lambda code: counts[code])


def _heading(words: str, *, language: str) -> str | None:
    """The number of the factor this line announces. Prose that begins with the same words announces nothing."""
    match = _HEADING[language].match(words)
    if match is None or match[2][:1].islower() or match[2].startswith((",", ";", ")")):
        return None
    return str(int(match[1]))


def _number(words: str) -> tuple[int, int] | None:
    match = _INDICATOR.match(words)
    return (int(match[1]), int(match[2])) if match else None


def _places(lines: list[Line], *, language: str) -> tuple[dict[int, str], dict[int, str], tuple[str, ...]]:
    """Line number to factor number, line number to indicator number, and the numbers that stood more than once."""
    headings: dict[int, str] = {}
    found: list[tuple[int, tuple[int, int]]] = []
    current = ""
    for place, line in enumerate(lines):
        heading, number = _heading(line.words, language=language), _number(line.words)
        if heading is not None:
            headings[place] = current = heading
        elif number is not None and _belongs(number, current=current):
            current = str(number[0])
            found.append((place, number))
    kept = _kept(found)
    counts = Counter(number for _, number in found)
    repeated = tuple(_spelled(number) for number, count in counts.items() if count > 1)
    return headings, {place: _spelled(number) for place, number in kept}, repeated


def _belongs(number: tuple[int, int], *, current: str) -> bool:
    """Under its own heading; or the first of the next factor, whose heading may be a picture."""
    return str(number[0]) == current or (bool(current) and number == (int(current) + 1, 1))


def _kept(found: list[tuple[int, tuple[int, int]]]) -> list[tuple[int, tuple[int, int]]]:
    """One line for each number: of several, the first that follows its predecessor, else the first of all."""
    before = [(0, 0), *(number for _, number in found)]
    best: dict[tuple[int, int], int] = {}
    follows: set[tuple[int, int]] = set()
    for (place, number), previous in zip(found, before, strict=False):
        in_step = number[1] == 1 or previous == (number[0], number[1] - 1)
        if number not in best or (in_step and number not in follows):
            best[number] = place
        if in_step:
            follows.add(number)
    return sorted((place, number) for number, place in best.items())


def _spelled(number: tuple[int, int]) -> str:
    return f"{number[0]}.{number[1]}"


def _factors(
    lines: list[Line], *, headings: dict[int, str], indicators: dict[int, str]
) -> Iterator[OfficialFactor]:
    """Headings that have indicators beneath them; a table of contents has none. The first of several counts."""
    given: set[str] = set()
    for start, number in headings.items():
        end = _next(start, marks=(*headings, *indicators), end=len(lines))
        if number in given or not indicators.get(end, "").startswith(f"{number}."):
            continue
        given.add(number)
        rest = re.sub(r"^\D*\d+[\s:.–—-]*", "", lines[start].words)
        words = [rest, *(line.words for line in lines[start + 1 : end])]
        yield OfficialFactor(number, _joined(words), lines[start].page)


def _indicators(
    lines: list[Line], *, headings: dict[int, str], indicators: dict[int, str]
) -> Iterator[OfficialIndicator]:
    for start, number in indicators.items():
        end = _next(start, marks=(*headings, *indicators), end=len(lines))
        match = _INDICATOR.match(lines[start].words)
        words = [(match[3] or "") if match else ""]
        for line in lines[start + 1 : end]:
            if _COMMENT.match(line.words):
                break
            words.append(line.words)
        yield OfficialIndicator(number, _joined(words), lines[start].page)


def _next(start: int, *, marks: Iterable[int], end: int) -> int:
    return min((mark for mark in marks if mark > start), default=end)


def _joined(lines: list[str]) -> str:
    """Lines as one, with words that were broken at a line's end put together again."""
    text = ""
    for line in lines:
        if _LIST_TITLE.match(line) or not line:
            continue
        text = _continued(text, line=line)
    return text.removesuffix(SOFT_HYPHEN).strip()


def _continued(text: str, *, line: str) -> str:
    if text.endswith(SOFT_HYPHEN) or (re.search(r"[^\W\d_]-$", text) and line[:1].islower()):
        return text[:-1] + line
    return f"{text} {line}"
