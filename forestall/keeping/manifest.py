"""What a backup says it holds, under a code that only its home can write."""

from __future__ import annotations

import hmac
import json
from dataclasses import dataclass, field
from datetime import datetime

from forestall import __version__
from forestall.base.canonical import canonical_json, sha256
from forestall.base.clock import now
from forestall.base.errors import Malformed
from forestall.base.words import say

from .archive import Member, code

FORMAT = 1


@dataclass(frozen=True)
class Manifest:
    """`what` is data or keys; `home` tells one home from another; the rest is as the database said when it was copied."""

    what: str
    home: str
    at: datetime
    members: list[Member]
    version: str = __version__
    entries: int = 0
    root: str = ""
    applied: list[tuple[str, str]] = field(default_factory=list)

    def spelled(self, secret: str) -> bytes:
        told = {
            "format": FORMAT, "what": self.what, "home": self.home, "at": self.at, "version": self.version,
            "entries": self.entries, "root": self.root, "applied": self.applied, "members": self.members,
        }  # fmt: skip
        said = canonical_json(told)
        return canonical_json({"said": said, "code": code(secret, said)}).encode()


def home_id(secret: str) -> str:
    """What tells one home from another, and nothing else of it."""
    return sha256(f"forestall home|{secret}")


def made(what: str, members: list[Member], *, secret: str, entries: int = 0, root: str = "", applied: list[tuple[str, str]] | None = None) -> bytes:
    """The manifest of an archive that is being written, as bytes."""
    return Manifest(what, home_id(secret), now(), members, entries=entries, root=root, applied=applied or []).spelled(secret)


def checked(spelled: bytes, *, what: str, found: list[Member], secret: str) -> Manifest:
    """A manifest held against what was found beside it, and against the secret of its home. Raises `Malformed`."""
    try:
        outer = json.loads(spelled)
        said = str(outer["said"])
        told = json.loads(said)
        if told["format"] != FORMAT:
            raise Malformed(say("This backup was made by a newer version. Restore it with that version."))
        manifest = Manifest(
            what=told["what"], home=told["home"], at=datetime.fromisoformat(told["at"]), version=told["version"],
            members=[Member(*one) for one in told["members"]], entries=told["entries"], root=told["root"],
            applied=[(app, name) for app, name in told["applied"]],
        )  # fmt: skip
    except (ValueError, KeyError, TypeError) as error:
        raise Malformed(say("The manifest of the backup cannot be read.")) from error
    if manifest.what != what:
        raise Malformed(say("This archive holds something else: name the data archive first and the keys with --keys."))
    if manifest.home != home_id(secret) or not hmac.compare_digest(code(secret, said), str(outer["code"])):
        raise Malformed(say("The backup and the keys beside it are of two homes, or one was forged. Use the keys of its own home."))
    if sorted(manifest.members) != sorted(found):
        raise Malformed(say("What the backup holds is not what its manifest tells. Use another backup."))
    return manifest
