"""The ledger: what was removed, closed or taken away, kept apart from the database so that no restore undoes it.

One line for each time something was added: base64 of an age file over plain values, padded to whole kilobytes. Only
whoever holds the identity reads it; a code under the home's own secret tells that this home wrote it.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import pyrage
from django.conf import settings

from forestall.base import durable
from forestall.base.canonical import canonical_json
from forestall.record import replaying
from forestall.record.store import write_durably

from . import pseudonyms, revocation
from .archive import LEDGER, Identity, Recipient, code

BLOCK = 1024
VERBS = (*replaying.VERBS, *revocation.VERBS, *pseudonyms.VERBS)
"""Every act that an older state must not undo; those of people also by how their verbs begin."""
Act = dict[str, Any]


class Ledger(NamedTuple):
    """What was read: acts in the order of the log, and how many lines could not be read or are another home's."""

    acts: list[Act]
    unread: int


def extend(folder: Path, *, recipients: list[Recipient]) -> int:
    """Add to the ledger in `folder` what came since it was last extended. Returns how many acts were added."""
    marks = _marks()
    mark = marks.get(str(folder), {"seq": -1, "root": ""})
    going_on = (folder / LEDGER).exists() and replaying.holds(mark["seq"], root=mark["root"])
    size, root = replaying.log_state()
    acts = acts_from(mark["seq"] + 1 if going_on else 0)
    if acts or not (folder / LEDGER).exists():
        _append(folder / LEDGER, _line(acts, recipients=recipients))
    if size and mark["seq"] != size - 1:
        marks[str(folder)] = {"seq": size - 1, "root": root}
        write_durably(_marks_path(), [canonical_json(marks).encode()])
    return len(acts)


def acts_from(seq: int) -> list[Act]:
    """What the ledger is told of the log from entry `seq` on."""
    found = replaying.acts_from(seq, verbs=VERBS, beginnings=revocation.BEGINNINGS)
    return [{**act, **revocation.beside(act), **pseudonyms.beside(act)} for act in found]


def _marks_path() -> Path:
    return Path(settings.HOME.backups) / "ledgers.json"


def _marks() -> dict[str, dict[str, Any]]:
    """Up to where each ledger goes. Kept in the home: beside the ledger it would tell how much is done here."""
    try:
        return dict(json.loads(_marks_path().read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}


def _line(acts: list[Act], *, recipients: list[Recipient]) -> bytes:
    said = canonical_json(acts)
    whole = canonical_json({"acts": said, "code": code(settings.SECRET_KEY, said)}).encode()
    padded = whole + b" " * (-len(whole) % BLOCK)
    return base64.b64encode(pyrage.encrypt(padded, recipients)) + b"\n"


def _append(path: Path, line: bytes) -> None:
    """The beginning of a line that a stop cut short goes, for what it told is told again."""
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
        durable.end_line(file, line, path=path)


def read(paths: Iterable[Path], *, identities: list[Identity], secret: str) -> Ledger:
    """All that these ledgers tell, each act once. A line that this home did not write, or that is damaged, is counted."""
    found: dict[tuple[int, str], Act] = {}
    unread = 0
    for path in paths:
        for line in path.read_bytes().splitlines():
            acts = _opened(line, identities=identities, secret=secret)
            unread += acts is None
            found |= {(act["seq"], act["root"]): act for act in acts or ()}
    return Ledger([found[key] for key in sorted(found, key=lambda key: (found[key]["at"], key))], unread)


def _opened(line: bytes, *, identities: list[Identity], secret: str) -> list[Act] | None:
    try:
        told = json.loads(pyrage.decrypt(base64.b64decode(line, validate=True), identities))
        said = str(told["acts"])
        if not hmac.compare_digest(code(secret, said), str(told["code"])):
            return None
        return list(json.loads(said))
    except (binascii.Error, pyrage.DecryptError, OSError, ValueError, KeyError, TypeError):
        return None
