"""Where recorded answers of producers lie, for the tests of sources: a folder that the tester names, or a skip."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


def payloads(producer: str) -> Path:
    """The folder of `producer` below FORESTALL_DATA's `payloads`; skips the test where there is none."""
    data = os.environ.get("FORESTALL_DATA", "")
    folder = Path(data) / "payloads" / producer
    if not data or not folder.is_dir():
        pytest.skip(f"FORESTALL_DATA names no folder with payloads/{producer}: recorded answers are not carried here")
    return folder
