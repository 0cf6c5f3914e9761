"""The keys that sign for the log: made, handed over, and, when one is lost, replaced by what two officers state.

A key is in force from its `since` until the next one's. The private half lies in the home's `keys` folder (0600);
the one of a key that was handed over is destroyed.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.db import transaction

from forestall.base.canonical import sha256
from forestall.base.clock import now
from forestall.base.errors import Refused
from forestall.base.identifiers import new_id
from forestall.base.words import Words, say

from .log import Said, append, take_head
from .models import Checkpoint, Seal, SigningKey
from .store import write_durably

KIND = "record.signingkey"
LOST = say(
    "The key that signs for the log is not in this home. Put it back from a copy, or let two officers state its loss: "
    "forestall record state-key-lost."
)


def public_of(private: Ed25519PrivateKey) -> str:
    """The public half, hexadecimal."""
    return private.public_key().public_bytes_raw().hex()


def _path(name: str = "log.key") -> Path:
    return Path(settings.HOME.keys) / name


def _read(path: Path) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(path.read_text(encoding="ascii")))


def _keep(private: Ed25519PrivateKey, *, name: str) -> None:
    """Write a private half for its owner alone, durably, before anything in the database names it."""
    write_durably(_path(name), [private.private_bytes_raw().hex().encode("ascii")])


@transaction.atomic
def signing_key() -> Ed25519PrivateKey:
    """The private half of the key in force; the first is made on first use. Raises `Refused` when it is lost."""
    take_head()  # two workers must not each make a first key
    last = SigningKey.objects.order_by("-number").first()
    if last is None:
        return _first()
    for name in ("log.key", "log.key.next"):
        if _path(name).exists() and public_of(found := _read(_path(name))) == last.public:
            if name != "log.key":
                _path(name).replace(_path())  # a stop between the commit and the renaming is made good here
            return found
    raise Refused(LOST)


def _first() -> Ed25519PrivateKey:
    if not _path().exists():
        _keep(Ed25519PrivateKey.generate(), name="log.key")
    private = _read(_path())
    signed = Checkpoint.objects.filter(key=public_of(private)).order_by("at").first()
    key = SigningKey(number=0, id=new_id(), public=public_of(private), why="first", by="system:keeper")
    key.since = signed.at if signed else now()
    key.signature = private.sign(key.statement()).hex()
    key.save(force_insert=True)
    return private


def rotate(*, by: str) -> SigningKey:
    """Hand over to a new key: an entry signed by both. What the old one signed stays signed; it signs no more."""
    with transaction.atomic():
        old = signing_key()
        private = Ed25519PrivateKey.generate()
        key = _next(private, why="rotated", by=by)
        key.handed_over = old.sign(key.statement()).hex()
        _record(key, private=private)
    _path("log.key.next").replace(_path())
    return key


def state_lost(*, by: str, second: str, reason: str) -> SigningKey:
    """Two officers state that the key is lost, and how; a new one signs from here on. Every verification tells it."""
    if by == second:
        raise Refused(say("Stating that a key is lost needs two people. Ask another records officer to state it too."))
    if not reason.strip():
        raise Refused(say("Say how the key was lost; whoever verifies the record reads it."))
    with transaction.atomic():
        take_head()
        if not SigningKey.objects.exists():
            raise Refused(say("Nothing was signed yet; there is no key to lose."))
        private = Ed25519PrivateKey.generate()
        key = _next(private, why="lost", by=by, second=second, reason=reason.strip())
        _record(key, private=private)
    _path("log.key.next").replace(_path())
    return key


def _next(private: Ed25519PrivateKey, *, why: str, by: str, second: str = "", reason: str = "") -> SigningKey:
    last = SigningKey.objects.order_by("-number")[0]
    sealed = Seal.objects.order_by("-at").first()
    at = now()
    if sealed is not None and at <= sealed.at:
        raise Refused(say("The clock stands before the last seal. Set it right first."))
    return SigningKey(
        number=last.number + 1, id=new_id(), public=public_of(private), previous=last.public, since=at, why=why,
        by=by, second=second, reason=reason,
    )  # fmt: skip


def _record(key: SigningKey, *, private: Ed25519PrivateKey) -> None:
    """Keep the private half, then the row and its entry; a loss is recorded by both who state it."""
    _keep(private, name="log.key.next")
    key.signature = private.sign(key.statement()).hex()
    head = take_head()
    key.entry_seq = head.size
    key.save(force_insert=True)
    verb = {"rotated": "key rotated", "lost": "key stated lost"}[key.why]
    commitment = sha256(key.binding())
    append(head, [Said(verb, KIND, key.id, commitment)], by=key.by)
    if key.second:
        append(head, [Said("key loss agreed", KIND, key.id)], by=key.second)


def holds(*, key: str, signature: str, over: bytes) -> bool:
    """Whether `signature` is that of `key` over these bytes."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(bytes.fromhex(signature), over)
    except (InvalidSignature, ValueError):
        return False
    return True


def in_force(keys: list[SigningKey], *, at: datetime) -> SigningKey | None:
    """The key that signs at a moment (UTC). `keys` are in their order."""
    since = [key for key in keys if key.since <= at]
    return since[-1] if since else None


def worries() -> list[Words]:
    """What is to be done about the key: it is too old, missing, or open to others."""
    last = SigningKey.objects.order_by("-number").first()
    if last is None:
        return []
    found = []
    if last.since + timedelta(days=settings.SEALS.key_days) < now():
        found.append(say("The key that signs is older than %(days)s days. Rotate it.", days=settings.SEALS.key_days))
    present = [path for path in (_path(), _path("log.key.next")) if path.exists()]
    if not present:
        found.append(LOST)
    if any(path.stat().st_mode & 0o077 for path in present):
        found.append(say("The key that signs can be read by others on this machine. Close its file, then rotate it."))
    return found
