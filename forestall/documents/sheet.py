"""The one definition of a printed document: what it says, apart from how paper, Word or a screen show it.

A `Sheet` is a plain value. `typst_pdf`, `word` and `preview` each render the same sheet, so a preview cannot differ
from the print. Fixed words are `Words`, translated while rendering; what an officer wrote is `str` and is shown as
written. A sheet carries no identity of a hidden source: `Source.origin` is the name the reader may see, or a pseudonym.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from forestall.base.words import Words, say

Text = Words | str
Translate = Callable[[str], str]

RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})

MARKINGS: dict[int, Words] = {
    0: say("PUBLIC"),
    1: say("INTERNAL"),
    2: say("CONFIDENTIAL"),
    3: say("STRICTLY CONFIDENTIAL"),
}
EXERCISE = say("EXERCISE")


class Mark(StrEnum):
    """A glyph that stands beside its word in a table; the word alone already says it."""

    NOT_ASSESSED = "not_assessed"
    NO_INFORMATION = "no_information"
    NOT_PRESENT = "not_present"
    EMERGING = "emerging"
    PRESENT = "present"
    SEVERE = "severe"
    DETERIORATING = "deteriorating"
    STABLE = "stable"
    IMPROVING = "improving"
    UNCLEAR = "unclear"
    CONFIDENCE_NOT_STATED = "con0"
    CONFIDENCE_LOW = "con1"
    CONFIDENCE_MODERATE = "con2"
    CONFIDENCE_HIGH = "con3"


class Tone(StrEnum):
    """How a paragraph stands on the sheet."""

    PLAIN = "plain"
    DISSENT = "dissent"
    SMALL = "small"


@dataclass(frozen=True)
class Sentence:
    """One sentence with the numbers of the sources behind it.

    `strong` is a part of `text` to be set in the strong weight. `stale` says that evidence behind the sentence has
    changed since it was written. `href` is where the screen opens that evidence; paper and Word leave it out.
    """

    text: Text
    citations: tuple[int, ...] = ()
    stale: bool = False
    strong: Text = ""
    href: str = ""


@dataclass(frozen=True)
class Heading:
    text: Text


@dataclass(frozen=True)
class Paragraph:
    sentences: tuple[Sentence, ...]
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True)
class Listing:
    """A list; each entry is one or more sentences."""

    entries: tuple[tuple[Sentence, ...], ...]
    numbered: bool = False


@dataclass(frozen=True)
class Cell:
    text: Text
    mark: Mark | None = None


@dataclass(frozen=True)
class Table:
    """A table whose first row is its head and whose first column names each row. `caption` is read aloud."""

    caption: Text
    head: tuple[Text, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class AskBox:
    """The box no reader may miss: what is asked, and by when a decision is needed and why."""

    sentences: tuple[Sentence, ...]


Block = Heading | Paragraph | Listing | Table | AskBox


@dataclass(frozen=True)
class Source:
    """One line of the source list. `grade` is the two-character grading (A1 to F6), or empty when not graded."""

    number: int
    description: Text
    grade: str
    origin: Text
    day: str
    href: str = ""


@dataclass(frozen=True)
class SignOff:
    """One line under the text: who did what on which UTC day, for whom when acting. `day` None: still open."""

    step: Text
    name: str = ""
    acting_for: str = ""
    day: date | None = None


@dataclass(frozen=True)
class Marking:
    """The label as it stands on both edges: `level` 0 to 3, and the copy or handling line beside the word."""

    level: int
    handling: Text = ""

    @property
    def word(self) -> Words:
        return MARKINGS[self.level]


@dataclass(frozen=True)
class Sheet:
    """A document ready to be rendered. `day` is a UTC day; `language` an ISO 639-1 code."""

    kind: Words
    number: str
    marking: Marking
    exercise: bool
    language: str
    day: date
    memo: tuple[tuple[Words, Text], ...]
    subject: str
    blocks: tuple[Block, ...]
    sources: tuple[Source, ...] = ()
    sign_offs: tuple[SignOff, ...] = ()
    closing: tuple[Sentence, ...] = field(default=())

    @property
    def direction(self) -> str:
        """`rtl` or `ltr`, from the language."""
        return "rtl" if self.language in RIGHT_TO_LEFT else "ltr"

    @property
    def title(self) -> Words:
        """The name of the file's metadata: kind and number only, never the subject, with EXERCISE when it is one."""
        plain = say("%(kind)s %(number)s", kind=self.kind, number=self.number)
        return say("%(exercise)s. %(title)s", exercise=EXERCISE, title=plain) if self.exercise else plain


# Control characters, halves of a pair, and the two overrides that make a sentence read other than it is written.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202d\u202e\ud800-\udfff\ufffe\uffff]")


def told(text: Text, translate: Translate | None) -> str:
    """The plain string of a text in the reader's language, without what no paper can show."""
    return _UNPRINTABLE.sub("", text.text(translate) if isinstance(text, Words) else text)


def sentences_of(sheet: Sheet) -> Iterator[Sentence]:
    """Every sentence of the body, in reading order."""
    for block in sheet.blocks:
        if isinstance(block, Paragraph | AskBox):
            yield from block.sentences
        elif isinstance(block, Listing):
            for entry in block.entries:
                yield from entry


def strong_parts(text: str, *, strong: str) -> tuple[tuple[str, bool], ...]:
    """`text` cut into (part, is strong) around the first place of `strong`; empty parts are left out."""
    if not strong or strong not in text:
        return ((text, False),)
    before, after = text.split(strong, maxsplit=1)
    return tuple(part for part in ((before, False), (strong, True), (after, False)) if part[0])
