"""Which wording has been held against the official text, and the refusal of the rest outside the Office."""

from __future__ import annotations

import re
from collections.abc import Iterable

from forestall.base.errors import Refused
from forestall.base.words import Words, say

from .framework import Framework, Indicator, in_language

_WORD = re.compile(r"\w+")


def notice(indicator: Indicator, *, language: str = "en") -> Words | None:
    """What must stand beside the wording wherever it appears; None once a named person has accepted it."""
    if indicator.held_in(language):
        return None
    return say("Our own wording; nobody has yet held it against the official text.")


def unheld(framework: Framework, numbers: Iterable[str], *, language: str = "en") -> tuple[str, ...]:
    """Those of `numbers` whose wording in `language` nobody has held against the official text, in order."""
    asked = set(numbers)
    for number in asked:
        framework.indicator(number)
    return tuple(
        indicator.number
        for indicator in framework.indicators
        if indicator.number in asked and not indicator.held_in(language)
    )


def carried(framework: Framework, told: str, *, language: str = "en") -> tuple[str, ...]:
    """Numbers of the indicators whose wording in `language` stands in `told`, word for word, in order."""
    words = _plain(told)
    return tuple(
        indicator.number
        for indicator in framework.indicators
        if f" {_plain(in_language(indicator.text, language=language))} " in f" {words} "
    )


def _plain(text: str) -> str:
    return " ".join(_WORD.findall(text.casefold()))


def refuse_unheld(
    framework: Framework, numbers: Iterable[str], *, leaving: Words | str, language: str = "en"
) -> None:
    """Raise `Refused` when wording that nobody has held against the official text would go out.

    `leaving` names what would carry it, for the reader: say("the public site"), say("this training pack"). Numbers and
    titles may leave; wording may not. Raises `Refused` for a number the framework lacks, too.
    """
    found = unheld(framework, numbers, language=language)
    if found:
        raise Refused(
            say(
                "%(leaving)s would carry the wording of %(numbers)s from %(framework)s, which nobody has yet held "
                "against the official text. Give the numbers only, or have a named person accept the wording.",
                leaving=leaving,
                numbers=", ".join(found),
                framework=framework.id,
            )
        )
