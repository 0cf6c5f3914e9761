"""One row's cells as values: numbers, days, places. Missing is None and never nought; what is no number is a bad row.

A cell is text (from a file of text, a workbook) or a JSON value; both read the same.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any, TypeVar

from forestall.base.canonical import canonical_json
from forestall.base.errors import Malformed
from forestall.base.words import Words, say
from forestall.facts import Quality

from .asking import BadRow
from .dates import EARLIEST_YEAR, LATEST_YEAR, Order, Precision, read_date
from .published import NamedRow

T = TypeVar("T")

MISSING = frozenset({"", "-", "--", "na", "n/a", "nan", "null", "none", "not available", "..", "n.a."})
"""What producers write where they have nothing."""

_NO_LETTER = re.compile(r"[\W_]+")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:$|[T ])")


class BadCell(ValueError):
    """A cell that is not what its column must be."""

    def __init__(self, column: str, value: object, wanted: Words) -> None:
        super().__init__(column)
        self.words = say(
            "%(column)s should be %(wanted)s, and is “%(text)s”.", column=column, wanted=wanted, text=str(value)[:60]
        )


A_NUMBER = say("a number")
A_WHOLE_NUMBER = say("a whole number")
A_DAY = say("a day")
A_TIME = say("a point in time")
GIVEN = say("given")


@dataclass(frozen=True)
class Cells:
    """The cells of one row by the names of their columns; of several names, the first that is there counts."""

    row: NamedRow
    spelled: Mapping[str, str] = field(default_factory=dict)

    def loosely(self) -> Cells:
        """The same row, whose columns go by their letters and digits alone: `Admin2 Pcode` is `admin2_pcode`."""
        return Cells(self.row, _spelled(tuple(self.row.cells)))

    def has(self, *names: str) -> bool:
        """Whether the row has one of these columns at all."""
        return self._column(names) is not None

    def value(self, *names: str) -> Any:
        """The value under the first of these names that the row has; None when it has none."""
        column = self._column(names)
        return None if column is None else self.row.cells[column]

    def _column(self, names: tuple[str, ...]) -> str | None:
        for name in names:
            if name in self.row.cells:
                return name
            if self.spelled and bare(name) in self.spelled:
                return self.spelled[bare(name)]
        return None

    def text(self, *names: str) -> str:
        """As text without spaces around it; empty when missing."""
        return as_text(self.value(*names))

    def code(self, *names: str) -> str:
        """As a code: empty for everything that producers write where they have none."""
        found = self.text(*names)
        return "" if found.lower() in MISSING else found

    def needed(self, *names: str) -> str:
        """As text; a row that lacks it is a bad row."""
        found = self.code(*names)
        if not found:
            raise BadCell(names[0], self.value(*names), GIVEN)
        return found

    def whole(self, *names: str) -> int | None:
        """A whole number, or None when missing."""
        found = self.number(*names)
        if found is None:
            return None
        if not found.is_integer():
            raise BadCell(names[0], self.value(*names), A_WHOLE_NUMBER)
        return int(found)

    def number(self, *names: str) -> float | None:
        """A finite number, or None when missing."""
        value = self.value(*names)
        if value is None or as_text(value).lower() in MISSING:
            return None
        try:
            found = float(value) if not isinstance(value, bool) else math.nan
        except (TypeError, ValueError, OverflowError) as error:
            raise BadCell(names[0], value, A_NUMBER) from error
        if not math.isfinite(found):
            raise BadCell(names[0], value, A_NUMBER)
        return found

    def day(self, *names: str, order: Order | None = None) -> date | None:
        """A day, or None when missing. One that can be read in two ways is a bad cell unless `order` settles it."""
        value = self.value(*names)
        text = as_text(value)
        if text.lower() in MISSING:
            return None
        found = day_of(text, order=order)
        if found is None:
            raise BadCell(names[0], value, A_DAY)
        return found

    def day_of_milliseconds(self, *names: str) -> date | None:
        """The UTC day of a count of milliseconds since 1970, which may be before it."""
        found = self.number(*names)
        if found is None:
            return None
        try:
            return (_EPOCH + timedelta(milliseconds=found)).date()
        except OverflowError as error:
            raise BadCell(names[0], self.value(*names), A_DAY) from error

    def instant(self, *names: str) -> datetime | None:
        """A point in time in UTC (ISO 8601; without a zone it is taken as UTC), or None when missing."""
        value = self.value(*names)
        text = as_text(value)
        if text.lower() in MISSING:
            return None
        found = instant_of(text)
        if found is None:
            raise BadCell(names[0], value, A_TIME)
        return found

    def truth(self, *names: str) -> bool | None:
        """Yes or no however written; None when missing or neither."""
        found = self.text(*names).lower()
        if found in {"true", "1", "yes", "y", "1.0"}:
            return True
        return False if found in {"false", "0", "no", "n", "0.0"} else None

    def point(self, latitude: str, longitude: str) -> tuple[float | None, float | None, tuple[Quality, ...]]:
        """Degrees, or none with the remark why: nought-nought and what lies off the globe are no places."""
        north, east = self.number(latitude), self.number(longitude)
        if north is None or east is None:
            return None, None, ()
        if (north == 0 and east == 0) or not (-90 <= north <= 90 and -180 <= east <= 180):
            return None, None, (Quality.PLACE_DOUBTFUL,)
        return north, east, ()


@lru_cache(maxsize=1024)
def bare(name: str) -> str:
    """A column's name by its letters and digits alone, in lower case."""
    return _NO_LETTER.sub("", name).casefold()


@lru_cache(maxsize=64)
def _spelled(columns: tuple[str, ...]) -> Mapping[str, str]:
    return {bare(column): column for column in reversed(columns)}


def as_text(value: object) -> str:
    """A value as text: nothing as nothing, whole numbers without a point, lists and objects as JSON."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, int | float):
        return str(value)
    return canonical_json(value)


def day_of(text: str, *, order: Order | None = None) -> date | None:
    """The day that `text` says, or None when it says none or more than one."""
    exact = _ISO_DAY.match(text)
    if exact:
        try:
            found = date(int(exact[1]), int(exact[2]), int(exact[3]))
        except ValueError:
            return None
        return found if EARLIEST_YEAR <= found.year <= LATEST_YEAR else None
    moment = read_date(text, order=order)
    if moment is None or moment.ambiguous or moment.precision not in (Precision.DAY, Precision.SECOND):
        return None
    return moment.earliest.date()


def instant_of(text: str) -> datetime | None:
    """The point in time that `text` says in ISO 8601, in UTC, or None."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    found = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    return found if EARLIEST_YEAR <= found.year <= LATEST_YEAR else None


def each(rows: Iterable[NamedRow | BadRow], make: Callable[[Cells], T]) -> Iterator[T | BadRow]:
    """What `make` makes of every row; a row with a bad cell is set aside with the reason and its own content."""
    for row in rows:
        if isinstance(row, BadRow):
            yield row
            continue
        try:
            yield make(Cells(row))
        except BadCell as bad:
            reason = say("%(place)s: %(reason)s", place=row.place, reason=bad.words)
            yield BadRow(row.place, reason, canonical_json(row.cells))


def require(columns: Mapping[str, Any] | Iterable[str], wanted: Iterable[str]) -> None:
    """Raise `Malformed`, naming the columns that are not there."""
    lacking = [name for name in wanted if name not in set(columns)]
    if lacking:
        raise Malformed(say("Columns are not there: %(names)s.", names=", ".join(lacking)))
