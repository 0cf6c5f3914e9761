"""`forestall serve`: the workspace and one worker, supervised together."""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from forestall.base.home import Home
from forestall.base.words import say
from forestall.cli.command import Arguments, Command, home_argument, migrate, open_chosen_home

from .net import sentences

PATIENCE = 10  # seconds for a process to end before it is made to


def arguments(parser: argparse.ArgumentParser) -> None:
    home_argument(parser)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
    parser.add_argument("--port", type=int, default=8000, help="port to listen on (default 8000)")
    parser.add_argument("--no-worker", action="store_true", help="the office runs `forestall work` apart")


def run(given: Arguments) -> int:
    """Serve until stopped."""
    home = open_chosen_home(given)
    migrate()
    return serve(home, host=given.host, port=given.port, worker=not given.no_worker)


def serve(home: Home, *, host: str, port: int, worker: bool = True) -> int:
    """Supervise the web server and the worker: when one ends, the other is ended too. Returns the first's exit code."""
    address = f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}"  # noqa: S104 - compared, not bound
    environment = {**os.environ, "FORESTALL_HOME": str(home.path), "PYTHONUNBUFFERED": "1"}
    web = [
        sys.executable, "-m", "gunicorn", "forestall.config.wsgi:application",
        "--bind", f"{host}:{port}", "--worker-class", "gthread", "--workers", "1", "--threads", "8",
        "--worker-tmp-dir", _shared_memory(), "--no-control-socket", "--log-level", "warning", "--timeout", "60",
    ]  # fmt: skip
    running = [subprocess.Popen(web, env=environment)]  # noqa: S603 - our own words
    if worker:
        work = [sys.executable, "-m", "forestall.cli.main", "work", "--home", str(home.path)]
        running.append(subprocess.Popen(work, env=environment))  # noqa: S603 - our own words
    _say_where(home, address)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        return _watch(running)
    except KeyboardInterrupt:
        return 0
    finally:
        _end(running)


def _say_where(home: Home, address: str) -> None:
    out = sys.stdout.write
    if home.is_exercise:
        from forestall.access.actions import make_link

        token = make_link(purpose="exercise", minutes=12 * 60)
        out(f"\nEXERCISE. Open this link once, on this machine:\n\n    {address}/enter/{token}/\n\n")
    else:
        at = address.replace("//127.0.0.1:", "//localhost:")  # security keys know no bare address
        out(f"\nForestall is at {at}/\n\n")
        out(" ".join(sentences()) + "\n")
    out("Stop with Ctrl-C.\n")
    sys.stdout.flush()


def _shared_memory() -> str:
    return "/dev/shm" if Path("/dev/shm").is_dir() else os.environ.get("TMPDIR", "/tmp")  # noqa: S108


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _watch(running: list[subprocess.Popen[bytes]]) -> int:
    while True:
        for process in running:
            code = process.poll()
            if code is not None:
                return code
        time.sleep(0.5)


def _end(running: list[subprocess.Popen[bytes]]) -> None:
    for process in running:
        if process.poll() is None:
            process.terminate()
    for process in running:
        try:
            process.wait(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()


COMMAND = Command("serve", say("open the workspace on this machine, with its worker"), arguments, run, "keeper", 30)
