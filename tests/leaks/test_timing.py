"""V01: how long an answer takes tells nothing either. The bench times much more; here the pairs and the clock are tried."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from forestall.cli.leaks.timing import prepared, timed
from forestall.search import matching

pytestmark = pytest.mark.django_db(databases=["default", "vault"])
SAMPLES = 25
TRIES = 3
"""What tells is told each time; what is due to a busy machine is not."""


def slowed(ask: Callable[[], Any]) -> Callable[[], Any]:
    """The same question, whose answer takes a hundredth of a second more."""

    def asked() -> Any:
        time.sleep(0.01)
        return ask()

    return asked


def test_V01_what_is_hidden_and_what_never_was_take_alike_long(office: dict[str, Any]) -> None:
    with prepared(office) as pairs:
        for name, (one, other) in pairs.items():
            first, second = one(), other()
            assert first.status_code == second.status_code, name
        hidden, never = next(iter(pairs.values()))

        assert any(timed(hidden, never, samples=SAMPLES).alike for _ in range(TRIES))


def test_a_hundredth_of_a_second_would_be_noticed(office: dict[str, Any]) -> None:
    with prepared(office) as pairs:
        hidden, never = next(iter(pairs.values()))

        assert not all(timed(slowed(hidden), never, samples=SAMPLES).alike for _ in range(TRIES))


def test_a_search_answers_on_fixed_steps_of_the_clock(office: dict[str, Any]) -> None:
    with prepared(office) as pairs:
        _, (answered, unanswered), _ = pairs.values()
        began = time.monotonic()
        answered()
        unanswered()

        assert time.monotonic() - began >= 2 * matching.STEP
