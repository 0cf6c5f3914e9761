"""Backing up and restoring again and again while somebody writes: is what was confirmed before all there, and whole?"""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pyrage

from forestall.base.errors import Refused
from forestall.base.words import say

WRITER = """
import sys, time
from pathlib import Path
from forestall.base.home import open_home
from forestall.cli.command import set_up
set_up(open_home(Path(sys.argv[1])))
from forestall.access.session import bound_to, system_reader
from forestall.labels.label import Label, Level
from forestall.record import evidence
with bound_to(system_reader("collector", reason="a bench")):
    number = 0
    while True:
        level = Level(number % 4)
        evidence.keep(f"report {number}".encode() * 50, name=f"report {number}", media_type="text", label=Label(level), by="system:collector")
        number += 1
        print(number, flush=True)
        time.sleep(0.05)
"""


@dataclass(frozen=True)
class Round:
    """One backup and its restore: rows confirmed before it began, rows restored, rows live after; does it verify; times."""

    confirmed: int
    restored: int
    live: int
    verified: bool
    backup_seconds: float
    restore_seconds: float

    @property
    def holds(self) -> bool:
        return self.verified and self.confirmed <= self.restored <= self.live


def rounds(place: Path, *, times: int) -> list[Round]:
    """Make a home in `place` (an empty folder), write without end, and back up and restore meanwhile. Ends the writer."""
    home, folder, identity = place / "home", place / "backups", place / "identity"
    folder.mkdir()
    key = pyrage.x25519.Identity.generate()
    identity.write_text(f"{key}\n", encoding="utf-8")
    _run("init", "--home", home, "--name", "Ada Ring", "--username", "ada")
    with (place / "confirmed").open("wb") as told:
        writer = subprocess.Popen([sys.executable, "-c", WRITER, str(home)], stdout=told, env=_environment())  # noqa: S603 - our own words
        try:
            return [_round(place, str(key.to_public()), turn) for turn in range(times)]
        finally:
            writer.kill()
            writer.wait()


def _round(place: Path, recipient: str, turn: int) -> Round:
    target = place / f"restored{turn}"
    while (confirmed := _confirmed(place / "confirmed")) < 5 * (turn + 1):
        time.sleep(0.05)
    began = time.monotonic()
    _run("backup", "create", "--home", place / "home", "--to", place / "backups", "--recipient", recipient)
    made = time.monotonic()
    newest = max((place / "backups").glob("forestall-*.age"))
    _run("backup", "restore", newest, "--identity", place / "identity", "--home", target)
    ended = time.monotonic()
    verified = json.loads(_run("record", "verify", "--json", "--home", target))["verified"]
    return Round(confirmed, _rows(target), _rows(place / "home"), verified, round(made - began, 2), round(ended - made, 2))


def _confirmed(told: Path) -> int:
    lines = told.read_text(encoding="ascii").splitlines()
    return len(lines)


def _rows(home: Path) -> int:
    with closing(sqlite3.connect(home / "forestall.sqlite3", timeout=20)) as database:
        return int(database.execute("SELECT count(*) FROM record_evidence").fetchone()[0])


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("FORESTALL_")}


def _run(*arguments: object) -> str:
    command = [sys.executable, "-m", "forestall.cli.main", *(str(one) for one in arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=_environment())  # noqa: S603 - our own words
    if done.returncode:
        raise Refused(say("The round did not finish: %(why)s", why=(done.stdout + done.stderr).strip()[-400:]))
    return done.stdout
