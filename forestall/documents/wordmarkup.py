"""The pieces of Word's own markup that python-docx has no name for, each put where the schema wants it."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm

LATIN, ARABIC, CHINESE = "IBM Plex Sans", "IBM Plex Sans Arabic", "Noto Sans SC"
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
# What python-docx's own starting file carries and a note must not: a picture of another document.
_LEFT_OUT = "docProps/thumbnail.jpeg"
# Word refuses a file whose paragraph properties are out of order: these come after a border, shading or direction.
_AFTER_BORDER = ("w:shd", "w:tabs", "w:suppressAutoHyphens", "w:bidi", "w:spacing", "w:ind", "w:jc", "w:rPr")
_AFTER_SHADING = _AFTER_BORDER[1:]
_AFTER_DIRECTION = (
    "w:adjustRightInd",
    "w:snapToGrid",
    "w:spacing",
    "w:ind",
    "w:contextualSpacing",
    "w:jc",
    "w:rPr",
)


def set_faces(properties: Any, *, language: str) -> None:
    """Name the faces for each script, and the language, on run properties."""
    faces = properties.get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        faces.attrib.pop(qn(f"w:{theme}"), None)
    for place, face in (("ascii", LATIN), ("hAnsi", LATIN), ("cs", ARABIC), ("eastAsia", CHINESE)):
        faces.set(qn(f"w:{place}"), face)
    for old in properties.findall(qn("w:lang")):
        properties.remove(old)
    spoken = OxmlElement("w:lang")
    for place in ("val", "bidi", "eastAsia"):
        spoken.set(qn(f"w:{place}"), {"zh": "zh-CN"}.get(language, language))
    properties.append(spoken)


def set_complex_size(properties: Any, *, points: float) -> None:
    """The size of Arabic text, which Word keeps apart from that of Latin text."""
    for old in properties.findall(qn("w:szCs")):
        properties.remove(old)
    size = OxmlElement("w:szCs")
    size.set(qn("w:val"), str(round(points * 2)))
    properties.insert_element_before(size, "w:highlight", "w:u", "w:vertAlign", "w:rtl", "w:cs", "w:lang")


def set_right_to_left(paragraph: Any) -> None:
    """Let a paragraph run from right to left; setting it again changes nothing."""
    properties = paragraph._p.get_or_add_pPr()
    if properties.find(qn("w:bidi")) is None:
        properties.insert_element_before(OxmlElement("w:bidi"), *_AFTER_DIRECTION)


def set_edge_line(paragraph: Any, *, side: str) -> None:
    """A line along one side (`left` or `right`) of a paragraph."""
    border, line = OxmlElement("w:pBdr"), OxmlElement(f"w:{side}")
    for name, value in (("val", "single"), ("sz", "12"), ("space", "6"), ("color", "15181C")):
        line.set(qn(f"w:{name}"), value)
    border.append(line)
    paragraph._p.get_or_add_pPr().insert_element_before(border, *_AFTER_BORDER)


def set_shading(paragraph: Any, *, fill: str) -> None:
    """A ground of one colour (six hexadecimal digits) behind a paragraph."""
    shading = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", fill)):
        shading.set(qn(f"w:{name}"), value)
    paragraph._p.get_or_add_pPr().insert_element_before(shading, *_AFTER_SHADING)


def add_field(paragraph: Any, *, name: str) -> tuple[Any, ...]:
    """A field Word fills in, such as `PAGE`; its runs."""
    runs = []
    for kind in ("begin", "", "end"):
        run = paragraph.add_run()
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = name
        run._r.append(part)
        runs.append(run)
    return tuple(runs)


def set_widths(table: Any, *, millimetres: tuple[float, ...]) -> None:
    """The widths of a table's columns, on the grid and on each cell, because readers differ in which they heed."""
    table.autofit = False
    for column, width in zip(table.columns, millimetres, strict=True):
        column.width = Mm(width)
        for cell in column.cells:
            cell.width = Mm(width)


def repeat_as_head(row: Any) -> None:
    """Mark a row as the table's head: read aloud with each cell, and repeated on the next page."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def with_fixed_times(document: Any) -> bytes:
    """The document's bytes with every entry at the same moment and without what it must not carry."""
    made, fixed = io.BytesIO(), io.BytesIO()
    document.save(made)
    with zipfile.ZipFile(made) as found, zipfile.ZipFile(fixed, "w") as kept:
        for name in found.namelist():
            if name != _LEFT_OUT:
                content = _without_picture(found.read(name), name=name)
                kept.writestr(zipfile.ZipInfo(name, _ZIP_EPOCH), content, compress_type=zipfile.ZIP_DEFLATED)
    return fixed.getvalue()


def _without_picture(content: bytes, *, name: str) -> bytes:
    if name != "_rels/.rels":
        return content
    start = content.find(b"<Relationship ", 0)
    while start >= 0:
        end = content.find(b"/>", start) + 2
        if b"thumbnail" in content[start:end]:
            return content[:start] + content[end:]
        start = content.find(b"<Relationship ", end)
    return content
