"""Delimited text (CSV, TSV): rows with their line numbers. Nothing is computed, nothing is repaired."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from forestall.base.errors import Malformed
from forestall.base.words import Words, say

from ..limits import LIMITS, Limits
from ..tables import Row

_DELIMITERS = ",;\t|"


def delimiter_of(text: str) -> str:
    """The delimiter that cuts the first lines into the same number of cells most often; a comma when none does."""
    best, most = ",", 0.0
    for sign in _DELIMITERS:
        widths = [len(row) for row in _sample(text, sign) if row]
        wide = [width for width in widths if width > 1]
        if wide:
            usual = max(set(wide), key=wide.count)
            score = wide.count(usual) / len(widths) * (1 + usual / 1000)
            if score > most:
                best, most = sign, score
    return best


def _sample(text: str, sign: str) -> Iterator[list[str]]:
    lines = io.StringIO("\n".join(text[:20_000].split("\n")[:40]), newline="")
    try:
        yield from csv.reader(lines, delimiter=sign)
    except csv.Error:
        return


def read(text: str, *, delimiter: str = "", limits: Limits = LIMITS) -> Iterator[Row]:
    """The rows of `text`, empty ones left out. Raises `Malformed` with the line of the first that cannot be read."""
    csv.field_size_limit(limits.cell)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter or delimiter_of(text), strict=True)
    line = 1
    try:
        for count, cells in enumerate(reader):
            if len(cells) > limits.columns:
                raise Malformed(
                    say(
                        "Line %(line)s has %(count)s columns; %(limit)s are read.",
                        line=line,
                        count=len(cells),
                        limit=limits.columns,
                    )
                )
            if count >= limits.rows:
                raise Malformed(say("The table has more than %(limit)s rows.", limit=limits.rows))
            if any(cell.strip() for cell in cells):
                yield Row(line, tuple(cells))
            line = reader.line_num + 1
    except csv.Error as error:
        raise Malformed(_sentence_of(error, line)) from error


def _sentence_of(error: csv.Error, line: int) -> Words:
    if "field larger" in str(error):
        return say("A cell at line %(line)s is too long to be one.", line=line)
    return say("The quotation marks do not match from line %(line)s on.", line=line)
