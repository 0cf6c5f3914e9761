"""Lays an advisory note out as a sheet, measures it, and says what stands in the way of its clearance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from forestall.base.errors import Refused
from forestall.base.words import Words, say
from forestall.documents import typst_pdf
from forestall.documents.days import held_apart, in_full, left_to_right
from forestall.documents.sheet import (
    AskBox,
    Block,
    Cell,
    Heading,
    Listing,
    Marking,
    Paragraph,
    Sentence,
    Sheet,
    Table,
    Text,
    Tone,
    Translate,
)

from .content import AdvisoryNoteContent, Factor, LikelihoodTerm, Recommendation

KIND = say("Advisory note")
PAGES = 2

HEADINGS: dict[str, Words] = {
    "judgement": say("Judgement"),
    "situation": say("Situation"),
    "changed": say("What changed"),
    "populations": say("Populations at risk"),
    "factors": say("Risk factors behind the judgement"),
    "unknown": say("What we do not know"),
    "mitigating": say("What speaks against this judgement"),
    "dissent": say("Dissent"),
    "recommendations": say("Options and recommendations"),
}
FACTOR_HEAD: tuple[Words, ...] = (say("Risk factor"), say("Presence"), say("Trend"), say("Confidence"))
RISK_ONLY = say("This Office speaks of risk; it makes no legal determination.")


@dataclass(frozen=True)
class Fit:
    """How a note stands against its two pages, in printed lines."""

    pages: int
    lines_over: int
    lines_left: int


def sheet(content: AdvisoryNoteContent) -> Sheet:
    """The note as the one sheet that PDF, Word and preview render."""
    return Sheet(
        kind=KIND,
        number=content.number,
        marking=Marking(level=content.level, handling=content.handling),
        exercise=content.exercise,
        language=content.language,
        day=content.day,
        memo=_memo(content),
        subject=content.subject,
        blocks=(
            ask_box(content),
            *_judgement(content),
            *_told("situation", content.situation),
            *_told("changed", content.changed),
            *_told("populations", content.populations),
            *_factors(content.factors),
            *_told("unknown", content.unknown),
            *_told("mitigating", content.mitigating),
            *_told("dissent", content.dissent, tone=Tone.DISSENT),
            *_recommendations(content),
        ),
        sources=content.sources,
        sign_offs=content.sign_offs,
        closing=(*_scale(content), Sentence(RISK_ONLY)),
    )


def fits(content: AdvisoryNoteContent, *, translate: Translate | None = None) -> Fit:
    """How many pages the note takes, and how many printed lines are over or left. Takes some 10 ms."""
    found = typst_pdf.layout(sheet(content), translate=translate)
    return Fit(pages=found.pages, lines_over=found.lines_over(PAGES), lines_left=found.lines_left(PAGES))


def pdf(content: AdvisoryNoteContent, *, translate: Translate | None = None) -> bytes:
    """The note as a tagged PDF. Raises `Refused` when it does not fit its two pages, saying by how much."""
    fit = fits(content, translate=translate)
    if fit.lines_over:
        raise Refused(too_long(fit))
    return typst_pdf.pdf(sheet(content), translate=translate)


def too_long(fit: Fit) -> Words:
    """The sentence that tells the writer by how much a note is too long."""
    return say(
        "The note is longer than two pages by about %(lines)s printed lines. Shorten it and print again.",
        lines=fit.lines_over,
    )


def ask_box(content: AdvisoryNoteContent) -> AskBox:
    """The ask in one sentence; when a decision is needed and why in the next."""
    day = _day(content, content.ask.decision_by)
    needed = say("Decision needed by %(day)s", day=day)
    return AskBox(
        (
            Sentence(
                say("We ask that you %(action)s.", action=content.ask.action), strong=content.ask.action
            ),
            Sentence(
                say("Decision needed by %(day)s: %(why)s.", day=day, why=content.ask.why), strong=needed
            ),
        )
    )


def likelihood_sentence(content: AdvisoryNoteContent) -> Sentence:
    """How probable, with the word's range. Says nothing of confidence."""
    judged = content.likelihood
    term = _term(judged.term, language=content.language)
    return Sentence(
        say(
            "We judge the likelihood that %(event)s between %(start)s and %(end)s to be: %(term)s.",
            event=judged.event,
            start=_day(content, judged.start),
            end=_day(content, judged.end),
            term=term,
        ),
        citations=judged.citations,
        strong=term,
        href=judged.href,
    )


def confidence_sentence(content: AdvisoryNoteContent) -> Sentence:
    """How well founded, and why. Says nothing of likelihood."""
    word = content.confidence.word
    return Sentence(
        say("Our confidence in this judgement is %(word)s: %(why)s.", word=word, why=content.confidence.why),
        strong=word,
    )


def _memo(content: AdvisoryNoteContent) -> tuple[tuple[Words, Text], ...]:
    rows: tuple[tuple[Words, Text], ...] = (
        (say("To"), content.ask.addressee),
        (say("Through"), content.through),
        (say("From"), content.from_),
        (say("Date"), _day(content, content.day)),
    )
    return tuple(row for row in rows if row[1])


def _judgement(content: AdvisoryNoteContent) -> tuple[Block, ...]:
    stated: tuple[Block, ...] = (
        Heading(HEADINGS["judgement"]),
        Paragraph((likelihood_sentence(content),)),
        Paragraph((confidence_sentence(content),)),
    )
    return (*stated, Paragraph((content.forecast,))) if content.forecast else stated


def _told(section: str, sentences: tuple[Sentence, ...], *, tone: Tone = Tone.PLAIN) -> tuple[Block, ...]:
    return (Heading(HEADINGS[section]), Paragraph(sentences, tone=tone)) if sentences else ()


def _factors(factors: tuple[Factor, ...]) -> tuple[Block, ...]:
    if not factors:
        return ()
    heading = HEADINGS["factors"]
    return (
        Heading(heading),
        Table(heading, head=FACTOR_HEAD, rows=tuple(_row(factor) for factor in factors)),
    )


def _row(factor: Factor) -> tuple[Cell, ...]:
    return (
        Cell(say("%(number)s. %(name)s", number=factor.number, name=factor.name)),
        Cell(factor.presence, mark=factor.presence_mark),
        Cell(factor.trend, mark=factor.trend_mark),
        Cell(factor.confidence, mark=factor.confidence_mark),
    )


def _recommendations(content: AdvisoryNoteContent) -> tuple[Block, ...]:
    if not content.recommendations:
        return ()
    entries = tuple(_recommended(one, content=content) for one in content.recommendations)
    return (Heading(HEADINGS["recommendations"]), Listing(entries, numbered=True))


def _recommended(one: Recommendation, *, content: AdvisoryNoteContent) -> tuple[Sentence, ...]:
    led = say(
        "Lead: %(lead)s, by %(day)s.",
        lead=held_apart(one.lead, language=content.language),
        day=_day(content, one.by),
    )
    action = Sentence(one.action, strong=one.action)
    return (action, Sentence(say("Asked above.")), Sentence(led)) if one.asked else (action, Sentence(led))


def _scale(content: AdvisoryNoteContent) -> tuple[Sentence, ...]:
    terms = [_term(term, language=content.language) for term in content.scale.terms]
    if not terms:
        return ()
    return (
        Sentence(
            say("Likelihood words (%(name)s): %(terms)s.", name=content.scale.name, terms=_listed(terms))
        ),
    )


def _listed(terms: list[Words]) -> Words:
    rest = terms[0]
    for term in terms[1:]:
        rest = say("%(before)s, %(after)s", before=rest, after=term)
    return rest


def _term(term: LikelihoodTerm, *, language: str) -> Words:
    share = left_to_right(f"{term.low}–{term.high}\u00a0%", language=language)
    return say("%(word)s (%(share)s)", word=term.word, share=share)


def _day(content: AdvisoryNoteContent, day: date) -> str:
    return in_full(day, language=content.language)
