"""What stands in the way of reading a morning sheet out, and what its compiler should look at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from forestall.base.words import say
from forestall.documents import Remark
from forestall.documents.languagecheck import check
from forestall.documents.sheet import Sentence, Translate, told

from . import morning
from .content import MorningSheetContent

MARKING = 1


def remarks(
    content: MorningSheetContent, *, office_holders: Iterable[str] = (), translate: Translate | None = None
) -> tuple[Remark, ...]:
    """Every remark: length, marking, and wording that states a finding where it should speak of risk."""
    holders = tuple(office_holders)
    found = list(_of_the_whole(content, translate=translate))
    for section, sentences in _sections(content):
        for one in sentences:
            found += _of_wording(section, one, content=content, holders=holders, translate=translate)
    return tuple(found)


def _of_the_whole(content: MorningSheetContent, *, translate: Translate | None) -> Iterator[Remark]:
    over = morning.fits(content, translate=translate)
    if over:
        words = say("The sheet is longer than one page by about %(lines)s printed lines.", lines=over)
        yield Remark("", words, refuses=True)
    if content.level < MARKING:
        yield Remark("", say("A morning sheet is at least internal."), refuses=True)
    if content.since > content.day:
        yield Remark("", say("The last meeting is after the day of the sheet."), refuses=True)


def _sections(content: MorningSheetContent) -> Iterator[tuple[str, tuple[Sentence, ...]]]:
    for region in content.regions:
        for place in region.places:
            yield "changes", place.changes
    yield "ahead", content.ahead
    yield "silent", content.silent


def _of_wording(
    section: str,
    one: Sentence,
    *,
    content: MorningSheetContent,
    holders: tuple[str, ...],
    translate: Translate | None,
) -> Iterator[Remark]:
    text = told(one.text, translate)
    for found in check(text, language=content.language, office_holders=holders, cited=bool(one.href)):
        yield Remark(section, found.reason, refuses=found.refuses, excerpt=found.excerpt, suggestion=found.suggestion)
