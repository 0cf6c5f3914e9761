"""The countries a table speaks of, from the columns that say so by their header or their HXL tag."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from forestall.places import find

_HEADERS = re.compile(
    r"#country|\biso[-_ ]?[23]?\b|\biso3\b|\bcountry\b|\bcountries\b|\bpays\b|\bpa[ií]s\b|страна|государство|"
    r"بلد|دولة|国家|國家|\badm(in)?0",
    re.IGNORECASE,
)
_ROWS = 5_000  # rows looked at; a table of more says nothing new about its countries


def table_countries(header: Sequence[str], tags: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """ISO 3166-1 alpha-3 codes in the columns that hold countries, most frequent first; ambiguous names are left out."""
    names = [f"{title} {tag}" for title, tag in zip(header, [*tags, *[""] * len(header)], strict=False)]
    columns = [place for place, name in enumerate(names) if _HEADERS.search(name)]
    counted: Counter[str] = Counter()
    for _, row in zip(range(_ROWS), rows, strict=False):
        for column in columns:
            found = find(row[column]) if column < len(row) and row[column].strip() else []
            if len(found) == 1:
                counted[found[0]] += 1
    return [code for code, _ in counted.most_common()]
