"""The byte store. What is public or internal is addressed by its hash; from level 2 up, and in quarantine, it is sealed.

Sealed bytes have a key of their own outside the database and a place drawn by lot, so that a listing of the store tells
nothing, nobody learns by uploading a file that another desk already holds it, and a key destroyed erases for ever.
What was sealed once stays sealed, whatever its label becomes.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from forestall.base.clock import now
from forestall.base.errors import Malformed, Refused
from forestall.base.identifiers import new_id
from forestall.base.words import say
from forestall.labels.label import Label, Level
from forestall.labels.models import everything

from . import actions, keyring, store
from .announcement import removed_elsewhere
from .keyring import KeyGone
from .models import ELSEWHERE, Evidence
from .sealing import MAGIC, DataKey, chunks_of, new_key, opened, seal

AWAY = ("", ELSEWHERE)
"""Addresses of what lies in the store no more: gone with its time of keeping, or moved into the vault."""
SEALED = "sealed/"
"""How the address of sealed bytes begins."""

PARTIAL = ".partial"
PACKED = ".z"
"""How the address of compressed bytes ends."""
HANDS = 4
"""Files that are flushed at the same time."""
WORTH = 0.9
"""Bytes are compressed when that leaves no more of them than this."""


@dataclass(frozen=True)
class _Place:
    """Where the bytes of one evidence lie now, and what they must be."""

    id: UUID
    address: str
    label: Label
    sha256: str

    @property
    def path(self) -> Path:
        return path_of(self.address)

    @property
    def sealed(self) -> bool:
        return self.address.startswith(SEALED)


def path_of(address: str) -> Path:
    """Where the store keeps what has this address."""
    return Path(settings.HOME.files) / address


def must_be_sealed(label: Label) -> bool:
    """Whether bytes under `label` may never lie in clear."""
    return label.level >= Level.CONFIDENTIAL or label.quarantined


def open_address(content: bytes, *, label: Label) -> str:
    """Where bytes that may lie in clear are kept, below the home's `files` folder."""
    digest = sha256(content).hexdigest()
    return f"{int(label.level)}/{digest[:2]}/{digest}"


@dataclass(frozen=True)
class Arrived:
    """Bytes to be kept. `packed`: what may lie in clear lies compressed where that saves anything."""

    content: bytes
    name: str
    media_type: str
    label: Label
    packed: bool = False


def keep(
    content: bytes, *, name: str, media_type: str, label: Label, by: str, packed: bool = False
) -> Evidence:
    """Store bytes durably and open their custody: received, hashed. Returns the evidence, already recorded.

    Name and hash are those of the bytes, `packed` or not. Raises `Unavailable` when they must be sealed and the home's
    keys are not here: nothing is kept then.
    """
    return keep_all([Arrived(content, name, media_type, label, packed)], by=by)[0]


@transaction.atomic
def keep_all(arrived: Sequence[Arrived], *, by: str) -> list[Evidence]:
    """The same for several, which wait for the disk together."""
    kept = [_evidence(one) for one in arrived]
    if len(kept) == 1:
        kept[0].address = _lie(arrived[0], kept[0].id)
    else:
        with ThreadPoolExecutor(max_workers=HANDS) as hands:
            for one, address in zip(kept, hands.map(_lie, arrived, [one.id for one in kept]), strict=True):
                one.address = address
    return list(actions.write_new(kept, by=by, verb="received"))


def _evidence(arrived: Arrived) -> Evidence:
    return Evidence(
        id=new_id(),
        name=arrived.name,
        media_type=arrived.media_type,
        sha256=sha256(arrived.content).hexdigest(),
        size=len(arrived.content),
        received_at=now(),
    ).labelled(arrived.label)


def _lie(arrived: Arrived, owner: UUID) -> str:
    """Where the bytes lie now, durably."""
    if must_be_sealed(arrived.label):
        return _seal(arrived.content, owner=owner, label=arrived.label)
    address, laid = _laid(arrived.content, label=arrived.label, packed=arrived.packed)
    if not path_of(address).exists():
        store.write_durably(path_of(address), [laid])
    return address


def _laid(content: bytes, *, label: Label, packed: bool) -> tuple[str, bytes]:
    """The address of bytes in clear, and the bytes as they lie there."""
    address = open_address(content, label=label)
    if not packed:
        return address, content
    smaller = zlib.compress(content)
    return (f"{address}{PACKED}", smaller) if len(smaller) < WORTH * len(content) else (address, content)


def _seal(content: bytes, *, owner: UUID, label: Label) -> str:
    """Key first, then bytes, both flushed; the caller commits after. Returns the address, drawn by lot."""
    key, drawn = new_key(), token_hex(16)
    keyring.keep(key, owner=owner, label=label)
    address = f"{SEALED}{drawn[:2]}/{drawn}"
    store.write_durably(path_of(address), seal(content, key=key, owner=owner))
    return address


def content(evidence: Evidence) -> bytes:
    """The bytes, checked against their hash, wherever they lie today: also when a past day is looked at.

    Raises `Malformed` when they are gone, were changed or exchanged, or when their key was destroyed; `Unavailable` when
    they are sealed and the home's keys are not here.
    """
    return _content(_place_of(evidence.pk))


def _place_of(evidence_id: UUID) -> _Place:
    row = everything(Evidence).filter(pk=evidence_id).first()
    if row is None or row.expunged:
        raise Malformed(say("The bytes of this evidence are not in the store."))
    if row.address == ELSEWHERE:
        raise Malformed(say("The original tells who the source is. It lies sealed in the vault."))
    if not row.address:
        raise Malformed(say("The bytes went when their time of keeping was over. Their hash stays."))
    return _Place(row.id, row.address, row.label, row.sha256)


def _content(place: _Place) -> bytes:
    found = _read(place)
    if place.sealed:
        found = b"".join(opened(chunks_of(found), key=_key(place, found), owner=place.id))
    elif place.address.endswith(PACKED):
        found = _unpacked(found)
    if sha256(found).hexdigest() != place.sha256:
        raise Malformed(say("The bytes of this evidence no longer match the hash taken when they were received."))
    return found


def _unpacked(found: bytes) -> bytes:
    try:
        return zlib.decompress(found)
    except zlib.error as error:
        raise Malformed(say("The bytes of this evidence no longer match the hash taken when they were received.")) from error


def _read(place: _Place) -> bytes:
    try:
        return place.path.read_bytes()
    except OSError as error:
        raise Malformed(say("The bytes of this evidence are not in the store.")) from error


def _key(place: _Place, sealed: bytes) -> DataKey:
    return keyring.take(_named(sealed), owner=place.id, label=place.label)


def _named(sealed: bytes) -> bytes:
    """The id of the key that sealed bytes say they were sealed with."""
    named = sealed[len(MAGIC) : len(MAGIC) + 16]
    if not sealed.startswith(MAGIC) or len(named) != 16:
        raise Malformed(say("The sealed bytes do not open with their key: they were changed or exchanged."))
    return named


def fit_to_label(evidence: Evidence) -> None:
    """Make the bytes fit the label that `evidence` is about to be written with. Called by the write itself.

    Bytes in clear are sealed when the label asks for it, under a new address; sealed ones have their key wrapped anew.
    Until the write is committed the bytes open under the old label too; after it, under the new one alone.
    """
    if evidence._state.adding or evidence.expunged or evidence.address in AWAY:
        return
    row = everything(Evidence).select_for_update().get(pk=evidence.pk)
    before = _Place(row.id, row.address, row.label, row.sha256)
    if before.sealed:
        evidence.address = before.address
        _wrap_anew(before, label=evidence.label)
    elif must_be_sealed(evidence.label):
        evidence.address = _seal(_content(before), owner=before.id, label=evidence.label)
        transaction.on_commit(lambda: drop_clear(before.address))


def _wrap_anew(place: _Place, *, label: Label) -> None:
    if keyring.scope_of(label) == keyring.scope_of(place.label):
        return
    try:
        key = _key(place, _head(place))
    except KeyGone:
        raise
    except Malformed:  # an older database was put back beside the keys of today, which lie under `label` already
        key = keyring.take(_named(_head(place)), owner=place.id, label=label)
    else:
        keyring.keep(key, owner=place.id, label=label)
    transaction.on_commit(lambda: keyring.settle(key.id, owner=place.id, label=label))


def drop_clear(address: str) -> bool:
    """Remove bytes that lie in clear, unless other evidence still rests on the very same; whether they were there."""
    path = path_of(address)
    if not path.exists() or everything(Evidence).filter(address=address, expunged=False).exists():
        return False
    store.remove(path)
    return True


def move_out(evidence: Evidence, *, by: str) -> Evidence:
    """Take the bytes out of the store, and out of every copy of it, once the act is committed; custody says so.

    Whoever calls has sealed them elsewhere, durably. Raises `Unavailable` when the keys are not here.
    """
    place = _place_of(evidence.pk)
    _erase_after_commit(place)
    evidence.address = ELSEWHERE
    return actions.write(evidence, by=by, verb="original sealed")


def forget(evidence: Evidence) -> None:
    """Erase the bytes once the act is committed: the key first, which no copy of the store or the database survives.

    Raises `Unavailable` when the keys are not here: what cannot be erased is not said to be.
    """
    if not everything(Evidence).get(pk=evidence.pk).address:
        return  # they went with their time of keeping
    if evidence.address == ELSEWHERE:
        removed_elsewhere.send(Evidence, thing=evidence)
    else:
        _erase_after_commit(_place_of(evidence.pk))


def _erase_after_commit(place: _Place) -> None:
    if not place.sealed:
        transaction.on_commit(lambda: drop_clear(place.address), robust=True)  # the removal stands; the sweep comes after
        return
    keyring.check_available()

    def erase() -> None:
        keyring.destroy(place.id)
        store.remove(place.path)

    transaction.on_commit(erase, robust=True)  # the removal stands; `verify` tells of a key that would not go


GONE = say("bytes removed by the schedule").message
"""What the log says when bytes went because their time of keeping was over."""


@transaction.atomic
def let_go(evidence: Evidence, *, by: str) -> Evidence:
    """Remove the bytes and their key, and keep what is known of them: name, hash, size, custody.

    Raises `Refused` under a hold; `Unavailable` when the keys are not here.
    """
    if evidence.hold:
        raise Refused(say("This is under a hold and cannot be removed. Two people must lift the hold first."))
    if evidence.address in AWAY:
        return evidence
    forget(evidence)
    evidence.address = ""
    return actions.write(evidence, by=by, verb=GONE)


def settle_key(evidence: Evidence) -> None:
    """Let the key open under the label as it stands alone: a crash may have left the wrapping of an earlier one."""
    place = _place_of(evidence.pk)
    with suppress(Malformed):  # what is gone or exchanged is for `verify` to tell
        keyring.settle(_key(place, _head(place)).id, owner=place.id, label=place.label)


def _head(place: _Place) -> bytes:
    """The beginning of sealed bytes, which names their key."""
    try:
        with place.path.open("rb") as file:
            return file.read(len(MAGIC) + 16)
    except OSError as error:
        raise Malformed(say("The bytes of this evidence are not in the store.")) from error


def removed_among(ids: Iterable[UUID]) -> list[UUID]:
    """Which of these the record says were removed by decision of two, whoever reads. For whoever keeps bytes elsewhere."""
    return list(everything(Evidence).filter(pk__in=list(ids), expunged=True).order_by("pk").values_list("pk", flat=True))


def undestroyed() -> list[UUID]:
    """Evidence whose content was removed or moved out and whose key is still there: a crash came between."""
    held = set(keyring.owners())
    removed = everything(Evidence).filter(Q(expunged=True) | Q(address__in=AWAY)).values_list("pk", flat=True)
    return [one for one in removed if one in held]


def viewed(evidence_id: UUID, *, by: str) -> None:
    """Add a viewing to the custody chain."""
    actions.note(by=by, verb="viewed", kind=Evidence.kind(), object_id=evidence_id)


def exported(evidence_id: UUID, *, by: str) -> None:
    """Add an export to the custody chain."""
    actions.note(by=by, verb="exported", kind=Evidence.kind(), object_id=evidence_id)


def working_copy_taken(evidence_id: UUID, *, by: str) -> None:
    """Add to the custody chain that a copy was taken which is not the evidence itself."""
    actions.note(by=by, verb="working copy taken", kind=Evidence.kind(), object_id=evidence_id)
