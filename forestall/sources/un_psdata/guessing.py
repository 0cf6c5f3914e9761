"""What a data set that nobody has laid down columns for is: a measure when it has a country and one column of numbers."""

from __future__ import annotations

from dataclasses import replace

from forestall.collecting.cells import BadCell, Cells

from .countries import NAMES
from .datasets import Dataset

_NO_FIGURE = frozenset(
    {"id", "year", "latitude", "longitude", "m49", "iso", "date", "month", "period", "update", "rank", "code"}
)
_DATES = ("date", "month", "year", "period", "last_reporting_date", "last_update")


def guessed(dataset: Dataset, rows: list[Cells]) -> Dataset:
    """The data set with columns declared for a measure, where they can be told; else as it is."""
    if dataset.makes or not any(cells.has(*NAMES) for cells in rows):
        return dataset
    columns = list(dict.fromkeys(name for cells in rows for name in cells.row.cells))
    figures = [name for name in columns if _is_figure(name, rows)]
    if len(figures) != 1:
        return dataset
    dated = [name for name in _DATES if name in columns]
    return replace(
        dataset,
        shape={
            "makes": "measure",
            "name": figures[0].replace("_", "-"),
            "value": figures,
            "dated": dated[:1],
        },
    )


def _is_figure(name: str, rows: list[Cells]) -> bool:
    """Whether a column counts something: numbers in every row that has anything, and no number of a row or a place."""
    if _NO_FIGURE.intersection(name.split("_")) or name.endswith("number") or name in NAMES:
        return False
    try:
        values = [cells.number(name) for cells in rows]
    except BadCell:
        return False
    return any(value is not None for value in values)
