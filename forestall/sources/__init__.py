"""Sources: one folder per way information arrives. Each holds `source.toml`, `collector.py`, `sample/` and its test.

A folder with a `source.toml` is a source; nothing else needs to know of it.
"""

from __future__ import annotations

from pathlib import Path

from forestall.base.catalogue import entry_folders
from forestall.collecting.contract import Source, read_source

CATALOGUE = Path(__file__).parent


def all_sources() -> dict[str, Source]:
    """Every source by id, in order. Raises `Malformed` when a definition cannot be read."""
    return {
        name: read_source(folder / "source.toml", module=f"{__name__}.{folder.name}.collector")
        for name, folder in entry_folders(CATALOGUE, "source.toml").items()
    }
