"""Countries and languages by their names in the reader's language, with those of the exercises."""

from __future__ import annotations

from collections.abc import Iterable

from babel import Locale, UnknownLocaleError
from django.utils.translation import get_language, gettext

from forestall import places
from forestall.base.errors import Refused

from .exercisecountries import exercise_countries, invented


def _reader() -> str:
    return (get_language() or "en").split("-")[0]


def country_name(iso3: str) -> str:
    """The country's name in the reader's language; its code where nobody knows the name."""
    of_exercise = invented(iso3)
    if of_exercise is not None:
        return of_exercise.name(_reader())
    try:
        return places.name(iso3, _reader())
    except Refused:
        return iso3


def country_choices(first: Iterable[str] = ()) -> list[tuple[str, str]]:
    """Codes and names for a choice: those in `first`, then every present country by name."""
    ahead = list(dict.fromkeys(first))
    known = {one.iso3: one.name(_reader()) for one in (*places.countries(), *exercise_countries())}
    rest = sorted(
        ((code, name) for code, name in known.items() if code not in ahead), key=lambda pair: pair[1]
    )
    return [(code, country_name(code)) for code in ahead] + rest


def language_name(code: str) -> str:
    """A BCP-47 language by its name in the reader's language; its code where there is no name."""
    if code in ("", "und"):
        return gettext("language not known")
    try:
        told = Locale.parse(code.replace("-", "_")).get_display_name(_reader())
    except (UnknownLocaleError, ValueError):
        return code
    return told or code
