"""The acts, done through the real actions, each written into a ledger before it begins and when it was confirmed."""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from forestall.base.errors import Spoken

from .place import FAILED, Place
from .stock import EACH, Stock, brought


class Ledger:
    """One line for each step, on the disk before the next begins: what the world outside was told."""

    def __init__(self, path: Path) -> None:
        self._handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def tell(self, step: str, act: str, about: str) -> None:
        try:
            os.writev(self._handle, [(json.dumps([step, act, about]) + "\n").encode()])  # a call that no fault is put into
            os.fsync(self._handle)
        except OSError:
            os._exit(FAILED)  # nobody was told, and nothing more is done


def read(path: Path) -> list[tuple[str, str, str]]:
    """The whole lines of a ledger; a line cut short told nobody anything."""
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    return [tuple(json.loads(line)) for line in text.splitlines(keepends=True) if line.endswith("\n")]


def _collect(place: Place, stock: Stock, about: str, readers: Any, ledger: Ledger) -> None:
    from forestall.access.session import bound_to, system_reader

    with bound_to(system_reader("collector", reason="a home to break")) as by:
        for taken in brought(place, about, [f"Word {about}"], readers=readers, by=by):
            if not taken.items:
                raise OSError("the file could not be read, and was set aside")
            ledger.tell("confirmed", "collect", about)  # a file is told as taken before the run of the collector ends


def _grade(place: Place, stock: Stock, about: str, readers: Any, ledger: Ledger) -> None:
    from forestall.access.session import bound_to
    from forestall.monitoring import queries
    from forestall.monitoring.actions import item as items

    with bound_to(stock.session("ivo")) as by:
        found = queries.item(about)
        assert found is not None
        items.grade(found, reliability="B", credibility="2", by=by)


def _clear(place: Place, stock: Stock, about: str, readers: Any, ledger: Ledger) -> None:
    from forestall.access.session import bound_to
    from forestall.assessment import queries
    from forestall.assessment.actions import assessment as reading

    with bound_to(stock.session("bob")) as by:
        found = queries.assessment(about)
        assert found is not None
        reading.clear(found, by=by)


def _append(place: Place, stock: Stock, about: str, readers: Any, ledger: Ledger) -> None:
    from forestall.record import actions

    actions.note(by="system:keeper", verb="viewed", kind="record.evidence", object_id=uuid.UUID(about))


def _sign(place: Place, stock: Stock, about: str, readers: Any, ledger: Ledger) -> None:
    from forestall.record import seals, witnesses

    seals.seal()
    witnesses.tell_all()
    seals.checkpoint()


def _expunge(place: Place, stock: Stock, about: str, readers: Any, ledger: Ledger) -> None:
    from forestall.access.session import bound_to
    from forestall.monitoring import queries
    from forestall.record import actions

    with bound_to(stock.session("rita")) as by:
        found = queries.item(about)
        assert found is not None
        actions.expunge(found, by=by.person_id, second=stock.people["rolf"], reason="asked")


def _migrate(place: Place, stock: Stock, about: str, readers: Any, ledger: Ledger) -> None:
    from forestall.cli.command import migrate

    migrate()


ACTS: dict[str, Callable[[Place, Stock, str, Any, Ledger], None]] = {
    "collect": _collect,
    "grade": _grade,
    "clear": _clear,
    "append": _append,
    "sign": _sign,
    "expunge": _expunge,
    "migrate": _migrate,
}


def about(act: str, turn: int, stock: Stock) -> str:
    """What an act is done to, the `turn`-th time: each thing once, so that doing it twice would show."""
    ready = {"grade": stock.to_grade, "clear": stock.to_clear, "expunge": stock.to_remove}
    if act in ready:
        return ready[act][turn] if turn < EACH else ""
    return str(uuid.uuid4()) if act == "append" else f"turn{turn}"


def do(act: str, turn: int, *, place: Place, stock: Stock, ledger: Ledger, readers: Any) -> bool:
    """One act: begun, done, confirmed, each told to the ledger. False when it said that it failed."""
    thing = about(act, turn, stock)
    if not thing:
        return True
    ledger.tell("begun", act, thing)
    try:
        ACTS[act](place, stock, thing, readers, ledger)
    except (Spoken, OSError, _database_error()):
        ledger.tell("failed", act, thing)
        return False
    ledger.tell("confirmed", act, thing)
    return True


def _database_error() -> type[Exception]:
    from django.db import DatabaseError

    return DatabaseError
