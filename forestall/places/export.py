"""Builds `data/countries.csv` from the table that hdx-python-country ships, without the network.

Run once, by hand, when that package has a new table: `python -m forestall.places.export`. The package (MIT; the table
is the Countries and Territories Taxonomy of OCHA's Centre for Humanitarian Data) is needed only for this module.
Names are those of the UN M49 list. What the table cannot say is kept beside it in hand-written files:
`data/history.csv` (since when a State exists and has been a Member), `data/mended.csv` (names that stand in the wrong
case or order in the table). A row without an ISO code (Sark) or without an M49 name (Taiwan, Kosovo) is not an M49
country or area with a code and is left to `data/territories.csv`.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

DATA = Path(__file__).parent / "data"
LANGUAGES = {
    "en": "English",
    "fr": "French",
    "es": "Spanish",
    "ru": "Russian",
    "ar": "Arabic",
    "zh": "Chinese",
}
COLUMNS = (
    "iso3", "iso2", "m49", "status", *(f"name_{language}" for language in LANGUAGES), "formal_en",
    "region", "subregion", "intermediate", "income", "lat", "lon", "valid_from", "valid_to", "member_since",
    "source", "note",
)  # fmt: skip
_OBSERVERS = frozenset({"VAT", "PSE"})
_SOURCE = "UN M49, as packaged in hdx-python-country {version}"
# The one place without coordinates in the table: Wake, the largest of its islands by area.
_MISSING_PLACE = {"UMI": ("19.28", "166.65")}

Row = dict[str, str]


def packaged_table() -> tuple[list[Row], str]:
    """The rows of the packaged table and the version of the package. Needs the development dependencies."""
    import hdx.location
    from hdx.location._version import version

    folder = Path(next(iter(hdx.location.__path__)))
    (table,) = sorted(folder.glob("Countries*Taxonomy*.csv"))
    return _rows(table), str(version)


def _rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def exported(
    rows: Iterable[Row], *, version: str, history: Iterable[Row], mended: Iterable[Row]
) -> list[Row]:
    """The rows of `countries.csv`, by ISO code, from those of the packaged table and the hand-written files."""
    since = {row["iso3"]: row for row in history}
    better = {(row["iso3"], row["language"]): row["name"] for row in mended}
    kept = [row for row in rows if row["ISO 3166-1 Alpha 3-Codes"] and row["M49 English"]]
    made = [_exported_row(row, version=version, since=since, better=better) for row in kept]
    return sorted(made, key=lambda row: row["iso3"])


def _exported_row(
    row: Row, *, version: str, since: Mapping[str, Row], better: Mapping[tuple[str, str], str]
) -> Row:
    iso3 = row["ISO 3166-1 Alpha 3-Codes"]
    past = since.get(iso3, {})
    lat, lon = _MISSING_PLACE.get(iso3, (row["Latitude"], row["Longitude"]))
    return {
        "iso3": iso3,
        "iso2": row["ISO 3166-1 Alpha 2-Codes"],
        "m49": row["m49 numerical code"].zfill(3),
        "status": _status(row, iso3=iso3),
        **{
            f"name_{key}": better.get((iso3, key)) or _plain(row[f"M49 {word}"])
            for key, word in LANGUAGES.items()
        },
        "formal_en": _plain(row["English Formal"]),
        "region": _code(row["Region Code"]),
        "subregion": _code(row["Sub-region Code"]),
        "intermediate": _code(row["Intermediate Region Code"]),
        "income": row["World Bank Income Level"].lower().replace(" ", "_"),
        "lat": f"{float(lat):.3f}",
        "lon": f"{_turned(float(lon)):.3f}",
        "valid_from": past.get("valid_from", ""),
        "valid_to": "",
        "member_since": past.get("member_since", ""),
        "source": _SOURCE.format(version=version),
        "note": past.get("note", ""),
    }


def _status(row: Row, *, iso3: str) -> str:
    if (
        row["Appears in DGACM list"] == "Y"
    ):  # the list of Member States kept by the department that seats them
        return "member"
    return "observer" if iso3 in _OBSERVERS else "area"


def _plain(name: str) -> str:
    # The table writes both apostrophes for the same names; one spelling keeps them findable.
    return name.strip().replace("’", "'")


def _code(m49: str) -> str:
    return m49.zfill(3) if m49 else ""


def _turned(lon: float) -> float:
    return lon - 360 if lon > 180 else lon


def write(rows: Iterable[Row], *, path: Path) -> None:
    """Write `rows` as UTF-8 CSV with Unix line ends, the same bytes for the same rows."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def main() -> None:
    """Rebuild `data/countries.csv`."""
    rows, version = packaged_table()
    made = exported(
        rows, version=version, history=_rows(DATA / "history.csv"), mended=_rows(DATA / "mended.csv")
    )
    write(made, path=DATA / "countries.csv")
    sys.stdout.write(f"{len(made)} countries and areas\n")


if __name__ == "__main__":
    main()
