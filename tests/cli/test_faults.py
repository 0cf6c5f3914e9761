"""Killed at any moment and at each system call, nothing that was confirmed is lost, halved or doubled."""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
import subprocess
import sys
from operator import attrgetter
from pathlib import Path

import pytest

from forestall.base.home import Home, Kind
from forestall.cli.faults.disk import Call, Disk
from forestall.cli.faults.history import KINDS
from forestall.cli.faults.place import Place

SCRIPT = """
import json, sys
from pathlib import Path
from forestall.cli.faults.run import prepared_homes
from forestall.cli.faults.killing import kill_at_random
from forestall.cli.faults.powercut import cut_power
from forestall.cli.faults.systemcalls import possible, sweep
from forestall.cli.faults.want import want
from forestall.record import store
prepared, older, readers = prepared_homes(Path(sys.argv[1]))
killed = kill_at_random(prepared, older, kills=20, readers=readers)
wanted = want(prepared, times=16, readers=readers)
swept = []
if possible():
    for faults in (("killed",), ("EIO",)):
        swept.append(sweep(prepared, "append", readers=readers, calls=("fsync", "fdatasync", "ftruncate"), faults=faults))
    swept.append(cut_power(prepared, older, cuts=30, readers=readers))
    store._flush = lambda descriptor: None
    swept.append(cut_power(prepared, older, cuts=12, readers=readers))
print(json.dumps([[t.results(), t.told, t.faults, t.confirmed] for t in (killed, wanted, *swept)]))
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
    if len(broken) == 2:
        assert "strace" not in os.environ.get("FORESTALL_TEST_REQUIRE", ""), "strace is required here"
        pytest.skip("needs strace")
    killed, failed = broken[2:4]
    for results, told, faults, _ in (killed, failed):
        assert results["lost"] == results["halved"] == results["doubled"] == 0, told
        assert faults >= 4


def test_R18_R21_a_full_disk_and_too_little_memory_cost_nothing_that_was_confirmed(
    broken: list[tuple[dict[str, int], list[str], int, int]],
) -> None:
    """Acts go on through it: they fail with a sentence, or the process ends, and are done again when there is room."""
    results, told, faults, confirmed = broken[1]
    assert results == dict.fromkeys(KINDS, 0), told
    assert faults == 16
    assert confirmed > 60, "too little was done for the want to mean anything"


def test_G2_the_power_cut_thirty_times_takes_nothing_that_was_confirmed(
    broken: list[tuple[dict[str, int], list[str], int, int]],
) -> None:
    if len(broken) == 2:
        assert "strace" not in os.environ.get("FORESTALL_TEST_REQUIRE", ""), "strace is required here"
        pytest.skip("needs strace")
    results, told, faults, confirmed = broken[4]
    assert results == dict.fromkeys(KINDS, 0), told
    assert faults == 30
    assert confirmed > 20
    without_flush = broken[5][0]
    assert without_flush["halved"], "files that are not flushed before they are told of must be missed"


def test_G2_what_was_not_flushed_is_gone_and_a_name_is_safe_with_its_folder(tmp_path: Path) -> None:
    root, laid = tmp_path / "home", tmp_path / "laid"
    root.mkdir()
    (root / "old").write_bytes(b"before")
    disk = Disk(root, ignored=lambda path: False)
    told = "".join(f"\\x{one:02x}" for one in b"after!")

    def after(*calls: Call) -> dict[str, bytes]:
        for call in calls:
            disk.follow(call)
        shutil.rmtree(laid, ignore_errors=True)
        laid.mkdir()
        disk.lay(laid, None, share=0)
        return {path.name: path.read_bytes() for path in laid.iterdir()}

    old, new = ("".join(f"\\x{one:02x}" for one in f"{root}/{name}".encode()) for name in ("old", "new"))
    assert after(Call("openat", f'AT_FDCWD, "{old}", O_RDWR', 3), Call("pwrite64", f'3, "{told}", 6, 0', 6)) == {"old": b"before"}
    assert after(Call("fsync", "3", 0)) == {"old": b"after!"}
    assert after(Call("openat", f'AT_FDCWD, "{new}", O_WRONLY|O_CREAT', 4), Call("write", f'4, "{told}", 6', 6), Call("fsync", "4", 0)) == {"old": b"after!"}
    folder = "".join(f"\\x{one:02x}" for one in str(root).encode())
    assert after(Call("openat", f'AT_FDCWD, "{folder}", O_RDONLY', 5), Call("fsync", "5", 0)) == {"old": b"after!", "new": b"after!"}
    assert after(Call("rename", f'"{new}", "{old}"', 0)) == {"old": b"after!", "new": b"after!"}
    assert after(Call("fsync", "5", 0)) == {"old": b"after!"}


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
