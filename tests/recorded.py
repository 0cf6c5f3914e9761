"""For the tests of sources: where recorded answers of producers lie, and a turn of asking without a network."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from forestall.collecting.asking import Page, Request
from forestall.collecting.contract import Source
from forestall.collecting.progress import Progress


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
    progress = Progress(replace(source, module=collector.__name__), cursor=cursor, on=today)
    made: list[Request] = []
    while (wanted := progress.next()) is not None:
        made.append(wanted)
        progress.cursor = progress.after(answer(wanted))
    return progress.cursor, made
