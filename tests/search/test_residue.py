"""K03: what was removed is in no file of the database any more: not in the index, not in the write-ahead log."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection

from forestall.labels.models import everything
from forestall.record.actions import expunge, write
from forestall.record.redaction import redact
from forestall.search import residue
from forestall.search.models import Document, Residue

REMOVING = Path(__file__).with_name("removing.py")


def removed(folder: Path, how: str) -> dict[str, Any]:
    environment = {name: value for name, value in os.environ.items() if name not in ("FORESTALL_HOME", "FORESTALL_DATABASE")}
    done = subprocess.run([sys.executable, str(REMOVING), str(folder), how], capture_output=True, text=True, check=False,
                          env={**environment, "PYTHONPATH": str(REMOVING.parents[2])}, timeout=200)  # fmt: skip
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize("how", ["at once", "by the worker", "redacted"])
def test_K03_the_words_of_what_was_removed_are_gone_from_the_disk(tmp_path: Path, how: str) -> None:
    told = removed(tmp_path, how)

    assert told["before"], "the canary was on the disk"
    assert told == {"before": told["before"], "after": [], "waiting": False}


def test_K03_without_the_sweep_they_stay(tmp_path: Path) -> None:
    """So that the test above proves something: FTS5 and the write-ahead log do keep what was deleted."""
    assert removed(tmp_path, "without")["after"]


def test_K03_without_the_sweep_words_that_were_taken_out_stay_too(tmp_path: Path) -> None:
    assert removed(tmp_path, "redacted without")["after"]


@pytest.mark.django_db
def test_K03_what_two_people_took_out_is_found_no_more(make_item: Any, signed_in: Any) -> None:
    item = make_item("Wells", "zanziphore speaks of wells")
    assert b"Wells" in signed_in("alice").get("/search/?q=zanziphore").content
    item.text = item.text.replace("zanziphore", "K-47R")
    write(item, by="hana", verb="source protected")
    redact(item, rewrite=lambda text: text.replace("zanziphore", "K-47R"), by="hana", second="hugo")

    assert not everything(Document).filter(words__contains="zanziphore").exists()
    assert Residue.objects.exists(), "the worker follows it to the disk"
    assert f"/items/{item.id}/".encode() not in signed_in("alice").get("/search/?q=zanziphore").content


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="there nothing is swept inside a transaction, as a test is")
@pytest.mark.django_db
def test_a_removal_that_could_not_be_followed_to_the_disk_waits_for_the_worker(
    make_item: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy() -> bool:
        raise DatabaseError("busy")

    expunge(make_item("Wells", "poisoned"), by="rita", second="rolf", reason="asked")
    monkeypatch.setitem(residue._SWEEPS, connection.vendor, busy)

    assert residue.sweep() is False
    assert Residue.objects.exists()
    monkeypatch.setitem(residue._SWEEPS, connection.vendor, lambda: True)
    assert residue.sweep() is True
    assert not Residue.objects.exists()
