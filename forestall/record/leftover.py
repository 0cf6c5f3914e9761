"""What interrupted acts left in the byte store: bytes that no evidence keeps.

Bytes reach the disk before their record does, and leave it after: so what is left over is content that was never confirmed,
or that was removed. How long it has lain there is counted from when it was first found, never by the age of the file: a copy,
another program or a wrong clock sets that at will.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings

from forestall.base.clock import trusted
from forestall.labels.models import everything

from . import keyring, store
from .evidence import PARTIAL, undestroyed
from .models import Evidence

HALF_WRITTEN = timedelta(hours=1)
WHOLE = timedelta(days=35)
"""Whole files go late: an older database put back by mistake must not cost what the newer one keeps."""


def sweep(*, at_once: bool = False) -> int:
    """Take away what has been left over for its time, or all of it `at_once`; how many files. Keys whose content is gone too."""
    gone = age_out(_left_over(), below=Path(settings.HOME.files), noted=settings.HOME.left_over, at_once=at_once)
    for owner in undestroyed():
        keyring.destroy(owner)
    return gone


def age_out(left_over: Iterable[str], *, below: Path, noted: Path, at_once: bool = False) -> int:
    """Take away those of some files `below` a folder that were found left over for their time; how many.

    `noted` is the file that remembers since when each was found.
    """
    at, known = trusted(), _found_before(noted)
    left = {name: min(known.get(name, at), at) for name in left_over}
    over = [name for name, since in left.items() if at_once or at - since >= _patience(name)]
    for name in over:
        (below / name).unlink(missing_ok=True)
    still = {name: since for name, since in left.items() if name not in over}
    if still != known:
        store.write_durably(noted, [json.dumps({name: since.isoformat() for name, since in still.items()}).encode()])
    return len(over)


def _left_over() -> list[str]:
    files = Path(settings.HOME.files)
    names = {path.relative_to(files).as_posix() for path in files.rglob("*") if path.is_file()}
    kept = everything(Evidence).filter(expunged=False).exclude(address="").values_list("address", flat=True)
    return sorted(names - set(kept))


def _patience(name: str) -> timedelta:
    return HALF_WRITTEN if name.endswith(PARTIAL) else WHOLE


def _found_before(noted: Path) -> dict[str, datetime]:
    """When each was first found. Begun anew when it cannot be read: then everything left over waits its time once more."""
    try:
        told = json.loads(noted.read_text(encoding="utf-8"))
        return {name: datetime.fromisoformat(since).astimezone(UTC) for name, since in told.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}
