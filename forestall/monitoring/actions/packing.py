"""Making the package: bytes, hashes, custody, proofs, a signed list of all that, and the file that verifies it.

Made from what the request says of itself, as often as it is asked for, and kept nowhere: the request keeps its hash, and
what can no longer be made to that hash is not handed out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256, sha512
from typing import Any

from django.conf import settings
from django.db import transaction

from forestall.access.session import Session
from forestall.base.canonical import canonical_json
from forestall.base.clock import now
from forestall.base.errors import Refused
from forestall.base.words import say
from forestall.collecting.names import ending
from forestall.documents import evidence_package as cover
from forestall.documents import typst_pdf
from forestall.documents.evidence_package import EvidencePackageContent, File
from forestall.documents.translations import in_language
from forestall.monitoring import packages, policies
from forestall.monitoring.models import PackageRequest
from forestall.monitoring.packages import Piece
from forestall.monitoring.states import PACKAGE, PackageState
from forestall.record import bag, chain, evidence
from forestall.record.actions import note, write
from forestall.record.bundle import verifier
from forestall.record.chain import Chain, Proven
from forestall.record.keys import signing_key
from forestall.record.models import Evidence

SCHEME = "forestall-package-1"
LIST, SIGNATURE, COVER, VERIFIER = "package.json", "package.json.sig", "cover.pdf", "forestall-verify"
MOST = 512 * 1024 * 1024
"""Bytes of one package: it is made in memory, so that nothing of it reaches the disk."""


@dataclass(frozen=True)
class Packed:
    """A whole package as a file. `name` tells the reference alone."""

    name: str
    content: bytes


@transaction.atomic
def assemble(asked: PackageRequest, *, by: Session) -> PackageRequest:
    """Fix what goes, the seal up to which custody is told and the signature, and note the hash of the whole.

    Again changes them to how things stand now. Raises `Refused` when nothing may go, `Unavailable` while what was
    received is not sealed, `Malformed` when bytes no longer match the hash taken when they were received.
    """
    step = PACKAGE.move(asked.state, PackageState.ASSEMBLED)
    by.check_may(step.verb)
    packages.check_seen(asked, by=by)
    policies.check_apart(by=by.person_id, counsel=asked.decided_by)
    going = [one for one in packages.pieces(asked) if one.goes]
    policies.check_something_goes([one.number for one in going])
    asked.included = [one.number for one in going]
    asked.sealed_at, asked.assembled_by, asked.assembled_at = chain.newest_seal().at, by.person_id, now()
    asked.signature = ""
    files = _files(asked, going)
    asked.signature = files[SIGNATURE].decode().strip()
    asked.digest, asked.state = sha256(_archive(asked, files)).hexdigest(), PackageState.ASSEMBLED
    return write(asked, by=by.person_id, verb=step.records)


@transaction.atomic
def take(asked: PackageRequest, *, by: Session) -> Packed:
    """The package, the same bytes each time; the custody of each file notes the export.

    Raises `Refused` when it can no longer be made as it was assembled: something was removed, withheld or taken back.
    """
    by.check_may("package.hand_over")
    packages.check_seen(asked, by=by)
    policies.check_apart(by=by.person_id, counsel=asked.decided_by)
    if asked.state not in (PackageState.ASSEMBLED, PackageState.HANDED_OVER):
        raise Refused(say("The package is not assembled yet."))
    going = [one for one in packages.pieces(asked) if one.goes]
    if [one.number for one in going] != asked.included:
        raise Refused(CHANGED)
    made = _archive(asked, _files(asked, going))
    if sha256(made).hexdigest() != asked.digest:
        raise Refused(CHANGED)
    for one in going:
        evidence.exported(one.piece.evidence_id, by=by.person_id)
    note(by=by.person_id, verb="exported", kind=asked.kind(), object_id=asked.id)
    return Packed(f"{_folder(asked)}.zip", made)


CHANGED = say("What may leave has changed since the package was assembled. Assemble it again.")


def _folder(asked: PackageRequest) -> str:
    return f"{'EXERCISE-' if settings.HOME.is_exercise else ''}{asked.reference}"


def _archive(asked: PackageRequest, files: dict[str, bytes]) -> bytes:
    return bag.archive(files, folder=_folder(asked))


def _files(asked: PackageRequest, going: Sequence[Piece]) -> dict[str, bytes]:
    """Every file of the bag by its name."""
    kept = [(one.number, one.evidence) for one in going if one.evidence is not None]
    if sum(one.size for _, one in kept) > MOST:
        raise Refused(say("This is more than %(size)s MB together. Record a second request for a part of it.", size=MOST // 1024**2))
    assert asked.sealed_at and asked.assembled_at
    proven = chain.proven([one.pk for _, one in kept], upto=asked.sealed_at, keys_at=asked.assembled_at, opened=asked.opened)
    payload = {_name(number, one): evidence.content(one) for number, one in kept}
    custody = {f"custody/{number:04d}.json": _custody(one) for (number, _), one in zip(kept, proven.chains, strict=True)}
    told = [_told(number, one, of) for (number, one), of in zip(kept, proven.chains, strict=True)]
    for file, content in zip(told, payload.values(), strict=True):
        file["sha512"] = sha512(content).hexdigest()
    tags = {**custody, COVER: _cover(asked, told), VERIFIER: verifier()}
    listed = _list(asked, told, tags=tags, proven=proven)
    signature = asked.signature or signing_key().sign(f"{SCHEME} ".encode() + listed).hex()
    signed = {**tags, LIST: listed, SIGNATURE: f"{signature}\n".encode()}
    return bag.bag(payload, tags=signed, info=_info(asked))


def _name(number: int, one: Evidence) -> str:
    """Its number, and its ending when that is a plain one: a name may tell who sent it."""
    suffix = ending(one.name)
    return f"{number:04d}.{suffix}" if re.fullmatch(r"[a-z0-9]{1,8}", suffix) else f"{number:04d}"


def _told(number: int, one: Evidence, of: Chain) -> dict[str, Any]:
    return {
        "number": number, "name": f"data/{_name(number, one)}", "sha256": one.sha256, "size": one.size,
        "media_type": one.media_type, "received_at": one.received_at, "evidence": one.pk,
        "custody": f"custody/{number:04d}.json", "looks": of.looks,
    }  # fmt: skip


def _custody(of: Chain) -> bytes:
    return _json({"evidence": of.evidence_id, "acts": of.acts, "looks": of.looks})


def _list(asked: PackageRequest, files: list[dict[str, Any]], *, tags: dict[str, bytes], proven: Proven) -> bytes:
    """The signed list: what the package is, every file in it with its hashes, what was left out, seals and keys."""
    assert asked.decided_at and asked.assembled_at
    numbers = [one.number for one in packages.pieces(asked)]
    return _json({
        "scheme": SCHEME, "reference": asked.reference, "exercise": settings.HOME.is_exercise,
        "requester": asked.requester, "authority": asked.authority, "purpose": asked.purpose,
        "received_on": asked.received_on, "decided_on": asked.decided_at.date(), "made_on": asked.assembled_at.date(),
        "files": files, "left_out": [one for one in numbers if one not in asked.included],
        "beside": {name: sha256(content).hexdigest() for name, content in sorted(tags.items())},
        "opened": asked.opened, "custody_upto": asked.sealed_at, "seals": proven.seals, "keys": proven.keys,
    })  # fmt: skip


def _json(value: object) -> bytes:
    """JSON that a person can read, spelled one way."""
    return (json.dumps(json.loads(canonical_json(value)), indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()


def _info(asked: PackageRequest) -> list[tuple[str, str]]:
    assert asked.assembled_at
    told = [
        ("External-Identifier", asked.reference),
        ("External-Description", "Evidence package: bytes as received, custody, and proof that the log holds it"),
        ("Bagging-Date", asked.assembled_at.date().isoformat()),
    ]
    return [*told, ("Internal-Sender-Description", "EXERCISE")] if settings.HOME.is_exercise else told


def _cover(asked: PackageRequest, files: list[dict[str, Any]]) -> bytes:
    content = _content(asked, files)
    for remark in cover.remarks(content):
        if remark.refuses:
            raise Refused(remark.words)
    return typst_pdf.pdf(cover.sheet(content), translate=in_language(asked.language))


def _content(asked: PackageRequest, files: list[dict[str, Any]]) -> EvidencePackageContent:
    """What the cover says of an assembled request and its files."""
    assert asked.decided_at and asked.assembled_at and asked.sealed_at
    numbers = [one.number for one in packages.pieces(asked)]
    return EvidencePackageContent(
        reference=asked.reference, language=asked.language, level=asked.level, exercise=settings.HOME.is_exercise,
        requester=asked.requester, authority=asked.authority, purpose=asked.purpose, received_on=asked.received_on,
        decided_on=asked.decided_at.date(), assembled_on=asked.assembled_at.date(), sealed_at=asked.sealed_at,
        opened=asked.opened, left_out=tuple(one for one in numbers if one not in asked.included),
        files=tuple(
            File(one["name"], one["size"], one["sha256"], one["received_at"], one["looks"][chain.LOOKED[0]]) for one in files
        ),
    )  # fmt: skip
