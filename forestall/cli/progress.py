"""Progress on a terminal: what is being done, how far, and about how long it will take."""

from __future__ import annotations

import sys
import time


class Progress:
    """Writes to standard error: a line a step, and on a terminal a share with an estimate that replaces itself."""

    def __init__(self) -> None:
        self._terminal = sys.stderr.isatty()
        self._began = time.monotonic()
        self._step = ""

    def say(self, step: str) -> None:
        """Begin a step."""
        if self._step and self._terminal:
            sys.stderr.write("\n")
        self._step, self._began = step, time.monotonic()
        sys.stderr.write(step if self._terminal else f"{step}\n")
        sys.stderr.flush()

    def share(self, done: float) -> None:
        """How much of the step is done, from 0 to 1; shown on a terminal only."""
        if not self._terminal or done <= 0:
            return
        spent = time.monotonic() - self._began
        left = spent / done - spent
        sys.stderr.write(f"\r{self._step} … {done:4.0%}, about {left:.0f} s left ")
        sys.stderr.flush()
