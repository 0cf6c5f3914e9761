"""What interrupted acts left goes when it has lain there for its time, whatever the age of a file says."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings

from forestall.base import clock
from forestall.record import leftover

pytestmark = pytest.mark.django_db
AGES = {"1970": 0, "of the future": 4_102_444_800, "after 2038": 2_208_988_800}


@pytest.fixture
def store(tmp_path: Path, settings: object) -> Path:
    from dataclasses import replace

    settings.HOME = replace(settings.HOME, path=tmp_path / "home")  # type: ignore[attr-defined]
    folder = Path(settings.HOME.files)  # type: ignore[attr-defined]
    folder.mkdir(parents=True)
    return folder


def laid(store: Path, name: str, *, age: int) -> Path:
    path = store / name
    path.write_bytes(b"left")
    os.utime(path, (age, age))
    return path


@pytest.mark.parametrize("age", AGES.values(), ids=list(AGES))
def test_R27_the_age_of_a_file_neither_hastens_nor_delays_its_end(store: Path, age: int) -> None:
    half, whole = laid(store, "a.1.partial", age=age), laid(store, "b", age=age)
    start = clock.now()

    def swept(**later: float) -> list[bool]:
        with clock.fixed(start + timedelta(**later)):
            leftover.sweep()
        return [half.exists(), whole.exists()]

    assert swept(minutes=0) == [True, True], "an old file may have been laid there this minute"
    assert swept(minutes=59) == [True, True]
    assert swept(minutes=60) == [False, True]
    assert swept(days=34) == [False, True]
    assert swept(days=35) == [False, False]


def test_R27_a_clock_that_went_back_ends_no_file_early_and_keeps_none_for_ever(store: Path) -> None:
    whole, start = laid(store, "b", age=0), clock.now()
    with clock.fixed(start + timedelta(days=400)):
        leftover.sweep()
    with clock.fixed(start):
        leftover.sweep()
    assert whole.exists()
    with clock.fixed(start + timedelta(days=36)):
        leftover.sweep()
    assert not whole.exists()


@pytest.mark.parametrize("broken", [b"", b"[1]", b'{"b": 7}', b'{"b": "yesterday"}', b"\xff"])
def test_a_note_of_findings_that_cannot_be_read_is_begun_anew(store: Path, broken: bytes) -> None:
    whole = laid(store, "b", age=0)
    settings.HOME.left_over.write_bytes(broken)
    assert leftover.sweep() == 0
    with clock.fixed(clock.now() + timedelta(days=36)):
        assert leftover.sweep() == 1
    assert not whole.exists()
