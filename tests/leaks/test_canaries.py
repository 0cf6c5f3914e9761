"""K01, X10: what is strictly confidential stands in the database and nowhere else, whatever its readers do with it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

CRAWLING = Path(__file__).with_name("crawling.py")
DATABASE = {"forestall.sqlite3", "forestall.sqlite3-wal", "forestall.sqlite3-shm"}


def crawled(folder: Path, how: str) -> dict[str, Any]:
    left_out = ("FORESTALL_HOME", "FORESTALL_DATABASE", "FORESTALL_DATABASE_OWNER")
    environment = {name: value for name, value in os.environ.items() if name not in left_out}
    done = subprocess.run([sys.executable, str(CRAWLING), str(folder), how], capture_output=True, text=True, check=False,
                          env={**environment, "PYTHONPATH": str(CRAWLING.parents[2])}, timeout=400)  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return dict(json.loads(done.stdout.splitlines()[-1])) | {"said": done.stderr}


@pytest.mark.timeout(500)
def test_K01_X10_a_word_of_what_is_strictly_confidential_is_found_in_the_database_alone(tmp_path: Path) -> None:
    told = crawled(tmp_path, "quiet")

    assert told["asked"] > 200 and told["seen"] > 20, "she was shown it often"
    assert set(told["places"]) <= DATABASE
    assert "zanziphore" not in told["said"]


@pytest.mark.full
def test_what_is_said_aloud_is_found(tmp_path: Path) -> None:
    """So that the test above proves something."""
    told = crawled(tmp_path, "loud")

    assert {"machine log", "temporary", "left"} <= set(told["places"])
