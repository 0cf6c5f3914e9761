"""The one clock. All times are aware and in UTC; a day is a UTC day. Tests and the exercise set it.

What opens or destroys by time alone asks `trusted`: a machine whose clock is set ahead must neither open an embargo nor end
a time of keeping.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta

LEAP = timedelta(minutes=5)
"""By how much the machine's clock may be put ahead while the program runs: more than it is ever corrected by."""
_fixed: ContextVar[datetime | None] = ContextVar("fixed", default=None)


def now() -> datetime:
    """The present moment, in UTC."""
    return _fixed.get() or _said()


def trusted() -> datetime:
    """The present moment, in UTC; while the clock is a leap ahead, the one that was reached by living through it.

    What the clock said when the program began is believed: a machine that is started with a wrong one is not found out.
    """
    return now() - leapt()


def leapt() -> timedelta:
    """By how much the clock was set ahead since the program began; nothing when by less than `LEAP`, or back."""
    if _fixed.get():
        return timedelta()
    ahead = _said() - (_began + timedelta(seconds=_lived() - _counted))
    return ahead if ahead > LEAP else timedelta()


def _said() -> datetime:
    """What the machine's clock says."""
    return datetime.now(UTC)  # noqa: TID251 - the one place that asks it


def _lived() -> float:
    """Seconds on a clock that nobody sets; it goes on while the machine sleeps, where the system has such a one."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


_began, _counted = _said(), _lived()


def today() -> date:
    """The present UTC day."""
    return now().date()


@contextmanager
def fixed(moment: datetime) -> Iterator[None]:
    """Hold the clock at `moment` (aware) inside the block."""
    token = _fixed.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _fixed.reset(token)


def end_of(day: date) -> datetime:
    """The last microsecond of a UTC day."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1, microseconds=-1)
