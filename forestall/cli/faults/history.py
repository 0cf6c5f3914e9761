"""The history checker: what was confirmed against what is there once the home is opened again."""

from __future__ import annotations

import uuid
from collections import Counter
from functools import partial
from typing import Any

from .acts import read
from .place import Place, asked
from .stock import Stock, brought

KINDS = ("lost", "halved", "doubled", "doubtful")
"""Confirmed and gone; partly there; there twice; reported as failed and yet done."""


def found_wrong(place: Place, *, readers: Any) -> list[tuple[str, str]]:
    """What `check` finds, in a process of its own. A home that cannot even be worked on again is halved."""
    try:
        return [(kind, what) for kind, what in asked(partial(check, place, readers=readers))]
    except RuntimeError as error:
        return [("halved", f"it cannot be worked on again: {str(error).strip().splitlines()[-1]}")]


def check(place: Place, *, readers: Any) -> list[tuple[str, str]]:
    """Open a home after a fault, as the product does, and name each thing that is wrong, with its kind."""
    from forestall.access.session import bound_to, system_reader
    from forestall.cli.command import migrate
    from forestall.record import leftover, seals
    from forestall.record.verification import verify

    place.enter()
    found: list[tuple[str, str]] = []
    steps: dict[tuple[str, str], set[str]] = {}
    for step, act, thing in read(place.ledger):
        steps.setdefault((act, thing), set()).add(step)
    if place.older.exists():
        migrate()
    stock = Stock.of(place)
    leftover.sweep(at_once=True)
    with bound_to(system_reader("keeper", reason="after a fault")) as by:
        for (act, thing), told in steps.items():
            found += [(kind, f"{act} of {thing}") for kind in _judged(_parts(act, thing, stock), told)]
        for act, thing in steps:
            if act == "collect":
                found += _collected_again(place, thing, readers=readers, by=by)
    seals.checkpoint()
    found += [("halved", str(fault)) for fault in verify().faults]
    left = leftover.sweep(at_once=True)
    return found + ([("halved", f"{left} files that no evidence keeps")] if left else [])


def _judged(parts: list[int], told: set[str]) -> list[str]:
    if not parts:
        return []
    if max(parts) > 1:
        return ["doubled"]
    if min(parts) != max(parts):
        return ["halved"]
    if not max(parts) and "confirmed" in told:
        return ["lost"]
    return ["doubtful"] if max(parts) and "failed" in told and "confirmed" not in told else []


def _parts(act: str, thing: str, stock: Stock) -> list[int]:
    """How often each part of what an act writes is there: all once, or none at all."""
    from forestall.assessment import queries as assessment
    from forestall.monitoring import queries as monitoring
    from forestall.record.queries import custody

    if act == "append":
        return [len(custody(uuid.UUID(thing)))]
    if act == "grade":
        item = monitoring.item(thing)
        assert item is not None
        return [len(custody(item.id)) - stock.before[thing], len(monitoring.gradings(item)), int(item.state == "graded")]
    if act == "clear":
        reading = assessment.assessment(thing)
        assert reading is not None
        moved = int(reading.state != "peer_review")
        return [len(custody(reading.id)) - stock.before[thing], len(assessment.clearances(reading)), moved]
    if act == "expunge":
        verbs = Counter(entry.verb for entry in custody(uuid.UUID(thing)))
        return [verbs["expunged"], verbs["expunge agreed"], int(monitoring.item(thing) is None)]
    if act == "collect":
        return [sum(f"Word {thing}" in item.text for item in monitoring.inbox())]
    return []


def _collected_again(place: Place, thing: str, *, readers: Any, by: Any) -> list[tuple[str, str]]:
    """Collecting once more brings what is missing, and nothing twice."""
    list(brought(place, thing, [f"Word {thing}"], readers=readers, by=by))
    there = _parts("collect", thing, Stock())[0]
    return [] if there == 1 else [("lost" if not there else "doubled", f"collect of {thing}, once more")]
