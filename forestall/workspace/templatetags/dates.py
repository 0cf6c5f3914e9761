"""Days and moments as a reader meets them: never more precise than what is known.

Months are written as the United Nations writes them; in Arabic that is both names of the month. A moment is in UTC
and says so.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

from django.utils.dateformat import format as spell
from django.utils.formats import get_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

ARABIC_MONTHS = (
    "كانون الثاني/يناير",
    "شباط/فبراير",
    "آذار/مارس",
    "نيسان/أبريل",
    "أيار/مايو",
    "حزيران/يونيه",
    "تموز/يوليه",
    "آب/أغسطس",
    "أيلول/سبتمبر",
    "تشرين الأول/أكتوبر",
    "تشرين الثاني/نوفمبر",
    "كانون الأول/ديسمبر",
)
PRECISIONS = ("day", "month", "year")


def in_words(value: date, *, precision: str = "day", short: bool = False, with_year: bool = True) -> str:
    """A day, month or year in the reader's language, without its precision note.

    `short` shortens the month where the language does so; `with_year=False` leaves the year out of a day.
    """
    language = (get_language() or "en").split("-")[0]
    if precision == "year":
        return f"{value.year}"
    if language == "ar":
        return _arabic(value, precision=precision, with_year=with_year)
    if language == "en":
        return _english(value, precision=precision, short=short, with_year=with_year)
    kind = {"day": "DATE_FORMAT", "month": "YEAR_MONTH_FORMAT"}[precision]
    return spell(value, get_format(kind if with_year else "MONTH_DAY_FORMAT"))


def on_axis(value: date) -> str:
    """A month where there is little room: by name in English, whose short names are short, else in figures."""
    if (get_language() or "en").startswith("en"):
        return _english(value, precision="month", short=True, with_year=True)
    return f"{value.month}/{value.year}"


def _english(value: date, *, precision: str, short: bool, with_year: bool) -> str:
    month = spell(value, "N").rstrip(".") if short else spell(value, "F")
    day = f"{value.day} " if precision == "day" else ""
    return f"{day}{month} {value.year}" if with_year else f"{day}{month}"


def _arabic(value: date, *, precision: str, with_year: bool) -> str:
    day = f"{value.day} " if precision == "day" else ""
    return f"{day}{ARABIC_MONTHS[value.month - 1]}" + (f" {value.year}" if with_year else "")


def _stamp(value: date, precision: str) -> str:
    return {"day": f"{value:%Y-%m-%d}", "month": f"{value:%Y-%m}", "year": f"{value:%Y}"}[precision]


def day(
    value: date | None,
    *,
    precision: str = "day",
    circa: bool = False,
    short: bool = True,
    with_year: bool = True,
    note: bool = True,
) -> SafeString:
    """A date with its precision: "2 Nov 2026", "c. 2 Nov 2026", "Sept 2026, month only", "2026, year only".

    `precision` is day, month or year; `note=False` leaves the words after the comma out, where a column says them.
    None reads "date not known". A datetime is taken as its UTC day.
    """
    if value is None:
        return format_html('<span class="soft">{}</span>', gettext("date not known"))
    if isinstance(value, datetime):
        value = value.astimezone(UTC).date()
    words = in_words(value, precision=precision, short=short, with_year=with_year)
    if circa:
        words = gettext("c. %(day)s") % {"day": words}
    elif note and precision == "month":
        words = gettext("%(month)s, month only") % {"month": words}
    elif note and precision == "year":
        words = gettext("%(year)s, year only") % {"year": words}
    return format_html('<time datetime="{}">{}</time>', _stamp(value, precision), words)


def moment(value: datetime | None, *, short: bool = True) -> SafeString:
    """A moment to the minute, in UTC: "22 Nov 2026, 09:41 UTC"."""
    if value is None:
        return format_html('<span class="soft">{}</span>', gettext("time not known"))
    value = value.astimezone(UTC)
    words = gettext("%(day)s, %(time)s UTC") % {
        "day": in_words(value.date(), short=short),
        "time": f"{value:%H:%M}",
    }
    return format_html('<time datetime="{}">{}</time>', f"{value:%Y-%m-%dT%H:%MZ}", words)
