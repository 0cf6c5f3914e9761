"""Files as an office receives them, honest and hostile, made by code so that no hostile byte lies in the repository."""

from __future__ import annotations

import base64
import io
import stat
import struct
import zipfile
import zlib
from email.message import EmailMessage

import openpyxl
from pypdf import PdfWriter
from pypdf.generic import NameObject

CONTENT_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
)
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
RELATIONS = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
LAUGHS = '<!DOCTYPE a [<!ENTITY x "ha">' + "".join(
    f'<!ENTITY x{n} "{("&x" + (str(n - 1) if n else "") + ";") * 10}">' for n in range(8)
)


def archive(*files: tuple[str, bytes], stored: bool = False) -> bytes:
    """A ZIP archive of `files`."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED) as package:
        for name, content in files:
            package.writestr(zipfile.ZipInfo(name), content, package.compression)
    return out.getvalue()


def zeros(size: int) -> bytes:
    """A ZIP archive whose one member inflates to `size` zeros."""
    out = io.BytesIO()
    deflated = zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1)
    with deflated as package, package.open("zeros.txt", "w") as member:
        for _ in range(size >> 20):
            member.write(bytes(1 << 20))
    return out.getvalue()


def lying(content: bytes, *, says: int) -> bytes:
    """`content` (an archive of one member), whose headers say that it inflates to `says` bytes."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        size = struct.pack("<L", package.infolist()[0].file_size)
    return content.replace(size, struct.pack("<L", says))


def nested(depth: int) -> bytes:
    """Archives in archives; the innermost holds a text."""
    content = archive(("note.txt", b"Deep inside."))
    for number in range(depth):
        content = archive((f"inner{number}.zip", content))
    return content


def with_link() -> bytes:
    """An archive with a symbolic link to a file of the system."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        info = zipfile.ZipInfo("link")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        package.writestr(info, "/etc/passwd")
    return out.getvalue()


def locked_archive() -> bytes:
    """An archive whose member is marked as encrypted."""
    content = bytearray(archive(("secret.txt", b"locked")))
    for sign, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.find(sign) + at] |= 1
    return bytes(content)


def docx(body: str, *, properties: str = "", head: str = "", **parts: str) -> bytes:
    """A Word document. `body` is WordprocessingML; keyword parts use `__` for `/` and `_dot_` for a dot."""
    files = {
        "[Content_Types].xml": CONTENT_TYPES,
        "word/document.xml": f'<?xml version="1.0"?>{head}<w:document {W}><w:body>{body}</w:body></w:document>',
    }
    if properties:
        files["docProps/core.xml"] = f'<c:p xmlns:c="urn:c" xmlns:d="urn:d">{properties}</c:p>'
    files |= {name.replace("__", "/").replace("_dot_", "."): text for name, text in parts.items()}
    return archive(*((name, text.encode()) for name, text in files.items()))


def paragraph(text: str, *, properties: str = "") -> str:
    """A paragraph of WordprocessingML with one run."""
    return f"<w:p><w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r></w:p>"


def relations(*targets: tuple[str, str]) -> str:
    """A part of relations to the outside: (kind, target)."""
    base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
    inner = "".join(
        f'<Relationship Id="r{n}" Type="{base}{kind}" Target="{target}" TargetMode="External"/>'
        for n, (kind, target) in enumerate(targets)
    )
    return f"<Relationships {RELATIONS}>{inner}</Relationships>"


def xlsx(*sheets: tuple[str, list[list[object]]], hidden: tuple[str, ...] = ()) -> bytes:
    """A workbook of `sheets`."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
        if title in hidden:
            sheet.sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def repacked(content: bytes, **parts: bytes) -> bytes:
    """A package with further (or other) parts."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        files = {name: package.read(name) for name in package.namelist()}
    files |= {name.replace("__", "/").replace("_dot_", "."): part for name, part in parts.items()}
    return archive(*files.items())


def pdf(*lines: str, extra: str = "", catalog: str = "") -> bytes:
    """A PDF of one page with `lines` of Latin text. `extra` are further objects from 6 on, `catalog` further keys."""
    text = "BT /F1 12 Tf 72 720 Td 14 TL " + " ".join(f"({line}) Tj T*" for line in lines) + " ET"
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R {catalog} >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(text)} >>\nstream\n{text}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    if extra:
        objects.append(extra)
    out, places = b"%PDF-1.4\n", []
    for number, inner in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n{inner}\nendobj\n".encode("latin-1")
    start = len(out)
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}".encode()
    return out + f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()


def locked_pdf() -> bytes:
    """A PDF that opens with a password only."""
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.encrypt("open sesame", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def circular_pdf() -> bytes:
    """A PDF whose tree of pages bites its tail."""
    return pdf("round").replace(b"/Kids [3 0 R] /Count 1", b"/Kids [2 0 R] /Count 9")


def attached_pdf() -> bytes:
    """A PDF with a file inside."""
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.add_attachment("inner.txt", b"inside")
    writer.root_object[NameObject("/PageMode")] = NameObject("/UseAttachments")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">L", len(content)) + kind + content + struct.pack(">L", zlib.crc32(kind + content))


def png(width: int = 2, height: int = 2) -> bytes:
    """A PNG of one bit per point; only its first rows are there when it is large."""
    rows = zlib.compress((b"\0" + bytes((width + 7) // 8)) * min(height, 64))
    head = struct.pack(">LLBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", rows) + _chunk(b"IEND", b"")


GIF = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"


def eml(
    body: str = "The market reopened.",
    *,
    html: str = "",
    files: tuple[tuple[str, bytes], ...] = (),
    **headers: str,
) -> bytes:
    """A mail. Headers are given with `_` for `-`."""
    message = EmailMessage()
    given = {
        "From": "Field office <west@mission.example.org>",
        "To": "inbox@office.example.org",
        "Subject": "Daily report",
        "Date": "Fri, 20 Nov 2026 09:17:00 +0000",
        "Message-ID": "<1@mission.example.org>",
    }
    given |= {name.replace("_", "-"): value for name, value in headers.items()}
    message.set_content(body)
    for name, value in given.items():
        message[name] = value
    if html:
        message.add_alternative(html, subtype="html")
    for name, content in files:
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def rss(*entries: str, head: str = "", language: str = "en") -> bytes:
    """A feed of `entries` (inner XML of each item)."""
    items = "".join(f"<item>{entry}</item>" for entry in entries)
    channel = f"<title>Example News</title><link>https://news.example.org</link><language>{language}</language>{items}"
    return f'<?xml version="1.0" encoding="utf-8"?>{head}<rss version="2.0"><channel>{channel}</channel></rss>'.encode()


ENTRY = (
    "<title>Bridge reopened</title><link>https://news.example.org/1?utm_source=x</link><guid>nx-1</guid>"
    "<pubDate>Fri, 20 Nov 2026 08:00:00 +0000</pubDate><description>&lt;p&gt;The bridge reopened.&lt;/p&gt;</description>"
)

# The test sign of virus scanners, kept apart so that none stumbles over this file.
EICAR = base64.b64decode(
    "WDVPIVAlQEFQWzRcUFpYNTQoUF4pN0NDKTd9JEVJQ0FSLVNUQU5EQVJELUFOVElWSVJVUy1URVNULUZJTEUhJEgrSCo="
)
