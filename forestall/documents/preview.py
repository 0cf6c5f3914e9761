"""A sheet on the screen, as it will print: one paper-white article for each printed page, every sentence a way to
its evidence. An HTML fragment in the workspace's own classes; whatever an officer typed is escaped.
"""

from __future__ import annotations

from html import escape
from itertools import groupby

from forestall.base.words import say

from .sheet import (
    EXERCISE,
    AskBox,
    Block,
    Cell,
    Heading,
    Listing,
    Paragraph,
    Sentence,
    Sheet,
    Source,
    Table,
    Text,
    Tone,
    Translate,
    strong_parts,
    told,
)
from .typst_pdf import Layout, layout
from .wording import MARKING_ROW, SOURCES_HEAD, SOURCES_HEADING, SUBJECT_ROW, marking_line, sign_off_lines

_GLYPH_CLASS = {"con0": "con", "con1": "con", "con2": "con", "con3": "con"}
_TRENDS = frozenset({"deteriorating", "stable", "improving", "unclear"})
STALE = say("The evidence behind this sentence has changed since it was written.")


def preview(sheet: Sheet, *, translate: Translate | None = None) -> str:
    """The sheet as an HTML fragment: `<article class="sheet">` per printed page, in the sheet's language.

    Each sentence is `<a class="claim" href>` when it has an address, else `<span class="claim-none">`; both carry
    `data-sentence` (its place, from 0) and `data-citations`. A sentence whose evidence changed has `data-stale` and
    a hidden word that says so. Links with a scheme other than http(s) are dropped.
    """
    return _Page(sheet, translate=translate).fragment()


class _Page:
    """Walks the sheet once; counts sentences, so that each has the same number as in `sheet.sentences_of`."""

    def __init__(self, sheet: Sheet, *, translate: Translate | None) -> None:
        self.sheet = sheet
        self.translate = translate
        self.layout: Layout = layout(sheet, translate=translate)
        self.count = 0

    def fragment(self) -> str:
        paged = list(zip(self.layout.block_pages, self.sheet.blocks, strict=True))
        bodies = {
            page: "".join(self._block(block) for _, block in blocks)
            for page, blocks in groupby(paged, key=lambda pair: pair[0])
        }
        last = max(self.layout.pages, 1)
        bodies[1] = self._memo() + bodies.get(1, "")
        bodies[last] = bodies.get(last, "") + self._end()
        return "".join(
            self._article(bodies.get(page, ""), page=page, pages=last) for page in range(1, last + 1)
        )

    # -- around the text

    def _article(self, body: str, *, page: int, pages: int) -> str:
        band = self._band()
        runner = f'<div class="runner"><span>{self.tell(self._title_line())}</span><span>{page} / {pages}</span></div>'
        return (
            f'<article class="sheet" lang="{escape(self.sheet.language)}" dir="{self.sheet.direction}"'
            f' data-page="{page}">{band}<div class="body">{body}</div>{runner}{band}</article>'
        )

    def _band(self) -> str:
        marking = self.sheet.marking
        bars = "<i></i>" * marking.level
        exercise = (
            f'<span class="exercise"><b>{self.tell(EXERCISE)}</b></span>' if self.sheet.exercise else ""
        )
        return (
            f'<div class="band level-{marking.level}"><span class="bars" aria-hidden="true">{bars}</span>'
            f"<b>{self.tell(marking.word)}</b><span>{self.tell(marking.handling)}</span>{exercise}</div>"
        )

    def _title_line(self) -> Text:
        return say("%(kind)s %(number)s", kind=self.sheet.kind, number=self.sheet.number)

    def _memo(self) -> str:
        rows = [*self.sheet.memo, (MARKING_ROW, marking_line(self.sheet))]
        listed = "".join(f"<dt>{self.tell(name)}</dt><dd>{self.tell(text)}</dd>" for name, text in rows)
        subject = f"<dt>{self.tell(SUBJECT_ROW)}</dt><dd><b>{self.tell(self.sheet.subject)}</b></dd>"
        return f'<h1>{self.tell(self._title_line())}</h1><dl class="memo">{listed}{subject}</dl>'

    def _end(self) -> str:
        signed = "".join(f'<p class="small">{self.tell(line)}</p>' for line in sign_off_lines(self.sheet))
        closing = self._plain(self.sheet.closing)
        return self._sources() + signed + (f'<p class="small">{closing}</p>' if closing else "")

    # -- blocks

    def _block(self, block: Block) -> str:
        match block:
            case Heading(text):
                return f"<h2>{self.tell(text)}</h2>"
            case Paragraph(sentences, tone):
                css = "" if tone is Tone.PLAIN else f' class="{tone.value}"'
                return f"<p{css}>{self._sentences(sentences)}</p>"
            case AskBox(sentences):
                asked = "".join(f"<p>{self._sentence(one)}</p>" for one in sentences)
                return f'<div class="ask-box">{asked}</div>'
            case Listing(entries, numbered):
                return self._listing(entries, tag='ol class="num-list"' if numbered else "ul")
            case Table():
                return self._table(block)

    def _listing(self, entries: tuple[tuple[Sentence, ...], ...], *, tag: str) -> str:
        items = "".join(f"<li>{self._sentences(entry)}</li>" for entry in entries)
        return f"<{tag}>{items}</{tag.split()[0]}>"

    def _table(self, table: Table) -> str:
        head = "".join(f'<th scope="col">{self.tell(name)}</th>' for name in table.head)
        rows = "".join(f"<tr>{self._row(row)}</tr>" for row in table.rows)
        return (
            f'<div class="scroll" tabindex="0"><table class="t"><caption class="hide">{self.tell(table.caption)}</caption>'
            f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
        )

    def _row(self, row: tuple[Cell, ...]) -> str:
        first, *rest = row
        cells = "".join(f"<td>{self._cell(cell)}</td>" for cell in rest)
        return f'<th scope="row">{self._cell(first)}</th>{cells}'

    def _cell(self, cell: Cell) -> str:
        text = self.tell(cell.text)
        if cell.mark is None:
            return text
        name = cell.mark.value
        css = _GLYPH_CLASS.get(name) or ("tre" if name in _TRENDS else "pre")
        size = " g-con" if css == "con" else f" g-{name}"
        glyph = f'<svg class="g{size}" aria-hidden="true"><use href="#g-{name}"/></svg>'
        return f'<span class="{css}">{glyph}<span>{text}</span></span>'

    def _sources(self) -> str:
        if not self.sheet.sources:
            return ""
        head = "".join(f'<th scope="col">{self.tell(name)}</th>' for name in SOURCES_HEAD)
        rows = "".join(self._source(source) for source in self.sheet.sources)
        heading = self.tell(SOURCES_HEADING)
        return (
            f'<h2>{heading}</h2><div class="scroll" tabindex="0"><table class="t"><caption class="hide">{heading}</caption>'
            f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
        )

    def _source(self, source: Source) -> str:
        described = self.tell(source.description)
        if _is_safe(source.href):
            described = f'<a href="{escape(source.href)}">{described}</a>'
        grade = self.tell(source.grade) or "–"
        return (
            f'<tr id="source-{source.number}"><th scope="row">{source.number}</th><td>{described}</td>'
            f'<td><span class="grade">{grade}</span></td><td>{self.tell(source.origin)}</td>'
            f"<td>{self.tell(source.day)}</td></tr>"
        )

    # -- sentences

    def tell(self, text: Text) -> str:
        return escape(told(text, self.translate))

    def _plain(self, sentences: tuple[Sentence, ...]) -> str:
        return self._space().join(self.tell(one.text) for one in sentences)

    def _space(self) -> str:
        return "" if self.sheet.language == "zh" else " "

    def _sentences(self, sentences: tuple[Sentence, ...]) -> str:
        return self._space().join(self._sentence(one) for one in sentences)

    def _sentence(self, one: Sentence) -> str:
        numbers = ",".join(str(number) for number in one.citations)
        data = f' data-sentence="{self.count}" data-citations="{numbers}"' + (
            " data-stale" if one.stale else ""
        )
        self.count += 1
        raised = f"<sup>{numbers}</sup>" if numbers else ""
        warned = f'<span class="hide"> {self.tell(STALE)}</span>' if one.stale else ""
        inside = f"{self._parts(one)}{raised}{warned}"
        if _is_safe(one.href):
            return f'<a class="claim" href="{escape(one.href)}"{data}>{inside}</a>'
        return f'<span class="claim-none"{data}>{inside}</span>'

    def _parts(self, one: Sentence) -> str:
        parts = strong_parts(told(one.text, self.translate), strong=told(one.strong, self.translate))
        return "".join(f"<b>{escape(text)}</b>" if strong else escape(text) for text, strong in parts)


def _is_safe(href: str) -> bool:
    return href.startswith(("/", "#", "?", "https://", "http://")) and not href.startswith("//")
