"""The office's end of the limited child: starts it, asks it, ends it when it overstays, starts it again."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Generic, Protocol, Self, TypeVar, cast

from forestall.base.errors import Malformed, Unavailable
from forestall.base.words import say

from .contract import Source
from .dispatch import Answer, Task
from .limits import BULK, LIMITS, Limits
from .received import Received
from .responses import AnswerTask, Response
from .wire import receive, send
from .worker import ANSWERS, FILES, Hello

_STARTING = 60  # seconds: a cold disk may be slow, and nothing hostile is in play yet


Told = TypeVar("Told", Answer, Response)


class AnswerReader(Protocol):
    """Whatever reads one answer of a producer."""

    def read(self, received: Received, *, source: Source) -> Response:
        """What it held."""

    def recognise(self, received: Received, *, source: Source) -> Response:
        """What a file holds that `source` knows as a table of facts; its `mapping` is empty when it knows none."""


class Reader(Protocol):
    """Whatever answers for one file."""

    def ask(self, task: Task) -> Answer:
        """What became of it."""


def _environment(libraries: tuple[Path, ...]) -> dict[str, str]:
    """Nothing of ours: no keys, no home, no proxies. Only where the package, and sources beside it, lie."""
    return {
        "PYTHONPATH": os.pathsep.join([str(Path(__file__).parents[2]), *map(str, libraries)]),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        "LANG": "C.UTF-8",
        "OPENBLAS_NUM_THREADS": "1",
        "MALLOC_ARENA_MAX": "2",
        "ARROW_DEFAULT_MEMORY_POOL": "system",
        "OMP_NUM_THREADS": "2",
    }


class _Limited(Generic[Told]):
    """A limited process and what it is started to read. Use as a context; not for several threads at once."""

    _mode: str
    _told: type[Told]

    def __init__(self, *, limits: Limits, libraries: tuple[Path, ...] = ()) -> None:
        self._libraries = libraries
        self._limits = limits
        self._process: subprocess.Popen[bytes] | None = None
        self.protections: Hello | None = None
        self.starts = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def pid(self) -> int | None:
        """The process id while it runs."""
        return self._process.pid if self._process else None

    def close(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with contextlib.suppress(BrokenPipeError):  # unsent bytes for a process that is gone
                    stream.close()
        process.wait()

    def _answered(self, task: Task | AnswerTask) -> Told:
        """What became of one file. A file that ends the process, or overstays, is refused; the next finds a new one.

        Raises `Unavailable` when no process starts. A process that dies may have been worn out by the files before: it is tried again, within one budget of time.
        """
        deadline = time.monotonic() + self._limits.seconds
        for _ in range(self._limits.attempts):
            self.start()
            left = deadline - time.monotonic()
            if left <= 0:
                break
            found = self._ask_once(task, left)
            if found is not None:
                return found
        if time.monotonic() >= deadline:
            reason = say("Reading it takes longer than %(seconds)s seconds.", seconds=self._limits.seconds)
            return self._told(refusal=reason, hostile=True)
        return self._told(refusal=say("Reading it ended the process that read it."), hostile=True)

    def _ask_once(self, task: Task | AnswerTask, seconds: float) -> Told | None:
        process = cast("subprocess.Popen[bytes]", self._process)
        timer = threading.Timer(seconds, process.kill)
        timer.start()
        try:
            assert process.stdin and process.stdout
            send(process.stdin, task)
            return receive(process.stdout, self._told, most=self._limits.reply)
        except (EOFError, BrokenPipeError):
            self.close()
            return None
        except (Malformed, ValueError) as error:
            self.close()
            reason = (
                error.words
                if isinstance(error, Malformed)
                else say("The limited process answered with something unexpected.")
            )
            return self._told(refusal=reason, hostile=True)
        finally:
            timer.cancel()

    def start(self) -> None:
        """Start the process unless it runs. Raises `Unavailable` when it does not start."""
        if self._process is not None and self._process.poll() is None:
            return
        self.close()
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module, no shell
            [sys.executable, "-P", "-s", "-m", "forestall.collecting.worker", self._mode, *map(str, self._libraries)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(self._libraries),
            cwd=os.sep,
            close_fds=True,
            start_new_session=True,
        )
        self.starts += 1
        timer = threading.Timer(_STARTING, self._process.kill)
        timer.start()
        try:
            assert self._process.stdout
            self.protections = receive(self._process.stdout, Hello, most=4096)
        except EOFError as error:
            self.close()
            raise Unavailable(say("The limited process that reads files does not start.")) from error
        finally:
            timer.cancel()


class Child(_Limited[Answer]):
    """Reads files of any kind. `libraries` are folders that hold code of sources from outside this package.

    `limits` must not exceed `LIMITS`, which the child holds itself to.
    """

    _mode, _told = FILES, Answer

    def __init__(self, *, limits: Limits = LIMITS, libraries: tuple[Path, ...] = ()) -> None:
        super().__init__(limits=limits, libraries=libraries)

    def ask(self, task: Task) -> Answer:
        """What became of one file. Raises `Unavailable` when no process starts."""
        return self._answered(task)


class AnsweringChild(_Limited[Response]):
    """Reads whole answers of producers, under the wider limits (`BULK`)."""

    _mode, _told = ANSWERS, Response

    def __init__(self, *, limits: Limits = BULK, libraries: tuple[Path, ...] = ()) -> None:
        super().__init__(limits=limits, libraries=libraries)

    def read(self, received: Received, *, source: Source) -> Response:
        """What one answer held. Raises `Unavailable` when no process starts."""
        return self._answered(AnswerTask(received, source))

    def recognise(self, received: Received, *, source: Source) -> Response:
        """What a file holds that `source` knows as a table of facts. Raises `Unavailable` when no process starts."""
        return self._answered(AnswerTask(received, source, recognising=True))


class InProcess:
    """Reads in this process, without limits: for the sources' own tests, never for what arrives."""

    def ask(self, task: Task) -> Answer:
        """What became of it."""
        from .dispatch import answer

        return answer(task)

    def read(self, received: Received, *, source: Source) -> Response:
        """What one answer held."""
        from .responses import respond

        return respond(AnswerTask(received, source))

    def recognise(self, received: Received, *, source: Source) -> Response:
        """What a file holds that `source` knows as a table of facts."""
        from .responses import respond

        return respond(AnswerTask(received, source, recognising=True))
