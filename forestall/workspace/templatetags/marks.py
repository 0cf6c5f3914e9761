"""The small marks: glyph and word together, because a glyph alone says nothing to a screen reader or a grey print.

Every function returns safe HTML and escapes what it is given. Values are those of the scales in `vocabulary`; an
unknown value raises `KeyError`, for it is a mistake of ours and not of the reader's.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language_bidi, gettext, ngettext

from forestall.access.session import Session
from forestall.base.clock import now

from .vocabulary import (
    CONFIDENCE,
    CONFIDENCE_SHORT,
    CREDIBILITY,
    LEVELS,
    LEVELS_IN_CAPITALS,
    PRESENCE,
    RELIABILITY,
    STATUS,
    TREND,
    spoken,
)

SPRITE = Path(__file__).parents[1] / "static" / "forestall" / "glyphs.svg"
MOST_DISCS = 9
READER_MARKS = 18
"""How often a page says whose it is."""


@lru_cache(maxsize=1)
def sprite() -> SafeString:
    """All symbols, to stand once in a page directly after `<body>`."""
    return mark_safe(SPRITE.read_text(encoding="utf-8"))  # noqa: S308 - our own file


def glyph(symbol: str, classes: str = "") -> SafeString:
    """One symbol of the sprite, hidden from screen readers: a word stands beside it."""
    return format_html(
        '<svg class="g g-{}{}" aria-hidden="true"><use href="#g-{}"/></svg>',
        symbol,
        f" {classes}" if classes else "",
        symbol,
    )


def presence(value: str, *, word_hidden: bool = False) -> SafeString:
    """Presence of a factor or indicator: the gauge and its word, or the gauge with the word for screen readers only."""
    mark = PRESENCE[value]
    return format_html(
        '<span class="pre">{}<span{}>{}</span></span>',
        glyph(mark.symbol),
        mark_safe(' class="hide"') if word_hidden else "",
        mark.words,
    )


def shift(was: str, now: str) -> SafeString:
    """What presence was and what it is, with an arrow that points the way the reader reads."""
    return format_html(
        '<span class="was">{}</span><span aria-hidden="true"> {} </span><span class="hide">{}</span>{}',
        presence(was),
        "←" if get_language_bidi() else "→",
        gettext("to"),
        presence(now),
    )


def trend(value: str) -> SafeString:
    """Direction of change: triangle, bar or wave, and the word."""
    mark = TREND[value]
    return format_html('<span class="tre">{}{}</span>', glyph(mark.symbol), mark.words)


def confidence(value: str | None, *, short: bool = False) -> SafeString:
    """How well founded a judgement is: discs and words. `short` leaves out the noun, under a heading that has it."""
    mark = CONFIDENCE[value or ""]
    words = CONFIDENCE_SHORT[value or ""] if short else mark.words
    return format_html('<span class="con">{}{}</span>', glyph(mark.symbol, "g-con"), words)


def status(value: str) -> SafeString:
    """State of a situation: five cells and the word."""
    mark = STATUS[value]
    return format_html(
        '<span class="status">{}<span>{}</span></span>',
        glyph(mark.symbol, f"g-status {mark.shade}"),
        mark.words,
    )


def grade(value: str | None) -> SafeString:
    """Grade of an item, source A to F and content 1 to 6 ("B2"), with its meaning; dashed when nobody graded it."""
    if not value:
        return format_html(
            '<span class="grade none"><span aria-hidden="true">–</span><span class="hide">{}</span></span>',
            gettext("not graded"),
        )
    meaning = f"{RELIABILITY[value[:1]]}; {CREDIBILITY[value[1:]]}"
    return format_html(
        '<span class="grade" title="{}">{}<span class="hide"> {}</span></span>', meaning, value, meaning
    )


def origins(independent: int, total: int) -> SafeString:
    """How many of `total` items stand on their own; the rest are copies. Beyond nine the discs are a sample."""
    words = ngettext(
        "%(independent)s independent of %(total)s", "%(independent)s independent of %(total)s", independent
    ) % {"independent": independent, "total": total}
    return format_html('<span class="org">{}<span>{}</span></span>', _discs(independent, total), words)


def _discs(independent: int, total: int) -> SafeString:
    shown = min(total, MOST_DISCS)
    filled = min(independent, shown) if total <= MOST_DISCS else max(1, round(independent / total * shown))
    full, hollow = (
        '<circle cx="{}" cy="6" r="3.6" fill="currentColor"/>',
        ('<circle cx="{}" cy="6" r="3" fill="none" stroke="currentColor"/>'),
    )
    circles = mark_safe("".join((full if i < filled else hollow).format(5 + 9 * i) for i in range(shown)))  # noqa: S308
    width = 9 * shown + 2
    return format_html(
        '<svg width="{}" height="12" viewBox="0 0 {} 12" aria-hidden="true">{}</svg>', width, width, circles
    )


def bars(level: int) -> SafeString:
    """As many bars as the level; none for public."""
    if level == 0:
        return SafeString("")
    return format_html(
        '<span class="bars" aria-hidden="true">{}</span>',
        mark_safe("<i></i>" * level),  # noqa: S308 - our own stroke
    )


def label(level: int) -> SafeString:
    """Sensitivity of one thing in a row or a line: bars and the word."""
    return format_html('<span class="label">{}{}</span>', bars(level), LEVELS[level])


def reader_mark(reader: Session) -> SafeString:
    """Who reads this page and when, all over it: a picture of the screen, or a print, says whose it was.

    The words stand in attributes and are drawn by the style sheet: nobody hears them read out, or finds them in the text.
    """
    says = f"{reader.name} · {now():%Y-%m-%d %H:%M} UTC · {reader.person_id[:8]}"
    marks = format_html_join("", '<i data-mark="{}"></i>', [(says,)] * READER_MARKS)
    return format_html('<div class="reader-mark" dir="ltr" aria-hidden="true">{}</div>', marks)


def level_band(
    level: int, note: object = "", *, exercise: bool = False, element: str = "aside", real_figures: bool = False
) -> SafeString:
    """The band: the highest label on the page or sheet, a note, and the words of an exercise home.

    `real_figures`: the page shows published figures on real States, and must not say that all of it is invented.

    A page that forgot its level must not call itself public: a level other than 0 to 3 raises `ValueError`.
    """
    if level not in (0, 1, 2, 3) or isinstance(level, bool):
        raise ValueError("A page names the highest label on it, 0 to 3, as `band`.")
    name = gettext("Sensitivity")
    opening = format_html('<aside class="band level-{} top-band" aria-label="{}">', level, name)
    if element == "div":
        opening = format_html('<div class="band level-{}">', level)
    return format_html(
        "{}{}<b>{}</b><span>{}</span>{}{}",
        opening,
        bars(level),
        LEVELS_IN_CAPITALS[level],
        spoken(note),
        exercise_words(real_figures=real_figures) if exercise else "",
        mark_safe("</div>" if element == "div" else "</aside>"),  # noqa: S308 - one of two
    )


def exercise_words(*, real_figures: bool = False) -> SafeString:
    """What every page and sheet of an exercise home says; where published figures on real States stand, that too."""
    words = gettext("Everything here is invented; it is about no State and no person.")
    if real_figures:
        words = gettext("The published figures on States are real, and so is what a risk model makes of them.")
    return format_html('<span class="exercise"><b>{}</b> <span>{}</span></span>', gettext("EXERCISE"), words)


def claim(sentence: object, url: str, items: int) -> SafeString:
    """A sentence that opens its evidence; the raised number counts the items behind it."""
    counted = ngettext("%(count)s item of evidence", "%(count)s items of evidence", items) % {"count": items}
    return format_html(
        '<a class="claim" href="{}">{}<sup title="{}">{}<span class="hide"> {}</span></sup></a>',
        url,
        spoken(sentence),
        counted,
        items,
        counted,
    )
