"""Tables whose order, page and export live in the address bar, so that what one sees can be sent to another.

The address carries `sort=key` or `sort=-key`, `page=2`, and `format=csv` or `format=xlsx` for the export.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, QueryDict

from .parts import Column
from .vocabulary import spoken


def table_order(query: Mapping[str, Any], *, columns: Sequence[Column], default: str) -> tuple[str, bool]:
    """The key to sort by and whether it falls. What the address asks for is taken only when a column allows it.

    `default` is written as in the address: "name" rises, "-review" falls.
    """
    asked = str(query.get("sort", ""))
    allowed = {column.key for column in columns if column.sortable}
    chosen = asked if asked.removeprefix("-") in allowed else default
    return chosen.removeprefix("-"), chosen.startswith("-")


def with_query(request: HttpRequest | None, **changes: object) -> str:
    """This page's address with some parameters changed; None removes one. Always starts with "?"."""
    query = request.GET.copy() if request is not None else QueryDict(mutable=True)
    for name, value in changes.items():
        if value is None:
            query.pop(name, None)
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}"


def head_cells(
    request: HttpRequest | None, *, columns: Sequence[Column], default: str
) -> list[dict[str, Any]]:
    """What the head of a table shows: heading, link, and the order for `aria-sort`."""
    query = request.GET if request is not None else {}
    key, falling = table_order(query, columns=columns, default=default)
    return [_cell(request, column, key=key, falling=falling) for column in columns]


def _cell(request: HttpRequest | None, column: Column, *, key: str, falling: bool) -> dict[str, Any]:
    sorted_by = column.sortable and column.key == key
    asked = f"-{column.key}" if sorted_by and not falling else column.key
    return {
        "heading": spoken(column.heading),
        "numeric": column.numeric,
        "key": column.key,
        "url": with_query(request, sort=asked, page=None) if column.sortable else "",
        "order": ("descending" if falling else "ascending") if sorted_by else "",
    }


def pages_around(number: int, total: int, *, reach: int = 2) -> list[int | None]:
    """Page numbers to offer: the first, the last, those near the present one; None stands for a gap."""
    wanted = sorted({1, total, *range(max(1, number - reach), min(total, number + reach) + 1)})
    shown: list[int | None] = []
    for page in wanted:
        if shown and isinstance(shown[-1], int) and page - shown[-1] > 1:
            shown.append(None)
        shown.append(page)
    return shown
