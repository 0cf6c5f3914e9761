"""The command line as a story uses it: make a home, invite, serve it on a free port, read the link it prints."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from . import server

PATIENCE = 120
"""Seconds for a server to answer: other tests may hold the machine."""


def forestall(*words: str, home: Path, expect: int = 0, seconds: int = 600) -> str:
    """Run one command on a home and return what it wrote; fails with what it wrote when it ends otherwise."""
    command = [sys.executable, "-m", "forestall.cli.main", *words, "--home", str(home)]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=seconds, env=_environment(home)
    )
    assert done.returncode == expect, f"{words} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}"
    return done.stdout


@contextmanager
def served(home: Path, *, log: Path) -> Iterator[tuple[str, str]]:
    """The address of a home being served, and the exercise link it printed (empty for a real home)."""
    with started(home, log=log) as (_, address, link):
        yield address, link


@contextmanager
def started(home: Path, *, log: Path) -> Iterator[tuple[subprocess.Popen[bytes], str, str]]:
    """The process that serves a home, its address, and the exercise link it printed."""
    port = _free_port()
    with log.open("w", encoding="utf-8") as out:
        running = subprocess.Popen(
            [sys.executable, "-m", "forestall.cli.main", "serve", "--home", str(home), "--port", str(port)],
            stdout=out, stderr=subprocess.STDOUT, env=_environment(home), start_new_session=True,
        )  # fmt: skip
        try:
            yield running, *_answering(running, port=port, log=log)
        finally:
            _stop(running)


def _environment(home: Path) -> dict[str, str]:
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith(("DJANGO_", "FORESTALL_"))
    }
    return {**inherited, "FORESTALL_HOME": str(home), **server.told(home)}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answering(running: subprocess.Popen[bytes], *, port: int, log: Path) -> tuple[str, str]:
    address = f"http://127.0.0.1:{port}"
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and running.poll() is None:
        said = log.read_text(encoding="utf-8")
        if "Ctrl-C" in said and _listens(port):
            link = re.search(rf"{re.escape(address)}/enter/\S+", said)
            return address, link.group(0) if link else ""
        time.sleep(0.2)
    raise AssertionError(f"The server did not come up:\n{log.read_text(encoding='utf-8')}")


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _stop(running: subprocess.Popen[bytes]) -> None:
    running.send_signal(signal.SIGTERM)
    try:
        running.wait(timeout=30)
    except subprocess.TimeoutExpired:
        os.killpg(running.pid, signal.SIGKILL)
        running.wait()
