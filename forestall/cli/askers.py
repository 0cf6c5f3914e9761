"""Asking many sources at once: each due one is a task in our own database, and processes of their own take them.

The worker that acts puts them there and goes on with its other work, however long a producer takes. A source is asked by
one process at a time (`monitoring.actions.leasing`); whatever is broken off is due again.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import subprocess
import sys
import threading
from datetime import timedelta
from types import TracebackType
from typing import Self

import structlog
from django.conf import settings
from django.core.management import call_command
from django_tasks import task
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from forestall.access.declared import job
from forestall.access.session import bound_to, system_reader
from forestall.base.clock import now
from forestall.base.errors import Spoken
from forestall.monitoring.actions import collection, leasing
from forestall.sources import all_sources

from .asking import in_mind, one_turn

QUEUE = "sources"
REMEMBERED = timedelta(days=1)
"""How long a task that is done stays."""
PATIENCE = 20
"""Seconds that a process has to end what it is at, once it is asked to end."""
log = structlog.get_logger()


@task(queue_name=QUEUE)
@job(reader="collector")
def ask(source_id: str) -> None:
    """Ask one source. How it went stands in its run; nothing of what it says is kept with the task."""
    try:
        one_turn(all_sources()[source_id], memory=in_mind())
    except Spoken as error:
        log.warning("source not asked", source=source_id, why=error.words.message)
    except Exception:  # a bug in one source must not end the process that asks the others
        log.exception("source not asked", source=source_id)


def put_due() -> list[str]:
    """Put every source whose fixed time has come among the tasks, once, and forget the tasks that are long done."""
    call_command("prune_db_task_results", queue_name=QUEUE, min_age_days=REMEMBERED.days, verbosity=0)
    waiting = {one.args_kwargs["args"][0] for one in DBTaskResult.objects.ready().filter(queue_name=QUEUE)}
    with bound_to(system_reader("collector", reason="which sources are due")):
        due = [one.id for one in all_sources().values() if collection.due(one, at=now())]
    put = [one for one in due if one not in waiting and not leasing.taken(one)]
    for one in put:
        ask.enqueue(one)
    return put


def serve(*, until_none: bool = False) -> None:
    """Take tasks, one after the other, until asked to end (SIGTERM), or until there is none."""
    worker = Worker(
        queue_names=[QUEUE], interval=1, batch=until_none, backend_name="default", startup_delay=False, max_tasks=None,
        worker_id=secrets.token_hex(8), excluded_queue_names=[],
    )  # fmt: skip
    if not until_none:
        worker.configure_signals()
        threading.Thread(target=_end_with_parent, daemon=True).start()
    worker.run()


def _end_with_parent() -> None:
    """The parent holds the other end of our input: when it is gone, so are we, after what we are at."""
    while os.read(sys.stdin.fileno(), 4096):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


class Askers:
    """The processes that ask. Use as a context; they end with it, and what they are at ends first."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._running: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Self:
        return self

    def keep(self) -> None:
        """Start those that are not there: at first, and whenever one has died."""
        for one in [one for one in self._running if one.poll() is not None]:
            _bury(one)
            self._running.remove(one)
        while len(self._running) < self._count:
            self._running.append(self._start())

    def _start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "forestall.cli.main", "work", "--home", str(settings.HOME.path), "--asking"]
        return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, start_new_session=True)  # noqa: S603 - our own interpreter and module, no shell

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for one in self._running:
            one.terminate()
        for one in self._running:
            with contextlib.suppress(subprocess.TimeoutExpired):
                one.wait(PATIENCE)
            one.kill()
            _bury(one)


def _bury(process: subprocess.Popen[bytes]) -> None:
    process.wait()
    if process.stdin is not None:
        process.stdin.close()
