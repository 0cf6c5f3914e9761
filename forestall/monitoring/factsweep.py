"""What interrupted loads left in the store of facts: files that no list names, and lists that nobody ever said stand.

Files of facts reach the disk before the list that names them, and a list before the transaction that says it stands. A list
that once stood is named for ever: a past day is answered from it. So only what no recorded state ever named goes, after the
same patience as bytes without evidence, and not while any list that stood cannot be read.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from forestall.panel.manifest import read_manifest
from forestall.record import leftover
from forestall.record.queries import states_of

from . import holdings
from .models import Holding

FOLDERS = ("files", "manifests", "new")


def sweep(*, at_once: bool = False) -> int:
    """Take away what has been left over for its time, or all of it `at_once`; how many files. As a reader who sees all.

    Raises `Malformed` when a list that stood is gone or was changed: then nobody can say what is left over.
    """
    root = holdings.root()
    there = {path.relative_to(root).as_posix() for folder in FOLDERS for path in (root / folder).rglob("*") if path.is_file()}
    return leftover.age_out(sorted(there - set(_named(root))), below=root, noted=settings.HOME.left_over_facts, at_once=at_once)


def _named(root: Path) -> Iterator[str]:
    """Every list that stood on any day, and every file that one of them names."""
    stood = {str(state["manifest"]) for state in states_of(Holding.kind())} | {one.manifest for one in holdings.holdings()}
    for digest in sorted(stood):
        yield f"manifests/{digest}.json"
        yield from (one.path_of(root).relative_to(root).as_posix() for one in read_manifest(root, digest).files)
