"""The limited process: what it may not do, and what becomes of the file that ends it."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from forestall.collecting.childprocess import Child
from forestall.collecting.contract import Bounds, Redistribution, Source
from forestall.collecting.intake import Outcome, Reading, read
from forestall.collecting.kinds import Kind
from forestall.collecting.limits import LIMITS
from forestall.collecting.received import Received
from tests.collecting import corpus
from tests.collecting.conftest import NOW

HERE = Path(__file__).parent
SOURCE = Source(
    "misbehaving", "misbehaving", "Misbehaving", "Nobody", "None", Redistribution.FORBID, 2, 0, 0, (Kind.TEXT,), Bounds(), ""
)  # fmt: skip


@pytest.fixture(scope="module")
def cell() -> Iterator[Child]:
    with Child(limits=replace(LIMITS, seconds=4), libraries=(HERE,)) as process:
        yield process


def attempt(cell: Child, what: str) -> Reading:
    return read(Received("try.txt", what.encode(), NOW), sources=[SOURCE], child=cell)


def told(cell: Child, what: str) -> str:
    return attempt(cell, what).records[0].body


@pytest.mark.parametrize("what", ["connect", "write", "read", "run"])
def test_the_process_that_reads_may_not_reach_out(cell, what):
    Path("/tmp/forestall-was-here").unlink(missing_ok=True)

    assert told(cell, what) == "refused: PermissionError"
    assert not Path("/tmp/forestall-was-here").exists()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the kernel's own refusal is Linux's")
def test_G15_the_kernel_itself_refuses_sockets(cell):
    assert told(cell, "kernel socket") == "socket -1 errno 1"
    assert cell.protections is not None and cell.protections.sockets and cell.protections.memory


def test_no_secret_of_ours_is_inherited(cell, monkeypatch):
    monkeypatch.setenv("FORESTALL_SECRET", "never")
    cell.close()

    assert "FORESTALL_SECRET" not in told(cell, "environment")


def test_noise_on_its_output_disturbs_nothing(cell):
    assert told(cell, "print") == "None"


@pytest.mark.parametrize(
    ("what", "words"),
    [("die", "ended the process"), ("endless", "longer than 4 seconds"), ("greedy", "memory")],
)
def test_G15_a_file_that_ends_its_process_is_quarantined_and_the_next_is_read(cell, what, words):
    started = time.monotonic()
    reading = attempt(cell, what)

    assert reading.outcome is Outcome.QUARANTINED
    assert words in str(reading.reason)
    assert reading.quarantined[0].content == what.encode()
    assert time.monotonic() - started < 8
    assert told(cell, "hello") == "calm"


def test_forty_files_pay_for_one_start(take, child):
    take("a.txt", b"first")
    before = child.starts
    for number in range(40):
        take(f"{number}.txt", b"The market reopened.")

    assert child.starts == before


def test_the_whole_family_stays_far_below_a_gigabyte(take, child):
    take("bomb.zip", corpus.zeros(64 << 20))
    take("page.html", b"<html><nav>x</nav><p>" + b"The market reopened. " * 1000)
    take("a.pdf", corpus.pdf("x"))
    take("a.xlsx", corpus.xlsx(("S", [["a", "b"], ["x", 1]])))

    assert child.pid is not None
    assert psutil.Process(child.pid).memory_info().rss < 400 << 20


def test_nothing_is_left_running(cell):
    told(cell, "hello")
    pid = cell.pid
    cell.close()

    assert pid is not None and not psutil.pid_exists(pid)
    assert os.getpid() != pid
