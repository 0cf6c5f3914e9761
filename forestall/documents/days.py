"""Days as a sheet prints them: the month written in full, in the language of the sheet."""

from __future__ import annotations

from datetime import date

from babel.dates import format_date

from .sheet import RIGHT_TO_LEFT

_LOCALES = {"en": "en_GB", "fr": "fr", "es": "es", "ru": "ru", "zh": "zh_Hans_CN"}
# United Nations texts in Arabic give both names of a month, so that readers of either usage know which is meant.
_ARABIC_MONTHS = (
    "كانون الثاني/يناير", "شباط/فبراير", "آذار/مارس", "نيسان/أبريل", "أيار/مايو", "حزيران/يونيه",
    "تموز/يوليه", "آب/أغسطس", "أيلول/سبتمبر", "تشرين الأول/أكتوبر", "تشرين الثاني/نوفمبر", "كانون الأول/ديسمبر",
)  # fmt: skip


def in_full(day: date, *, language: str) -> str:
    """`day` with its month in full, such as `22 November 2026`. An unknown language gives `2026-11-22`."""
    if language == "ar":
        return f"{day.day} {_ARABIC_MONTHS[day.month - 1]} {day.year}"
    locale = _LOCALES.get(language)
    return str(format_date(day, format="long", locale=locale)) if locale else day.isoformat()


def left_to_right(text: str, *, language: str) -> str:
    """`text` held left to right inside a right-to-left sheet (U+2066 … U+2069), so that 55–80 % stays in order."""
    return f"\u2066{text}\u2069" if language in RIGHT_TO_LEFT else text


def held_apart(text: str, *, language: str) -> str:
    """`text` in its own direction inside a right-to-left sheet (U+2068 … U+2069), so that a Latin name does not
    pull the day after it to its own side.
    """
    return f"\u2068{text}\u2069" if language in RIGHT_TO_LEFT else text
