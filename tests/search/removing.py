"""Run by test_residue.py in a process of its own: a home on the disk, an item with a canary, its removal.

Prints where the canary's letters stand in the files of the database: before, and after. `without` leaves the sweep out.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

CANARY = "zanziphore"


def main(folder: str, how: str) -> None:
    from forestall.base.home import Kind, create

    home = create(Path(folder) / "home", kind=Kind.EXERCISE)
    os.environ.update(FORESTALL_HOME=str(home.path), DJANGO_SETTINGS_MODULE="forestall.config.settings")
    import django

    django.setup()
    from forestall.cli.command import migrate

    migrate()
    made = _items()
    before = _standing(home.database)
    _remove(made, how=how)
    print(json.dumps({"before": before, "after": _standing(home.database), "waiting": _waiting()}))


def _items() -> object:
    from forestall.access.session import bound_to, system_reader
    from forestall.base.clock import now
    from forestall.labels.label import Label, Level
    from forestall.monitoring.models import Item, Source
    from forestall.record import evidence
    from forestall.record.actions import write

    label = Label(Level.INTERNAL)
    with bound_to(system_reader("keeper", reason="a test")):
        said_by = write(Source(name="Office", key="o", collector="mail").labelled(label), by="x", verb="added")
        for number in range(30):
            kept = evidence.keep(str(number).encode(), name=str(number), media_type="text", label=label, by="x")
            item = Item(
                source=said_by, evidence=kept, collector="mail", external_id=str(number), content_hash=str(number),
                title=f"Item {number}", received_at=now(), text=CANARY if number == 7 else f"plain words {number}",
            )  # fmt: skip
            write(item.labelled(label), by="x", verb="received")
        return Item.objects.get(title="Item 7")


def _remove(made: object, *, how: str) -> None:
    from forestall.access.session import bound_to, system_reader
    from forestall.record.actions import expunge
    from forestall.record.announcement import removed
    from forestall.search import residue

    if how.endswith("without"):
        removed.disconnect(dispatch_uid="search.residue")
    if how == "by the worker":
        residue.sweep.__globals__["_SWEEPS"]["sqlite"], kept = (lambda: False), residue._SWEEPS["sqlite"]
    with bound_to(system_reader("keeper", reason="a test")):
        if how.startswith("redacted"):
            _take_out(made)
        else:
            expunge(made, by="rita", second="rolf", reason="asked")  # type: ignore[type-var]
    if how == "by the worker":
        from forestall.cli.schedule import sweep_residue

        assert _waiting(), "what could not be swept is remembered"
        residue._SWEEPS["sqlite"] = kept
        sweep_residue()


def _take_out(made: Any) -> None:
    """The item stays; the word leaves it, and every state it had before."""
    from django.db import transaction

    from forestall.labels.models import everything
    from forestall.record.actions import write
    from forestall.record.redaction import redact, rewrite_now
    from forestall.search.models import Document

    def without(text: str) -> str:
        return text.replace(CANARY, "K-47R")

    with transaction.atomic():
        rewrite_now(made, by=without)
        write(made, by="hana", verb="source protected")
        redact(made, rewrite=without, by="hana", second="hugo")
    assert not everything(Document).filter(words__contains=CANARY).exists()


def _standing(database: Path) -> list[str]:
    """The files in which the canary stands; the words of FTS5 are kept as they are spelled, less what the word before shares."""
    files = [database, *(database.with_name(database.name + ending) for ending in ("-wal", "-shm"))]
    return [file.name for file in files if file.exists() and CANARY[1:].encode() in file.read_bytes().lower()]


def _waiting() -> bool:
    from forestall.search.models import Residue

    return Residue.objects.exists()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
