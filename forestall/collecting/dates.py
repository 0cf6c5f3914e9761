"""Dates as people write them. A date that can be read in two ways keeps both; an impossible one is none.

Times are UTC. Nothing here knows what day it is.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from enum import StrEnum

from forestall.base.clock import end_of

from .digits import western

EARLIEST_YEAR, LATEST_YEAR = 1800, 2199


class Precision(StrEnum):
    """How exactly a date is known."""

    SECOND = "second"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class Order(StrEnum):
    """In which order a source declares its day, month and year."""

    DAY_FIRST = "day-month-year"
    MONTH_FIRST = "month-day-year"
    YEAR_FIRST = "year-month-day"


@dataclass(frozen=True)
class Moment:
    """A date as given (`text`), and the span that every reading of it lies in. Both ends aware, in UTC.

    `readings` holds one ISO date, or several when the text is ambiguous.
    """

    text: str
    earliest: datetime
    latest: datetime
    precision: Precision
    readings: tuple[str, ...]

    @property
    def ambiguous(self) -> bool:
        return len(self.readings) > 1


# Month names of the six languages (Arabic: both sets in use), first letters that tell them apart.
_MONTHS: tuple[tuple[str, ...], ...] = (
    ("january", "jan", "janvier", "enero", "ene", "январ", "янв", "يناير", "كانون الثاني"),
    ("february", "feb", "février", "fevrier", "févr", "febrero", "феврал", "фев", "فبراير", "شباط"),
    ("march", "mar", "mars", "marzo", "март", "мар", "مارس", "آذار"),
    ("april", "apr", "avril", "avr", "abril", "abr", "апрел", "апр", "أبريل", "ابريل", "نيسان"),
    ("may", "mai", "mayo", "ма", "مايو", "أيار"),
    ("june", "jun", "juin", "junio", "июн", "يونيو", "حزيران"),
    ("july", "jul", "juillet", "juil", "julio", "июл", "يوليو", "تموز"),
    ("august", "aug", "août", "aout", "agosto", "ago", "август", "авг", "أغسطس", "اغسطس", "آب"),
    ("september", "sep", "sept", "septembre", "septiembre", "сентябр", "сен", "سبتمبر", "أيلول"),
    ("october", "oct", "octobre", "octubre", "октябр", "окт", "أكتوبر", "اكتوبر", "تشرين الأول"),
    ("november", "nov", "novembre", "noviembre", "ноябр", "ноя", "نوفمبر", "تشرين الثاني"),
    ("december", "dec", "décembre", "decembre", "déc", "diciembre", "dic", "декабр", "дек", "ديسمبر", "كانون الأول"),
)  # fmt: skip
_MONTH_OF = {name: number for number, names in enumerate(_MONTHS, start=1) for name in names}

_CLOCK = r"(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?"
_YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})" + _CLOCK)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_THREE = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})" + _CLOCK)
_MONTH = re.compile(r"(\d{4})[-/](\d{1,2})|(\d{1,2})/(\d{4})")
_YEAR = re.compile(r"\d{4}")
_CHINESE = re.compile(r"(\d{4})年(?:(\d{1,2})月(?:(\d{1,2})日)?)?")
_WORDED = re.compile(
    r"(?:(\d{1,2})(?:er|st|nd|rd|th)?[ .-]+(?:de )?)?(\D+?)[ .,-]+(?:de )?(\d{4})(?: ?(?:г|года)\.?)?"
)
_AMERICAN = re.compile(r"([^\W\d]+)\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})")


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if EARLIEST_YEAR <= year <= LATEST_YEAR else None
    except ValueError:
        return None


def _start(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _of_days(text: str, days: list[date]) -> Moment | None:
    if not days:
        return None
    kept = sorted(set(days))
    readings = tuple(day.isoformat() for day in kept)
    return Moment(text, _start(kept[0]), end_of(kept[-1]), Precision.DAY, readings)


def _of_month(text: str, year: int, month: int) -> Moment | None:
    first = _day(year, month, 1)
    if first is None:
        return None
    last = first.replace(day=calendar.monthrange(year, month)[1])
    return Moment(text, _start(first), end_of(last), Precision.MONTH, (f"{year:04}-{month:02}",))


def _of_year(text: str, year: int) -> Moment | None:
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        return None
    return Moment(text, _start(date(year, 1, 1)), end_of(date(year, 12, 31)), Precision.YEAR, (f"{year:04}",))


def _zone(text: str) -> timezone | None:
    if text in {"Z", "UTC", "GMT"}:
        return UTC
    if not text:
        return None
    sign = -1 if text[0] == "-" else 1
    offset = timedelta(hours=int(text[1:3]), minutes=int(text[-2:]))
    return timezone(sign * offset) if offset <= timedelta(hours=14) else None


def _timed(moment: Moment | None, clock: tuple[str | None, ...]) -> Moment | None:
    """`moment` narrowed to its time of day; without a zone the span covers every zone (UTC-12 to UTC+14)."""
    if moment is None or clock[0] is None or moment.ambiguous:
        return moment
    hour, minute, second = int(clock[0]), int(clock[1] or 0), int(clock[2] or 0)
    if hour > 23 or minute > 59 or second > 60:
        return None
    local = moment.earliest.replace(hour=hour, minute=minute, second=min(second, 59))
    zone = _zone(clock[3] or "")
    if zone is None:
        reading = local.replace(tzinfo=None).isoformat()
        early, late = local - timedelta(hours=14), local + timedelta(hours=12)
    else:
        early = late = local.replace(tzinfo=zone).astimezone(UTC)
        reading = early.isoformat()
    return Moment(moment.text, early, late, Precision.SECOND, (reading,))


def _years(written: str) -> list[int]:
    return [int(written)] if len(written) == 4 else [1900 + int(written), 2000 + int(written)]


def _three_numbers(text: str, found: re.Match[str], order: Order | None) -> Moment | None:
    """Day/month/year in every order that gives a date, unless the source declares one."""
    first, second, last = int(found[1]), int(found[3]), found[4]
    days: list[date | None] = []
    for year in _years(last):
        if order in (None, Order.DAY_FIRST):
            days.append(_day(year, second, first))
        if order in (None, Order.MONTH_FIRST):
            days.append(_day(year, first, second))
    if len(last) == 2 and order in (None, Order.YEAR_FIRST):
        days.append(_day(2000 + first, second, int(last)))
    if len(last) == 2 and order is not None:
        days = [day for day in days if day and day.year >= 1970]  # a declared two-digit year is of our time
    return _of_days(text, [day for day in days if day])


def _worded(text: str, plain: str) -> Moment | None:
    american = _AMERICAN.fullmatch(plain)
    if american:
        day_text, name, year = american[2], american[1], int(american[3])
    else:
        found = _WORDED.fullmatch(plain)
        if not found:
            return None
        day_text, name, year = found[1], found[2], int(found[3])
    month = _month_named(name)
    if not month:
        return None
    if not day_text:
        return _of_month(text, year, month)
    day = _day(year, month, int(day_text))
    return _of_days(text, [day] if day else [])


def _month_named(name: str) -> int | None:
    name = name.strip(" .").removeprefix("de ").strip()
    if name in _MONTH_OF:
        return _MONTH_OF[name]
    stem = re.sub("[аеяьй]+$", "", name)  # Russian cases
    return _MONTH_OF.get(stem) or _MONTH_OF.get(stem + "а")


def _chinese(text: str, found: re.Match[str]) -> Moment | None:
    year, month, day = int(found[1]), found[2], found[3]
    if day:
        whole = _day(year, int(month), int(day))
        return _of_days(text, [whole] if whole else [])
    return _of_month(text, year, int(month)) if month else _of_year(text, year)


def read_date(text: str, *, order: Order | None = None) -> Moment | None:
    """The date that `text` is, in any script's digits and the six languages' month names, or None when it is none.

    `order` is what the source declares; without it `03/04/2026` keeps both readings.
    """
    plain = (
        western(text).strip().casefold().replace("t", "T", 1)
        if "T" in text
        else western(text).strip().casefold()
    )
    plain = (
        plain.replace("z", "Z") if plain.endswith("z") else plain.replace("utc", "UTC").replace("gmt", "GMT")
    )
    if found := _YEAR_FIRST.fullmatch(plain):
        day = _day(int(found[1]), int(found[3]), int(found[4]))
        return _timed(_of_days(text, [day] if day else []), found.groups()[4:])
    if found := _THREE.fullmatch(plain):
        return _timed(_three_numbers(text, found, order), found.groups()[4:])
    if found := _COMPACT.fullmatch(plain):
        day = _day(int(found[1]), int(found[2]), int(found[3]))
        return _of_days(text, [day] if day else [])
    if found := _MONTH.fullmatch(plain):
        return _of_month(text, int(found[1] or found[4]), int(found[2] or found[3]))
    if _YEAR.fullmatch(plain):
        return _of_year(text, int(plain))
    if found := _CHINESE.match(plain):
        return _chinese(text, found)
    return _worded(text, plain)


def read_header_date(text: str) -> Moment | None:
    """A date as mails and feeds write it (RFC 5322, RFC 822, RFC 3339); zone unknown (`-0000`) widens the span."""
    try:
        parsed = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return read_date(text)
    if not EARLIEST_YEAR <= parsed.year <= LATEST_YEAR:
        return None
    if parsed.tzinfo is None:
        early, late = (parsed.replace(tzinfo=UTC) + timedelta(hours=hours) for hours in (-14, 12))
        return Moment(text, early, late, Precision.SECOND, (parsed.isoformat(),))
    known = parsed.astimezone(UTC)
    return Moment(text, known, known, Precision.SECOND, (known.isoformat(),))


def of_datetime(moment: datetime, *, text: str) -> Moment:
    """A date that a file keeps as a number (a workbook's cell, a property): without a zone it is kept as a day."""
    if moment.tzinfo is None:
        day = moment.date()
        return Moment(text, _start(day), end_of(day), Precision.DAY, (day.isoformat(),))
    known = moment.astimezone(UTC)
    return Moment(text, known, known, Precision.SECOND, (known.isoformat(),))
