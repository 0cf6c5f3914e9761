"""A clock that is put a year ahead opens no embargo and ends no time of keeping."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from forestall.access.session import bound_to
from forestall.base import clock
from forestall.keeping import backing
from forestall.monitoring.models import Item
from forestall.retention import nightly
from forestall.retention.due import due

pytestmark = pytest.mark.django_db
YEAR = timedelta(days=365)


@pytest.fixture
def leap(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """`leap(by)`: the machine's clock is put ahead."""
    right = clock._said
    return lambda by: monkeypatch.setattr(clock, "_said", lambda: right() + by)


@pytest.fixture
def embargoed(make_item: Callable[..., Any]) -> Callable[[timedelta], Any]:
    """`embargoed(ends)`: an item under an embargo until so long from now."""

    def item(ends: timedelta) -> Any:
        made = make_item("The lists", "They are made.", level=1, desk=None)
        made.labelled(replace(made.label, embargo_until=clock.now() + ends)).save()
        return made

    return item


@pytest.mark.parametrize(
    ("ahead", "opens"),
    [(timedelta(), False), (timedelta(minutes=4), True), (timedelta(minutes=6), False), (YEAR, False), (-YEAR, False)],
    ids=["right", "corrected", "a leap", "a year", "a year back"],
)
def test_R25_a_leap_opens_no_embargo(
    embargoed: Callable[[timedelta], Any], session_of: Callable[..., Any], leap: Callable[[timedelta], None], ahead: timedelta, opens: bool
) -> None:
    """It ends in three minutes: a clock that is corrected by a little may open it, one that leaps may not."""
    made = embargoed(timedelta(minutes=3))
    leap(ahead)
    alice = session_of("alice")
    with bound_to(alice):
        assert Item.objects.filter(pk=made.pk).exists() is opens
        assert alice.may_see(made.label) is opens


def test_R25_time_that_is_lived_through_after_a_leap_opens_it(
    embargoed: Callable[[timedelta], Any], session_of: Callable[..., Any], leap: Callable[[timedelta], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = embargoed(timedelta(minutes=30))
    leap(YEAR)
    lived = clock._lived()
    for minutes, opens in ((29, False), (31, True)):
        monkeypatch.setattr(clock, "_lived", lambda minutes=minutes: lived + minutes * 60)
        with bound_to(session_of("alice")):
            assert Item.objects.filter(pk=made.pk).exists() is opens, minutes


def test_R25_no_time_of_keeping_ends_by_a_leap(
    make_item: Callable[..., Any], keeper: Any, leap: Callable[[timedelta], None], tmp_path: Path
) -> None:
    make_item("Old", "Old words.")
    for name in ("20251101T000000-000000", "20261101T000000-000000"):
        (tmp_path / f"forestall-{name}.age").write_bytes(b"")
    ages = timedelta(days=9_000)
    with clock.fixed(clock.now() + ages):
        assert due().listed, "it would be due by then"
    leap(ages)
    assert due().listed == ()
    assert nightly.keep_times(by=keeper) == []
    assert backing.prune(tmp_path, days=8_000) == 0
    with clock.fixed(clock.now()):  # as when the program is begun with that clock
        assert backing.prune(tmp_path, days=8_000) == 1
