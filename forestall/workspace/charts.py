"""Charts as SVG made on the server: values in, safe markup out, styled by classes alone.

Each chart is one picture to a screen reader (`role="img"`) with a title and a description that say what it shows; the
page gives the same figures as a table. Figures stand beside their marks; there is no legend where a label fits. Time
and per cent run from left to right in every language, so charts are never mirrored; the description says so to a
reader of a right-to-left language, and text set by others is isolated against its surroundings.

Units: shares from 0 to 1, days as dates in UTC, counts as whole numbers; lengths in the SVG are pixels at 1:1.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from .templatetags.dates import in_words, on_axis
from .templatetags.drawing import LETTER, line, path, picture, rect, short, text
from .templatetags.estimates import figure, percent
from .templatetags.vocabulary import PRESENCE

HEIGHTS = {"not_present": 0, "emerging": 1, "present": 2, "severe": 3}
KEPT = 8  # assessments in a factor history
SHAPES = {"model": "v1", "other": "v2", "panel": "v2", "analysts": "v3"}


@dataclass(frozen=True)
class Interval:
    """A row of the ranking. `kind` is model, other (another office's model), panel or analysts.

    Analysts judge in words: their row has no point, and `words` is what they said.
    """

    name: str
    low: float
    high: float
    point: float | None = None
    kind: str = "model"
    words: str = ""
    url: str = ""


@dataclass(frozen=True)
class Bin:
    """Forecasts of about the same probability: their mean, the share that came true with its interval, how many."""

    forecast: float
    observed: float
    low: float
    high: float
    count: int


@dataclass(frozen=True)
class Month:
    """One month of a forecast of counts: median, and the bounds of the 50 % and the 90 % interval."""

    day: date
    median: float
    half: tuple[float, float]
    most: tuple[float, float]


@dataclass(frozen=True)
class Event:
    """Something on a timeline, on a day known to `precision` (day, month or year). `ahead` has not happened yet."""

    day: date
    name: str
    precision: str = "day"
    circa: bool = False
    ahead: bool = False


# ---------------------------------------------------------------- probabilities with their intervals, in a row each


def interval_ranking(
    rows: Sequence[Interval], *, title: str, about: str = "", maximum: float = 1.0
) -> SafeString:
    """Rows of intervals on one axis from 0 to `maximum`, in the order given; the caller decides the order.

    A statistical model's point is a disc, another office's a square, a panel's a diamond; analysts have a bar without
    a point. Without `about` the description lists every row.
    """
    left = min(260.0, max((len(row.name) for row in rows), default=0) * LETTER + 12)
    right, step, bottom = 520.0, 36.0, 8 + 36.0 * len(rows)

    def across(share: float) -> float:
        return round(left + (right - left) * min(share, maximum) / maximum, 1)

    parts = _percent_axis(across, maximum=maximum, bottom=bottom)
    for number, row in enumerate(rows):
        parts += _interval_row(row, across, y=8 + step * (number + 0.5), left=left)
    listed = about or ". ".join(f"{row.name}: {_interval_words(row)}" for row in rows)
    words = max((len(_interval_words(row)) for row in rows), default=0) * LETTER
    return picture(parts, size=(max(640, right + 16 + words), bottom + 28), title=title, about=listed)


def _percent_axis(across: Callable[[float], float], *, maximum: float, bottom: float) -> list[str]:
    parts = []
    for part in range(6):
        share = maximum * part / 5
        x = across(share)
        parts.append(path(f"M{x:g} 4V{bottom:g}", "ax"))
        parts.append(text(x, bottom + 18, f"{share * 100:g} %", classes="tick", anchor="middle"))
    return parts


def _interval_words(row: Interval) -> str:
    span = f"\u2066{percent(row.low)}–{percent(row.high)} %\u2069"  # figures keep their order beside Arabic words
    if row.point is None:
        return f"{row.words}, {span}" if row.words else span
    return f"{percent(row.point)} % ({percent(row.low)}–{percent(row.high)})"


def _interval_row(row: Interval, across: Callable[[float], float], *, y: float, left: float) -> list[str]:
    voice = SHAPES[row.kind]
    low, high = across(row.low), across(row.high)
    name = text(
        left - 12, y + 4, short(row.name, 38), classes="key" if row.point is None else "", anchor="end"
    )
    if row.url:
        name = f'<a href="{escape(row.url)}">{name}</a>'
    if row.point is None:
        marks = [rect(low, y - 11, (round(high - low, 1), 22), f"{voice} range")]
    else:
        marks = [
            path(f"M{low:g} {y:g}H{high:g}", f"{voice} whisk"),
            _point(row.kind, across(row.point), y, voice),
        ]
    return [name, *marks, text(high + 8, y + 4, _interval_words(row), classes=f"key {voice}t")]


def _point(kind: str, x: float, y: float, voice: str) -> str:
    if kind == "model":
        return f'<circle class="{voice}" cx="{x:g}" cy="{y:g}" r="5.5"/>'
    if kind == "other":
        return rect(x - 5, y - 5, (10, 10), voice)
    return path(f"M{x:g} {y - 7:g}l7 7-7 7-7-7z", voice)


# ---------------------------------------------------------------- reliability


def reliability(bins: Sequence[Bin], *, title: str, about: str = "") -> SafeString:
    """Forecast probability against the share that came true, with intervals and the number of forecasts in each bin.

    On the dashed line forecasts come true as often as they say.
    """
    side, left, top = 320.0, 44.0, 12.0

    def across(share: float) -> float:
        return round(left + side * share, 1)

    def down(share: float) -> float:
        return round(top + side * (1 - share), 1)

    parts = []
    for part in range(6):
        share = part / 5
        parts += [
            path(f"M{across(share):g} {top:g}V{top + side:g}M{left:g} {down(share):g}H{left + side:g}", "ax"),
            text(across(share), top + side + 18, f"{share * 100:g} %", classes="tick", anchor="middle"),
            text(left - 6, down(share) + 4, f"{share * 100:g} %", classes="tick", anchor="end"),
        ]
    parts.append(path(f"M{across(0):g} {down(0):g}L{across(1):g} {down(1):g}", "ax-0 dash"))
    for one in bins:
        x = across(one.forecast)
        parts += [
            path(f"M{x:g} {down(one.low):g}V{down(one.high):g}", "v1 whisk"),
            f'<circle class="v1" cx="{x:g}" cy="{down(one.observed):g}" r="5"/>',
            text(x + 9, down(one.observed) + 4, f"n = {one.count}", classes="on-band"),
        ]
    parts += [
        text(left + side / 2, top + side + 38, gettext("forecast"), anchor="middle"),
        text(left + side + 12, down(1) + 4, gettext("as often as forecast")),
        text(left + 6, top + 12, gettext("came true")),
    ]
    row = gettext("forecast %(forecast)s %%, came true %(observed)s %% of %(count)s")
    listed = about or "; ".join(
        row % {"forecast": percent(b.forecast), "observed": percent(b.observed), "count": b.count}
        for b in bins
    )
    return picture(parts, size=(520, top + side + 48), title=title, about=listed)


# ---------------------------------------------------------------- time


def timeline(events: Sequence[Event], *, title: str, today: date, about: str = "") -> SafeString:
    """Events on one line of time from left to right, each as wide as its date is uncertain, in lanes so that names do
    not meet. What lies ahead of `today` is dashed."""
    spans = [(event, *_extent(event)) for event in sorted(events, key=lambda event: event.day)]
    first = min([start for _, start, _ in spans] + [today]) - timedelta(days=10)
    last = max([end for _, _, end in spans] + [today]) + timedelta(days=10)
    width = 900.0

    def across(day: date) -> float:
        return round(8 + (width - 16) * (day - first).days / max(1, (last - first).days), 1)

    lanes: list[float] = []
    parts: list[str] = []
    for event, start, end in spans:
        parts += _event(event, (across(start), across(end)), lanes, width)
    bottom = 24.0 * len(lanes) + 20
    axis = _months(first, last, across, bottom)
    now = across(today)
    mark = [path(f"M{now:g} 4V{bottom:g}", "ax-0 dash"), text(now + 4, 14, gettext("today"))]
    listed = about or "; ".join(
        f"{in_words(e.day, precision=e.precision, short=True)}: {e.name}" for e, _, _ in spans
    )
    return picture([*axis, *mark, *parts], size=(width, bottom + 24), title=title, about=listed)


def _extent(event: Event) -> tuple[date, date]:
    if event.precision == "year":
        return date(event.day.year, 1, 1), date(event.day.year, 12, 31)
    if event.precision == "month":
        after = (event.day.replace(day=1) + timedelta(days=32)).replace(day=1)
        return event.day.replace(day=1), after - timedelta(days=1)
    reach = timedelta(days=3 if event.circa else 0)
    return event.day - reach, event.day + reach


def _event(event: Event, span: tuple[float, float], lanes: list[float], width: float) -> list[str]:
    start, end = span[0], max(span[1], span[0] + 8)
    name = short(event.name, 48)
    wide = len(name) * LETTER
    before = end + 8 + wide > width  # the name stands before its mark where there is no room after it
    occupied = (start - 8 - wide, end) if before else (start, end + 8 + wide)
    lane = next((number for number, free in enumerate(lanes) if free <= occupied[0]), len(lanes))
    if lane == len(lanes):
        lanes.append(0.0)
    lanes[lane] = occupied[1] + 12
    y = 34.0 + 24 * lane
    shape = rect(start, y - 8, (round(end - start, 1), 8), "when ahead" if event.ahead else "when")
    return [shape, text(start - 8 if before else end + 8, y, name, anchor="end" if before else "start")]


def _months(first: date, last: date, across: Callable[[date], float], bottom: float) -> list[str]:
    count = (last.year - first.year) * 12 + last.month - first.month
    every = max(1, -(-count // 8))
    parts = []
    for number in range(1, count + 1, every):
        total = first.year * 12 + first.month - 1 + number
        day = date(total // 12, total % 12 + 1, 1)
        parts += [
            path(f"M{across(day):g} 20V{bottom:g}", "ax"),
            text(across(day), bottom + 18, on_axis(day), classes="tick", anchor="middle"),
        ]
    return parts


def series(
    observed: Sequence[tuple[date, float]], forecast: Sequence[Month], *, title: str, about: str = ""
) -> SafeString:
    """Counts observed by month, oldest first, and what a model expects after them: median, 50 % and 90 % interval.

    One month at least; where there is none a page shows an empty state instead.
    """
    months = [day for day, _ in observed] + [month.day for month in forecast]
    top = max([value for _, value in observed] + [month.most[1] for month in forecast] + [1.0]) * 1.1

    def across(day: date) -> float:
        return round(40 + 590 * (day - months[0]).days / max(1, (months[-1] - months[0]).days), 1)

    def down(value: float) -> float:
        return round(196 - 180 * value / top, 1)

    parts = _counts_axis(top, down) + _months(months[0], months[-1], across, 196)
    if observed and forecast:
        day, value = observed[-1]
        forecast = [Month(day, value, (value, value), (value, value)), *forecast]
        parts.append(path(f"M{across(day):g} 12V196", "ax-0 dash"))
    for classes, ends in (
        ("band-90", [month.most for month in forecast]),
        ("band-50", [month.half for month in forecast]),
    ):
        days = [across(month.day) for month in forecast]
        upper = [(x, down(high)) for x, (_, high) in zip(days, ends, strict=True)]
        lower = [(x, down(low)) for x, (low, _) in zip(days, ends, strict=True)]
        parts.append(line([*upper, *reversed(lower)], classes, close="Z"))
    parts.append(line([(across(month.day), down(month.median)) for month in forecast], "s-med dash"))
    parts.append(line([(across(day), down(value)) for day, value in observed], "s-obs"))
    parts += _series_words(forecast[-1:], down)
    return picture(parts, size=(760, 224), title=title, about=about or _series_about(observed, forecast))


def _counts_axis(top: float, down: Callable[[float], float]) -> list[str]:
    step = next(
        size for power in range(9) for size in (10**power, 2 * 10**power, 5 * 10**power) if top / size <= 6
    )
    parts = []
    for value in range(0, int(top) + 1, step):
        parts.append(path(f"M40 {down(value):g}H630", "ax" if value else "ax-0"))
        parts.append(text(34, down(value) + 4, value, classes="tick", anchor="end"))
    return parts


def _series_words(end: Sequence[Month], down: Callable[[float], float]) -> list[str]:
    # Beside the plot and at least a line apart, so that no figure stands on another.
    lines = [
        told
        for month in end
        for told in (
            (down(month.most[1]), gettext("90 %%: %(low)s–%(high)s") % _bounds(month.most), "on-band"),
            (down(month.half[1]), gettext("50 %%: %(low)s–%(high)s") % _bounds(month.half), "on-band"),
            (down(month.median), gettext("median %(value)s") % {"value": figure(month.median)}, "key v1t"),
        )
    ]
    parts, lowest = [], 0.0
    for y, words, classes in lines:
        lowest = max(y + 4, lowest + 16)
        parts.append(text(638, lowest, words, classes=classes))
    return parts


def _bounds(pair: tuple[float, float]) -> dict[str, str]:
    return {"low": figure(pair[0]), "high": figure(pair[1])}


def _series_about(observed: Sequence[tuple[date, float]], forecast: Sequence[Month]) -> str:
    words = []
    if observed:
        words.append(gettext("Observed, last month: %(value)s") % {"value": figure(observed[-1][1])})
    if forecast:
        last = forecast[-1]
        words.append(
            gettext("forecast for the last month: median %(median)s, 90 %% interval %(low)s to %(high)s")
            % {"median": figure(last.median), **_bounds(last.most)}
        )
    return "; ".join(words)


# ---------------------------------------------------------------- small multiples


def factor_history(history: Sequence[str]) -> SafeString:
    """The last eight assessments of one factor, oldest first; height is presence. The last column is solid.

    A dashed frame is no information and a dotted base is not assessed: neither is a column of height nothing.
    """
    kept = list(history)[-KEPT:]
    parts = [path(f"M0 {y}H200", "h-grid") for y in (36, 20, 4)]
    for number, value in enumerate(kept):
        parts += _column(value, x=2.0 + 25 * (number + KEPT - len(kept)), last=number == len(kept) - 1)
    parts.append(path("M0 52H200", "h-base"))
    words = ", ".join(str(PRESENCE[value].words) for value in kept)
    title = gettext("Presence at the last assessments, oldest first: %(values)s") % {"values": words}
    return picture(parts, size=(200, 56), title=title, about="", classes="hist")


def _column(value: str, *, x: float, last: bool) -> list[str]:
    if value == "not_assessed":
        return [path(f"M{x:g} 50h21", "h-none")]
    if value == "no_information":
        return [rect(x + 0.5, 4.5, (20, 47), "h-none")]
    height = HEIGHTS[value]
    if height == 0:
        return [rect(x + 0.5, 49, (20, 3), "p0")]
    classes = f"p{height}" if last else f"p{height} past"
    cells = [path(f"M{x:g} {52 - 16 * cell}h21", "h-cell") for cell in range(1, height)]
    return [rect(x, 52 - 16 * height, (21, 16 * height), classes), *cells]


def sparkline(counts: Sequence[int | None], *, title: str, about: str = "") -> SafeString:
    """Counts per period, oldest first, with the last figure beside them. None is a silent source: a dashed frame,
    never a bar of height nothing."""
    highest = max((count for count in counts if count is not None), default=0) or 1
    parts = []
    for number, count in enumerate(counts):
        x = 8.0 * number
        if count is None:
            parts.append(rect(x + 0.5, 2.5, (5, 21), "h-none"))
        else:
            height = max(1.0, round(22 * count / highest, 1))
            parts.append(rect(x, 24 - height, (6, height), "s-obs-bar"))
    width = 8.0 * len(counts)
    end = gettext("silent") if counts and counts[-1] is None else str(counts[-1] if counts else "")
    parts += [path(f"M0 24H{width:g}", "ax-0"), text(width + 6, 22, end, classes="key")]
    words = ", ".join(gettext("silent") if count is None else str(count) for count in counts)
    return picture(
        parts,
        size=(width + 12 + LETTER * max(3, len(end)), 28),
        title=title,
        about=about or words,
        classes="spark",
    )
