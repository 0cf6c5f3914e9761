"""A panel: for every unit (a State, by ISO 3166 code) and every year or month, a few counted columns.

A cell is NaN where the source has no such unit at that time (South Sudan in 1995): absent is never zero.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from forestall.base.canonical import sha256
from forestall.base.errors import Malformed, Refused
from forestall.base.words import say

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]


class Grain(StrEnum):
    """The step of a panel's time. A month is numbered year * 12 + month - 1."""

    YEAR = "year"
    MONTH = "month"


@dataclass(frozen=True, eq=False)
class Panel:
    """Counts by unit and time.

    `units` are ISO 3166 alpha-3 codes (with CSK, DDR, YMD for former States and XKX for Kosovo) in ascending order;
    `times` are consecutive years, or months numbered year * 12 + month - 1. Each column is (units, times), deaths,
    NaN where the source has no such unit. `vintage` names the edition the figures come from.
    """

    units: tuple[str, ...]
    times: tuple[int, ...]
    columns: Mapping[str, FloatArray]
    vintage: str
    grain: Grain = Grain.YEAR

    @property
    def first(self) -> int:
        return self.times[0]

    @property
    def last(self) -> int:
        return self.times[-1]

    @property
    def as_of(self) -> date:
        """The last UTC day the figures speak of."""
        if self.grain is Grain.YEAR:
            return date(self.last, 12, 31)
        year, month = divmod(self.last, 12)
        return date(year, month + 1, calendar.monthrange(year, month + 1)[1])

    def column(self, name: str) -> FloatArray:
        """The column `name`, (units, times). Refuses a column the panel does not have."""
        if name not in self.columns:
            raise Refused(
                say(
                    "This panel has no column %(name)s; it has %(known)s.",
                    name=name,
                    known=", ".join(sorted(self.columns)),
                )
            )
        return self.columns[name]

    def exists(self) -> BoolArray:
        """(units, times): whether the source has the unit at that time."""
        first = next(iter(self.columns.values()))
        return ~np.isnan(first)

    def position(self, time: int) -> int:
        """The index of `time`. Refuses a time outside the panel."""
        if not self.first <= time <= self.last:
            raise Refused(
                say(
                    "The panel covers %(first)d to %(last)d; %(time)d lies outside.",
                    first=self.first,
                    last=self.last,
                    time=time,
                )
            )
        return time - self.first

    def upto(self, time: int) -> Panel:
        """The panel as it would be had nothing after `time` happened: later cells and later units are gone."""
        stop = self.position(time) + 1
        known: BoolArray = np.any(self.exists()[:, :stop], axis=1)
        return replace(
            self,
            units=tuple(unit for unit, here in zip(self.units, known, strict=True) if here),
            times=self.times[:stop],
            columns={name: values[known, :stop] for name, values in self.columns.items()},
        )

    def changed_after(self, time: int, change: Callable[[FloatArray], FloatArray]) -> Panel:
        """The panel with every cell after `time` put through `change`: what a leak test hands to a risk model."""
        start = self.position(time) + 1
        columns = {}
        for name, values in self.columns.items():
            copy = values.copy()
            copy[:, start:] = change(copy[:, start:])
            columns[name] = copy
        return replace(self, columns=columns)

    def digest(self) -> str:
        """SHA-256 of units, times and values: two panels with the same digest give the same forecasts."""
        parts = [",".join(self.units), ",".join(map(str, self.times)), self.grain.value]
        parts += [f"{name}:{sha256(self.columns[name].tobytes())}" for name in sorted(self.columns)]
        return sha256("\n".join(parts))


@dataclass(frozen=True)
class Row:
    """One unit at one time, as read: where it stood in its file, and its counts by column."""

    line: int
    unit: str
    time: int
    counts: Mapping[str, float]


def assemble(
    rows: Iterable[Row], *, names: tuple[str, ...], vintage: str, grain: Grain, source: str
) -> Panel:
    """Lay rows out as a panel.

    Raises `Malformed` when there are none, when a cell is given twice, when a time has no row at all or when a unit
    disappears and comes back: each is the mark of a damaged or cut file, and none may pass for a zero.
    """
    cells: dict[tuple[str, int], Row] = {}
    for row in rows:
        if (row.unit, row.time) in cells:
            raise Malformed(
                say(
                    "%(source)s, line %(line)d: %(unit)s has a second row for %(time)s.",
                    source=source, line=row.line, unit=row.unit, time=spell(row.time, grain=grain),
                )
            )  # fmt: skip
        cells[row.unit, row.time] = row
    if not cells:
        raise Malformed(say("%(source)s holds no rows.", source=source))
    panel = _laid_out(cells, names=names, vintage=vintage, grain=grain)
    _refuse_gaps(panel, source=source)
    return panel


def spell(time: int, *, grain: Grain) -> str:
    """A time as people write it: 2021, or 2021-06."""
    return str(time) if grain is Grain.YEAR else f"{time // 12}-{time % 12 + 1:02d}"


def _laid_out(
    cells: Mapping[tuple[str, int], Row], *, names: tuple[str, ...], vintage: str, grain: Grain
) -> Panel:
    units = tuple(sorted({unit for unit, _ in cells}))
    first, last = min(time for _, time in cells), max(time for _, time in cells)
    place = {unit: index for index, unit in enumerate(units)}
    columns = {name: np.full((len(units), last - first + 1), np.nan) for name in names}
    for (unit, time), row in cells.items():
        for name in names:
            columns[name][place[unit], time - first] = row.counts[name]
    return Panel(
        units=units, times=tuple(range(first, last + 1)), columns=columns, vintage=vintage, grain=grain
    )


def _refuse_gaps(panel: Panel, *, source: str) -> None:
    here = panel.exists()
    empty = ~here.any(axis=0)
    if empty.any():
        time = spell(panel.times[int(np.argmax(empty))], grain=panel.grain)
        raise Malformed(say("%(source)s has no row at all for %(time)s.", source=source, time=time))
    comes_back = (np.diff(here.astype(int), axis=1) == 1).sum(axis=1) + here[:, 0] > 1
    if comes_back.any():
        unit = panel.units[int(np.argmax(comes_back))]
        raise Malformed(
            say("%(source)s: the rows of %(unit)s have a gap between years.", source=source, unit=unit)
        )
