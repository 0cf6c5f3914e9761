"""The figures that forecasts are made from: the home's own when it has refreshed them, else those shipped."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings

from forestall.outbound.fetching import fetch
from forestall.panel import open_table, shipped_attributions, shipped_years, tablefile
from forestall.panel import refresh as building
from forestall.panel.table import Grain, Panel

HOST = "ucdp.uu.se"
MOST_BYTES = 200_000_000
SECONDS = 600


def own_folder() -> Path:
    """Where a home keeps figures it has refreshed."""
    return Path(settings.HOME.path) / "figures"


def years() -> Panel:
    """Country-years of organised violence by type."""
    return open_table(own_folder(), grain=Grain.YEAR) if _refreshed() else shipped_years()


def attribution() -> dict[str, Any]:
    """Title, version, licence and citations of the country-years in use."""
    card = tablefile.attribution(own_folder(), grain=Grain.YEAR) if _refreshed() else shipped_attributions()[Grain.YEAR]
    return {
        "title": card.title,
        "version": card.version,
        "licence": card.licence,
        "licence_url": card.licence_url,
        "source_url": card.source_url,
        "citation": list(card.citation),
    }


def _refreshed() -> bool:
    return (own_folder() / f"{tablefile.STEMS[Grain.YEAR]}.csv.gz").exists()


def refresh(*, folder: Path | None, edition: str = "251") -> str:
    """Build the home's own country-years from a folder of UCDP's files, or from UCDP itself when `folder` is None."""
    own = own_folder()
    own.mkdir(exist_ok=True)
    if folder is not None:
        path = building.from_folder(folder, grain=Grain.YEAR)
        data, name = path.read_bytes(), path.name
    else:
        address = building.address(Grain.YEAR, edition=edition)
        data, name = fetch(address, hosts={HOST}, most=MOST_BYTES, seconds=SECONDS).body, address.rsplit("/", 1)[-1]
    made = building.rebuilt(data, grain=Grain.YEAR, name=name)
    made.write(own)
    return f"{made.card.title}: {made.panel.first} to {made.panel.last}"
