"""How this room reads its own tables: CSV files in `data/`, one row per line, empty cells meaning "not known"."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from types import MappingProxyType

DATA = Path(__file__).parent / "data"
LANGUAGES = ("en", "fr", "es", "ru", "ar", "zh")


def rows(file: str) -> list[dict[str, str]]:
    """The rows of the table `file` in `data/`, as written there."""
    with (DATA / file).open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def names(row: Mapping[str, str]) -> Mapping[str, str]:
    """The names of a row in the six languages of the United Nations."""
    return MappingProxyType({language: row[f"name_{language}"] for language in LANGUAGES})


def in_language(known: Mapping[str, str], *, language: str) -> str:
    """The name in `language` ("zh-hans" counts as "zh"), or in English where that language has none."""
    return known.get(language.replace("_", "-").split("-")[0].lower()) or known["en"]


def day(cell: str) -> date | None:
    """A day, or None for an empty cell."""
    return date.fromisoformat(cell) if cell else None


def number(cell: str) -> float | None:
    """A number, or None for an empty cell."""
    return float(cell) if cell else None
