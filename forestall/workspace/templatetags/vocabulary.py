"""The words beside the marks: one table for each scale, from a stored value to the words a reader sees."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from forestall.base.entrywords import translated
from forestall.base.words import Words

Label = str | Promise


@dataclass(frozen=True)
class Mark:
    """A symbol of the sprite, the words beside it, and the class that gives it its colour."""

    symbol: str
    words: Label
    shade: str = ""


PRESENCE: Mapping[str, Mark] = {
    "not_assessed": Mark("not_assessed", _("not assessed")),
    "no_information": Mark("no_information", _("no information")),
    "not_present": Mark("not_present", _("not present")),
    "emerging": Mark("emerging", _("emerging")),
    "present": Mark("present", _("present")),
    "severe": Mark("severe", _("severe")),
}

TREND: Mapping[str, Mark] = {
    "deteriorating": Mark("deteriorating", _("deteriorating")),
    "stable": Mark("stable", _("stable")),
    "improving": Mark("improving", _("improving")),
    "unclear": Mark("unclear", _("unclear")),
}

CONFIDENCE: Mapping[str, Mark] = {
    "": Mark("con0", _("confidence not stated")),
    "low": Mark("con1", _("confidence low")),
    "moderate": Mark("con2", _("confidence moderate")),
    "high": Mark("con3", _("confidence high")),
}

# Under a heading that already says "confidence" the adjective stands alone; in many languages it takes its gender.
CONFIDENCE_SHORT: Mapping[str, Label] = {
    "": pgettext_lazy("confidence", "not stated"),
    "low": pgettext_lazy("confidence", "low"),
    "moderate": pgettext_lazy("confidence", "moderate"),
    "high": pgettext_lazy("confidence", "high"),
}

STATUS: Mapping[str, Mark] = {
    "screened": Mark("st0", _("screened"), "st-0"),
    "standby": Mark("st1", _("standby"), "st-1"),
    "watch": Mark("st2", _("watch"), "st-2"),
    "of_concern": Mark("st3", _("of concern"), "st-3"),
    "alert": Mark("st4", _("alert"), "st-4"),
    "ongoing_crimes": Mark("st5", _("crimes reported by a competent body"), "st-5"),
    "post_crisis": Mark("st-post", _("after the crisis"), "st-past"),
    "closed": Mark("st-closed", _("closed"), "st-past"),
}

STEP: Mapping[str, Mark] = {
    "done": Mark("done", _("done")),
    "here": Mark("here", _("now here")),
    "todo": Mark("todo", _("to come")),
    "refused": Mark("refused", _("returned")),
}

RELIABILITY: Mapping[str, Label] = {
    "A": _("completely reliable"),
    "B": _("usually reliable"),
    "C": _("fairly reliable"),
    "D": _("not usually reliable"),
    "E": _("unreliable"),
    "F": _("reliability cannot be judged"),
}

CREDIBILITY: Mapping[str, Label] = {
    "1": _("confirmed"),
    "2": _("probably true"),
    "3": _("possibly true"),
    "4": _("doubtful"),
    "5": _("improbable"),
    "6": _("credibility cannot be judged"),
}

LEVELS: tuple[Label, ...] = (
    _("Public"),
    _("Internal"),
    _("Confidential"),
    _("Strictly confidential"),
)

LEVELS_IN_CAPITALS: tuple[Label, ...] = (
    _("PUBLIC"),
    _("INTERNAL"),
    _("CONFIDENTIAL"),
    _("STRICTLY CONFIDENTIAL"),
)


def spoken(value: object) -> str:
    """Any text for a reader in the reader's language: `Words` through gettext, all else as it is; None is empty."""
    if value is None:
        return ""
    if isinstance(value, Words):
        return value.text(gettext)
    return str(value)


def catalogued(text: str) -> str:
    """A text that a catalogue's definition gives in English, in the reader's language; any other text as it is."""
    if not text:
        return ""
    return translated(text, language=(get_language() or "").partition("-")[0]) or gettext(text)


def with_code(text: str) -> SafeString:
    """A text whose parts between backticks are typed as they stand: commands, and names of fields."""
    parts = text.split("`")
    return format_html_join("", "{}", ((format_html('<bdi class="mono">{}</bdi>', one) if at % 2 else one,) for at, one in enumerate(parts)))


def comma() -> str:
    """What stands between two parts of a line, as the reader's language writes it."""
    return pgettext("between parts", ", ")


def listed(values: Iterable[object]) -> str:
    """Several values in a row, in the reader's language; empty when there are none."""
    return comma().join(spoken(value) for value in values or ())


def listed_apart(values: Iterable[object]) -> str:
    """Several values in a row that may hold commas themselves."""
    return pgettext("between parts", "; ").join(spoken(value) for value in values or ())
