"""Presentations: the slides that show, without speaker's notes, remarks, animations and embedded files."""

from __future__ import annotations

import posixpath

from ..formats.office import open_office
from ..limits import LIMITS, Limits
from . import openxml
from .workingcopy import WorkingCopy
from .xmlpart import Element, drop, each, name, parse, value

_FOLLOWED = frozenset({"slide", "slideLayout", "slideMaster", "theme", "tableStyles", "image"})
_GONE = frozenset(
    {
        "extLst", "custDataLst", "timing", "transition", "hlinkClick", "hlinkHover", "hlinkMouseOver", "snd", "controls",
        "embeddedFontLst", "custShowLst", "notesMasterIdLst", "handoutMasterIdLst", "modifyVerifier", "photoAlbum",
        "audioFile", "videoFile", "wavAudioFile", "quickTimeFile", "audioCd", "oleObj", "contentPart",
    }
)  # fmt: skip


def copy(content: bytes, *, limits: Limits = LIMITS) -> WorkingCopy:
    """The presentation anew. Raises `Malformed` or `Hostile`."""
    unshown = _unshown(content, limits)

    def scrub(kind: str, root: Element) -> None:
        if kind == "main":
            for slide in each(root, {"sldId"}):
                if _relation(slide) in unshown:
                    drop(slide)
        for element in each(root, _GONE):
            drop(element)
        for element in root.iter():
            _forget_attributes(element)

    clean, warnings = openxml.rewrite(
        content, allowed=_FOLLOWED, scrub=scrub, limits=limits, without=frozenset(unshown.values())
    )
    return WorkingCopy(clean, "pptx", tuple(warnings))


def _relation(slide: Element) -> str:
    return next((str(found) for key, found in slide.attrib.items() if "relationships}id" in key), "")


def _unshown(content: bytes, limits: Limits) -> dict[str, str]:
    """Slides set not to be shown: their relation's id in the presentation, and their part."""
    parts = open_office(content, limits=limits).parts
    raw = parts.get("ppt/_rels/presentation.xml.rels")
    found: dict[str, str] = {}
    for one in parse(raw) if raw else ():
        target = posixpath.normpath(posixpath.join("ppt", value(one, "Target"))).lstrip("/")
        is_slide = value(one, "Type").endswith("/slide") and target in parts
        if is_slide and value(parse(parts[target]), "show") in ("0", "false"):
            found[value(one, "Id")] = target
    return found


def _forget_attributes(element: Element) -> None:
    if name(element) == "cNvPr":
        for key in list(element.attrib):
            if key in ("descr", "title"):
                del element.attrib[key]
            elif key == "name":
                element.attrib[key] = ""
