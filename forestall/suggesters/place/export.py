"""Writes `data/names.csv` and `data/zones.csv` anew: `python -m forestall.suggesters.place.export`.

Run by hand when the sources change; nothing imports this at run time. Sources: the United Nations M49 names in six
languages, as packaged by hdx-python-country (a development dependency, read without a network); territory names and
exemplar cities of time zones in the Unicode Common Locale Data Repository (Unicode License v3), as packaged by Babel.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"
_M49 = {"en": "English", "fr": "French", "es": "Spanish", "ru": "Russian", "ar": "Arabic", "zh": "Chinese"}
_LOCALES = (
    *("en", "fr", "es", "ru", "ar", "zh", "zh_Hant", "pt", "sw", "am", "ti", "so", "my", "fa", "ps", "ur"),
    *("uk", "tr", "de", "it", "id", "hi", "bn", "ha", "rw", "rn", "ja"),
)
# Cities only where a spelling is not likely to be a word of another language in the same script.
_CITY_LOCALES = (
    *(
        "en",
        "fr",
        "es",
        "pt",
        "ru",
        "ar",
        "zh",
        "zh_Hant",
        "am",
        "ti",
        "my",
        "fa",
        "ps",
        "ur",
        "uk",
        "hi",
        "ja",
    ),
)
Row = tuple[str, str, str]


def _countries() -> dict[str, dict[str, Any]]:
    from hdx.location.country import Country

    found: dict[str, dict[str, Any]] = Country.countriesdata(use_live=False)["countries"]
    return found


def _unaccompanied(name: str) -> str:
    """A name without its article and without what stands in brackets."""
    return name.split(" (")[0].split(" [")[0].removeprefix("the ").strip()


def m49_names(countries: dict[str, dict[str, Any]]) -> Iterator[Row]:
    """(ISO3, language, name) of every country and area in M49 and in its short form."""
    for code, row in sorted(countries.items()):
        for language, column in _M49.items():
            for key in (f"M49 {column}", f"{column} Short"):
                if row.get(key):
                    yield code, language, _unaccompanied(row[key])


def locale_names(countries: dict[str, dict[str, Any]]) -> Iterator[Row]:
    """(ISO3, language, name) as people who write each language commonly say it."""
    from babel import Locale

    for code, row in sorted(countries.items()):
        short = row.get("ISO 3166-1 Alpha 2-Codes")
        for tag in _LOCALES:
            name = Locale.parse(tag).territories.get(short)
            if name:
                yield code, tag, _without_parenthesis(name, tag=tag)


def _without_parenthesis(name: str, *, tag: str) -> str:
    # In Chinese and Japanese the bracket is part of the name: it parts the two Congos.
    return name if tag.startswith(("zh", "ja")) else _unaccompanied(name)


def zone_cities(countries: dict[str, dict[str, Any]]) -> Iterator[Row]:
    """(ISO3, zone, name) of the exemplar city of each time zone, in every language that spells it its own way."""
    from babel import Locale
    from babel.core import get_global

    codes = {row.get("ISO 3166-1 Alpha 2-Codes"): code for code, row in countries.items()}
    for zone, short in sorted(get_global("zone_territories").items()):
        if short not in codes or "/" not in zone or zone.startswith(("Etc/", "Antarctica/")):
            continue
        if zone.count("/") > 1 and not zone.startswith("America/Argentina/"):
            continue
        yield codes[short], zone, zone.rsplit("/", 1)[-1].replace("_", " ")
        for tag in _CITY_LOCALES:
            city = Locale.parse(tag).time_zones.get(zone)
            if city and "city" in city:
                yield codes[short], zone, city["city"]


def write(path: Path, *, second: str, rows: Iterable[Row]) -> int:
    """Write one line per country and `second` column with its names parted by `|`; returns how many names."""
    names: dict[tuple[str, str], list[str]] = {}
    seen: set[tuple[str, str]] = set()
    for code, column, name in rows:
        if (code, name) not in seen:
            seen.add((code, name))
            names.setdefault((code, column), []).append(name)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\n")
        writer.writerow(("iso3", second, "names"))
        writer.writerows((*key, "|".join(found)) for key, found in sorted(names.items()))
    return len(seen)


def main() -> None:
    """Write both tables."""
    countries = _countries()
    write(DATA / "names.csv", second="language", rows=[*m49_names(countries), *locale_names(countries)])
    write(DATA / "zones.csv", second="zone", rows=zone_cities(countries))


if __name__ == "__main__":
    main()
