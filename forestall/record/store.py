"""Files that survive a power cut: written beside, flushed, renamed, their folder flushed; removed the same way."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from secrets import token_hex

from . import suspicion


def write_durably(path: Path, pieces: Iterable[bytes]) -> None:
    """Write the pieces to `path` for its owner alone: a crash leaves all of it or nothing.

    Raises `Unavailable` when the disk did not keep them, now or before in this process.
    """
    suspicion.check()
    _make_folder(path.parent)
    partial = path.with_suffix(f".{token_hex(8)}.partial")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            for piece in pieces:
                file.write(piece)
            file.flush()
            _flush(file.fileno())
        partial.rename(path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    _flush_folder(path.parent)


def put_in_place(partial: Path, path: Path) -> None:
    """Flush a file that was written beside, and give it its name; what had the name before is replaced at once."""
    suspicion.check()
    descriptor = os.open(partial, os.O_RDONLY)
    try:
        _flush(descriptor)
    finally:
        os.close(descriptor)
    partial.rename(path)
    _flush_folder(path.parent)


def _make_folder(folder: Path) -> None:
    if not folder.exists():
        _make_folder(folder.parent)
        folder.mkdir(exist_ok=True, mode=0o700)
        _flush_folder(folder.parent)


def remove(path: Path) -> None:
    """Remove a file, if it is there, and flush its folder."""
    if path.exists():
        path.unlink()
        _flush_folder(path.parent)


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        _flush(descriptor)
    finally:
        os.close(descriptor)


def _flush(descriptor: int) -> None:
    try:
        os.fsync(descriptor)
    except OSError as error:
        suspicion.suspect(error)
