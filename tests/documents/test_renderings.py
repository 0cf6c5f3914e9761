"""One sheet, three renderings: each carries the marking, EXERCISE, the words and the direction."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import docx
import pytest
from docx.oxml.ns import qn
from pypdf import PdfReader

from forestall.base.clock import fixed, now
from forestall.base.errors import Refused
from forestall.base.words import say
from forestall.documents import advisory_note, typst_pdf
from forestall.documents.advisory_note.sample import arabic, english
from forestall.documents.preview import preview
from forestall.documents.sheet import (
    AskBox,
    Cell,
    Listing,
    Mark,
    Marking,
    Paragraph,
    Sentence,
    Sheet,
    SignOff,
    Source,
    Table,
    sentences_of,
    strong_parts,
)
from forestall.documents.translations import in_language, messages
from forestall.documents.word import word
from forestall.documents.wording import sign_off_lines

HOSTILE = '#panic("x") $x$ @end <end> *b* _i_ `c` [y] \\ // // /* <script>alert(1)</script> "q" & %(name)s'


def small(**changes: object) -> Sheet:
    sheet = Sheet(
        kind=say("Advisory note"),
        number="2026/31",
        marking=Marking(level=2),
        exercise=False,
        language="en",
        day=date(2026, 11, 22),
        memo=((say("To"), "The Secretary-General"),),
        subject="A subject",
        blocks=(Paragraph((Sentence("A sentence."),)),),
    )
    return replace(sheet, **changes)  # type: ignore[arg-type]


def read(pdf: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(pdf))


def page_texts(pdf: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in read(pdf).pages]


def word_text(made: bytes) -> str:
    document = docx.Document(io.BytesIO(made))
    return "\n".join(node.text or "" for node in document.element.body.iter(qn("w:t")))


class Tags(HTMLParser):
    """Collects tags and text, as a reader's browser would."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def of_class(self, name: str) -> list[dict[str, str | None]]:
        return [attrs for _, attrs in self.tags if name in (attrs.get("class") or "").split()]


# -- paper


def test_the_print_is_tagged_and_says_its_language() -> None:
    root = read(advisory_note.pdf(english())).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert b"pdfuaid:part" in root["/Metadata"].get_data()


def test_every_printed_page_carries_marking_and_exercise_on_both_edges() -> None:
    for text in page_texts(advisory_note.pdf(english())):
        assert text.count("CONFIDENTIAL") >= 2
        assert text.count("EXERCISE") >= 2


def test_a_real_note_never_says_exercise() -> None:
    real = advisory_note.sheet(replace(english(), exercise=False))
    assert not any("EXERCISE" in text for text in page_texts(typst_pdf.pdf(real)))
    assert "EXERCISE" not in preview(real)
    assert b"EXERCISE" not in zipfile.ZipFile(io.BytesIO(word(real))).read("word/header1.xml")


def test_the_metadata_tell_the_title_and_nothing_of_the_subject_or_the_people() -> None:
    found = read(advisory_note.pdf(english())).metadata
    assert found is not None
    assert found.title == "EXERCISE. Advisory note 2026/31"
    assert (found.author, found.subject) == (None, None)
    assert found.creation_date is None


def test_equal_sheets_give_equal_bytes_at_any_hour() -> None:
    sheet = advisory_note.sheet(english())
    pdf, office = typst_pdf.pdf(sheet), word(sheet)
    with fixed(now().replace(year=2031)):
        assert (typst_pdf.pdf(sheet), word(sheet)) == (pdf, office)
    assert {one.date_time for one in zipfile.ZipFile(io.BytesIO(office)).infolist()} == {
        (1980, 1, 1, 0, 0, 0)
    }


def test_what_an_officer_pastes_is_shown_and_never_acts() -> None:
    (text,) = page_texts(typst_pdf.pdf(small(subject=HOSTILE, blocks=(Paragraph((Sentence(HOSTILE),)),))))
    squeezed = "".join(text.split())
    assert squeezed.count("".join(HOSTILE.split())) == 2


def test_control_characters_and_overrides_are_left_out_everywhere() -> None:
    sheet = small(subject="a\x00b\x0bc\u202ed\ud800e")
    assert "abcde" in page_texts(typst_pdf.pdf(sheet))[0]
    assert "abcde" in word_text(word(sheet))
    assert "<b>abcde</b>" in preview(sheet)


def test_a_character_without_a_shape_is_refused_by_name_and_never_a_box() -> None:
    with pytest.raises(Refused, match="no shape for 龘"):
        typst_pdf.pdf(small(subject="龘"))


@pytest.mark.parametrize(
    ("language", "subject"),
    [
        ("fr", "Évolution du risque : « Œuvre » d’août"),
        ("es", "¿Qué ha cambiado? Señal de alarma"),
        ("ru", "Нарастание риска в Северном Тавеле: объём"),
        ("ar", "تزايد الخطر على السكان؛ لا قرار قانوني"),
        ("zh", "北塔韦尔的风险上升，住户名单与国民警卫队。防止灭绝种族"),
    ],
)
def test_the_print_has_shapes_for_the_six_languages(language: str, subject: str) -> None:
    made = typst_pdf.pdf(small(language=language, subject=subject), translate=in_language(language))
    assert read(made).trailer["/Root"]["/Lang"].startswith(language)


def test_I22_arabic_keeps_a_range_in_order_and_a_latin_name_away_from_the_day() -> None:
    text = " ".join(page_texts(advisory_note.pdf(arabic(), translate=in_language("ar"))))
    plain = re.sub("[\u2066-\u2069]", "", text)
    assert "55–80 %" in plain
    assert "EXERCISE" not in plain
    assert plain.count("تمرين") >= 4
    lines = [line.text(in_language("ar")) for line in sign_off_lines(advisory_note.sheet(arabic()))]
    assert "\u2068P. Lindqvist\u2069 عن \u2068R. Okoth\u2069" in lines[1]


def test_the_layout_counts_pages_as_the_print_does() -> None:
    for times in (1, 6, 14):
        content = replace(english(), situation=english().situation * times)
        sheet = advisory_note.sheet(content)
        assert typst_pdf.layout(sheet).pages == len(read(typst_pdf.pdf(sheet)).pages)


# -- Word


def test_word_has_real_headings_a_repeated_table_head_and_the_same_sentences() -> None:
    document = docx.Document(io.BytesIO(word(advisory_note.sheet(english()))))
    headings = [
        one.text for one in document.paragraphs if one.style is not None and one.style.name == "Heading 1"
    ]
    assert headings[:2] == ["Judgement", "Situation"]
    assert len(list(document.element.body.iter(qn("w:tblHeader")))) == 2
    body = word_text(word(advisory_note.sheet(english()))).replace("\n", "")
    for one in sentences_of(advisory_note.sheet(english())):
        assert str(one.text) in body


def test_word_marks_both_edges_and_names_nobody() -> None:
    made = word(advisory_note.sheet(english()))
    section = docx.Document(io.BytesIO(made)).sections[0]
    for edge in (section.header, section.footer):
        text = " ".join(paragraph.text for paragraph in edge.paragraphs)
        assert "CONFIDENTIAL" in text
        assert "EXERCISE" in text
    core = docx.Document(io.BytesIO(made)).core_properties
    assert (core.author, core.last_modified_by, core.comments) == ("Forestall", "Forestall", "")
    names = zipfile.ZipFile(io.BytesIO(made)).namelist()
    assert "docProps/thumbnail.jpeg" not in names
    assert b"thumbnail" not in zipfile.ZipFile(io.BytesIO(made)).read("_rels/.rels")


def test_I22_word_in_arabic_runs_from_right_to_left_everywhere() -> None:
    made = word(advisory_note.sheet(arabic()), translate=in_language("ar"))
    document = docx.Document(io.BytesIO(made))
    told = [
        one
        for one in document.element.body.iter(qn("w:p"))
        if "".join(t.text or "" for t in one.iter(qn("w:t")))
    ]
    assert told
    assert all(one.find(f"{qn('w:pPr')}/{qn('w:bidi')}") is not None for one in told)
    assert all(
        one.find(f"{qn('w:rPr')}/{qn('w:rtl')}") is not None for p in told for one in p.iter(qn("w:r"))
    )
    assert all(table._tbl.tblPr.find(qn("w:bidiVisual")) is not None for table in document.tables)


def test_word_keeps_the_order_its_schema_asks_of_paragraph_properties() -> None:
    order = ["pStyle", "keepNext", "numPr", "pBdr", "shd", "bidi", "spacing", "ind", "jc", "rPr"]
    with zipfile.ZipFile(io.BytesIO(word(advisory_note.sheet(arabic())))) as found:
        texts = [
            found.read(name).decode() for name in found.namelist() if re.match(r"word/(doc|head|foot)", name)
        ]
    for properties in re.findall(r"<w:pPr>(.*?)</w:pPr>", "".join(texts)):
        places = [order.index(name) for name in re.findall(r"<w:(\w+)[ />]", properties) if name in order]
        assert places == sorted(places)


# -- the screen


def test_the_preview_breaks_pages_where_the_print_does() -> None:
    sheet = advisory_note.sheet(english())
    shown = preview(sheet).split("<article")[1:]
    printed = page_texts(typst_pdf.pdf(sheet))
    assert len(shown) == len(printed)
    for html, text in zip(shown, printed, strict=True):
        for heading in re.findall(r"<h2>(.*?)</h2>", html):
            assert heading in text


def test_the_preview_marks_both_edges_of_each_page() -> None:
    tags = Tags(preview(advisory_note.sheet(english())))
    assert len(tags.of_class("band")) == 4
    assert len(tags.of_class("exercise")) == 4
    assert tags.open == []


def test_each_sentence_of_the_preview_opens_its_evidence() -> None:
    sheet = advisory_note.sheet(english())
    tags = Tags(preview(sheet))
    claims = tags.of_class("claim")
    assert {"/evidence/1/", "/evidence/2/", "/evidence/5/"} <= {one["href"] for one in claims}
    numbers = [int(attrs["data-sentence"] or 0) for _, attrs in tags.tags if "data-sentence" in attrs]
    assert numbers == list(range(len(list(sentences_of(sheet)))))


def test_X04_the_preview_escapes_what_an_officer_pastes_and_drops_a_link_that_runs() -> None:
    hostile = Sentence(HOSTILE, citations=(1,), href='javascript:alert(1)"><script>')
    html = preview(small(subject=HOSTILE, blocks=(Paragraph((hostile,)),)))
    tags = Tags(html)
    assert not [tag for tag, _ in tags.tags if tag == "script"]
    assert tags.of_class("claim") == []
    assert tags.text.count(HOSTILE) == 2


def test_every_place_an_officer_can_write_in_is_escaped() -> None:
    sheet = small(
        number=HOSTILE,
        marking=Marking(level=3, handling=HOSTILE),
        memo=((say("To"), HOSTILE),),
        blocks=(
            Table(HOSTILE, head=(HOSTILE, HOSTILE), rows=((Cell(HOSTILE), Cell(HOSTILE, mark=Mark.SEVERE)),)),
            Listing(((Sentence(HOSTILE),),)),
            AskBox((Sentence(HOSTILE, strong="*b*"),)),
        ),
        sources=(Source(1, HOSTILE, grade=HOSTILE, origin=HOSTILE, day=HOSTILE, href="javascript:x"),),
        sign_offs=(SignOff(say("Drafted"), name=HOSTILE, acting_for=HOSTILE, day=date(2026, 11, 22)),),
        closing=(Sentence(HOSTILE),),
    )
    tags = Tags(preview(sheet))
    assert not [tag for tag, _ in tags.tags if tag == "script"]
    assert tags.text.count("<script>alert(1)</script>") >= 16
    assert "<script>alert(1)</script>" in word_text(word(sheet))
    assert "alert(1)" in page_texts(typst_pdf.pdf(sheet))[0]


@pytest.mark.parametrize("href", ["//elsewhere.example/x", "data:text/html,x", "vbscript:x"])
def test_X04_a_claim_links_nowhere_but_here_or_by_http(href: str) -> None:
    tags = Tags(preview(small(blocks=(Paragraph((Sentence("A.", href=href),)),))))
    assert tags.of_class("claim") == []


def test_a_sentence_whose_evidence_changed_says_so_on_the_screen() -> None:
    tags = Tags(preview(small(blocks=(Paragraph((Sentence("A.", stale=True), Sentence("B."))),))))
    assert ["data-stale" in attrs for _, attrs in tags.tags if "data-sentence" in attrs] == [True, False]
    assert tags.text.count("has changed since it was written") == 1


def test_the_preview_of_an_arabic_note_runs_from_right_to_left() -> None:
    tags = Tags(preview(advisory_note.sheet(arabic()), translate=in_language("ar")))
    assert {(one["lang"], one["dir"]) for one in tags.of_class("sheet")} == {("ar", "rtl")}


# -- the sheet


def test_a_strong_part_is_cut_out_once_and_nothing_is_lost() -> None:
    assert strong_parts("likely, or likely", strong="likely") == (("likely", True), (", or likely", False))
    assert strong_parts("unsure", strong="likely") == (("unsure", False),)


def test_translations_keep_their_parameters_and_leave_no_language_out() -> None:
    names = re.compile(r"%\(\w+\)s")
    for message, texts in messages().items():
        assert set(texts) == {"fr", "es", "ru", "ar", "zh"}
        for text in texts.values():
            assert sorted(names.findall(text)) == sorted(names.findall(message)), message


def test_every_fixed_word_of_a_note_is_translated() -> None:
    asked: set[str] = set()

    def listen(message: str) -> str:
        asked.add(message)
        return message

    preview(advisory_note.sheet(english()), translate=listen)
    assert asked - set(messages()) == set()
