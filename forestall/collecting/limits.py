"""How much one file may ask for. Every figure is a refusal with a sentence, never a crash."""

from __future__ import annotations

from dataclasses import dataclass

MEGABYTE = 1024 * 1024


def megabytes(size: int) -> int:
    """A size in bytes as a reader meets it: whole megabytes, never none."""
    return max(1, round(size / MEGABYTE))


@dataclass(frozen=True)
class Limits:
    """Caps on one file and on all that comes out of it. Sizes in bytes, times in seconds."""

    file: int = 32 * MEGABYTE
    memory: int = 512 * MEGABYTE  # address space of the child
    seconds: int = 30  # processor time, and wall clock, for one file or one part of it
    attempts: int = 3  # a child that dies over a part may be guilty of the parts before it
    inflated: int = 50 * MEGABYTE  # everything unpacked from one file
    ratio: int = 100
    ratio_from: int = 256 * 1024  # a small file that packs well is no bomb
    members: int = 200
    package_members: int = 5_000  # the parts of a Word or Excel file
    depth: int = 3  # archives in archives, mails in mails
    forwards: int = 10  # mails in mails: what lies deeper was built, not forwarded
    markup_depth: int = 100
    json_digits: int = 400
    columns: int = 512
    cell: int = 64 * 1024
    rows: int = 100_000
    bad_rows: float = 0.02
    pages: int = 2_000
    objects: int = 200_000  # in a PDF
    pixels: int = 60_000_000
    text: int = 5_000_000  # characters of one body
    reply: int = 160 * MEGABYTE


LIMITS = Limits()

BULK = Limits(
    file=600 * MEGABYTE,
    memory=4096 * MEGABYTE,
    seconds=600,
    inflated=2048 * MEGABYTE,
    members=50,
    cell=1 * MEGABYTE,
    rows=5_000_000,
    reply=2048 * MEGABYTE,
)
"""For what a producer that we asked by name sends as one file: the whole of a database, at times."""
