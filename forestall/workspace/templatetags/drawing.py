"""The few strokes charts are made of. Everything written by others is escaped here and isolated from its surroundings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language_bidi, gettext

LETTER = 6.6  # px, mean width of a letter at 12 px


def text(x: float, y: float, words: object, *, classes: str = "", anchor: str = "start") -> str:
    # U+2068 and U+2069 keep an Arabic label from pulling the figures beside it across.
    return (
        f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}"'
        + (f' class="{classes}"' if classes else "")
        + f">\u2068{escape(str(words))}\u2069</text>"
    )


def path(d: str, classes: str) -> str:
    return f'<path class="{classes}" d="{d}"/>'


def line(points: Sequence[tuple[float, float]], classes: str, *, close: str = "") -> str:
    if not points:
        return ""
    return path("M" + "L".join(f"{x:g} {y:g}" for x, y in points) + close, classes)


def rect(x: float, y: float, size: tuple[float, float], classes: str) -> str:
    return f'<rect class="{classes}" x="{x:g}" y="{y:g}" width="{size[0]:g}" height="{size[1]:g}"/>'


def short(words: str, letters: int) -> str:
    return words if len(words) <= letters else f"{words[: letters - 1].rstrip()}…"


def picture(
    parts: Iterable[str], *, size: tuple[float, float], title: str, about: str, classes: str = "chart"
) -> SafeString:
    if get_language_bidi():
        about = f"{about} {gettext('The chart runs from left to right.')}".strip()
    described = f"<desc>{escape(about)}</desc>" if about else ""
    opening = f'<svg class="{classes}" viewBox="0 0 {size[0]:g} {size[1]:g}" role="img"'
    extent = (
        ' preserveAspectRatio="none"' if classes == "hist" else f' width="{size[0]:g}" height="{size[1]:g}"'
    )
    markup = f"{opening}{extent}><title>{escape(title)}</title>{described}{''.join(parts)}</svg>"
    return mark_safe(markup)  # noqa: S308 - every text above is escaped
