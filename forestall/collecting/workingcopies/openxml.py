"""Word and PowerPoint files put together anew: from the first part along the relations that are named, and no others.

Whatever is not reached that way (what the file says of itself, remarks, custom XML, thumbnails, embedded files, printer
settings, fonts, other people's additions) is never copied, whatever it is called.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field

from forestall.base.errors import Malformed
from forestall.base.words import Words, say

from ..formats.office import open_office
from ..formats.package import guard, open_package, read_member
from ..limits import LIMITS, Limits
from . import picture
from .xmlpart import Element, drop, each, name, parse, spell, unwrap, value

_PACKAGE = "http://schemas.openxmlformats.org/package/2006/"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_R = "{" + _OFFICE + "}"
_CARRIERS = frozenset(
    {"drawing", "pict", "object", "pic", "graphicFrame", "control", "sldId", "sldMasterId", "sldLayoutId", "bg", "altChunk"}
    | {"headerReference", "footerReference", "subDoc", "contentPart", "blip", "numPicBullet"}
)
_LINKS = frozenset({"hyperlink", "hlinkClick", "hlinkHover", "hlinkMouseOver"})
_ZERO = (1980, 1, 1, 0, 0, 0)

Scrub = Callable[[str, Element], None]


@dataclass
class Anew:
    """A file on its way: `allowed` relations are followed, every part goes through `scrub` under its kind."""

    parts: dict[str, bytes]
    kinds: dict[str, str]
    allowed: frozenset[str]
    scrub: Scrub
    written: dict[str, bytes] = field(default_factory=dict)
    pictures: dict[str, str] = field(default_factory=dict)
    lost: int = 0

    def bring(self, path: str, *, kind: str) -> None:
        """Copy the part at `path`, and what it leads to."""
        if path in self.written:
            return
        self.written[path] = b""
        root = parse(self.parts[path])
        kept = {one: target for one, target in self._relations(path).items() if self._brought(*target)}
        self.scrub(kind, root)
        _cut_loose_ends(root, known=frozenset(kept))
        self.written[path] = spell(root)
        if kept:
            self.written[_relations_of(path)] = _spell_relations(
                {one: (found, self._from(path, target)) for one, (found, target) in kept.items()}
            )

    def _relations(self, path: str) -> dict[str, tuple[str, str]]:
        raw = self.parts.get(_relations_of(path))
        found: dict[str, tuple[str, str]] = {}
        for one in parse(raw) if raw else ():
            kind = value(one, "Type").rpartition("/")[2]
            if value(one, "TargetMode") == "External" or kind not in self.allowed:
                continue
            target = posixpath.normpath(posixpath.join("/", posixpath.dirname(path), value(one, "Target"))).lstrip("/")
            if target in self.parts:
                found[value(one, "Id")] = (kind, target)
        return found

    def _brought(self, kind: str, target: str) -> bool:
        """Whether the part a relation leads to is in the copy now."""
        if kind == "image":
            return self._drawn(target)
        self.bring(target, kind=kind)
        return True

    def _drawn(self, target: str) -> bool:
        if target not in self.pictures:
            try:
                drawn = picture.copy(self.parts[target])
            except Malformed:
                self.lost += 1
                self.pictures[target] = ""
                return False
            folder = target.partition("/")[0]
            self.pictures[target] = f"{folder}/media/image{len(self.pictures) + 1}.{drawn.ending}"
            self.written[self.pictures[target]] = drawn.content
        return bool(self.pictures[target])

    def _from(self, path: str, target: str) -> str:
        return posixpath.relpath(self.pictures.get(target, target), posixpath.dirname(path))


def rewrite(
    content: bytes,
    *,
    allowed: frozenset[str],
    scrub: Scrub,
    limits: Limits = LIMITS,
    without: frozenset[str] = frozenset(),
) -> tuple[bytes, list[Words]]:
    """The file anew without these parts, and what its reader must know. Raises `Malformed` or `Hostile`."""
    open_office(content, limits=limits)  # objects that run and templates from outside are refused
    with open_package(content) as package:
        guard(package, members=limits.package_members, limits=limits)
        parts = {info.filename: read_member(package, info, limits=limits) for info in package.infolist()}
    parts = {path: part for path, part in parts.items() if path not in without}
    try:
        kinds = _kinds(parts["[Content_Types].xml"])
        main = _main(parts)
        anew = Anew(parts, kinds, allowed, scrub)
        anew.bring(main, kind="main")
    except KeyError as error:
        raise Malformed(say("The document is broken: a part of it is missing.")) from error
    anew.written["_rels/.rels"] = _spell_relations({"rId1": ("officeDocument", main)})
    anew.written["[Content_Types].xml"] = _spell_kinds(anew)
    lost = say("Pictures of a form that cannot be cleaned are not in the copy: %(count)s", count=anew.lost)
    return pack(anew.written), [lost] if anew.lost else []


def _kinds(raw: bytes) -> dict[str, str]:
    return {value(one, "PartName").lstrip("/"): value(one, "ContentType") for one in each(parse(raw), {"Override"})}


def _main(parts: dict[str, bytes]) -> str:
    for one in parse(parts["_rels/.rels"]):
        if value(one, "Type").endswith("/officeDocument"):
            return value(one, "Target").lstrip("/")
    raise KeyError("officeDocument")


def _relations_of(path: str) -> str:
    folder, file = posixpath.split(path)
    return posixpath.join(folder, "_rels", f"{file}.rels")


def _spell_relations(found: dict[str, tuple[str, str]]) -> bytes:
    lines = "".join(
        f'<Relationship Id="{_plain(one)}" Type="{_OFFICE}/{kind}" Target="{_plain(target)}"/>'
        for one, (kind, target) in sorted(found.items())
    )
    return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Relationships xmlns="{_PACKAGE}relationships">{lines}</Relationships>'.encode()


def _spell_kinds(anew: Anew) -> bytes:
    defaults = {"rels": f"application/vnd.openxmlformats-package.{'relationships'}+xml", "xml": "application/xml"}
    defaults |= {"png": "image/png", "jpg": "image/jpeg"}
    lines = "".join(f'<Default Extension="{end}" ContentType="{kind}"/>' for end, kind in defaults.items())
    lines += "".join(
        f'<Override PartName="/{_plain(path)}" ContentType="{_plain(anew.kinds[path])}"/>'
        for path in sorted(anew.written)
        if path in anew.kinds
    )
    return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Types xmlns="{_PACKAGE}content-types">{lines}</Types>'.encode()


def _plain(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


def _cut_loose_ends(root: Element, *, known: frozenset[str]) -> None:
    """What leads to a part that stayed behind goes; of a link its words stay."""
    for element in list(root.iter()):
        loose = [key for key, found in element.attrib.items() if key.startswith(_R) and found not in known]
        if not loose:
            continue
        for key in loose:
            del element.attrib[key]
        if name(element) in _LINKS:
            (unwrap if name(element) == "hyperlink" else drop)(element)
            continue
        carrier = next((one for one in (element, *element.iterancestors()) if name(one) in _CARRIERS - {"blip"}), None)
        if carrier is not None and carrier.getparent() is not None:
            drop(carrier)
    for link in each(root, {"hyperlink"}):
        unwrap(link)


def pack(parts: dict[str, bytes], *, first: str = "[Content_Types].xml") -> bytes:
    """A ZIP whose bytes depend on the parts alone. `first` stands first, unpacked when it is ODF's sign."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for path in sorted(parts, key=lambda one: (one != first, one)):
            info = zipfile.ZipInfo(path, date_time=_ZERO)
            info.compress_type = zipfile.ZIP_STORED if path == "mimetype" else zipfile.ZIP_DEFLATED
            package.writestr(info, parts[path])
    return out.getvalue()
