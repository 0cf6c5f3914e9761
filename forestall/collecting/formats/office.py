"""What Word and Excel files share: guards, relations that point outside, properties."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from datetime import datetime

from forestall.base.words import say

from ..flags import Flag, FlagCode
from ..hostile import Hostile
from ..limits import LIMITS, Limits
from . import safexml
from .package import guard, open_package, read_member

_FETCHED = re.compile(r"^(?:https?|ftp|mhtml|ms-[a-z]+|\\\\|//|file:/{2,4}[^/]+\.|file:\\\\)", re.IGNORECASE)
_LOADED = frozenset({"attachedTemplate", "oleObject", "frame", "subDocument", "externalLinkPath", "package"})


@dataclass(frozen=True)
class Properties:
    """What an Office file says of itself. Dates are as written (W3CDTF)."""

    title: str = ""
    author: str = ""
    language: str = ""
    created: str = ""
    modified: str = ""


@dataclass(frozen=True)
class Office:
    """An Office container that passed its guards, with its XML parts still as bytes."""

    parts: dict[str, bytes]
    properties: Properties
    flags: tuple[Flag, ...]


def open_office(content: bytes, *, limits: Limits = LIMITS) -> Office:
    """The XML parts of the Office file `content`. Raises `Hostile` or `Malformed`; nothing outside is touched."""
    with open_package(content) as package:
        guard(package, members=limits.package_members, limits=limits)
        _refuse_objects(package)
        parts = {
            info.filename: read_member(package, info, limits=limits)
            for info in package.infolist()
            if info.filename.endswith((".xml", ".rels"))
        }
    flags = tuple(_outside(parts)) + tuple(_embedded(content))
    return Office(parts, _properties(parts.get("docProps/core.xml")), flags)


def _refuse_objects(package: zipfile.ZipFile) -> None:
    for name in package.namelist():
        if re.search(r"(?:embeddings|activeX)/[^/]*\.(?:bin|exe|js|vbs|bat)$", name, re.IGNORECASE):
            raise Hostile(say("The document holds an object that can run (OLE)."))


def _embedded(content: bytes) -> list[Flag]:
    with open_package(content) as package:
        names = [name for name in package.namelist() if "/embeddings/" in name]
    return [Flag(FlagCode.EMBEDDED_FILE, ", ".join(sorted(names)[:3]))] if names else []


def _outside(parts: dict[str, bytes]) -> list[Flag]:
    """Relations to the outside are dropped and named; one that would load at opening is refused."""
    targets = []
    for name in sorted(parts):
        if not name.endswith(".rels"):
            continue
        for relation in safexml.parse(parts[name]).root:
            if relation.get("TargetMode") != "External":
                continue
            kind, target = str(relation.get("Type", "")).rpartition("/")[2], str(relation.get("Target", ""))
            if kind in _LOADED and _FETCHED.match(target):
                raise Hostile(
                    say(
                        "The document would load something from outside when opened: %(target)s.",
                        target=target[:120],
                    )
                )
            if kind != "hyperlink":
                targets.append(target)
    return [Flag(FlagCode.EXTERNAL_LINK, ", ".join(targets[:3])[:200])] if targets else []


def _properties(core: bytes | None) -> Properties:
    if core is None:
        return Properties()
    found = {safexml.local_name(part): (part.text or "").strip() for part in safexml.parse(core).root}
    return Properties(
        title=found.get("title", ""),
        author=found.get("creator", ""),
        language=found.get("language", ""),
        created=found.get("created", ""),
        modified=found.get("modified", ""),
    )


def w3c_date(text: str) -> datetime | None:
    """A property's date, aware, or None."""
    try:
        found = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return None
    return found if found.tzinfo else None
