"""The power failing at any moment: what was not flushed by then is gone, or there in part. Needs `strace`.

The acts are done once, in a process that strace follows. From what it tells, the disk is laid again as it would have
been after each cut, and the home on it is opened and held against what had been confirmed by then.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from .acts import Ledger, do
from .disk import CALLS, Disk, calls_of, path_of_handle
from .history import found_wrong
from .killing import ACTING, Tally
from .place import Place
from .stock import Stock
from .systemcalls import followed

TURNS = 2
SHARES = (0.0, 0.5, 0.9, 1.0)
"""How much of what was not flushed is there all the same: nothing, some of it, most, everything."""
PATIENCE = 300  # seconds for all the acts under strace
LONGEST = 1 << 24  # bytes of one write that strace tells


def cut_power(
    prepared: Place, older: Place, *, cuts: int, readers: Any, tell: Callable[[str], object] = str, seed: int = 1
) -> Tally:
    """Cut the power `cuts` times at moments spread over all the acts, one in ten while `older` is migrated."""
    chance, tally = random.Random(seed), Tally()  # noqa: S311 - moments, not secrets
    migrating = -(-cuts // 10)
    for place, acts, times in ((prepared, chance.sample(ACTING, len(ACTING)), cuts - migrating), (older, ["migrate"], migrating)):
        for cut in _cuts(place, acts, times=times, readers=readers, chance=chance):
            tally.count(cut[0], found_wrong(cut[0], readers=readers), fault=cut[1])
            cut[0].gone()
            if tally.faults % 50 == 0:
                tell(f"the power cut {tally.faults} times, {tally.confirmed} acts confirmed, {tally.results()}")
    return tally


def _cuts(prepared: Place, acts: Sequence[str], *, times: int, readers: Any, chance: random.Random) -> Iterator[tuple[Place, str]]:
    """A place as it was left by each cut, and which one it was."""
    place, cut = prepared.copied("traced"), prepared.beside("cut")
    first, second = (Disk(place.home.path, ignored=_rebuilt) for _ in range(2))
    trace = place.home.path.with_suffix(".strace")
    _trace(place, acts, trace, readers=readers)
    changes = sum(first.follow(call) for call in calls_of(trace))
    moments = Counter(chance.randrange(changes) for _ in range(times)) if changes else Counter()
    told: list[bytes] = []
    number = 0
    for call in calls_of(trace):
        if call.name == "writev" and path_of_handle(call) == str(place.ledger):
            told += call.texts
        if not second.follow(call):
            continue
        for _ in range(moments[number]):
            share = chance.choice(SHARES)
            cut.gone()
            cut.home.path.mkdir()
            second.lay(cut.home.path, chance, share=share)
            cut.ledger.write_bytes(b"".join(told))
            yield cut, f"power cut after change {number} ({call.name}), {share:.0%} of the rest there"
        number += 1
    trace.unlink()
    place.gone()


def _trace(place: Place, acts: Sequence[str], trace: Path, *, readers: Any) -> None:
    def act(stock: Stock, ledger: Ledger) -> None:
        for turn in range(TURNS):
            for one in acts:
                do(one, turn, place=place, stock=stock, ledger=ledger, readers=readers)

    options = ["-y", "-xx", f"-s{LONGEST}", f"-o{trace}", f"-etrace={','.join(CALLS)}"]
    followed(place, act, options, within=PATIENCE)


def _rebuilt(path: str) -> bool:
    """What SQLite makes anew whenever it is not there."""
    return path.endswith("-shm")
