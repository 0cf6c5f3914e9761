"""Files that carry a mark in every place where a program writes what nobody sees."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

import docx
import openpyxl
import pikepdf
from openpyxl.comments import Comment
from openpyxl.workbook.defined_name import DefinedName
from PIL import Image, PngImagePlugin

MARK = "AminaOfWard7"
"""Must not come along, wherever it stands."""
SHOWN = "The road is closed."
"""What stands there for all to see, and must."""
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def photograph(form: str = "JPEG") -> bytes:
    """A picture with place, maker's note, thumbnail, remark, XMP and colour profile, all marked."""
    image = Image.new("RGB", (64, 48), (40, 90, 160))
    image.putpixel((1, 1), (255, 255, 255))
    about: dict[str, Any] = {}
    exif = Image.Exif()
    exif[0x010E], exif[0x013B] = f"{MARK} describes", f"{MARK} artist"
    exif.get_ifd(0x8825)[0x001D] = f"{MARK} gps"
    exif.get_ifd(0x8769)[0x927C] = f"{MARK} maker".encode()
    if form in ("JPEG", "TIFF", "WEBP", "PNG"):
        about["exif"] = exif
    if form in ("JPEG", "WEBP"):
        about["xmp"] = f"<x:xmpmeta>{MARK}</x:xmpmeta>".encode()
        about["icc_profile"] = f"{MARK} profile".encode()
    if form in ("JPEG", "GIF"):
        about["comment"] = f"{MARK} remark".encode()
    if form == "PNG":
        texts = PngImagePlugin.PngInfo()
        texts.add_text("Author", MARK)
        texts.add_itxt("XML:com.adobe.xmp", f"<x>{MARK}</x>")
        about["pnginfo"] = texts
        about["icc_profile"] = f"{MARK} profile".encode()
    if form == "TIFF":
        about["tiffinfo"] = {270: f"{MARK} tiff", 700: f"{MARK} xmp".encode()}
    out = io.BytesIO()
    image.save(out, form, **about)
    return out.getvalue()


def second_thumbnail() -> bytes:
    """A photograph with another whole picture in an application segment, and more after its end."""
    plain = photograph()
    inner = photograph()
    segment = b"\xff\xe2" + (len(inner) + 2).to_bytes(2, "big") + inner
    return plain[:2] + segment + plain[2:] + MARK.encode()


def paper() -> bytes:
    """A PDF with everything that a PDF can carry beside its pages, and an earlier state of itself."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(300, 300))
    font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
    page.obj.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
    page.obj.Contents = pdf.make_stream(f"BT /F1 14 Tf 20 200 Td ({SHOWN}) Tj ET".encode())
    photo = pdf.make_stream(photograph())
    photo.Type, photo.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
    photo.Width, photo.Height, photo.BitsPerComponent = 64, 48, 8
    photo.ColorSpace, photo.Filter = pikepdf.Name.DeviceRGB, pikepdf.Name.DCTDecode
    page.obj.Resources.XObject = pikepdf.Dictionary(Im1=photo)
    page.contents_add(b"q 64 0 0 48 20 20 cm /Im1 Do Q")
    page.obj.PieceInfo = pikepdf.Dictionary(App=pikepdf.Dictionary(Private=f"{MARK} private"))
    page.obj.AA = pikepdf.Dictionary(O=_script(f"{MARK} page"))
    note = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, Rect=[10, 10, 20, 20], T=f"{MARK} author", Contents=f"{MARK} note"
    )
    link = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[30, 30, 50, 50],
        A=pikepdf.Dictionary(S=pikepdf.Name.URI, URI=f"http://example.org/{MARK}"),
    )  # fmt: skip
    page.obj.Annots = pdf.make_indirect(pikepdf.Array([note, link]))
    pdf.Root.OpenAction = _script(f"app.alert('{MARK}')")
    pdf.Root.Names = pikepdf.Dictionary(JavaScript=pikepdf.Dictionary(Names=["x", _script(f"{MARK} named")]))
    pdf.attachments[f"{MARK}.txt"] = f"{MARK} within".encode()
    pdf.docinfo["/Author"], pdf.docinfo["/Company"] = f"{MARK} author", MARK
    pdf.Root.Metadata = pdf.make_stream(f"<x:xmpmeta>{MARK}</x:xmpmeta>".encode())
    out = io.BytesIO()
    pdf.save(out, compress_streams=False)
    return _revised(out.getvalue())


def _script(text: str) -> pikepdf.Dictionary:
    return pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=text)


def _revised(before: bytes) -> bytes:
    """The same with an object more that an incremental update has put aside again."""
    start = int(before.rsplit(b"startxref", 1)[1].split()[0])
    old = f"\n9999 0 obj\n({MARK} earlier)\nendobj\n".encode()
    place = len(before) + 1
    found = re.search(rb"/Root \d+ \d+ R", before)
    assert found
    table = f"xref\n9999 1\n{place:010d} 00000 n \ntrailer\n<< /Size 10000 /Prev {start} ".encode() + found[0] + b" >>\n"
    at = len(before) + len(old)
    return before + old + table + f"startxref\n{at}\n%%EOF\n".encode()


def covered_paper(*, how: str) -> bytes:
    """A PDF with words that do not show: under a black box, white on white, under a box in the margin's notes; or none."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(300, 300))
    font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
    page.obj.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
    secret = f"BT /F1 14 Tf 20 100 Td ({MARK}) Tj ET"
    drawn = {
        "under a box": f"{secret} 0 g 10 90 200 30 re f",
        "white on white": f"1 g {secret}",
        "under a note's box": secret,
        "white on black": "0 g 10 90 200 30 re f 1 g BT /F1 14 Tf 20 100 Td (A heading) Tj ET",
        "plain": "BT /F1 14 Tf 20 100 Td (Nothing is hidden here) Tj ET",
    }[how]
    page.obj.Contents = pdf.make_stream(f"BT /F1 14 Tf 20 200 Td ({SHOWN}) Tj ET {drawn}".encode())
    if how == "under a note's box":
        look = pdf.make_stream(b"0 g 0 0 200 30 re f")
        look.Type, look.Subtype, look.BBox = pikepdf.Name.XObject, pikepdf.Name.Form, [0, 0, 200, 30]
        box = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Square, Rect=[10, 90, 210, 120], F=4,
            AP=pikepdf.Dictionary(N=look),
        )  # fmt: skip
        page.obj.Annots = pikepdf.Array([pdf.make_indirect(box)])
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


def document() -> bytes:
    """A Word document with marks in properties, remarks, changes, hidden text, fields, custom XML, pictures and names."""
    made = docx.Document()
    for one in ("author", "last_modified_by", "comments", "keywords", "subject", "category"):
        setattr(made.core_properties, one, MARK)
    made.add_paragraph(SHOWN)
    run = made.add_paragraph().add_run(f"{MARK} hidden")
    run.font.hidden = True
    made.add_picture(io.BytesIO(photograph()))
    made.add_comment(made.paragraphs[0].runs, text=MARK, author=MARK, initials="A")
    out = io.BytesIO()
    made.save(out)
    body = (
        f'<w:p w:rsidR="00{MARK}"><w:ins w:author="{MARK}"><w:r><w:t>Inserted words stay.</w:t></w:r></w:ins>'
        f'<w:del w:author="{MARK}"><w:r><w:delText>{MARK}</w:delText></w:r></w:del>'
        f'<w:moveFrom w:author="{MARK}"><w:r><w:t>{MARK}</w:t></w:r></w:moveFrom>'
        f'<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>AUTHOR {MARK}</w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="end"/></w:r><w:fldSimple w:instr="FILENAME {MARK}"><w:r><w:t>Field</w:t></w:r></w:fldSimple>'
        f'<w:bookmarkStart w:id="1" w:name="{MARK}"/><w:r><w:rPr><w:rPrChange w:author="{MARK}"/></w:rPr><w:t>Kept run.</w:t></w:r>'
        f'<w:sdt><w:sdtPr><w:alias w:val="{MARK}"/></w:sdtPr><w:sdtContent><w:r><w:t>Controlled words stay.</w:t></w:r></w:sdtContent></w:sdt>'
        f'<w:hyperlink r:id="rId900" w:tooltip="{MARK}"><w:r><w:t>Linked words stay.</w:t></w:r></w:hyperlink></w:p>'
        f'<w:p><w:pPr><w:pStyle w:val="Secret"/></w:pPr><w:r><w:t>{MARK} by style</w:t></w:r></w:p>'
        f'<w:tbl><w:tr><w:trPr><w:del w:author="{MARK}"/></w:trPr><w:tc><w:p><w:r><w:t>{MARK} row</w:t></w:r></w:p></w:tc></w:tr></w:tbl>'
    )
    style = '<w:style w:type="paragraph" w:styleId="Secret"><w:name w:val="Secret"/><w:rPr><w:vanish/></w:rPr></w:style>'
    return repacked(
        out.getvalue(),
        edits={
            "word/document.xml": ("<w:sectPr", f"{body}<w:sectPr"),
            "word/styles.xml": ("</w:styles>", f"{style}</w:styles>"),
            "word/settings.xml": ("</w:settings>", f'<w:rsids><w:rsid w:val="{MARK}"/></w:rsids><w:docVars><w:docVar w:name="x" w:val="{MARK}"/></w:docVars></w:settings>'),
            "word/_rels/document.xml.rels": ("</Relationships>", f'<Relationship Id="rId900" TargetMode="External" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink" Target="http://example.org/{MARK}"/></Relationships>'),
        },
        added={
            "customXml/item9.xml": f"<x>{MARK}</x>".encode(),
            "docProps/custom.xml": f"<x>{MARK}</x>".encode(),
            "docProps/thumbnail.jpeg": photograph(),
            "word/people.xml": f"<x>{MARK}</x>".encode(),
        },
    )  # fmt: skip


def repacked(content: bytes, *, edits: dict[str, tuple[str, str]], added: dict[str, bytes]) -> bytes:
    """An archive with texts exchanged in its parts, and parts added; a part that must be edited must be there."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    for name, (old, new) in edits.items():
        assert old.encode() in parts[name], name
        parts[name] = parts[name].replace(old.encode(), new.encode(), 1)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, part in {**parts, **added}.items():
            package.writestr(name, part)
    return out.getvalue()


def book() -> bytes:
    """A workbook with hidden sheets, rows and columns, a remark, a name, a link outside, a formula and a pivot's rows."""
    made = openpyxl.Workbook()
    made.properties.creator = made.properties.lastModifiedBy = MARK
    sheet = made.active
    assert sheet is not None
    sheet.append([SHOWN, 3, "hid"])
    sheet.append([MARK, MARK, MARK])
    sheet.append(["third row", 1.5, MARK])
    sheet.row_dimensions[2].hidden = True
    sheet.column_dimensions["C"].hidden = True
    sheet["C1"] = MARK
    sheet["A1"].comment = Comment(MARK, MARK)
    sheet["D1"] = f'=HYPERLINK("http://example.org/{MARK}")'
    for state in ("hidden", "veryHidden"):
        other = made.create_sheet(f"{state} {MARK}"[:31])
        other["A1"], other.sheet_state = MARK, state
    made.defined_names["x"] = DefinedName("x", attr_text=f'"{MARK}"')
    out = io.BytesIO()
    made.save(out)
    return repacked(
        out.getvalue(),
        edits={},
        added={
            "xl/pivotCache/pivotCacheRecords1.xml": f"<x>{MARK}</x>".encode(),
            "xl/externalLinks/externalLink1.xml": f"<x>{MARK}</x>".encode(),
        },
    )


def slides() -> bytes:
    """A presentation of two slides, one of them not shown, with speaker's notes and marks."""
    p = 'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    kinds = "application/vnd.openxmlformats-officedocument.presentationml"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

    def relations(*given: tuple[str, str, str]) -> bytes:
        lines = "".join(f'<Relationship Id="{one}" Type="{office}/{kind}" Target="{target}"/>' for one, kind, target in given)
        return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{lines}</Relationships>'.encode()

    def slide(text: str, more: str = "") -> bytes:
        return (
            f'<p:sld {p} {more}><p:cSld><p:spTree><p:sp><p:nvSpPr><p:cNvPr id="2" name="{MARK}" descr="{MARK}"/></p:nvSpPr>'
            f"<p:txBody><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:txBody></p:sp></p:spTree></p:cSld>"
            f'<p:timing>{MARK}</p:timing><p:extLst><p:ext uri="{MARK}"/></p:extLst></p:sld>'
        ).encode()

    parts = {
        "[Content_Types].xml": (
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/ppt/presentation.xml" ContentType="{kinds}.presentation.main+xml"/>'
            f'<Override PartName="/ppt/slides/slide1.xml" ContentType="{kinds}.slide+xml"/></Types>'
        ).encode(),
        "_rels/.rels": relations(("rId1", "officeDocument", "ppt/presentation.xml")),
        "docProps/core.xml": f"<x>{MARK}</x>".encode(),
        "ppt/presentation.xml": f'<p:presentation {p}><p:sldIdLst><p:sldId id="256" r:id="rId1"/><p:sldId id="257" r:id="rId2"/></p:sldIdLst></p:presentation>'.encode(),
        "ppt/_rels/presentation.xml.rels": relations(("rId1", "slide", "slides/slide1.xml"), ("rId2", "slide", "slides/slide2.xml"), ("rId3", "commentAuthors", "commentAuthors.xml")),
        "ppt/commentAuthors.xml": f"<x>{MARK}</x>".encode(),
        "ppt/slides/slide1.xml": slide(SHOWN),
        "ppt/slides/slide2.xml": slide(MARK, 'show="0"'),
        "ppt/slides/_rels/slide1.xml.rels": relations(("rId1", "notesSlide", "../notesSlides/notesSlide1.xml")),
        "ppt/notesSlides/notesSlide1.xml": f"<x>{MARK}</x>".encode(),
    }  # fmt: skip
    return repacked(_empty_zip(), edits={}, added=parts)


def _empty_zip() -> bytes:
    out = io.BytesIO()
    zipfile.ZipFile(out, "w").close()
    return out.getvalue()


def open_text() -> bytes:
    """An OpenDocument text with marks in its properties, remarks, changes, hidden text and picture."""
    ns = " ".join(
        f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
        for prefix, long in (("office", "office"), ("text", "text"), ("style", "style"), ("draw", "drawing"), ("meta", "meta"))
    ) + ' xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:o="http://openoffice.org/2009/office"'
    content = (
        f'<office:document-content {ns}><office:scripts>{MARK}</office:scripts><office:automatic-styles><style:style style:name="H"><style:text-properties text:display="none" o:rsid="{MARK}"/></style:style></office:automatic-styles>'
        f'<office:body><office:text><text:tracked-changes><text:changed-region><text:deletion>{MARK}</text:deletion></text:changed-region></text:tracked-changes>'
        f'<text:p>{SHOWN}<office:annotation><dc:creator>{MARK}</dc:creator><text:p>{MARK}</text:p></office:annotation> After <text:a xlink:href="http://x/{MARK}">the link</text:a> on.</text:p>'
        f'<text:p><text:span text:style-name="H">{MARK}</text:span><text:author-name>{MARK}</text:author-name></text:p>'
        f'<text:p><draw:frame draw:name="{MARK}"><draw:image xlink:href="Pictures/{MARK}.jpg"/></draw:frame></text:p>'
        f"</office:text></office:body></office:document-content>"
    )
    return repacked(
        _empty_zip(),
        edits={},
        added={
            "mimetype": b"application/vnd.oasis.opendocument.text",
            "content.xml": content.encode(),
            "meta.xml": f"<x>{MARK}</x>".encode(),
            "settings.xml": f"<x>{MARK}</x>".encode(),
            "Thumbnails/thumbnail.png": photograph("PNG"),
            f"Pictures/{MARK}.jpg": photograph(),
        },
    )
