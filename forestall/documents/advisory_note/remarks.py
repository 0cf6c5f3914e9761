"""What stands in the way of clearing an advisory note, and what its writer should look at."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from forestall.base.words import Words, say
from forestall.documents import DocumentType, Remark, read_type
from forestall.documents.languagecheck import check, sentences
from forestall.documents.phrasing import phrasing
from forestall.documents.sheet import Sentence, Translate, told

from . import note
from .content import AdvisoryNoteContent

_TYPE: DocumentType = read_type(Path(__file__).parent / "document.toml")
_WORD = re.compile(r"[\u3400-\u9fff]{1,2}|[^\W\u3400-\u9fff]+(?:['’.,-][^\W\u3400-\u9fff]+)*")


def remarks(
    content: AdvisoryNoteContent, *, office_holders: Iterable[str] = (), translate: Translate | None = None
) -> tuple[Remark, ...]:
    """Every remark, in the order of the sections. A note with a remark that `refuses` cannot be cleared.

    Two Chinese characters count as one word. `translate` is that of the note's language, as for printing.
    """
    parts = _parts(content, translate=translate)
    numbers = {source.number for source in content.sources}
    found: list[Remark] = list(_of_the_whole(content, translate=translate))
    for section in _TYPE.sections:
        told_parts = parts.get(section.id, ())
        if not told_parts and not section.optional:
            found.append(Remark(section.id, say("%(title)s is empty.", title=section.title), refuses=True))
        found += _of_wording(section.id, told_parts, content=content, office_holders=tuple(office_holders))
        found += _of_evidence(section.id, told_parts, asked=section.evidence, numbers=numbers)
        found += _of_length(section.id, told_parts, limit=section.words, title=section.title)
    return tuple(found)


def words_in(text: str) -> int:
    """How many words a text has; two Chinese characters count as one."""
    return len(_WORD.findall(text))


def _parts(content: AdvisoryNoteContent, *, translate: Translate | None) -> dict[str, tuple[Sentence, ...]]:
    """The sentences of each section as they will read. Table cells are the framework's words and not ours to check."""
    recommended = tuple(Sentence(one.action) for one in content.recommendations)
    judged = (note.likelihood_sentence(content), note.confidence_sentence(content))
    composed = {
        "ask": (Sentence(content.subject), *note.ask_box(content).sentences),
        "judgement": (*judged, content.forecast) if content.forecast else judged,
        "situation": content.situation,
        "changed": content.changed,
        "populations": content.populations,
        "factors": tuple(Sentence(one.name) for one in content.factors),
        "unknown": content.unknown,
        "mitigating": content.mitigating,
        "dissent": content.dissent,
        "recommendations": recommended,
    }
    return {
        section: tuple(_read(one, translate=translate) for one in many) for section, many in composed.items()
    }


def _read(sentence: Sentence, *, translate: Translate | None) -> Sentence:
    return Sentence(told(sentence.text, translate), citations=sentence.citations, stale=sentence.stale)


def _of_the_whole(content: AdvisoryNoteContent, *, translate: Translate | None) -> Iterator[Remark]:
    fit = note.fits(content, translate=translate)
    if fit.lines_over:
        yield Remark("", note.too_long(fit), refuses=True)
    if content.level < _TYPE.marking:
        yield Remark("", say("An advisory note is at least confidential."), refuses=True)
    if content.ask.decision_by < content.day:
        yield Remark("ask", say("The day of the decision is before the day of the note."), refuses=True)
    if content.likelihood.end <= content.likelihood.start:
        yield Remark("judgement", say("The period of the judgement ends before it begins."), refuses=True)
    if content.forecast and len(list(sentences(told(content.forecast.text, translate)))) > 1:
        yield Remark("judgement", say("A forecast takes one sentence at most."), refuses=True)
    if any(phrasing(content.language).silence.search(text) for text in (content.ask.action, content.ask.why)):
        yield Remark(
            "ask", say("The sheet does not count the addressee's silence. The record keeps it."), refuses=True
        )


def _of_wording(
    section: str,
    parts: tuple[Sentence, ...],
    *,
    content: AdvisoryNoteContent,
    office_holders: tuple[str, ...],
) -> Iterator[Remark]:
    for one in parts:
        cited = bool(one.citations)
        for found in check(
            str(one.text), language=content.language, office_holders=office_holders, cited=cited
        ):
            yield Remark(
                section, found.reason, refuses=found.refuses, excerpt=found.excerpt, suggestion=found.suggestion
            )


def _of_evidence(
    section: str, parts: tuple[Sentence, ...], *, asked: bool, numbers: set[int]
) -> Iterator[Remark]:
    for one in parts:
        excerpt = str(one.text)
        # How well founded a judgement is follows from the sources as a whole; that sentence cites none.
        if asked and not one.citations and not _is_confidence(section, one, parts=parts):
            yield Remark(section, say("This sentence leads to no evidence."), refuses=True, excerpt=excerpt)
        for number in sorted(set(one.citations) - numbers):
            words = say("Source %(number)s is cited and not listed.", number=number)
            yield Remark(section, words, refuses=True, excerpt=excerpt)
        if one.stale:
            words = say("The evidence behind this sentence has changed since it was written.")
            yield Remark(section, words, refuses=True, excerpt=excerpt)


def _is_confidence(section: str, sentence: Sentence, *, parts: tuple[Sentence, ...]) -> bool:
    return section == "judgement" and sentence is parts[1]


def _of_length(section: str, parts: tuple[Sentence, ...], *, limit: int, title: Words) -> Iterator[Remark]:
    count = sum(words_in(str(one.text)) for one in parts)
    if count > limit:
        words = say(
            "%(title)s has %(count)s words; %(limit)s are meant.", title=title, count=count, limit=limit
        )
        yield Remark(section, words, refuses=False)
