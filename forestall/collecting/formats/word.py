"""Word: the text a reader sees, with insertions; deleted and hidden text apart. Macros and remote parts are refused."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from forestall.base.errors import Malformed
from forestall.base.words import say

from ..flags import Flag, FlagCode
from ..hostile import Hostile
from ..limits import LIMITS, Limits
from . import safexml
from .office import Office, Properties, open_office

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element  # noqa: TID251 - the type only; parsing is defusedxml's

_DDE = re.compile(r"^\s*(?:DDE|DDEAUTO)\b", re.IGNORECASE)
_STORIES = re.compile(r"word/(?:header\d*|document\d*|footnotes|endnotes|footer\d*)\.xml")
_ORDER = ("header", "document", "footnotes", "endnotes", "footer")
_OFF = frozenset({"0", "false", "off", "none"})


@dataclass(frozen=True)
class Paper:
    """A Word document's text, what a reader would not see, and what it says of itself."""

    text: str
    hidden: str
    properties: Properties
    flags: tuple[Flag, ...]


@dataclass
class _Texts:
    seen: list[str] = field(default_factory=list)
    unseen: list[str] = field(default_factory=list)
    fields: list[str] = field(default_factory=list)
    deleted: bool = False
    vanished: bool = False


def read(content: bytes, *, limits: Limits = LIMITS) -> Paper:
    """The document in `content`. Raises `Malformed` or `Hostile`."""
    office = open_office(content, limits=limits)
    stories = [name for name in office.parts if _STORIES.fullmatch(name)]
    if not any("document" in name for name in stories):
        raise Malformed(say("The Word file has no document in it."))
    texts = _Texts()
    for name in sorted(stories, key=_place):
        _walk(safexml.parse(office.parts[name], limits=limits).root, texts, hidden=False)
        texts.seen.append("\n")
    if any(_DDE.match(code) for code in ["".join(texts.fields), *texts.fields]):
        raise Hostile(say("The document holds a field that starts another program (DDE)."))
    seen = re.sub(r"\n{3,}", "\n\n", "".join(texts.seen)).strip()
    return Paper(seen, "".join(texts.unseen).strip(), office.properties, _flags(office, texts))


def _place(name: str) -> tuple[int, str]:
    return next(at for at, word in enumerate(_ORDER) if word in name), name


def _walk(element: Element, texts: _Texts, *, hidden: bool) -> None:
    """Depth is bounded by the reader of the XML."""
    name = safexml.local_name(element)
    if name == "deltext":
        texts.deleted = True
        texts.unseen.append(element.text or "")
    elif name == "t":
        (texts.unseen if hidden else texts.seen).append(element.text or "")
        texts.vanished = texts.vanished or (hidden and bool((element.text or "").strip()))
    elif name in {"instrtext", "fldsimple"}:
        texts.fields.append(element.text or next((v for k, v in element.items() if k.endswith("instr")), ""))
    elif name in {"tab", "br", "cr"}:
        texts.seen.append("\t" if name == "tab" else "\n")
    hidden = hidden or (name == "r" and _vanishes(element))
    start = len(texts.seen)
    for child in element:
        _walk(child, texts, hidden=hidden)
    if name == "p":
        texts.seen.append("\n")
    elif name in {"tc", "tr"}:
        inner = "".join(texts.seen[start:])
        cell = " ".join(inner.split()) + "\t"
        texts.seen[start:] = [cell if name == "tc" else inner.rstrip("\t\n") + "\n"]


def _vanishes(run: Element) -> bool:
    """Hidden, white, or one half-point small."""
    for properties in run:
        if safexml.local_name(properties) != "rpr":
            continue
        for setting in properties:
            value = next((v for k, v in setting.items() if k.endswith("}val")), "").lower()
            name = safexml.local_name(setting)
            if (name == "vanish" and value not in _OFF) or (name == "sz" and value in {"1", "2"}):
                return True
            if name == "color" and value == "ffffff" and not _shaded(properties):
                return True
    return False


def _shaded(properties: Element) -> bool:
    return any(safexml.local_name(setting) in {"shd", "highlight"} for setting in properties)


def _flags(office: Office, texts: _Texts) -> tuple[Flag, ...]:
    flags = list(office.flags)
    if texts.deleted:
        flags.append(Flag(FlagCode.TRACKED_CHANGES))
    if texts.vanished:
        flags.append(Flag(FlagCode.HIDDEN_TEXT, "".join(texts.unseen)[:120]))
    return tuple(flags)
