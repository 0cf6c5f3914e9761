"""A load that was broken off leaves nothing for ever; a list that stood on any day keeps all its files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from forestall.access.session import bound_to, system_reader
from forestall.base import clock
from forestall.base.errors import Malformed
from forestall.collecting.childprocess import InProcess
from forestall.monitoring import factsweep, holdings
from forestall.monitoring.actions import collecting
from forestall.monitoring.suggesting import Readers
from forestall.panel import factstore
from forestall.panel.manifest import broken, write_manifest
from tests.monitoring.test_collecting import AT, UCDP, Told, rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def home(tmp_path: Path, settings: Any) -> Path:
    from dataclasses import replace

    settings.HOME = replace(settings.HOME, path=tmp_path / "home")
    (tmp_path / "home").mkdir()
    return Path(settings.HOME.facts)


@pytest.fixture
def by(home: Path) -> Any:
    with bound_to(system_reader("worker", reason="the tests")) as session:
        yield session


@pytest.fixture
def collect(home: Path, db: None) -> Callable[..., None]:
    def run(*given: tuple[str, int], days: int = 0) -> None:
        asker = Told({"26.1" if days else "26.0.9": rows(*given)}, at=AT + timedelta(days=days))
        with clock.fixed(asker.at), bound_to(system_reader("collector", reason="the tests")) as collector:
            collecting.collect(UCDP, by=collector, asker=asker, reader=InProcess(), readers=Readers(), on=asker.at.date())

    return run


def there(home: Path) -> set[str]:
    return {path.relative_to(home).as_posix() for path in home.rglob("*") if path.is_file()}


def swept(**later: float) -> int:
    with clock.fixed(clock.now() + timedelta(**later)):
        return factsweep.sweep()


@pytest.mark.parametrize("where", ["files", "list"], ids=["before its list was written", "before it was said to stand"])
def test_what_a_load_left_that_was_broken_off_goes_after_its_time_and_nothing_else(
    home: Path, collect: Callable[..., None], by: Any, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    collect(("1", 5))
    stood = there(home)
    def stop(*given: Any) -> None:
        if where == "list":
            write_manifest(*given)
        raise RuntimeError("the power failed")

    with monkeypatch.context() as broken_off, pytest.raises(RuntimeError):
        broken_off.setattr("forestall.monitoring.actions.answers.write_manifest", stop)
        collect(("1", 7), ("2", 2), days=1)
    left = there(home) - stood
    assert left

    assert swept() == 0 and there(home) == stood | left
    assert swept(days=34) == 0
    assert swept(days=70) == len(left)
    assert there(home) == stood
    held = holdings.holding(UCDP.id)
    assert held is not None and not list(broken(home, holdings.manifest_of(held)))


def test_what_stood_on_a_past_day_stays_whatever_stands_today(home: Path, collect: Callable[..., None], by: Any) -> None:
    collect(("1", 5))
    before = holdings.holding(UCDP.id)
    assert before is not None
    then = holdings.manifest_of(before)
    collect(("1", 7), days=1)
    swept()
    assert swept(days=400) == 0

    assert factstore.read(home, then, "events")["deaths_best"].to_pylist() == [5]


def test_a_file_half_written_goes_within_the_hour(home: Path, collect: Callable[..., None], by: Any) -> None:
    collect(("1", 5))
    half = home / "new" / "x.partial"
    half.parent.mkdir(exist_ok=True)
    half.write_bytes(b"half")
    swept()
    assert half.exists()
    assert swept(minutes=61) == 1 and not half.exists()


def test_while_a_list_that_stood_cannot_be_read_nothing_goes(home: Path, collect: Callable[..., None], by: Any) -> None:
    collect(("1", 5))
    collect(("1", 7), days=1)
    stray = home / "files" / "ab" / "stray.parquet"
    stray.parent.mkdir(exist_ok=True)
    stray.write_bytes(b"?")
    next((home / "manifests").iterdir()).unlink()

    with pytest.raises(Malformed):
        factsweep.sweep(at_once=True)
    assert stray.exists()
