"""The countries a table speaks of, from the columns that say so by their header or their HXL tag."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from forestall.places import find

_HEADERS = re.compile(
    r"#country|\biso ?[23]?\b|\bcountry\b|\bcountries\b|\bpays\b|\bpa[ií]s\b|страна|государство|"
    r"بلد|دولة|国家|國家|\badm(in)? ?0",
    re.IGNORECASE,
)
_JOINTS = re.compile(r"[-_.]+")  # country_code and ISO3-Code are words like any other
_CODE = re.compile(r"[A-Z]{3}")
_FEWEST, _NEARLY_ALL = 5, 0.95


def table_countries(header: Sequence[str], tags: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """ISO 3166-1 alpha-3 codes in the columns that hold countries, most frequent first; ambiguous names are left out.

    Such a column says so by its header or tag, or holds hardly anything but alpha-3 codes.
    """
    names = [_JOINTS.sub(" ", f"{title} {tag}") for title, tag in zip(header, [*tags, *[""] * len(header)], strict=False)]
    cells: list[Counter[str]] = [Counter() for _ in names]
    for row in rows:
        for column, cell in zip(cells, row, strict=False):
            if cell.strip():
                column[cell] += 1
    counted: Counter[str] = Counter()
    for name, column in zip(names, cells, strict=True):
        if _HEADERS.search(name) or _holds_codes(column):
            counted += _countries(column)
    return [code for code, _ in counted.most_common()]


def _countries(column: Counter[str]) -> Counter[str]:
    counted: Counter[str] = Counter()
    for cell, times in column.items():
        found = find(cell)
        if len(found) == 1:
            counted[found[0]] += times
    return counted


def _holds_codes(column: Counter[str]) -> bool:
    total = column.total()
    codes = sum(times for cell, times in column.items() if _CODE.fullmatch(cell.strip()) and find(cell) == [cell.strip()])
    return total >= _FEWEST and codes >= _NEARLY_ALL * total
