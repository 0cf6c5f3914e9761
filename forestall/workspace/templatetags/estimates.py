"""How probable: a forecast with its interval, and a judgement in words as a range without a point.

The two are never drawn alike and never averaged. Probabilities are shares from 0 to 1.
"""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from .vocabulary import spoken

BAR = 120  # px from 0 to 100 %


def percent(share: float) -> str:
    """A share as a figure per hundred without its sign: whole above one per cent, one decimal below; never 0 or 100.

    A forecast of exactly nothing or exactly everything does not exist; the ends read "<0.1" and ">99.9".
    """
    hundred = share * 100
    if hundred < 0.1:
        return "<0.1"
    if hundred > 99.9:
        return ">99.9"
    return f"{hundred:.1f}" if hundred < 1 or hundred > 99 else f"{hundred:.0f}"


def figure(count: float) -> str:
    """A count as a reader wants it: whole from ten on, one decimal below where there is one."""
    return f"{count:.0f}" if count >= 10 else f"{round(count, 1):g}"


def probability(
    value: float | None,
    *,
    low: float | None = None,
    high: float | None = None,
    level: int = 80,
    reason: object = "",
) -> SafeString:
    """A forecast: "41 % (28–56)", or why there is none. `level` is the interval's level in per cent.

    Without an interval it says so: a bare percentage would look surer than it is.
    """
    if value is None:
        why = spoken(reason)
        words = gettext("no forecast: %(reason)s") % {"reason": why} if why else gettext("no forecast")
        return format_html('<span class="prob none">{}</span>', words)
    if low is None or high is None:
        return format_html(
            '<span class="prob"><bdi dir="ltr">{} %</bdi> ({})</span>', percent(value), gettext("no interval")
        )
    title = gettext("%(level)s %% interval") % {"level": level}
    return format_html(
        '<span class="prob" title="{}"><bdi dir="ltr">{} % ({}–{})</bdi></span>',
        title,
        percent(value),
        percent(low),
        percent(high),
    )


def likelihood(word: object, *, low: float, high: float) -> SafeString:
    """A judgement in words, with the range the word stands for as a bar from 0 to 100 %. There is no point in it."""
    start, width = round(low * BAR, 1), round((high - low) * BAR, 1)
    return format_html(
        '<span class="likely"><b>{}</b> <bdi dir="ltr">({}–{} %)</bdi>'
        '<svg class="likely-bar" width="{}" height="12" viewBox="0 0 {} 12" aria-hidden="true">'
        '<path class="ax-0" d="M0 6H{}M0 2V10M{} 2V10M{} 2V10"/>'
        '<rect class="v3 range" x="{}" y="2" width="{}" height="8"/></svg></span>',
        spoken(word),
        f"{low * 100:.0f}",
        f"{high * 100:.0f}",
        BAR + 1,
        BAR + 1,
        BAR,
        BAR // 2,
        BAR,
        start,
        width,
    )
