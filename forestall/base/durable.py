"""Files that a power cut cannot take back: what they hold, and that they are there, is on the disk before it is told."""

from __future__ import annotations

import os
from pathlib import Path
from typing import IO


def write_new(path: Path, content: bytes) -> None:
    """A new file for its owner alone. Raises FileExistsError when there is one."""
    _write(path, content)
    flush(path.parent)


def replace(path: Path, content: bytes) -> None:
    """Whole or not at all: written beside for its owner alone, then put in the place of what stood there."""
    beside = path.with_name(f"{path.name}.new")
    beside.unlink(missing_ok=True)
    _write(beside, content)
    beside.replace(path)
    flush(path.parent)


def settle(written: Path, path: Path) -> None:
    """Give a file that was written beside its name, once what it holds is on the disk."""
    flush(written)
    written.replace(path)
    flush(path.parent)


def end_line(file: IO[bytes], line: bytes, *, path: Path) -> None:
    """Add a line at the end of an open file, after its last whole one: what a stop cut short was told to nobody.

    The folder is flushed too: the file may be new.
    """
    file.seek(0)
    file.truncate(file.read().rfind(b"\n") + 1)
    file.seek(0, os.SEEK_END)
    file.write(line)
    file.flush()
    os.fsync(file.fileno())
    flush(path.parent)


def flush(path: Path) -> None:
    """Put what a file holds, or which names a folder holds, on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write(path: Path, content: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
