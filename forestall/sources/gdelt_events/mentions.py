"""Mentions files: which article told an event, and how sure GDELT is of having read it so."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import UTC, date, datetime

from forestall.base.canonical import sha256
from forestall.base.words import say
from forestall.collecting.asking import BadRow
from forestall.collecting.cells import Cells, each
from forestall.collecting.published import NamedRow
from forestall.facts import DatePrecision, Measure

from .columns import MENTION


def mentions(text: str, *, source_id: str, licence: str) -> Iterator[Measure | BadRow]:
    """One measure per line: GDELT's confidence in the reading, in per cent. The same mention told twice is two lines.

    Lines are cut by tabs as GDELT publishes them; a copy with commas and a header, with or without a first column of
    row numbers, reads the same.
    """
    seen: dict[str, int] = {}
    yield from each(_rows(text), lambda cells: _mention(cells, seen, source_id=source_id, licence=licence))


def _rows(text: str) -> Iterator[NamedRow | BadRow]:
    first = text[: text.find("\n")]
    tabbed = first.count("\t") >= len(MENTION) - 2
    reader = csv.reader(io.StringIO(text, newline=""), delimiter="\t" if tabbed else ",", quoting=csv.QUOTE_NONE if tabbed else csv.QUOTE_MINIMAL)
    names = list(MENTION)
    for number, cells in enumerate(reader, start=1):
        if number == 1 and MENTION[0] in cells:
            names = [name or f"column {at}" for at, name in enumerate(cells, start=1)]
            continue
        if not any(cells):
            continue
        if len(cells) not in (len(names), len(names) - 1):  # the last column is reserved, and at times left out
            reason = say("Line %(line)s has %(count)s columns; %(width)s were expected.", line=number, count=len(cells), width=len(names))
            yield BadRow(f"row {number}", reason, "\t".join(cells))
        else:
            yield NamedRow(number, dict(zip(names, cells, strict=False)))


def _mention(cells: Cells, seen: dict[str, int], *, source_id: str, licence: str) -> Measure:
    event, address = cells.needed("GLOBALEVENTID"), cells.needed("MentionIdentifier")
    key = f"{event}:{sha256(address)[:24]}:{cells.code('SentenceID')}"
    seen[key] = seen.get(key, 0) + 1
    at = _moment(cells.code("MentionTimeDate"))
    return Measure(
        source_id=source_id,
        external_id=f"mention:{key}" if seen[key] == 1 else f"mention:{key}:{seen[key]}",
        name="mention",
        value=cells.number("Confidence"),
        unit="percent",
        period_start=at.date() if at else None,
        period_end=at.date() if at else None,
        period_precision=DatePrecision.DAY,
        published_at=at,
        breakdown={"event": event},
        title=cells.text("MentionSourceName"),
        url=address,
        licence=licence,
        row=cells.row.line,
        own=cells.row.cells,
    )


def _moment(text: str) -> datetime | None:
    """A point in time as GDELT writes it, YYYYMMDDHHMMSS in UTC."""
    digits = text.split(".")[0]
    if len(digits) != 14 or not digits.isdigit():
        return None
    try:
        day = date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
        return datetime(day.year, day.month, day.day, int(digits[8:10]), int(digits[10:12]), int(digits[12:]), tzinfo=UTC)
    except ValueError:
        return None
