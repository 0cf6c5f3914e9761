"""The byte store. Open bytes are addressed by their hash; from level 2 up by a keyed hash that differs by label.

So nobody can learn by uploading a file that another desk already holds it, and a listing of the store tells nothing.
"""

from __future__ import annotations

import hmac
import os
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction

from forestall.base.clock import now
from forestall.base.errors import Malformed
from forestall.base.words import say
from forestall.labels.label import Label, Level

from . import actions
from .models import ELSEWHERE, Evidence


def address(content: bytes, *, label: Label) -> str:
    """Where bytes under `label` are kept, below the home's `files` folder."""
    digest = sha256(content).hexdigest()
    if label.level >= Level.CONFIDENTIAL:
        scope = f"{int(label.level)}|{','.join(sorted(label.compartments))}|{digest}"
        digest = hmac.new(settings.SECRET_KEY.encode(), scope.encode(), sha256).hexdigest()
    return f"{int(label.level)}/{digest[:2]}/{digest}"


@transaction.atomic
def keep(content: bytes, *, name: str, media_type: str, label: Label, by: str) -> Evidence:
    """Store bytes durably and open their custody: received, hashed. Returns the evidence, already recorded."""
    place = address(content, label=label)
    _store(Path(settings.HOME.files) / place, content)
    evidence = Evidence(
        name=name,
        media_type=media_type,
        sha256=sha256(content).hexdigest(),
        size=len(content),
        address=place,
        received_at=now(),
    ).labelled(label)
    return actions.write(evidence, by=by, verb="received")


def _store(path: Path, content: bytes) -> None:
    """Write once, flush file and folder to the disk, then rename: a crash leaves all of it or nothing."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    partial = path.with_suffix(f".{os.getpid()}.partial")
    with partial.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    partial.rename(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def content(evidence: Evidence) -> bytes:
    """The bytes, checked against their hash. Raises `Malformed` when they are gone or were changed."""
    if evidence.address == ELSEWHERE:
        raise Malformed(say("The original tells who the source is. It lies sealed in the vault."))
    path = Path(settings.HOME.files) / evidence.address
    try:
        found = path.read_bytes()
    except OSError as error:
        raise Malformed(say("The bytes of this evidence are not in the store.")) from error
    if sha256(found).hexdigest() != evidence.sha256:
        raise Malformed(say("The bytes of this evidence no longer match the hash taken when they were received."))
    return found


def move_out(evidence: Evidence, *, by: str) -> Evidence:
    """Take the bytes out of the store once the act is committed: whoever calls has sealed them elsewhere, durably."""
    path = Path(settings.HOME.files) / evidence.address
    evidence.address = ELSEWHERE
    actions.write(evidence, by=by, verb="original sealed")
    transaction.on_commit(lambda: path.unlink(missing_ok=True))
    return evidence


def viewed(evidence_id: UUID, *, by: str) -> None:
    """Add a viewing to the custody chain."""
    actions.note(by=by, verb="viewed", kind=Evidence.kind(), object_id=evidence_id)


def exported(evidence_id: UUID, *, by: str) -> None:
    """Add an export to the custody chain."""
    actions.note(by=by, verb="exported", kind=Evidence.kind(), object_id=evidence_id)
