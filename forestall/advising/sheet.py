"""The note as a sheet: laid out by the document catalogue in the note's own language, measured, and checked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.conf import settings
from django.utils.translation import gettext, override

from forestall.base.errors import Refused
from forestall.base.words import say
from forestall.documents import Remark, preview, word
from forestall.documents import advisory_note as layout
from forestall.documents.advisory_note import AdvisoryNoteContent, Fit
from forestall.documents.advisory_note.remarks import words_in
from forestall.documents.sheet import Translate, sentences_of, told
from forestall.documents.translations import in_language
from forestall.frameworks import carried, refuse_unheld
from forestall.frameworks.framework import Framework
from forestall.institutions.queries import office_holders

from . import queries
from .content import Href, gather
from .models import AdvisoryNote

ROOM_FOR_A_NAME = "n" * 20
WORDS_IN_A_LINE = 13
"""About how many words a printed line of a note holds: English at 10 points over 170 mm."""


@dataclass(frozen=True)
class Rendered:
    """The sheets of a note as they print, the number of pages, and what stands in the way of clearance."""

    name: str
    pdf: bytes
    docx: bytes
    pages: int
    findings: tuple[Remark, ...]


@dataclass(frozen=True)
class Shown:
    """A note on the screen: the sheet as HTML, how it stands against its two pages, and every remark.

    `words` counts those of its sentences; `room` is about how many more would fit, negative when it is too long.
    """

    html: str
    fit: Fit
    words: int
    room: int
    remarks: tuple[Remark, ...]


def translator(language: str) -> Translate:
    """From a message id to the language of a note, whatever language the officer reads in."""
    fixed = in_language(language)

    def translate(message: str) -> str:
        told = fixed(message)
        if told != message:
            return told
        with override(language):
            return gettext(message)

    return translate


def render(note: AdvisoryNote, *, framework: Framework) -> Rendered:
    """The very sheets that would leave. Raises `Refused` when the note is longer than its two pages."""
    translate = translator(note.language)
    content = gather(note, framework=framework, translate=translate)
    return Rendered(
        name=f"{'EXERCISE-' if settings.HOME.is_exercise else ''}{note.reference}",
        pdf=layout.pdf(content, translate=translate),
        docx=word.word(layout.sheet(content), translate=translate),
        pages=layout.fits(_as_signed(content), translate=translate).pages,
        findings=tuple(remark for remark in _remarks(note, content, framework=framework, translate=translate) if remark.refuses),
    )


def shown(note: AdvisoryNote, *, framework: Framework, href: Href) -> Shown:
    """The sheet for the screen. `href` turns a number of its source list into the address of that evidence."""
    translate = translator(note.language)
    content = gather(note, framework=framework, translate=translate, href=href)
    fit, laid = layout.fits(_as_signed(content), translate=translate), layout.sheet(content)
    return Shown(
        html=preview.preview(laid, translate=translate),
        fit=fit,
        words=sum(words_in(told(sentence.text, translate)) for sentence in sentences_of(laid)),
        room=(fit.lines_left - fit.lines_over) * WORDS_IN_A_LINE,
        remarks=_remarks(note, content, framework=framework, translate=translate),
    )


def _remarks(
    note: AdvisoryNote, content: AdvisoryNoteContent, *, framework: Framework, translate: Translate
) -> tuple[Remark, ...]:
    holders = [holder.name for holder in office_holders()]
    return (
        *_missing(note),
        *_unheld(note, framework=framework),
        *layout.remarks(_as_signed(content), office_holders=holders, translate=translate),
    )


def _missing(note: AdvisoryNote) -> Iterator[Remark]:
    """The fields without which a sentence of the sheet has a hole in it."""
    wanted = (
        ("ask", note.ask, say("The action asked is not written.")),
        ("ask", note.addressee_id, say("The addressee is not chosen.")),
        ("ask", note.decision_by, say("The day of the decision is not set.")),
        ("ask", note.decision_why, say("Why the decision is needed by then is not written.")),
        ("judgement", note.event, say("What may happen is not written.")),
        ("judgement", note.confidence_why, say("Why the confidence is what it is is not written.")),
    )
    return (Remark(section, words, refuses=True) for section, value, words in wanted if not value)


def _unheld(note: AdvisoryNote, *, framework: Framework) -> Iterator[Remark]:
    """Sentences that would carry our wording of an indicator as if it were the official text."""
    told = [(claim.section, claim.text) for claim in queries.claims(note)]
    told += [("recommendations", one.text) for one in queries.recommendations(note)]
    told += [("ask", note.ask), ("judgement", note.event)]
    for section, text in told:
        numbers = carried(framework, text, language=note.language)
        try:
            refuse_unheld(framework, numbers, leaving=say("This sentence"), language=note.language)
        except Refused as refused:
            yield Remark(section, refused.words, refuses=True, excerpt=text)


def _as_signed(content: AdvisoryNoteContent) -> AdvisoryNoteContent:
    """The content with room for every signature: what fits as a draft must still fit when it is signed."""
    signed = tuple(one if one.day else replace(one, name=ROOM_FOR_A_NAME, day=content.day) for one in content.sign_offs)
    return replace(content, sign_offs=signed)
