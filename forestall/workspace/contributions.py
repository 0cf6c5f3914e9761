"""The chart of what drives a chance: bars from the median State, to the right what raises it, to the left what lowers it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.utils.formats import number_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from .runsheet import DriverRow
from .templatetags.drawing import LETTER, path, picture, rect, short, text
from .templatetags.vocabulary import spoken

LONGEST_NAME = 66
STEP = 30.0
PLOT = 300.0
FIGURE = 48.0


def contributions(rows: Sequence[DriverRow], *, title: str) -> SafeString:
    """One bar for each driver, in log-odds, in the order given; the figure stands beside its bar."""
    names = [short(spoken(row.name), LONGEST_NAME) for row in rows]
    left = max((len(name) for name in names), default=0) * LETTER + 16
    lowest = min([0.0, *(row.log_odds for row in rows)])
    highest = max([0.1, *(row.log_odds for row in rows)])
    start = left + (FIGURE if lowest < 0 else 0)

    def across(value: float) -> float:
        return round(start + PLOT * (value - lowest) / (highest - lowest), 1)

    bottom = 8 + STEP * len(rows)
    parts = [path(f"M{across(0):g} 4V{bottom:g}", "ax-0")]
    for place, (name, row) in enumerate(zip(names, rows, strict=True)):
        y = 8 + STEP * (place + 0.5)
        parts.append(text(left - 8, y + 4, name, anchor="end"))
        parts += _bar(row.log_odds, across, y=y)
    parts.append(text(across(0), bottom + 18, gettext("median State"), classes="tick", anchor="middle"))
    about = "; ".join(f"{spoken(row.name)}: {signed(row.log_odds)}" for row in rows)
    return picture(parts, size=(start + PLOT + FIGURE + 12, bottom + 28), title=title, about=about)


def _bar(value: float, across: Callable[[float], float], *, y: float) -> list[str]:
    zero, end = across(0), across(value)
    start, width = min(zero, end), max(1.0, round(abs(end - zero), 1))
    beside = end - 6 if value < 0 else end + 6
    words = signed(value)
    anchor = "end" if value < 0 else "start"
    return [rect(start, y - 8, (width, 16), "v1"), text(beside, y + 4, words, classes="key", anchor=anchor)]


def signed(value: float) -> str:
    """A figure with its sign and two decimals, as the reader's language writes it."""
    sign = "−" if round(value, 2) < 0 else "+"
    return f"{sign}{number_format(abs(value), 2)}"
