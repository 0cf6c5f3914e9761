"""The countries of a home's exercises: each has a name and a page, and is on no map, in no rank and in no count."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from django.conf import settings

from forestall import exercises, places
from forestall.base.catalogue import read_definition
from forestall.base.words import say
from forestall.exercises.country import read_country

INVENTED = say("Invented for an exercise. It is about no State and enters no map, rank or count of States.")


def exercise_countries() -> tuple[places.Country, ...]:
    """The countries that this home's exercises are about; none in a real home."""
    return tuple(one for one in _known() if one.iso3 in _subjects())


def invented(iso3: str) -> places.Country | None:
    """The invented country with this code, neighbours included; None for any other, and always in a real home."""
    return next((one for one in _known() if one.iso3 == iso3), None)


def _known() -> tuple[places.Country, ...]:
    if not settings.HOME.is_exercise:
        return ()
    return tuple(one for folder in exercises.entries().values() for one in _countries(folder))


def _subjects() -> set[str]:
    return {_countries(folder)[0].iso3 for folder in exercises.entries().values()}


@cache
def _countries(folder: Path) -> tuple[places.Country, ...]:
    """The country an exercise is about, then its neighbours. Reads the definition alone, not what the office received."""
    about = read_country(read_definition(folder / "exercise.toml"))
    named = {about.code: about.names, **about.neighbours}
    return tuple(
        places.exercise_country(code, names=names, note=INVENTED.message) for code, names in named.items()
    )
