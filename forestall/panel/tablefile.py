"""The tables that travel with the package, and the attribution beside each."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import numpy as np

from forestall.base.canonical import sha256
from forestall.base.catalogue import read_definition, refuse_unknown
from forestall.base.errors import Malformed, Unavailable
from forestall.base.words import say

from .published import country_months, country_years
from .table import Grain, Panel

DATA = Path(__file__).parent / "data"
STEMS = {Grain.YEAR: "ucdp_country_years", Grain.MONTH: "ucdp_country_months"}


@dataclass(frozen=True)
class Attribution:
    """Where a table comes from: what a reader must see beside its figures, and what proves the file untouched."""

    title: str
    version: str
    first: str
    last: str
    licence: str
    licence_url: str
    source_url: str
    citation: list[str]
    changes: str
    built_by: str
    built_from: str
    built_from_sha256: str
    sha256: str


def shipped_years() -> Panel:
    """Country-years by type of violence that travel with the package. Columns as `published.YEAR_COLUMNS`."""
    return open_table(DATA, grain=Grain.YEAR)


def shipped_months() -> Panel:
    """Country-months by type of violence that travel with the package. Columns as `published.MONTH_COLUMNS`."""
    return open_table(DATA, grain=Grain.MONTH)


def shipped_attributions() -> Mapping[Grain, Attribution]:
    """The attribution of each table that travels with the package."""
    return {grain: attribution(DATA, grain=grain) for grain in Grain}


def open_table(folder: Path, *, grain: Grain) -> Panel:
    """The table of `grain` in `folder`, with its edition as vintage.

    Raises `Unavailable` when there is none, `Malformed` when it is not the file its attribution speaks of.
    """
    stem = STEMS[grain]
    path = folder / f"{stem}.csv.gz"
    if not path.is_file():
        raise Unavailable(
            say(
                "There is no %(file)s. `python -m forestall.panel.refresh` builds it from UCDP's files.",
                file=path.name,
            )
        )
    card = attribution(folder, grain=grain)
    data = path.read_bytes()
    if sha256(data) != card.sha256:
        raise Malformed(
            say("%(file)s is not the file that %(card)s describes.", file=path.name, card=f"{stem}.toml")
        )
    read = country_years if grain is Grain.YEAR else country_months
    return read(data, name=path.name, vintage=card.version)


def attribution(folder: Path, *, grain: Grain) -> Attribution:
    """The attribution of the table of `grain` in `folder`. Raises `Malformed` when a key is missing or unknown."""
    path = folder / f"{STEMS[grain]}.toml"
    found = read_definition(path)
    known = [field.name for field in fields(Attribution)]
    refuse_unknown(found, known=known, where=path.name)
    missing = sorted(set(known) - set(found))
    if missing:
        raise Malformed(say("%(file)s lacks %(keys)s.", file=path.name, keys=", ".join(missing)))
    return Attribution(**found)


def packed(panel: Panel) -> bytes:
    """The panel as gzipped CSV, the same bytes for the same panel."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    times = ["year"] if panel.grain is Grain.YEAR else ["year", "month"]
    writer.writerow(["iso3", *times, *panel.columns])
    here = panel.exists()
    for row, unit in enumerate(panel.units):
        for column in np.flatnonzero(here[row]):
            counts = [int(values[row, column]) for values in panel.columns.values()]
            writer.writerow([unit, *_time_cells(panel, int(column)), *counts])
    return gzip.compress(text.getvalue().encode(), compresslevel=9, mtime=0)


def _time_cells(panel: Panel, column: int) -> list[int]:
    time = panel.times[column]
    return [time] if panel.grain is Grain.YEAR else [time // 12, time % 12 + 1]


def write_table(panel: Panel, *, folder: Path, data: bytes, card: Attribution) -> None:
    """Write the packed table and its attribution to `folder`, each whole or not at all."""
    stem = STEMS[panel.grain]
    folder.mkdir(parents=True, exist_ok=True)
    _replace(folder / f"{stem}.csv.gz", data)
    _replace(folder / f"{stem}.toml", _toml(card).encode())


def _replace(path: Path, data: bytes) -> None:
    draft = path.with_name(f"{path.name}.new")
    draft.write_bytes(data)
    draft.replace(path)


def _toml(card: Attribution) -> str:
    lines = []
    for key, value in asdict(card).items():
        if isinstance(value, list):
            items = "".join(f"    {_quoted(item)},\n" for item in value)
            lines.append(f"{key} = [\n{items}]\n")
        else:
            lines.append(f"{key} = {_quoted(value)}\n")
    return "".join(lines)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
