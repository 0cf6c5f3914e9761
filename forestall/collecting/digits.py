"""Digits of every script, and quantities as people write them: as numbers when they are, else as ranges."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

# "dozens" says two dozen at least, and no upper end. Left alone: what it might have meant beyond that.
_VAGUE: dict[str, int] = {
    **dict.fromkeys(("dozens", "dozens of", "dizaines", "des dizaines", "docenas", "decenas", "десятки"), 20),
    **dict.fromkeys(("عشرات", "العشرات", "数十", "几十", "數十", "tens", "scores"), 20),
    **dict.fromkeys(("hundreds", "centaines", "des centaines", "cientos", "сотни", "مئات", "المئات", "数百", "數百"), 200),
    **dict.fromkeys(("thousands", "milliers", "des milliers", "miles", "тысячи", "آلاف", "الآلاف", "数千", "數千"), 2000),
    **dict.fromkeys(("several", "plusieurs", "varios", "несколько", "عدة", "几", "some", "few"), 2),
}  # fmt: skip
_NUMBER = r"\d+(?:\.\d+)?"
_PLAIN = re.compile(r"[+-]?\d+(?:\.\d+)?")
_RANGE = re.compile(rf"({_NUMBER})\s*(?:-|–|—|~|to|à|a|до|إلى|至|到)\s*({_NUMBER})")
_AT_LEAST = re.compile(
    rf"(?:>=?|≥|at least|more than|over|au moins|plus de|al menos|más de|не менее|более|至少)\s*({_NUMBER})|({_NUMBER})\s*\+"
)
_AT_MOST = re.compile(
    rf"(?:<=?|≤|up to|less than|at most|jusqu'à|moins de|hasta|menos de|до|менее)\s*({_NUMBER})"
)
_ABOUT = re.compile(rf"(?:~|≈|about|around|some|approx\.?|environ|unos|около|约|約|نحو|حوالي)\s*({_NUMBER})")
_GROUPED = re.compile(r"[+-]?\d{1,3}([., '\u00a0\u202f])\d{3}(?:\1\d{3})*")
_DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+")


@dataclass(frozen=True)
class Quantity:
    """A quantity as given. `low` and `high` are its ends; None is an end that was not given, never 0.

    `sure`: the text is a plain number. `ambiguous`: it can be read as two different numbers (`low` and `high`).
    """

    text: str
    low: float | None
    high: float | None
    sure: bool
    ambiguous: bool = False


def western(text: str) -> str:
    """`text` with the decimal digits of every script (٣, １, ३) as 0 to 9."""
    if text.isascii():
        return text
    return "".join(
        str(unicodedata.decimal(sign)) if not sign.isascii() and sign.isdecimal() else sign for sign in text
    )


def _grouped(text: str, plain: str, mark: str) -> Quantity:
    whole = float(re.sub(r"[^\d+-]", "", plain))
    if mark in ",." and len(re.findall(r"[.,]", plain)) == 1:
        return Quantity(text, float(plain.replace(",", ".")), whole, sure=False, ambiguous=True)
    return Quantity(text, whole, whole, sure=True)


def read_quantity(text: str) -> Quantity | None:
    """The quantity that the whole of `text` states, or None. `1,234` is ambiguous; `dozens` has no upper end."""
    plain = western(text).strip().casefold()
    if _PLAIN.fullmatch(plain) and not re.fullmatch(r"[+-]?\d{1,3}\.\d{3}", plain):
        value = float(plain)
        return Quantity(text, value, value, sure=True)
    if found := _GROUPED.fullmatch(plain):
        return _grouped(text, plain, found[1])
    if _DECIMAL_COMMA.fullmatch(plain):
        value = float(plain.replace(",", "."))
        return Quantity(text, value, value, sure=True)
    return _vague(text, plain)


def _vague(text: str, plain: str) -> Quantity | None:
    if plain in _VAGUE:
        return Quantity(text, float(_VAGUE[plain]), None, sure=False)
    if found := _RANGE.fullmatch(plain):
        low, high = sorted((float(found[1]), float(found[2])))
        return Quantity(text, low, high, sure=False)
    if found := _AT_LEAST.fullmatch(plain):
        return Quantity(text, float(found[1] or found[2]), None, sure=False)
    if found := _AT_MOST.fullmatch(plain):
        return Quantity(text, None, float(found[1]), sure=False)
    if _ABOUT.fullmatch(plain):
        return Quantity(text, None, None, sure=False)
    return None
