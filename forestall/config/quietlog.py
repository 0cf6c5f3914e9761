"""What goes to the log of the machine: where something broke and of what kind, never what stood in it."""

from __future__ import annotations

import logging
import time
import traceback
from pathlib import Path
from types import TracebackType

NAMED = ("job", "files")
"""Fields of our own events that are told: names of jobs and counts."""
HOUSE = Path(__file__).resolve().parents[1]


class Formatter(logging.Formatter):
    """Tells a failure by its kind and the lines it came through: the words of an error may quote what nobody here may read.

    Moments are UTC and say so.
    """

    converter = time.gmtime  # type: ignore[assignment]
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def formatException(
        self, ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> str:
        kind, error, trace = ei
        if kind is None or error is None:
            return ""
        through = [f"{_place(frame.filename)}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)]
        cause = error.__cause__ or error.__context__
        before = f" after {type(cause).__qualname__}" if cause is not None else ""
        return f"{kind.__module__}.{kind.__qualname__}{before}: {' < '.join(reversed(through))}"

    def format(self, record: logging.LogRecord) -> str:
        """One line for each event, whatever stands in it: nobody writes a second one through a value."""
        named = {name: value for name, value in record.__dict__.items() if name in NAMED}
        words = f"{record.getMessage()} {named}" if named else record.getMessage()
        own = {**record.__dict__, "msg": words, "args": (), "exc_text": None}  # what another wrote out may quote
        return super().format(logging.makeLogRecord(own)).replace("\r", "\\r").replace("\n", " | ")


def _place(filename: str) -> str:
    path = Path(filename)
    return str(path.relative_to(HOUSE.parent)) if path.is_relative_to(HOUSE) else path.name
