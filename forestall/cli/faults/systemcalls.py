"""Each system call of an act failing once, or killing the process as it is made. Needs `strace`."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from .acts import Ledger, do
from .history import found_wrong
from .killing import Tally
from .place import Place, ended, forked
from .stock import Stock

CALLS = ("write", "pwrite64", "fsync", "fdatasync", "rename", "link", "openat", "unlink", "ftruncate", "mkdir")
FAULTS = {"killed": "signal=KILL", "EIO": "error=EIO", "ENOSPC": "error=ENOSPC"}
FULL = ("write", "pwrite64", "fsync", "fdatasync", "openat", "ftruncate", "mkdir", "rename", "link")
"""Calls that can fail because the disk is full."""
PATIENCE = 60  # seconds for one act under strace


def possible() -> bool:
    """Whether this machine has what the sweep needs."""
    return shutil.which("strace") is not None


def sweep(
    prepared: Place,
    act: str,
    *,
    readers: Any,
    calls: Iterable[str] = CALLS,
    faults: Iterable[str] = tuple(FAULTS),
    tell: Callable[[str], object] = str,
) -> Tally:
    """Do one act again and again on copies of `prepared`, each time with one fault at one system call."""
    tally = Tally()
    made = counted(prepared, act, calls=tuple(calls), readers=readers)
    for call, times in made.items():
        for fault in faults:
            if fault == "ENOSPC" and call not in FULL:
                continue
            for when in range(1, times + 1):
                place = prepared.copied("swept")
                _under(place, act, [f"-einject={call}:{FAULTS[fault]}:when={when}"], calls=[call], readers=readers)
                wrong = found_wrong(place, readers=readers)
                tally.count(place, wrong, fault=f"{act}: {fault} at {call} {when}")
                place.gone()
        tell(f"{act}: {call} made {times} times; so far {tally.faults} faults, {tally.results()}")
    return tally


def counted(prepared: Place, act: str, *, calls: tuple[str, ...], readers: Any) -> dict[str, int]:
    """How often an act makes each system call when nothing fails."""
    place = prepared.copied("counted")
    log = place.home.path.with_suffix(".strace")
    _under(place, act, [f"-o{log}"], calls=calls, readers=readers)
    found = Counter(re.findall(r"^\d*\s*(\w+)\(", log.read_text(encoding="utf-8", errors="replace"), re.MULTILINE))
    place.gone()
    return {call: found[call] for call in calls if found[call]}


def _under(place: Place, act: str, options: list[str], *, calls: Iterable[str], readers: Any) -> None:
    """One act in a process that strace holds; when it says that it failed, another, as a process would go on to."""

    def act_once(stock: Stock, ledger: Ledger) -> None:
        if not do(act, 0, place=place, stock=stock, ledger=ledger, readers=readers):
            do("append", 1, place=place, stock=stock, ledger=ledger, readers=readers)

    followed(place, act_once, [f"-etrace={','.join(calls)}", *options], within=PATIENCE)


def followed(place: Place, work: Callable[[Stock, Ledger], object], options: list[str], *, within: float) -> None:
    """Work on a place in a process of its own, every call of which strace sees; ended by force after `within` seconds."""
    reading, writing = os.pipe()

    def wait_and_work() -> None:
        os.close(writing)
        place.enter()
        stock, ledger = Stock.of(place), Ledger(place.ledger)
        os.read(reading, 1)
        work(stock, ledger)

    child = forked(wait_and_work)
    os.close(reading)
    command = ["strace", "-f", "-p", str(child), *options]
    tracer = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL)  # noqa: S603 - our own words
    assert tracer.stderr is not None
    tracer.stderr.readline()  # "Process N attached": from here on nothing escapes it
    os.write(writing, b".")
    os.close(writing)
    if ended(child, within=within) is None:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    tracer.communicate(timeout=PATIENCE)
