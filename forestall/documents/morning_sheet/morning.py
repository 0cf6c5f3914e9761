"""Lays a morning sheet out, and keeps it to its one page by leaving the lightest changes to the workspace."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from forestall.base.words import Words, say
from forestall.documents import typst_pdf
from forestall.documents.days import held_apart, in_full
from forestall.documents.sheet import (
    Block,
    Heading,
    Listing,
    Marking,
    Paragraph,
    Sentence,
    Sheet,
    SignOff,
    Translate,
)

from .content import MorningSheetContent, Place, Region

KIND = say("Morning sheet")
PAGES = 1
SPARE = 8  # lines: a browser prints the same sheet a little looser
AHEAD = say("Days ahead")
SILENT = say("Sources gone silent")
NOTHING = say("Nothing was recorded since the last meeting. That is not to say that nothing happened.")
RISK_ONLY = say("This Office speaks of risk; it makes no legal determination.")


def sheet(content: MorningSheetContent) -> Sheet:
    """The one sheet that PDF, Word and preview render."""
    return Sheet(
        kind=KIND,
        number=content.day.isoformat(),
        marking=Marking(level=content.level),
        exercise=content.exercise,
        language=content.language,
        day=content.day,
        memo=(),
        subject=f"{_day(content, content.since)} – {_day(content, content.day)}",
        blocks=_blocks(content),
        sign_offs=(SignOff(step=say("Compiled"), name=content.compiled_by, day=content.day),),
        closing=(*_left_out(content), Sentence(RISK_ONLY)),
    )


def fits(content: MorningSheetContent, *, translate: Translate | None = None) -> int:
    """Printed lines beyond the one page; 0 when it fits. Takes some 10 ms."""
    return typst_pdf.layout(sheet(content), translate=translate).lines_over(PAGES)


def one_page(content: MorningSheetContent, *, translate: Translate | None = None) -> MorningSheetContent:
    """The content with the last changes of the fullest places left out until the sheet fits its page."""
    while (over := _beyond(content, translate=translate)) and _longest(content) > 1:
        for _ in range(max(1, over // 3)):
            content = _shorter(content)
    return content


def _beyond(content: MorningSheetContent, *, translate: Translate | None) -> int:
    """Printed lines to lose until the sheet fits with room to spare."""
    found = typst_pdf.layout(sheet(content), translate=translate)
    return max(0, found.lines_over(PAGES) + SPARE - found.lines_left(PAGES))


def _longest(content: MorningSheetContent) -> int:
    return max((len(place.changes) for region in content.regions for place in region.places), default=0)


def _shorter(content: MorningSheetContent) -> MorningSheetContent:
    """Without the last change of the place that has most; the first change of a place always stays."""
    most = _longest(content)
    if most <= 1:
        return content
    regions = list(content.regions)
    for place_of_region, region in enumerate(regions):
        for place_in_region, place in enumerate(region.places):
            if len(place.changes) == most:
                places = list(region.places)
                places[place_in_region] = replace(place, changes=place.changes[:-1])
                regions[place_of_region] = replace(region, places=tuple(places))
                return replace(content, regions=tuple(regions), left_out=content.left_out + 1)
    return content


def _day(content: MorningSheetContent, day: date) -> str:
    return held_apart(in_full(day, language=content.language), language=content.language)


def _blocks(content: MorningSheetContent) -> tuple[Block, ...]:
    told = tuple(block for region in content.regions for block in _region(region))
    changed: tuple[Block, ...] = told or (Paragraph((Sentence(NOTHING),)),)
    arrived = (Paragraph((content.arrived,)),) if content.arrived else ()
    return (*changed, *_listed(AHEAD, content.ahead), *_listed(SILENT, content.silent), *arrived)


def _region(region: Region) -> tuple[Block, ...]:
    told = tuple(block for place in region.places if place.changes for block in _place(place))
    return (Heading(region.name), *told) if told else ()


def _place(place: Place) -> tuple[Block, ...]:
    name = Sentence(say("%(name)s: %(status)s", name=place.name, status=place.status), strong=place.name)
    return (Paragraph((name,)), Listing(tuple((one,) for one in place.changes), numbered=True))


def _listed(heading: Words, sentences: tuple[Sentence, ...]) -> tuple[Block, ...]:
    return (Heading(heading), Listing(tuple((one,) for one in sentences))) if sentences else ()


def _left_out(content: MorningSheetContent) -> tuple[Sentence, ...]:
    if not content.left_out:
        return ()
    words = say("Changes left to the workspace so that this stays one page: %(count)s.", count=content.left_out)
    return (Sentence(words),)
