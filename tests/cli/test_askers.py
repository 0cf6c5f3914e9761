"""Sources are asked beside the worker's other work: each due one once, by processes of their own, and none holds up another."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django_tasks_db.management.commands import db_worker
from django_tasks_db.models import DBTaskResult

from forestall.access.session import bound_to, system_reader
from forestall.base import clock
from forestall.base.errors import Refused
from forestall.base.words import say
from forestall.cli import askers, schedule
from forestall.monitoring.actions import collection, leasing
from forestall.sources import all_sources

FEEDS, UCDP = "feeds", "ucdp-ged"


@pytest.fixture
def asked(db: None, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Two sources are turned on; whoever would be asked is noted instead."""
    with bound_to(system_reader("collector", reason="a test")) as admin:
        for name in (FEEDS, UCDP):
            collection.ask_for(all_sources()[name], asked=True, by=admin)
    told: list[str] = []
    monkeypatch.setattr(askers, "one_turn", lambda source, memory: told.append(source.id))
    monkeypatch.setattr(db_worker, "close_old_connections", lambda: None)  # the test's own transaction lies in this one
    return told


def test_each_due_source_is_put_among_the_tasks_once_and_asked_once(asked: list[str]) -> None:
    assert sorted(askers.put_due()) == [FEEDS, UCDP]
    assert askers.put_due() == [], "they wait already"
    askers.serve(until_none=True)
    assert sorted(asked) == [FEEDS, UCDP]
    askers.serve(until_none=True)
    assert len(asked) == 2, "a task that is done is not done again"


def test_one_that_somebody_asks_just_now_is_left_to_them(asked: list[str]) -> None:
    fence = leasing.take(FEEDS)
    assert askers.put_due() == [UCDP]
    leasing.release(FEEDS, fence=fence)
    assert askers.put_due() == [FEEDS]


@pytest.mark.parametrize("error", [RuntimeError("the name of a source"), Refused(say("Another process asks it."))])
def test_what_one_source_does_stops_no_other_and_nothing_of_it_stays_with_the_task(
    asked: list[str], monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def turn(source: Any, memory: Any) -> None:
        asked.append(source.id)
        if source.id == FEEDS:
            raise error

    monkeypatch.setattr(askers, "one_turn", turn)
    askers.put_due()
    askers.serve(until_none=True)
    assert sorted(asked) == [FEEDS, UCDP]
    kept = DBTaskResult.objects.all()
    assert {one.status for one in kept} == {"SUCCESSFUL"}
    assert not any(one.traceback or one.return_value for one in kept)


def test_tasks_that_are_long_done_are_forgotten(asked: list[str]) -> None:
    askers.put_due()
    askers.serve(until_none=True)
    askers.put_due()
    assert DBTaskResult.objects.finished().count() == 2
    DBTaskResult.objects.update(finished_at=clock.now() - timedelta(days=2))
    askers.put_due()
    assert DBTaskResult.objects.finished().count() == 0


def test_an_exercise_asks_nobody(asked: list[str], settings: Any) -> None:
    settings.HOME = SimpleNamespace(is_exercise=True)
    schedule.ask_sources()
    assert not DBTaskResult.objects.exists()
    settings.HOME = SimpleNamespace(is_exercise=False)
    schedule.ask_sources()
    assert DBTaskResult.objects.count() == 2


@pytest.fixture
def processes(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Askers whose processes do nothing but wait for the end of their input."""
    started: list[subprocess.Popen[bytes]] = []

    def start(_: askers.Askers) -> subprocess.Popen[bytes]:
        waiting = [sys.executable, "-c", "import sys; sys.stdin.read()"]
        started.append(subprocess.Popen(waiting, stdin=subprocess.PIPE))
        return started[-1]

    monkeypatch.setattr(askers.Askers, "_start", start)
    yield started
    assert all(one.poll() is not None for one in started), "none is left behind"


def test_as_many_ask_as_the_office_wants_and_one_that_died_is_replaced(processes: list[subprocess.Popen[bytes]]) -> None:
    with askers.Askers(2) as running:
        running.keep()
        running.keep()
        assert len(processes) == 2
        processes[0].kill()
        processes[0].wait()
        running.keep()
        assert len(processes) == 3
