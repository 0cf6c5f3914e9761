"""Processes killed at random moments, while they act."""

from __future__ import annotations

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from .acts import ACTS, Ledger, do, read
from .history import KINDS, found_wrong
from .place import Place, forked
from .stock import EACH, Stock

LONGEST = 0.6  # seconds: within these, a process has gone through several acts of each sort
ACTING = tuple(act for act in ACTS if act != "migrate")


@dataclass
class Tally:
    """What was done to homes, and what was found wrong in them afterwards."""

    faults: int = 0
    acts: int = 0
    confirmed: int = 0
    found: Counter[str] = field(default_factory=Counter)
    told: list[str] = field(default_factory=list)

    def count(self, place: Place, wrong: list[tuple[str, str]], *, fault: str) -> None:
        """Add what one fault led to."""
        steps = Counter(step for step, _, _ in read(place.ledger))
        self.faults += 1
        self.acts += steps["begun"]
        self.confirmed += steps["confirmed"]
        for kind, what in wrong:
            self.found[kind] += 1
            self.told.append(f"{fault}: {kind}: {what}")

    def results(self) -> dict[str, int]:
        return {kind: self.found[kind] for kind in KINDS}


def kill_at_random(
    prepared: Place, older: Place, *, kills: int, readers: Any, tell: Callable[[str], object] = str, seed: int = 1
) -> Tally:
    """Kill `kills` processes while they act on a copy of `prepared`, each tenth while it migrates `older`."""
    chance, tally = random.Random(seed), Tally()  # noqa: S311 - moments, not secrets
    for number in range(kills):
        migrating = number % 10 == 9
        place = (older if migrating else prepared).copied("killed")
        after = chance.random() * LONGEST
        acts = ("migrate",) if migrating else tuple(chance.sample(ACTING, len(ACTING)))
        _killed(place, acts, after=after, readers=readers)
        tally.count(place, found_wrong(place, readers=readers), fault=f"killed after {after:.3f} s")
        place.gone()
        if number % 50 == 49:
            tell(f"{number + 1} processes killed, {tally.confirmed} acts confirmed, {tally.results()}")
    return tally


def _killed(place: Place, acts: tuple[str, ...], *, after: float, readers: Any) -> None:
    reading, writing = os.pipe()

    def act() -> None:
        place.enter()
        stock, ledger = Stock.of(place), Ledger(place.ledger)
        os.write(writing, b".")
        for turn in range(EACH):
            for one in acts:
                do(one, turn, place=place, stock=stock, ledger=ledger, readers=readers)

    child = forked(act)
    os.read(reading, 1)
    time.sleep(after)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    os.close(reading)
    os.close(writing)
