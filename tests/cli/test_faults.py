"""Killed at any moment and at each system call, nothing that was confirmed is lost, halved or doubled."""

from __future__ import annotations

import json
import multiprocessing
import os
import subprocess
import sys
from operator import attrgetter
from pathlib import Path

import pytest

from forestall.base.home import Home, Kind
from forestall.cli.faults.history import KINDS
from forestall.cli.faults.place import Place

SCRIPT = """
import json, sys
from pathlib import Path
from forestall.cli.faults.run import prepared_homes
from forestall.cli.faults.killing import kill_at_random
from forestall.cli.faults.systemcalls import possible, sweep
prepared, older, readers = prepared_homes(Path(sys.argv[1]))
killed = kill_at_random(prepared, older, kills=20, readers=readers)
swept = []
if possible():
    for faults in (("killed",), ("EIO",)):
        swept.append(sweep(prepared, "append", readers=readers, calls=("fsync", "fdatasync", "ftruncate"), faults=faults))
print(json.dumps([[t.results(), t.told, t.faults, t.confirmed] for t in (killed, *swept)]))
"""


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[dict[str, int], list[str], int, int]]:
    """In a process of its own: it forks, and a process with threads should not."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("FORESTALL_DATABASE")}
    folder = tmp_path_factory.mktemp("faults")
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(folder)], capture_output=True, text=True, check=False, env=environment, timeout=240
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return [tuple(one) for one in json.loads(done.stdout.splitlines()[-1])]


def test_G1_R01_twenty_processes_killed_at_random_lose_nothing(broken: list[tuple[dict[str, int], list[str], int, int]]) -> None:
    results, told, faults, confirmed = broken[0]

    assert results == dict.fromkeys(KINDS, 0), told
    assert faults == 20
    assert confirmed > 10, "too little was done for the kills to mean anything"


def test_R02_R03_a_disk_that_fails_at_any_flush_loses_nothing_and_is_written_no_more(
    broken: list[tuple[dict[str, int], list[str], int, int]],
) -> None:
    if len(broken) == 1:
        assert "strace" not in os.environ.get("FORESTALL_TEST_REQUIRE", ""), "strace is required here"
        pytest.skip("needs strace")
    killed, failed = broken[1:]
    for results, told, faults, _ in (killed, failed):
        assert results["lost"] == results["halved"] == results["doubled"] == 0, told
        assert faults >= 4


@pytest.mark.parametrize("kind", ["lost", "halved", "doubled", "doubtful"])
def test_the_checker_finds_what_it_is_for(kind: str) -> None:
    from forestall.cli.faults.history import _judged

    cases = {
        "lost": ([0, 0], {"begun", "confirmed"}),
        "halved": ([1, 0], {"begun"}),
        "doubled": ([2, 1], {"begun", "confirmed"}),
        "doubtful": ([1, 1], {"begun", "failed"}),
    }
    parts, told = cases[kind]

    assert _judged(parts, told) == [kind]
    assert _judged([1, 1], {"begun", "confirmed"}) == _judged([0, 0], {"begun"}) == _judged([0], {"failed"}) == []


def test_a_ledger_line_cut_short_told_nobody(tmp_path: Path) -> None:
    from forestall.cli.faults.acts import read

    path = tmp_path / "ledger"
    path.write_text('["begun","append","x"]\n["confirmed","app', encoding="utf-8")

    assert read(path) == [("begun", "append", "x")]


def test_a_place_on_a_server_has_one_database_in_whatever_process_it_is_worked_on(tmp_path: Path) -> None:
    """What one process made the next finds."""
    place = Place(Home(tmp_path / "prepared", Kind.EXERCISE), "postgresql://nowhere")
    with multiprocessing.get_context("fork").Pool(1) as pool:
        assert pool.apply(attrgetter("database"), (place,)) == place.database
