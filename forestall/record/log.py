"""Appending to the log, and signing where it stands. Called inside the transaction of the act itself."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

from forestall.base.canonical import canonical_json
from forestall.base.clock import now

from . import merkle
from .models import Checkpoint, Entry, Head


def take_head() -> Head:
    """The log's end, locked until the transaction ends. Must be called inside one."""
    head = Head.objects.select_for_update().filter(id=1).first()
    return head or Head.objects.get_or_create(id=1)[0]


def append(
    head: Head, *, by: str, on_behalf_of: str, verb: str, kind: str, object_id: UUID, commitment: str
) -> Entry:
    """Write the next entry and move `head`, which the caller took with `take_head`."""
    entry = Entry(
        seq=head.size, at=now(), by=by, on_behalf_of=on_behalf_of, verb=verb, kind=kind, object_id=object_id,
        commitment=commitment,
    )  # fmt: skip
    frontier = merkle.append(_unpack(head.frontier), size=head.size, leaf=merkle.leaf_hash(entry.leaf()))
    entry.root = merkle.frontier_root(frontier).hex()
    entry.save(force_insert=True)
    head.size += 1
    head.frontier = "".join(node.hex() for node in frontier)
    head.save()
    return entry


def _unpack(frontier: str) -> list[bytes]:
    return [bytes.fromhex(frontier[start : start + 64]) for start in range(0, len(frontier), 64)]


def statement(*, size: int, root: str, at: str) -> bytes:
    """The bytes that a checkpoint's signature covers."""
    return canonical_json({"log": "forestall", "size": size, "root": root, "at": at}).encode()


def signing_key() -> Ed25519PrivateKey:
    """This home's key, made on first use and readable by its owner alone."""
    path = Path(settings.HOME.keys) / "log.key"
    if not path.exists():
        _keep_key(path, Ed25519PrivateKey.generate().private_bytes_raw().hex())
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(path.read_text(encoding="ascii")))


def _keep_key(path: Path, key: str) -> None:
    """Whole or not at all, and never over one that another process made meanwhile."""
    partial = path.with_suffix(f".{os.getpid()}.partial")
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as file:
        file.write(key)
        file.flush()
        os.fsync(file.fileno())
    with contextlib.suppress(FileExistsError):
        path.hardlink_to(partial)
    partial.unlink()


def checkpoint() -> Checkpoint | None:
    """Sign where the log stands and tell the witnesses; None when it is empty. Signing twice changes nothing."""
    last = Entry.objects.order_by("-seq").first()
    if last is None:
        return None
    known = Checkpoint.objects.filter(size=last.seq + 1).first()
    if known is not None:
        _tell_all(known)  # signed before, and perhaps interrupted before every witness knew
        return known
    key, at = signing_key(), now()
    signature = key.sign(statement(size=last.seq + 1, root=last.root, at=at.isoformat()))
    made = Checkpoint.objects.create(
        size=last.seq + 1,
        root=last.root,
        at=at,
        key=key.public_key().public_bytes_raw().hex(),
        signature=signature.hex(),
    )
    _tell_all(made)
    return made


def _tell_all(made: Checkpoint) -> None:
    for witness in settings.WITNESSES:
        _tell(Path(witness), made)


def _tell(folder: Path, made: Checkpoint) -> None:
    """Add one line, durably, once. A line that was cut short by a crash was never told to anybody, and goes first."""
    folder.mkdir(parents=True, exist_ok=True)
    line = f"{made.size} {made.root} {made.at.isoformat()} {made.key} {made.signature}\n".encode("ascii")
    with (folder / "checkpoints.txt").open("a+b") as file:
        file.seek(0)
        told = file.read()
        whole = told.rfind(b"\n") + 1
        file.truncate(whole)
        if line not in told[:whole]:
            file.write(line)
        file.flush()
        os.fsync(file.fileno())


def signature_holds(*, size: int, root: str, at: str, key: str, signature: str) -> bool:
    """Whether a checkpoint was signed by the key it names."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(
            bytes.fromhex(signature), statement(size=size, root=root, at=at)
        )
    except (InvalidSignature, ValueError):
        return False
    return True
