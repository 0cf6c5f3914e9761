"""What a person takes away instead of the original carries what shows, and nothing besides."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime

import docx
import openpyxl
import pikepdf
import pytest
from PIL import Image

from forestall.collecting.childprocess import Child
from forestall.collecting.dispatch import Answer, Task
from forestall.collecting.kinds import Kind
from forestall.collecting.received import Received
from forestall.collecting.workingcopies import REMOVED, WorkingCopy, make
from tests.collecting import corpus, markedfiles
from tests.collecting.markedfiles import MARK, SHOWN

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
Copy = Callable[..., WorkingCopy]


def ask(child: Child, name: str, content: bytes, *, locator: str = "") -> Answer:
    return child.ask(Task(Received(name, content, NOW, locator=locator), (), copied=True))


@pytest.fixture
def copy(child: Child) -> Copy:
    """The working copy, made in the limited process."""

    def made(name: str, content: bytes, *, locator: str = "") -> WorkingCopy:
        found = ask(child, name, content, locator=locator)
        assert found.copy is not None, str(found.refusal)
        return found.copy

    return made


def everything_in(content: bytes) -> bytes:
    """All bytes of a file, those packed in it too, and their names."""
    found = content
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            found += b"".join(name.encode() + everything_in(package.read(name)) for name in package.namelist())
    if content[:5] == b"%PDF-":
        with pikepdf.open(io.BytesIO(content)) as pdf:
            for one in pdf.objects:
                found += repr(one).encode()
                if isinstance(one, pikepdf.Stream):
                    found += one.read_raw_bytes()
    return found


def marked(content: bytes) -> bool:
    whole = everything_in(content)
    return any(MARK.encode(coding) in whole for coding in ("utf-8", "utf-16-le", "utf-16-be"))


FILES = {
    "U10 JPEG": ("a.jpg", lambda: markedfiles.photograph("JPEG")),
    "U10 JPEG with a second picture": ("a.jpg", markedfiles.second_thumbnail),
    "U10 PNG": ("a.png", lambda: markedfiles.photograph("PNG")),
    "U10 GIF": ("a.gif", lambda: markedfiles.photograph("GIF")),
    "U10 TIFF": ("a.tif", lambda: markedfiles.photograph("TIFF")),
    "U10 WebP": ("a.webp", lambda: markedfiles.photograph("WEBP")),
    "U11 Word": ("a.docx", markedfiles.document),
    "U11 presentation": ("a.pptx", markedfiles.slides),
    "U11 OpenDocument": ("a.odt", markedfiles.open_text),
    "U12 PDF": ("a.pdf", markedfiles.paper),
    "U13 workbook": ("a.xlsx", markedfiles.book),
}


@pytest.mark.parametrize("which", FILES)
def test_U10_to_U13_a_working_copy_carries_no_mark_from_where_nobody_looks(copy: Copy, which: str) -> None:
    name, content = FILES[which][0], FILES[which][1]()
    assert marked(content)

    made = copy(name, content)
    assert not marked(made.content)


@pytest.mark.parametrize("which", FILES)
def test_X06_the_same_original_gives_the_same_bytes(child: Child, copy: Copy, which: str) -> None:
    name, content = FILES[which][0], FILES[which][1]()

    assert copy(name, content).content == make(content, kind=Kind(ask(child, name, content).kind)).content


@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF", "TIFF", "WEBP"])
def test_a_picture_stays_the_picture(copy: Copy, form: str) -> None:
    made = copy(f"a.{form.lower()}", markedfiles.photograph(form))
    with Image.open(io.BytesIO(made.content)) as image:
        image.load()
        assert image.size == (64, 48)
        red, green, blue = image.convert("RGB").getpixel((40, 30))
    assert abs(red - 40) < 12 and abs(green - 90) < 12 and abs(blue - 160) < 12


def test_a_photograph_that_lies_on_its_side_is_put_upright(copy: Copy) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    out = io.BytesIO()
    Image.new("RGB", (64, 48)).save(out, "JPEG", exif=exif)
    with Image.open(io.BytesIO(copy("a.jpg", out.getvalue()).content)) as image:
        assert image.size == (48, 64)


def test_a_word_document_reads_as_if_its_changes_were_accepted(copy: Copy) -> None:
    made = docx.Document(io.BytesIO(copy("a.docx", markedfiles.document()).content))
    text = "\n".join(one.text for one in made.paragraphs)

    for words in (SHOWN, "Inserted words stay.", "Controlled words stay.", "Linked words stay.", "Kept run.", "Field"):
        assert words in text
    assert len(made.inline_shapes) == 1
    assert made.core_properties.author == ""


def test_a_workbook_keeps_what_shows_as_values(copy: Copy) -> None:
    made = copy("a.xlsx", markedfiles.book())
    book = openpyxl.load_workbook(io.BytesIO(made.content))

    assert len(book.sheetnames) == 1
    rows = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]
    assert [row[:2] for row in rows] == [[SHOWN, 3], ["third row", 1.5]]
    assert [str(one) for one in made.warnings] == [
        "Hidden sheets and charts' own sheets are not in the copy: 2",
        "Hidden rows and columns are not in the copy: 2",
    ]


def test_slides_and_open_texts_keep_what_shows(copy: Copy) -> None:
    with zipfile.ZipFile(io.BytesIO(copy("a.pptx", markedfiles.slides()).content)) as deck:
        assert SHOWN.encode() in deck.read("ppt/slides/slide1.xml")
        assert "ppt/slides/slide2.xml" not in deck.namelist()
    with zipfile.ZipFile(io.BytesIO(copy("a.odt", markedfiles.open_text()).content)) as text:
        content = text.read("content.xml").decode()
        assert f"{SHOWN} After the link on." in content
        assert [name for name in text.namelist() if name.startswith("Pictures/")] == ["Pictures/image1.jpg"]
        assert text.namelist()[0] == "mimetype"


def test_a_pdf_keeps_its_pages_and_the_photographs_on_them(copy: Copy) -> None:
    import pypdfium2

    made = copy("a.pdf", markedfiles.paper())
    pdf = pypdfium2.PdfDocument(made.content)
    assert SHOWN in pdf[0].get_textpage().get_text_range()
    colours = pdf[0].render(scale=1).to_pil().convert("RGB").getpixel((50, 250))
    assert abs(colours[2] - 160) < 20
    assert made.warnings == ()
    with pikepdf.open(io.BytesIO(made.content)) as clean:
        assert set(clean.Root.keys()) <= {"/Type", "/Pages", "/Version"}
        assert made.content.count(b"%%EOF") == 1


@pytest.mark.parametrize("how", ["under a box", "white on white", "under a note's box"])
def test_U12_X08_words_that_are_covered_and_can_be_copied_are_told_of(copy: Copy, how: str) -> None:
    made = copy("a.pdf", markedfiles.covered_paper(how=how))

    assert [str(one)[:12] for one in made.warnings] == ["NOT REDACTED"]
    assert str(made.warnings[0]).endswith("Pages: 1")


@pytest.mark.parametrize("how", ["plain", "white on black"])
def test_U12_words_that_show_are_not(copy: Copy, how: str) -> None:
    assert copy("a.pdf", markedfiles.covered_paper(how=how)).warnings == ()


# -- text


@pytest.mark.parametrize(
    ("name", "content", "shown", "unseen"),
    [
        ("a.html", b"<html><head><title>News</title><script>alert(1)</script></head><body><p>Seen</p><!-- no --><p style='display:none'>gone</p></body></html>", "Seen", ("alert", "<p", "gone", "no --")),
        ("a.csv", b"place,note\nNorth,\"=HYPERLINK(\"\"x\"\")\"\n", "North", ()),
        ("a.txt", "Plain \u202etxt.exe\u202c \u200b\x1b[31mred".encode(), "Plain", ("\u202e", "\x1b")),
    ],
    ids=["U20 page", "U24 table", "X11 text"],
)  # fmt: skip
def test_text_leaves_as_plain_text_that_cannot_act(
    copy: Copy, name: str, content: bytes, shown: str, unseen: tuple[str, ...]
) -> None:
    made = copy(name, content)

    assert made.ending == "txt"
    text = made.content.decode()
    assert shown in text
    assert not [one for one in unseen if one in text]


MAIL = (
    f"From: {MARK} <{MARK}@example.org>\r\nTo: desk@example.org\r\nReceived: from {MARK} by x\r\nMessage-ID: <{MARK}@x>\r\n"
    "Subject: The ferry\r\nDate: Mon, 2 Nov 2026 10:00:00 +0000\r\nMIME-Version: 1.0\r\n"
    'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nIt did not sail.\r\n'
    "--b\r\nContent-Type: text/csv\r\nContent-Disposition: attachment; filename=list.csv\r\n\r\nplace,killed\r\nNorth,3\r\n--b--\r\n"
).encode()


def test_a_mail_leaves_without_who_sent_it(copy: Copy) -> None:
    made = copy("a.eml", MAIL)

    text = made.content.decode()
    assert "The ferry" in text and "It did not sail." in text
    assert MARK not in text
    assert "Attachments: 1" in str(made.warnings[1])


def test_of_what_was_attached_the_copy_is_of_the_attachment(copy: Copy) -> None:
    made = copy("a.eml", MAIL, locator="2")

    assert made.content.decode().startswith("place,killed")
    assert made.name == "list.csv"


# -- what has none


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.docx", corpus.repacked(corpus.docx(corpus.paragraph("x")), word__vbaProject_dot_bin=b"macro")),
        ("a.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
        ("a.rtf", b"{\\rtf1 {\\object\\objupdate}}"),
        ("a.exe", b"MZ" + bytes(64)),
        ("a.heic", b"\0\0\0\x18ftypheic" + bytes(40)),
        ("a.gif", markedfiles.photograph("GIF") + b";alert(1)//"),
        ("a.png", markedfiles.photograph("PNG")[:80]),
        ("a.pdf", markedfiles.paper()[:200]),
    ],
    ids=["U22 macros", "U20 SVG", "U22 RTF", "program", "U10 HEIC", "U21 polyglot", "broken picture", "broken PDF"],
)
def test_what_cannot_be_cleaned_has_no_copy_and_a_sentence_says_so(child: Child, name: str, content: bytes) -> None:
    found = ask(child, name, content)

    assert found.copy is None
    assert str(found.refusal).endswith(".")


def test_every_kind_that_has_a_copy_says_what_it_lacks() -> None:
    from forestall.collecting.workingcopies import _MAKERS

    assert set(REMOVED) == set(_MAKERS)
