"""What is handed in within a day is counted exactly, by one person and by all, and leaves the record its room."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import namedtuple
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from forestall.base import clock
from forestall.base.errors import Refused, Unavailable
from forestall.labels.models import everything
from forestall.monitoring.actions import allowance
from forestall.monitoring.models import Item

pytestmark = pytest.mark.django_db
Disk = namedtuple("Disk", "total used free")

PAIR = """
import json, os, sys
from pathlib import Path
from types import SimpleNamespace
from forestall.cli.faults.place import asked, forked, made
from forestall.cli.faults.stock import prepare
place = made(Path(sys.argv[1]), server=sys.argv[2])
from forestall.monitoring.suggesting import Readers
readers = Readers()
asked(lambda: prepare(place, readers=readers))
from forestall.base.errors import Refused
from forestall.monitoring.actions import allowance
allowance.FILES, allowance.FILES_OF_ALL = 40, 60

def handing(who):
    place.enter()
    by, taken = SimpleNamespace(person_id=f"person {who % 2}"), 0
    for _ in range(25):
        try:
            allowance.take(1, by=by)
            taken += 1
        except Refused:
            pass
    return taken

pipes = []
for who in range(6):
    reading, writing = os.pipe()
    forked(lambda: os.write(writing, json.dumps(handing(who)).encode()))
    os.close(writing)
    pipes.append(reading)
print(json.dumps([json.loads(os.fdopen(pipe).read()) for pipe in pipes]))
place.gone()
"""


def test_U08_six_processes_of_two_people_take_what_is_allowed_and_not_one_more(tmp_path: Path) -> None:
    """150 files for two people who may 40 each, and 60 together."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("FORESTALL_DATABASE")}
    server = os.environ.get("FORESTALL_TEST_POSTGRES", "") if "FORESTALL_DATABASE" in os.environ else ""
    done = subprocess.run([sys.executable, "-c", PAIR, str(tmp_path), server], capture_output=True, text=True, check=False,
                          env=environment, timeout=200)  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    taken = json.loads(done.stdout.splitlines()[-1])

    assert sum(taken) == 60
    assert max(sum(taken[0::2]), sum(taken[1::2])) <= 40


@pytest.mark.parametrize(("most", "size"), [("FILES", 1), ("BYTES", 4096), ("FILES_OF_ALL", 1), ("BYTES_OF_ALL", 4096)])
def test_U08_beyond_what_is_allowed_nothing_is_taken_and_the_next_day_it_is(
    session_of: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, most: str, size: int
) -> None:
    alice = session_of("alice")
    monkeypatch.setattr(allowance, most, 3 * size)
    for _ in range(3):
        allowance.take(size, by=alice)
    for by in (alice, alice, session_of("bob" if "ALL" in most else "alice")):
        with pytest.raises(Refused, match="within a day"):
            allowance.take(size, by=by)
    with clock.fixed(clock.now() + timedelta(days=1, seconds=1)):
        allowance.take(size, by=alice)


def test_U08_a_file_that_is_too_much_costs_no_smaller_one_its_place(
    session_of: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    alice = session_of("alice")
    monkeypatch.setattr(allowance, "BYTES", 10 * 1024)
    allowance.take(6 * 1024, by=alice)
    with pytest.raises(Refused):
        allowance.take(6 * 1024, by=alice)
    allowance.take(4 * 1024, by=alice)


def test_U08_the_page_says_so_and_keeps_nothing(signed_in: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(allowance, "FILES", 1)
    alice = signed_in("alice")
    pages = [
        alice.post(
            "/inbox/upload/",
            {"file": SimpleUploadedFile(f"{name}.txt", f"{name}\n\nThe wells are shared.".encode()), "level": "2", "back": "/inbox/upload/"},
            follow=True,
        ).content.decode()
        for name in ("first", "second")
    ]
    assert "within a day" in pages[1] and "within a day" not in pages[0]
    assert everything(Item).count() == 1


def test_R18_on_a_disk_that_is_nearly_full_nothing_is_handed_in(
    session_of: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    for free, taken in ((allowance.ROOM + 10, True), (allowance.ROOM + 9, False)):
        monkeypatch.setattr("shutil.disk_usage", lambda path, free=free: Disk(1 << 40, 0, free))
        if taken:
            allowance.take(10, by=session_of("alice"))
        else:
            with pytest.raises(Unavailable, match="nearly full"):
                allowance.take(10, by=session_of("alice"))
