"""Word documents: as they read when every proposed change is accepted, and nothing besides."""

from __future__ import annotations

from ..formats.office import open_office
from ..limits import LIMITS, Limits
from . import openxml
from .workingcopy import WorkingCopy
from .xmlpart import Element, drop, each, name, parse, unwrap, value

_FOLLOWED = frozenset({"styles", "numbering", "settings", "footnotes", "endnotes", "header", "footer", "theme", "image"})
_SETTINGS = frozenset(
    {"defaultTabStop", "evenAndOddHeaders", "mirrorMargins", "characterSpacingControl", "decimalSymbol", "listSeparator"}
)
_GONE = frozenset(
    {
        "del", "moveFrom", "delText", "delInstrText", "rPrChange", "pPrChange", "sectPrChange", "tblPrChange",
        "tblPrExChange", "trPrChange", "tcPrChange", "tblGridChange", "numberingChange", "cellDel", "cellIns", "cellMerge",
        "moveFromRangeStart", "moveFromRangeEnd", "moveToRangeStart", "moveToRangeEnd",
        "commentRangeStart", "commentRangeEnd", "commentReference", "annotationRef",
        "instrText", "fldChar", "proofErr", "permStart", "permEnd", "bookmarkStart", "bookmarkEnd",
        "customXmlInsRangeStart", "customXmlInsRangeEnd", "customXmlDelRangeStart", "customXmlDelRangeEnd",
        "customXmlMoveFromRangeStart", "customXmlMoveFromRangeEnd", "customXmlMoveToRangeStart", "customXmlMoveToRangeEnd",
        "customXmlPr", "smartTagPr", "sdtPr", "sdtEndPr", "object", "control", "altChunk", "subDoc", "rsid", "rsids",
        "contentPart", "embedRegular", "embedBold", "embedItalic", "embedBoldItalic",
        "numPicBullet", "lvlPicBulletId", "extLst",
    }
)  # fmt: skip
_OPENED = frozenset({"ins", "moveTo", "sdt", "sdtContent", "customXml", "smartTag", "fldSimple"})
_HIDING = frozenset({"vanish", "specVanish", "webHidden"})
_NAMING = frozenset({"descr", "title", "alt", "spid", "gfxdata"})
_MARKS = frozenset({"paraId", "textId", "anchorId", "editId"})


def copy(content: bytes, *, limits: Limits = LIMITS) -> WorkingCopy:
    """The document anew. Raises `Malformed` or `Hostile`."""
    hidden = _hiding_styles(content, limits)

    def scrub(kind: str, root: Element) -> None:
        if kind == "settings":
            _only(root, _SETTINGS)
        else:
            _scrub(root, hidden=hidden)

    clean, warnings = openxml.rewrite(content, allowed=_FOLLOWED, scrub=scrub, limits=limits)
    return WorkingCopy(clean, "docx", tuple(warnings))


def _only(root: Element, wanted: frozenset[str]) -> None:
    for child in list(root):
        if name(child) not in wanted:
            drop(child)


def _scrub(root: Element, *, hidden: frozenset[str]) -> None:
    for row in each(root, {"tr"}):
        if any(name(mark) == "del" for held in row if name(held) == "trPr" for mark in held):
            drop(row)
    if name(root) != "styles":
        _drop_hidden(root, hidden=hidden)
    for element in each(root, _GONE):
        drop(element)
    for element in each(root, _OPENED):
        unwrap(element)
    for element in root.iter():
        _forget_attributes(element)


def _drop_hidden(root: Element, *, hidden: frozenset[str]) -> None:
    """Runs set to be hidden, by themselves or by a style; paragraphs by a style."""
    for properties in each(root, {"rPr", "pPr"}):
        holder = properties.getparent()
        styled = any(name(one) in ("rStyle", "pStyle") and value(one, "val") in hidden for one in properties)
        if styled or (name(holder) == "r" and _hides(properties)):
            if name(properties) == "rPr" and name(holder) == "r":
                drop(holder)
            elif name(holder) == "p":
                for run in each(holder, {"r"}):
                    drop(run)


def _hides(properties: Element) -> bool:
    return any(name(one) in _HIDING and value(one, "val") not in ("0", "false", "off") for one in properties)


def _hiding_styles(content: bytes, limits: Limits) -> frozenset[str]:
    """Styles whose text does not show, those built on them included."""
    raw = open_office(content, limits=limits).parts.get("word/styles.xml")
    hiding: set[str] = set()
    based: dict[str, str] = {}
    for style in each(parse(raw), {"style"}) if raw else ():
        key = value(style, "styleId")
        based[key] = next((value(one, "val") for one in style if name(one) == "basedOn"), "")
        if any(name(one) == "rPr" and _hides(one) for one in style):
            hiding.add(key)
    for _ in based:
        more = {key for key, base in based.items() if base in hiding} - hiding
        if not more:
            break
        hiding |= more
    return frozenset(hiding)


def _forget_attributes(element: Element) -> None:
    for key in list(element.attrib):
        plain = key.rpartition("}")[2]
        if plain.startswith("rsid") or plain in _MARKS or plain in _NAMING:
            del element.attrib[key]
        elif plain == "name" and name(element) in ("docPr", "cNvPr"):
            element.attrib[key] = ""
