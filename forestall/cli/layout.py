"""Words and tables laid out for a terminal."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Iterator, Sequence

from forestall.frameworks.presentation import Shown, Table


def laid_out(shown: Shown) -> Iterator[str]:
    """Lines for a terminal: sentences wrapped, tables in columns as wide as they need."""
    width = shutil.get_terminal_size((100, 40)).columns
    for piece in shown:
        if isinstance(piece, Table):
            yield from _table(piece, width=width)
        else:
            yield from textwrap.wrap(str(piece), width) or [""]


def _table(table: Table, *, width: int) -> Iterator[str]:
    rows = [[str(cell) for cell in row] for row in [table.columns, *table.rows]]
    widths = _widths(rows, width=width)
    for place, row in enumerate(rows):
        cells = [textwrap.wrap(cell, wide) or [""] for cell, wide in zip(row, widths, strict=True)]
        for line in range(max(map(len, cells))):
            parts = [cell[line] if line < len(cell) else "" for cell in cells]
            yield "  ".join(part.ljust(wide) for part, wide in zip(parts, widths, strict=True)).rstrip()
        if place == 0:
            yield "  ".join("-" * wide for wide in widths)


def _widths(rows: Sequence[Sequence[str]], *, width: int) -> list[int]:
    """Columns as wide as their content; the widest gives way when a line would be too long."""
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    room = width - 2 * (len(widths) - 1)
    while sum(widths) > room and max(widths) > 12:
        widest = widths.index(max(widths))
        widths[widest] = max(12, widths[widest] - (sum(widths) - room))
    return widths
