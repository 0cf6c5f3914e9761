"""A log of 130 entries as an Office would write it, its bundle, and the file for outsiders loaded as a module."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from forestall.base import clock
from forestall.institutions.models import Counterpart
from forestall.labels.label import Label, Level
from forestall.record import actions, bundle, keys
from forestall.record.seals import checkpoint, seal
from forestall.record.witnesses import tell_all

BEGAN = datetime(2026, 3, 1, 8, 0, 30, tzinfo=UTC)
SIZE = 130


def load_verifier() -> Any:
    loader = importlib.machinery.SourceFileLoader("forestall_verify", str(bundle.VERIFIER))
    spec = importlib.util.spec_from_loader("forestall_verify", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


verifier = load_verifier()


def made(name: str) -> Counterpart:
    thing = Counterpart(kind_of_body="ministry", name=name, channel="letter").labelled(Label(Level.INTERNAL))
    return actions.write(thing, by="system:keeper", verb="added")


def write_log(size: int = SIZE) -> list[Counterpart]:
    """Things added, renamed and viewed, one a minute; sealed every hour; one removed by two, one key handed over."""
    things: list[Counterpart] = []
    for place in range(size):
        with clock.fixed(BEGAN + timedelta(minutes=place)):
            if place in (0, 31, 64, 65, size - 1):
                seal()
                tell_all()
            _act(things, place, size=size)
    with clock.fixed(BEGAN + timedelta(minutes=size)):
        checkpoint()
    with clock.fixed(BEGAN + timedelta(minutes=size + 60)):
        seal()
        tell_all()
    return things


def _act(things: list[Counterpart], place: int, *, size: int) -> None:
    if place == 80:
        keys.rotate(by="rita")
    elif place == 90:
        actions.expunge(things[0], by="rita", second="rolf", reason="the person asked")
    elif place == 91:
        pass  # the removal wrote two entries
    elif place % 3 == 1 and place > 4:
        thing = things[place % len(things)]
        if not thing.expunged:
            thing.name = f"{thing.name}, renamed {place}"
            actions.write(thing, by="alice", verb="renamed")
        else:
            actions.note(by="alice", verb="viewed", kind=thing.kind(), object_id=thing.id)
    elif place % 3 == 2 and things:
        thing = things[place % len(things)]
        actions.note(by="bob", verb="viewed", kind=thing.kind(), object_id=thing.id, on_behalf_of="dan")
    else:
        things.append(made(f"Ministry {place}"))


def the_lines(holds: str = bundle.CONTENT) -> list[bytes]:
    return list(bundle.lines(holds))


def read(lines: list[bytes]) -> Any:
    found = verifier.Bundle()
    found.read(io.BytesIO(b"".join(lines)))
    return found


def write_file(folder: Path, lines: list[bytes], name: str = "bundle") -> Path:
    path = folder / name
    path.write_bytes(b"".join(lines))
    return path
