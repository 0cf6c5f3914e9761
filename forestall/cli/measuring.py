"""What a run costs: seconds, and the peak memory of the whole process tree."""

from __future__ import annotations

import threading
import time
from types import TracebackType

import psutil

EVERY = 0.4  # seconds between looks: reading the memory of a process costs some milliseconds itself


class Measure:
    """A context in which the process and all below it are watched. Memory shared between processes is counted once."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.peak_mb = 0.0
        self._over = threading.Event()
        self._watch = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Measure:
        self._began = time.monotonic()
        self._watch.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._watch.join()
        self.seconds = time.monotonic() - self._began

    def _look(self) -> None:
        here = psutil.Process()
        while True:
            self.peak_mb = max(self.peak_mb, _tree(here) / 1e6)
            if self._over.wait(EVERY):
                return


def _tree(here: psutil.Process) -> float:
    return sum(_memory(process) for process in [here, *here.children(recursive=True)])


def _memory(process: psutil.Process) -> float:
    """Proportional set size where the system tells it, else resident size."""
    try:
        told = process.memory_full_info()
        return float(getattr(told, "pss", 0) or told.rss)
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return 0.0
