"""The fixed words around a sheet's text, the same on paper, in Word and on the screen."""

from __future__ import annotations

from forestall.base.words import Words, say

from .days import held_apart, in_full
from .sheet import EXERCISE, Sheet, SignOff, Text

MARKING_ROW = say("Marking")
SUBJECT_ROW = say("Subject")
SOURCES_HEADING = say("Sources")
SOURCES_HEAD: tuple[Words, ...] = (say("No."), say("What"), say("Grade"), say("Origin"), say("Day"))


def marking_line(sheet: Sheet) -> Words:
    """The marking as a line of text: reading aids skip the bands, so the body says it once."""
    word = sheet.marking.word
    return say("%(marking)s, %(exercise)s", marking=word, exercise=EXERCISE) if sheet.exercise else word


def sign_off_lines(sheet: Sheet) -> tuple[Words, ...]:
    """One line per step: `Cleared: A for B, 21 November 2026`, or that the step is open."""
    return tuple(_signed(entry, language=sheet.language) for entry in sheet.sign_offs)


def _signed(entry: SignOff, *, language: str) -> Words:
    if entry.day is None:
        return say("%(step)s: open", step=entry.step)
    name: Text = held_apart(entry.name, language=language)
    if entry.acting_for:
        name = say("%(name)s for %(other)s", name=name, other=held_apart(entry.acting_for, language=language))
    return say(
        "%(step)s: %(name)s, %(day)s", step=entry.step, name=name, day=in_full(entry.day, language=language)
    )
