"""How long a search takes among many things: made up in a home of its own, of words as frequent as in a language."""

from __future__ import annotations

import os
import random
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from forestall.base.errors import Refused
from forestall.base.home import Kind, create
from forestall.base.words import say
from forestall.cli.command import migrate, set_up

QUESTIONS = 100
VOCABULARY = 20_000
LENGTH = 60  # words of a document
HAN = 0x4E00


def measure(*, documents: int) -> dict[str, Any]:
    """Milliseconds of questions of two words, put as somebody who sees a part. With FORESTALL_DATABASE: there, if it is empty."""
    with tempfile.TemporaryDirectory(prefix="forestall-bench-") as folder:
        set_up(create(Path(folder) / "home", kind=Kind.EXERCISE))
        migrate()
        _check_empty()
        fill(documents)
        return {"documents": documents, "database": _database(), **_indexed(), **_ask()}


def _check_empty() -> None:
    from forestall.record.models import Entry

    if Entry.objects.exists():
        raise Refused(say("There is something in this database. A measurement needs an empty one."))


def _database() -> str:
    return "PostgreSQL" if os.environ.get("FORESTALL_DATABASE") else "SQLite"


def _words(chance: random.Random) -> list[str]:
    """A text: words by rank, as in a language; one in ten is Chinese, one in ten Arabic."""
    ranks = [int(VOCABULARY ** chance.random()) for _ in range(LENGTH)]
    script = chance.random()
    if script < 0.1:
        return ["".join(chr(HAN + rank % 3_000) for rank in ranks)]
    return [f"قرية{rank}" if script < 0.2 else f"w{rank}" for rank in ranks]


def _indexed() -> dict[str, float]:
    from forestall.search.index import rebuild

    began = time.monotonic()
    rebuild()
    return {"index_seconds": round(time.monotonic() - began, 1)}


def fill(documents: int) -> None:
    """Made-up items of one source, a minute apart, all of which wait; their levels are 1, 2 and 3 in turn."""
    from django.db import models

    from forestall.access.session import bound_to, system_reader
    from forestall.labels.label import Label, Level
    from forestall.monitoring.models import Item, Source
    from forestall.record import evidence
    from forestall.record.actions import write

    chance, label = random.Random(1), Label(Level.INTERNAL)  # noqa: S311 - a measurement, no secret
    every: Any = models.QuerySet(Item)
    with bound_to(system_reader("keeper", reason="a measurement")):
        source = write(Source(name="Office", key="o", collector="mail").labelled(label), by="system:keeper", verb="added")
        kept = evidence.keep(b"x", name="x", media_type="text", label=label, by="system:keeper")
        for start in range(0, documents, 2_000):
            rows = []
            for number in range(start, min(start + 2_000, documents)):
                told = _words(chance)
                at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=number)
                item = Item(source=source, evidence=kept, collector="mail", external_id=str(number), content_hash="x",
                            title=" ".join(told[:6])[:60], text=" ".join(told), received_at=at, countries=["ZZK"], languages=["en"])  # fmt: skip
                rows.append(item.labelled(Label(Level(1 + number % 3))))
            every.bulk_create(rows)


def _ask() -> dict[str, float]:
    from forestall.access.session import Session, bound_to
    from forestall.access.visibility import Sight

    reader = Session(sight=Sight(person="nobody", level=2), name="a reader")
    with bound_to(reader):
        newest, best = sorted(_times("")), sorted(_times("match"))
    told = {f"{name}_{order}": round(times[int(len(times) * share)] * 1000, 1)
            for order, times in (("newest", newest), ("best", best)) for name, share in (("p50", 0.5), ("p95", 0.95))}  # fmt: skip
    return told | {"most_newest": round(newest[-1] * 1000, 1)}


def _times(order: str) -> list[float]:
    """Seconds of each question without the wait for its step: what is measured is the work."""
    from forestall.search import matching, queries
    from forestall.search.question import read

    chance, times = random.Random(2), []  # noqa: S311
    step, matching.STEP = matching.STEP, 0.0
    for _ in range(QUESTIONS):
        one, other = (int(VOCABULARY ** chance.random()) for _ in range(2))
        question = read(f"w{one} w{other}")
        began = time.perf_counter()
        queries.answers(question, order=order)
        times.append(time.perf_counter() - began)
    matching.STEP = step
    return times
