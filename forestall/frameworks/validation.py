"""What a framework should hold beyond what the loader demands: findings for the person who wrote it, none fatal."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from itertools import chain

from forestall.base.words import Words, say

from .framework import Framework, Indicator, Numbering, RiskFactor, Text, Verification

LONGEST = 320
_SCRIPTS = {"ar": "ARABIC", "ru": "CYRILLIC", "zh": "CJK"}
_SEEN = {Verification.VERIFIED, Verification.PARTLY}


def validate(framework: Framework, *, crosswalk_target: Framework | None = None) -> list[Words]:
    """One sentence for each thing to mend; an empty list when there is none.

    `crosswalk_target` is the framework that `counterparts` name; without it they are not looked at.
    """
    return list(
        chain(
            _without_source(framework),
            _unused_sources(framework),
            _texts(framework),
            _same_text_twice(framework),
            _symbols(framework),
            _counterparts(framework, target=crosswalk_target),
        )
    )


def _without_source(framework: Framework) -> Iterator[Words]:
    items: list[RiskFactor | Indicator] = [*framework.factors, *framework.indicators]
    for item in items:
        if item.verification in _SEEN and item.source is None:
            yield say("%(number)s is marked as seen and names no source.", number=item.number)
        if item.verification not in _SEEN and item.source is not None:
            yield say("%(number)s names a source and is marked as from memory.", number=item.number)


def _unused_sources(framework: Framework) -> Iterator[Words]:
    items: list[RiskFactor | Indicator] = [*framework.factors, *framework.indicators]
    used = {item.source for item in items} | {rule.source for rule in framework.guidance}
    for source in framework.sources:
        if source.id not in used:
            yield say("The source %(source)s is listed and nothing was seen in it.", source=source.id)


def _all_texts(framework: Framework) -> Iterator[tuple[str, Text]]:
    for factor in framework.factors:
        yield factor.number, factor.text
        for indicator in factor.indicators:
            yield indicator.number, indicator.text
    for rule in framework.guidance:
        yield rule.id, rule.text


def _texts(framework: Framework) -> Iterator[Words]:
    for name, text in _all_texts(framework):
        for language, words in text.items():
            yield from _text(words, name=name, language=language)


def _text(words: str, *, name: str, language: str) -> Iterator[Words]:
    place = {"name": name, "language": language}
    if len(words) > LONGEST:
        yield say("%(name)s (%(language)s) is longer than %(most)s characters.", most=LONGEST, **place)
    if words != words.strip() or "  " in words:
        yield say("%(name)s (%(language)s) has spaces too many.", **place)
    if not words.endswith((".", "。")):
        yield say("%(name)s (%(language)s) does not end with a full stop.", **place)
    script = _SCRIPTS.get(language, "LATIN")
    if not any(script in unicodedata.name(letter, "") for letter in words):
        yield say("%(name)s (%(language)s) is not written in the script of its language.", **place)


def _same_text_twice(framework: Framework) -> Iterator[Words]:
    first: dict[tuple[str, str], str] = {}
    for indicator in framework.indicators:
        for language, words in indicator.text.items():
            earlier = first.setdefault((language, words.casefold()), indicator.number)
            if earlier != indicator.number:
                yield say(
                    "%(number)s and %(earlier)s have the same words (%(language)s).",
                    number=indicator.number,
                    earlier=earlier,
                    language=language,
                )


def _symbols(framework: Framework) -> Iterator[Words]:
    if framework.numbering is Numbering.OFFICIAL and not framework.symbols:
        yield say("%(framework)s has official numbers and names no document.", framework=framework.id)


def _counterparts(framework: Framework, *, target: Framework | None) -> Iterator[Words]:
    if target is None:
        return
    known = {factor.number for factor in target.factors}
    for factor in framework.factors:
        for number in factor.counterparts:
            if number not in known:
                yield say(
                    "%(number)s has the counterpart %(counterpart)s, which %(target)s lacks.",
                    number=factor.number,
                    counterpart=number,
                    target=target.id,
                )
