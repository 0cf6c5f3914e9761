"""Working copies: one module for each kind of file. They run in the limited child, as all reading of what arrived does.

Nothing of a working copy is kept: it is made from the original whenever it is asked for, and the same original gives
the same bytes. So there is nothing more to seal, to forget, or to grow stale.
"""

from __future__ import annotations

from collections.abc import Callable

from forestall.base.errors import Malformed
from forestall.base.words import Words, say

from ..kinds import KIND_WORDS, Kind
from . import opendocument, pdf, picture, presentation, text, word, workbook
from .workingcopy import WorkingCopy

__all__ = ["REMOVED", "WorkingCopy", "make"]

_MAKERS: dict[Kind, Callable[[bytes], WorkingCopy]] = {
    Kind.PICTURE: picture.copy,
    Kind.PDF: pdf.copy,
    Kind.WORD: word.copy,
    Kind.WORKBOOK: workbook.copy,
    Kind.PRESENTATION: presentation.copy,
    Kind.OPEN_DOCUMENT: opendocument.copy,
    Kind.MAIL: text.mail_copy,
    Kind.HTML: text.page_copy,
    Kind.FEED: text.page_copy,
    Kind.TEXT: text.copy,
    Kind.DELIMITED: text.copy,
    Kind.JSON_FEED: text.copy,
    Kind.JSON_ROWS: text.copy,
}

_WRITING = say(
    "Removed: who wrote it and with what, remarks, hidden text, fields, links, charts and embedded files. Proposed changes are accepted."
)
_PLAIN = say("It is plain text: nothing in it can act. Signs that nobody sees were removed.")
REMOVED: dict[Kind, Words] = {
    Kind.PICTURE: say("Removed: place, time, device, remarks, colour profile and the small picture that a camera adds."),
    Kind.PDF: say(
        "Removed: who wrote it and with what, scripts, files within, who remarked, forms, links and earlier states. What shows on the pages stays."
    ),
    Kind.WORD: _WRITING,
    Kind.OPEN_DOCUMENT: _WRITING,
    Kind.WORKBOOK: say(
        "Only values stay, as last reckoned. Removed: formulas, remarks, hidden sheets, rows and columns, kept copies of data, links and charts."
    ),
    Kind.PRESENTATION: say(
        "Removed: who wrote it and with what, speaker's notes, remarks, hidden slides, animations, links, charts and embedded files."
    ),
    Kind.MAIL: say("Only subject, day and text stay: not who sent it, to whom, by which machines, and no attachment."),
    Kind.HTML: say("Only the text that a reader sees stays: no scripts, pictures, links and hidden text."),
    Kind.FEED: say("Only the text that a reader sees stays: no scripts, pictures, links and hidden text."),
    Kind.TEXT: _PLAIN,
    Kind.DELIMITED: _PLAIN,
    Kind.JSON_FEED: _PLAIN,
    Kind.JSON_ROWS: _PLAIN,
}
"""What a working copy of each kind lacks, in a sentence for whoever takes it. A kind that is not here has none."""


def make(content: bytes, *, kind: Kind) -> WorkingCopy:
    """The working copy of `content`. Raises `Malformed` (or `Hostile`) with a sentence when there can be none."""
    maker = _MAKERS.get(kind)
    if maker is None:
        raise Malformed(
            say(
                "There is no working copy of %(kind)s. Ask for it as PDF, or for the original from somebody who may take it out.",
                kind=KIND_WORDS[kind],
            )
        )
    return maker(content)
