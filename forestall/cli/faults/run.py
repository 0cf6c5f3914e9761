"""A whole run: homes prepared, processes killed at random, system calls swept, and the sum of what was found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from .killing import kill_at_random
from .place import Place, asked, made
from .powercut import cut_power
from .stock import prepare
from .systemcalls import possible, sweep
from .want import want


def break_homes(
    folder: Path, *, kills: int, cuts: int, wants: int, acts: Sequence[str], server: str = "", tell: Callable[[str], object] = str
) -> tuple[dict[str, Any], list[str]]:
    """Break homes below `folder`. Returns the figures, and a line for each thing that was wrong. `tell` hears how far it is."""
    prepared, older, readers = prepared_homes(folder, server=server)
    tallies = [kill_at_random(prepared, older, kills=kills, readers=readers, tell=tell)]
    tallies.append(want(prepared, times=wants, readers=readers, tell=tell))
    if possible():
        if not server:  # a server's disk is its own
            tallies.append(cut_power(prepared, older, cuts=cuts, readers=readers, tell=tell))
        for act in acts:
            tallies.append(sweep(older if act == "migrate" else prepared, act, readers=readers, tell=tell))
    figures: dict[str, Any] = {"kills": kills, "power_cuts": cuts if possible() and not server else 0, "wants": wants}
    for kind in tallies[0].results():
        figures[kind] = sum(tally.results()[kind] for tally in tallies)
    figures["acts"] = sum(tally.acts for tally in tallies)
    figures["confirmed"] = sum(tally.confirmed for tally in tallies)
    figures["system_calls"] = (
        sum(tally.faults for tally in tallies) - kills - wants - figures["power_cuts"] if possible() else "skipped: strace is not installed"
    )
    older.gone()
    prepared.gone()
    return figures, [line for tally in tallies for line in tally.told]


def prepared_homes(folder: Path, *, server: str = "") -> tuple[Place, Place, Any]:
    """A home ready for the acts, the same before its last migrations, and the suggesters, loaded once for all forks."""
    prepared = made(folder, server=server)
    from forestall.monitoring.suggesting import Readers

    readers = Readers()
    asked(lambda: prepare(prepared, readers=readers))
    older = prepared.copied("older")
    asked(lambda: _step_back(older))
    _warm(prepared, readers)
    return prepared, older, readers


def _warm(prepared: Place, readers: Any) -> None:
    """Do each act once in this very process: what is read and imported on first use is then in every fork."""
    from django.db import connection

    from .acts import ACTS, Ledger, do
    from .history import check
    from .stock import Stock

    place = prepared.copied("warm")
    place.enter()
    stock, ledger = Stock.of(place), Ledger(place.ledger)
    for act in ACTS:
        do(act, 0, place=place, stock=stock, ledger=ledger, readers=readers)
    check(place, readers=readers)
    connection.close()
    place.gone()


def _step_back(place: Place) -> None:
    """Take back the last migration of each room that has more than one, as far as it can be taken back."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.exceptions import IrreversibleError
    from django.db.migrations.loader import MigrationLoader

    place.enter()
    place.older.touch()
    loader = MigrationLoader(connection)
    for room in ("record", "monitoring", "assessment", "advising", "access"):
        names = sorted(name for app, name in loader.graph.nodes if app == room)
        if len(names) > 1:
            try:
                call_command("migrate", room, names[-2], verbosity=0, interactive=False)
            except IrreversibleError:
                continue
