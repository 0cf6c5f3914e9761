"""Want: a disk that is full for a while, and too little memory. Acts go on through it, and what was confirmed is kept."""

from __future__ import annotations

import os
import random
import resource
import signal
from collections.abc import Callable
from typing import Any

from .acts import Ledger, do
from .history import found_wrong
from .killing import ACTING, Tally
from .place import Place, ended, forked
from .stock import EACH, Stock
from .systemcalls import followed, possible

TAKING_ROOM = ("write", "pwrite64", "ftruncate", "mkdir")
"""Calls that need room. The ledger of what was confirmed is kept outside of them: it stands for the world."""
EARLIEST, LONGEST = 1_200, 40
"""By which of these calls the disk is full at the latest, and for how many of them at most."""
PATIENCE = 60  # seconds
ROOM = 16 << 20
"""Bytes that a process may take at most beyond what it has when its memory is bounded."""


def want(prepared: Place, *, times: int, readers: Any, tell: Callable[[str], object] = str, seed: int = 1) -> Tally:
    """Work `times` times in want: in turn with a disk that is full for a while, where strace is there, and with little memory."""
    chance, tally = random.Random(seed), Tally()  # noqa: S311 - moments, not secrets
    ways = (_full, _bounded) if possible() else (_bounded,)
    for number in range(times):
        place = prepared.copied("wanting")
        fault = ways[number % len(ways)](place, chance, readers=readers)
        tally.count(place, found_wrong(place, readers=readers), fault=fault)
        place.gone()
        if number % 50 == 49:
            tell(f"{number + 1} times in want, {tally.confirmed} acts confirmed, {tally.results()}")
    return tally


def _acting(place: Place, chance: random.Random, readers: Any) -> Callable[[Stock, Ledger], None]:
    acts = chance.sample(ACTING, len(ACTING))

    def work(stock: Stock, ledger: Ledger) -> None:
        for turn in range(EACH):
            for one in acts:
                do(one, turn, place=place, stock=stock, ledger=ledger, readers=readers)

    return work


def _full(place: Place, chance: random.Random, *, readers: Any) -> str:
    """Every call that needs room fails from one on, until there is room again; the process acts all the while."""
    begins = chance.randrange(1, EARLIEST)
    ends = begins + chance.randrange(1, LONGEST)
    options = ["-o/dev/null", f"-etrace={','.join(TAKING_ROOM)}", *(f"-einject={call}:error=ENOSPC:when={begins}..{ends}" for call in TAKING_ROOM)]
    followed(place, _acting(place, chance, readers), options, within=PATIENCE)
    return f"the disk full from call {begins} to {ends}"


def _bounded(place: Place, chance: random.Random, *, readers: Any) -> str:
    """The process gets no more than so many bytes beyond those it has."""
    room = chance.randrange(ROOM)
    act = _acting(place, chance, readers)

    def work() -> None:
        place.enter()
        stock, ledger = Stock.of(place), Ledger(place.ledger)
        bound = _taken() + room
        resource.setrlimit(resource.RLIMIT_AS, (bound, bound))
        act(stock, ledger)

    child = forked(work)
    if ended(child, within=PATIENCE) is None:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    return f"{room >> 10} KiB of memory left"


def _taken() -> int:
    """Bytes of address space that this process has (Linux)."""
    with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123 - no path of ours
        return int(file.read().split()[0]) * resource.getpagesize()
