"""Lays a chronicle out. Only one row depends on the day it was made; the file's own time is its second day."""

from __future__ import annotations

from itertools import groupby

from forestall.base.words import Words, say
from forestall.documents.days import held_apart, in_full, left_to_right
from forestall.documents.sheet import Block, Heading, Listing, Marking, Paragraph, Sentence, Sheet, Text, Tone

from .content import ChronicleContent, Line

KIND = say("Known, said, answered")
ABOUT = say("About")
FROM = say("From", context="date")
TO = say("To", context="date")
BASIS = say("Basis")
MADE_ON = say("Made on")
DIGEST = say("Digest")
KNOWN = say("What was known")
SAID = say("What was said")
ANSWERED = say("What was answered")
ASKED = say("What was asked, and done about it")
NOTHING = say("Nothing is recorded of this that the reader may see. That is not to say that there was nothing.")
MARKS = say("Each line ends with the mark of the recorded state it was made from. Made again for the same days and the same sight, this is the same, and so is its digest.")
RISK_ONLY = say("This Office speaks of risk; it makes no legal determination.")


def sheet(content: ChronicleContent) -> Sheet:
    """The one sheet that PDF, Word and preview render."""
    days = f"{content.since.isoformat()} – {content.until.isoformat()}"
    basis = say(
        "Computed from what %(name)s may see, as of %(day)s.",
        name=held_apart(content.reader, language=content.language), day=in_full(content.until, language=content.language),
    )  # fmt: skip
    memo: tuple[tuple[Words, Text], ...] = (
        (ABOUT, content.scope),
        (FROM, in_full(content.since, language=content.language)),
        (TO, in_full(content.until, language=content.language)),
        (BASIS, basis),
        (MADE_ON, in_full(content.made_on, language=content.language)),
        (DIGEST, left_to_right(content.digest[:32], language=content.language)),
    )
    return Sheet(
        kind=KIND,
        number=left_to_right(days, language=content.language),
        marking=Marking(level=content.level, handling=content.handling),
        exercise=content.exercise,
        language=content.language,
        day=content.until,
        memo=memo,
        subject=left_to_right(days, language=content.language),
        blocks=_blocks(content),
        closing=(Sentence(MARKS), Sentence(RISK_ONLY)),
    )


def _blocks(content: ChronicleContent) -> tuple[Block, ...]:
    parts = ((KNOWN, content.known), (SAID, content.said), (ANSWERED, content.answered), (ASKED, content.asked))
    return tuple(block for heading, lines in parts for block in (Heading(heading), *_listed(lines, content)))


def _listed(lines: tuple[Line, ...], content: ChronicleContent) -> list[Block]:
    """A list for each day, so that a long part breaks between pages where the days do."""
    if not lines:
        return [Paragraph((Sentence(NOTHING),), tone=Tone.SMALL)]
    days = groupby(lines, key=lambda one: one.day)
    return [Listing(tuple((_line(one, content),) for one in of_day)) for _, of_day in days]


def _line(one: Line, content: ChronicleContent) -> Sentence:
    day = left_to_right(one.day.isoformat(), language=content.language)
    text = say("%(day)s: %(text)s (%(mark)s)", day=day, text=one.text, mark=left_to_right(one.mark, language=content.language))
    return Sentence(text, strong=day, href=one.href)
