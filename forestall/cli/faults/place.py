"""Homes to break: prepared once, copied for each fault, opened by a forked process that already has the program in memory."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from forestall.base.home import Home, Kind

FAILED = 70  # the exit code of a forked process whose work raised


@dataclass(frozen=True)
class Place:
    """A home, with its database: a file in it, or one of its own on the server at `server`, named after who `began`."""

    home: Home
    server: str = ""
    began: int = field(default_factory=os.getpid)

    @property
    def ledger(self) -> Path:
        return self.home.path.with_suffix(".ledger")

    @property
    def older(self) -> Path:
        """There while the home waits to be migrated."""
        return self.home.path / "older"

    @property
    def inbox(self) -> Path:
        """Where the files to collect are laid."""
        return self.home.path.with_suffix(".inbox")

    def beside(self, name: str) -> Place:
        """Where a home of another name beside this one would be."""
        return Place(Home(self.home.path.parent / name, self.home.kind), self.server, self.began)

    def copied(self, name: str) -> Place:
        """The same home once more, under another name beside it."""
        copy = self.beside(name)
        copy.gone()
        shutil.copytree(self.home.path, copy.home.path)
        if self.server:
            self._administer(f'CREATE DATABASE "{copy.database}" TEMPLATE "{self.database}"')
        return copy

    def gone(self) -> None:
        """Take the copy away."""
        shutil.rmtree(self.home.path, ignore_errors=True)
        shutil.rmtree(self.inbox, ignore_errors=True)
        self.ledger.unlink(missing_ok=True)
        if self.server:
            self._administer(f'DROP DATABASE IF EXISTS "{self.database}" WITH (FORCE)')

    @property
    def database(self) -> str:
        return f"faults_{self.began}_{self.home.path.name}"

    def _administer(self, statement: str) -> None:
        import psycopg

        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(statement.encode())

    def enter(self) -> None:
        """Make this process, just forked, work on this home. It must hold no connection yet."""
        from django.conf import settings
        from django.db import connection, connections

        settings.HOME = self.home
        settings.VAULT_KEY = self.home.keys / "vault"
        connections["vault"].settings_dict["NAME"] = self.home.vault
        settings.WITNESSES = [str(self.home.witness)]
        connection.settings_dict["NAME"] = self.database if self.server else self.home.database


def made(folder: Path, *, server: str = "") -> Place:
    """A new home, with the program set up on it. Once per process."""
    from forestall.base.home import create
    from forestall.cli.command import set_up

    home = create(folder / "prepared", kind=Kind.EXERCISE)
    if server:
        os.environ["FORESTALL_DATABASE"] = server
    else:
        os.environ.pop("FORESTALL_DATABASE", None)
    set_up(home)
    place = Place(home, server)
    if server:
        place._administer(f'DROP DATABASE IF EXISTS "{place.database}" WITH (FORCE)')
        place._administer(f'CREATE DATABASE "{place.database}"')
    return place


def forked(work: Callable[[], Any]) -> int:
    """Run `work` in a fork of this process, and return its id. Nothing of this process's own is run at its end."""
    sys.stdout.flush()
    child = os.fork()
    if not child:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        _run(work)
    return child


def _run(work: Callable[[], Any]) -> NoReturn:
    code = FAILED
    try:
        work()
        code = 0
    except BaseException:
        if os.environ.get("FORESTALL_FAULTS_TELL"):
            traceback.print_exc()
    finally:
        os._exit(code)


def asked(work: Callable[[], Any]) -> Any:
    """What `work` returns, run in a fork; it must be what JSON can hold. Raises RuntimeError when it did not finish."""
    reading, writing = os.pipe()

    def answer() -> None:
        os.close(reading)
        try:
            told = {"answer": work()}
        except BaseException:
            told = {"error": traceback.format_exc()}
        with os.fdopen(writing, "w", encoding="utf-8") as pipe:
            json.dump(told, pipe)

    child = forked(answer)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as pipe:
        text = pipe.read()
    os.waitpid(child, 0)
    told = json.loads(text) if text else {"error": "It ended without an answer."}
    if "error" in told:
        raise RuntimeError(told["error"])
    return told["answer"]


def ended(child: int, *, within: float) -> int | None:
    """The exit status of a process that ends `within` seconds; None when it does not."""
    until = time.monotonic() + within
    while time.monotonic() < until:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return status
        time.sleep(0.002)
    return None
