"""For the tests of sources: where recorded answers of producers lie, and a turn of asking without a network."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from forestall.collecting.asking import Page, Request
from forestall.collecting.contract import Source


def payloads(producer: str) -> Path:
    """The folder of `producer` below FORESTALL_DATA's `payloads`; skips the test where there is none."""
    data = os.environ.get("FORESTALL_DATA", "")
    folder = Path(data) / "payloads" / producer
    if not data or not folder.is_dir():
        pytest.skip(f"FORESTALL_DATA names no folder with payloads/{producer}: recorded answers are not carried here")
    return folder


def turn(
    collector: Any, cursor: dict[str, Any], *, source: Source, today: date, answer: Callable[[Request], Page]
) -> tuple[dict[str, Any], list[Request]]:
    """One turn as the engine takes it: the first request not made yet, its page, the next cursor, until none is left."""
    made: list[Request] = []
    while True:
        asked = {one.identity for one in made}
        planned = collector.plan(cursor, source=source, today=today)
        wanted = next((one for one in planned if one.identity not in asked), None)
        if wanted is None:
            return cursor, made
        made.append(wanted)
        cursor = collector.advance(cursor, page=answer(wanted))
