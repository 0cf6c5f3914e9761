"""Archives with a fixed time in each member, so that the same content is the same bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from datetime import datetime


def write_archive(members: Iterable[tuple[str, bytes]], *, at: datetime) -> bytes:
    """A ZIP of `members` (name, bytes) in their order, all dated `at`."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members:
            entry = zipfile.ZipInfo(name, date_time=(at.year, at.month, at.day, at.hour, at.minute, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return buffer.getvalue()


def dated_again(archive: bytes, *, at: datetime) -> bytes:
    """The same ZIP with every member dated `at`: what a library wrote with the machine's time in it."""
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return write_archive([(name, opened.read(name)) for name in opened.namelist()], at=at)
