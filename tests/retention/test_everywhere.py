"""P14, P11, K04: a name that was removed by two stands nowhere any more: no file of the home, no letter, no log."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

REMOVING = Path(__file__).with_name("removing.py")


def searched(folder: Path, how: str) -> dict[str, Any]:
    left_out = ("FORESTALL_HOME", "FORESTALL_DATABASE", "FORESTALL_DATABASE_OWNER")
    environment = {name: value for name, value in os.environ.items() if name not in left_out}
    done = subprocess.run([sys.executable, str(REMOVING), str(folder), how], capture_output=True, text=True, check=False,
                          env={**environment, "PYTHONPATH": str(REMOVING.parents[2])}, timeout=200)  # fmt: skip
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout.splitlines()[-1]))


def test_P14_P11_K04_a_name_that_was_removed_stands_in_no_place_there_is(tmp_path: Path) -> None:
    told = searched(tmp_path, "remove")

    assert {"forestall.sqlite3-wal", "files"} <= set(told["before"]), "the name was there"
    assert not {"letters", "temporary", "machine log", "witness", "keys"} & set(told["before"]), "and never here"
    assert (told["after"], told["holds"]) == ([], [])


def test_P14_what_is_not_removed_is_found(tmp_path: Path) -> None:
    """So that the test above proves something."""
    told = searched(tmp_path, "keep")

    assert told["after"] == told["before"] != []
