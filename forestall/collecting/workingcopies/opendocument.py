"""OpenDocument texts: as they read when every proposed change is accepted, and nothing besides."""

from __future__ import annotations

from forestall.base.errors import Malformed
from forestall.base.words import say

from ..formats.package import guard, open_package, read_member
from ..limits import LIMITS, Limits
from . import picture
from .openxml import pack
from .workingcopy import WorkingCopy
from .xmlpart import Element, drop, each, name, parse, spell, unwrap, value

_TEXT = b"application/vnd.oasis.opendocument.text"
_GONE = frozenset(
    {
        "annotation", "annotation-end", "tracked-changes", "change", "change-start", "change-end", "scripts", "script",
        "event-listeners", "forms", "object", "object-ole", "plugin", "applet", "floating-frame", "hidden-text",
        "hidden-paragraph", "author-name", "author-initials", "creator", "initial-creator", "editing-cycles", "file-name",
        "template-name", "user-defined", "printed-by", "description", "keywords", "subject", "title", "desc",
        "variable-decls", "user-field-decls", "dde-connection-decls", "dde-connection", "database-display",
        "sender-firstname", "sender-lastname", "sender-initials", "sender-email", "sender-company", "sender-phone-private",
        "sender-phone-work", "sender-street", "sender-city", "sender-title", "sender-position", "modification-date",
        "creation-date", "modification-time", "creation-time", "bookmark", "bookmark-start", "bookmark-end",
        "reference-mark", "reference-mark-start", "reference-mark-end", "soft-page-break", "alphabetical-index-auto-mark-file",
        "binary-data", "placeholder", "conditional-text", "execute-macro", "meta",
    }
)  # fmt: skip
_OPENED = frozenset({"a", "meta-field"})
_MARKS = ("rsid", "paragraph-rsid")


def copy(content: bytes, *, limits: Limits = LIMITS) -> WorkingCopy:
    """The text anew. Raises `Malformed` when it is another kind of OpenDocument, or broken."""
    with open_package(content) as package:
        guard(package, members=limits.package_members, limits=limits)
        parts = {info.filename: read_member(package, info, limits=limits) for info in package.infolist()}
    if parts.get("mimetype", b"").strip() != _TEXT or "content.xml" not in parts:
        raise Malformed(say("Of OpenDocument files, only texts (ODT) have a working copy. Ask for PDF."))
    written: dict[str, bytes] = {"mimetype": _TEXT}
    trees = {path: parse(parts[path]) for path in ("content.xml", "styles.xml") if path in parts}
    hidden = frozenset().union(*(_hiding(tree) for tree in trees.values()))
    lost = 0
    for path, tree in trees.items():
        _scrub(tree, hidden=hidden)
        lost += _pictures(tree, parts, written)
        written[path] = spell(tree)
    written["META-INF/manifest.xml"] = _manifest(written)
    told = (say("Pictures of a form that cannot be cleaned are not in the copy: %(count)s", count=lost),) if lost else ()
    return WorkingCopy(pack(written, first="mimetype"), "odt", told)


def _hiding(root: Element) -> frozenset[str]:
    """Styles whose text does not show."""
    return frozenset(
        value(style, "name")
        for style in each(root, {"style"})
        if any(name(one) == "text-properties" and value(one, "display") == "none" for one in style)
    )


def _scrub(root: Element, *, hidden: frozenset[str]) -> None:
    for element in each(root, {"span", "p", "h", "section"}):
        if value(element, "style-name") in hidden or value(element, "display") in ("none", "condition"):
            drop(element)
    for element in each(root, _GONE):
        if name(element) != "meta" or element is not root:
            drop(element)
    for element in each(root, _OPENED):
        unwrap(element)
    for element in root.iter():
        for key in list(element.attrib):
            plain = key.rpartition("}")[2]
            if plain in _MARKS or (plain == "name" and key.startswith("{urn:oasis:names:tc:opendocument:xmlns:drawing")):
                del element.attrib[key]


def _pictures(root: Element, parts: dict[str, bytes], written: dict[str, bytes]) -> int:
    """Draw the pictures anew; returns how many could not be, or lie outside."""
    lost = 0
    for image in each(root, {"image", "fill-image", "background-image"}):
        key = next((key for key in image.attrib if key.endswith("}href")), "")
        try:
            drawn = picture.copy(parts[image.attrib[key].removeprefix("./")])
        except (KeyError, Malformed):
            lost += bool(key)
            drop(image)
            continue
        path = f"Pictures/image{len(written)}.{drawn.ending}"
        written[path] = drawn.content
        image.attrib[key] = path
    return lost


def _manifest(written: dict[str, bytes]) -> bytes:
    kinds = {"xml": "text/xml", "png": "image/png", "jpg": "image/jpeg"}
    space = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    lines = f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_TEXT.decode()}"/>' + "".join(
        f'<manifest:file-entry manifest:full-path="{path}" manifest:media-type="{kinds[path.rpartition(".")[2]]}"/>'
        for path in sorted(written)
        if path != "mimetype"
    )
    return f'<?xml version="1.0" encoding="UTF-8"?><manifest:manifest xmlns:manifest="{space}">{lines}</manifest:manifest>'.encode()
