"""Of several workers one acts at a time; one that is asked to end ends what it has begun."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django_tasks_db.management.commands import db_worker

from forestall.cli import schedule
from forestall.cli.commands import work
from forestall.cli.turns import turn

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def a_home_of_its_own(settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    was = signal.getsignal(signal.SIGTERM)
    (tmp_path / "keys").mkdir()
    settings.HOME = SimpleNamespace(keys=tmp_path / "keys", is_locked=False, is_exercise=True)
    monkeypatch.setattr(work, "open_chosen_home", lambda _: settings.HOME)
    monkeypatch.setattr(schedule, "_next", {})
    monkeypatch.setattr(db_worker, "close_old_connections", lambda: None)  # the test's own transaction lies in this one
    yield
    signal.signal(signal.SIGTERM, was)


def elsewhere() -> bool:
    """Whether another worker, with a connection of its own, would have its turn now."""
    told = []

    def ask() -> None:
        with turn() as mine:
            told.append(mine)
        connection.close()

    other = threading.Thread(target=ask)
    other.start()
    other.join()
    return bool(told[0])


def test_R23_of_two_workers_one_has_the_turn(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    with turn() as mine:
        assert mine and not elsewhere()
    assert elsewhere()


def test_R23_a_worker_whose_turn_it_is_not_does_nothing_and_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ran: list[str] = []
    monkeypatch.setattr(schedule, "JOBS", (("one", 1.0, lambda: ran.append("one")),))
    codes: list[int] = []
    monkeypatch.setattr(signal, "signal", lambda *_: None)  # signals are the main thread's
    other = threading.Thread(target=lambda: (codes.append(work.run(SimpleNamespace(once=True, asking=False))), connection.close()))
    with turn():
        other.start()
        other.join()

    assert (codes, ran) == ([1], []) and "Another worker" in capsys.readouterr().err
    assert work.run(SimpleNamespace(once=True, asking=False)) == 0 and ran == ["one"]


def test_R22_a_worker_that_is_asked_to_end_ends_the_job_it_is_at_and_begins_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []

    def asked_to_end() -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        done.append("first, whole")

    monkeypatch.setattr(schedule, "JOBS", (("first", 1.0, asked_to_end), ("second", 1.0, lambda: done.append("second"))))

    assert work.run(SimpleNamespace(once=False, asking=False)) == 0
    assert done == ["first, whole"]
    assert settings.HOME.is_locked is False
