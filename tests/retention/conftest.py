"""Rita and Rolf keep the records of the office; things are made old by the clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from forestall.access.session import bound_to, system_reader
from forestall.base import clock

START = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.fixture
def later() -> Callable[[int], Any]:
    """`with later(200):` the clock stands 200 days after the items of the tests came."""

    @contextmanager
    def moved(days: int) -> Iterator[None]:
        with clock.fixed(START + timedelta(days=days)):
            yield

    return moved


@pytest.fixture
def night() -> Callable[[], dict[str, int]]:
    """`night()`: the nightly act, as the worker does it in a real office. Returns tables to how much went."""
    from forestall.retention import nightly

    def done() -> dict[str, int]:
        with bound_to(system_reader("worker", reason="a test")) as session:
            return {f"{one.keeping.key} {one.table}": one.count for one in nightly.keep_times(by=session)}

    return done
