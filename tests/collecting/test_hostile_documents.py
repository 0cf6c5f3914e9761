"""Word, Excel, PDF and pictures that would run, call, exhaust or disguise."""

from __future__ import annotations

import pytest

from forestall.collecting.flags import FlagCode
from forestall.collecting.intake import Outcome
from tests.collecting import corpus
from tests.collecting.corpus import docx, paragraph, pdf, relations, xlsx

SHEET = xlsx(("Incidents", [["place", "killed"], ["North", 3], ["South", 4]]))


def quarantined(reading, words: str) -> bool:
    return reading.outcome is Outcome.QUARANTINED and reading.items == 0 and words in str(reading.reason)


def test_U04_entities_in_a_word_document_are_refused(take):
    assert quarantined(take("a.docx", docx(paragraph("&x7;"), head=corpus.LAUGHS + "]>")), "entities")


def test_U04_a_workbook_that_unfolds_is_refused(take):
    bomb = corpus.repacked(SHEET, xl__worksheets__sheet1_dot_xml=b"<worksheet>" + b" " * (60 << 20))

    assert quarantined(take("a.xlsx", bomb), "unpack")


def test_U04_a_picture_linked_from_outside_is_dropped_and_named(take):
    links = relations(("image", "http://tracker.example.org/pixel.png"))
    reading = take("a.docx", docx(paragraph("Text."), word___rels__document_dot_xml_dot_rels=links))

    assert reading.outcome is Outcome.ACCEPTED
    assert reading.records[0].has(FlagCode.EXTERNAL_LINK)


@pytest.mark.parametrize(
    "target", ["http://evil.example.org/t.dotm", "\\\\evil\\t.dotm", "file://evil.example.org/t.dotm"]
)
def test_U22_a_template_loaded_from_elsewhere_is_refused(take, target):
    links = relations(("attachedTemplate", target))

    assert quarantined(
        take("a.docx", docx(paragraph("x"), word___rels__settings_dot_xml_dot_rels=links)), "outside"
    )


def test_U22_a_template_on_the_writers_own_disk_is_only_named(take):
    links = relations(("attachedTemplate", "file:///C:/Users/someone/Normal.dotm"))
    reading = take("a.docx", docx(paragraph("Text."), word___rels__settings_dot_xml_dot_rels=links))

    assert reading.records[0].has(FlagCode.EXTERNAL_LINK)


@pytest.mark.parametrize("name", ["a.docx", "a.docm"])
def test_U22_macros_are_refused_under_any_name(take, name):
    content = corpus.repacked(docx(paragraph("x")), word__vbaProject_dot_bin=b"macro")

    assert quarantined(take(name, content), "macros")


def test_U22_a_workbook_with_macro_sheets_is_refused(take):
    assert quarantined(
        take("a.xlsx", corpus.repacked(SHEET, xl__macrosheets__sheet1_dot_xml=b"<a/>")), "macros"
    )


def test_U22_a_name_that_promises_macros_is_refused_without_any(take):
    assert take("a.docm", docx(paragraph("x"))).outcome is Outcome.QUARANTINED


@pytest.mark.parametrize("code", ["DDEAUTO c:\\\\cmd.exe", " dde excel x"])
def test_U22_a_field_that_starts_a_program_is_refused(take, code):
    body = f"<w:p><w:r><w:instrText>{code}</w:instrText></w:r></w:p>"

    assert quarantined(take("a.docx", docx(body)), "DDE")


def test_U22_a_workbook_link_that_starts_a_program_is_refused(take):
    live = corpus.repacked(
        SHEET, xl__externalLinks__externalLink1_dot_xml=b'<x><ddeLink ddeService="cmd"/></x>'
    )

    assert quarantined(take("a.xlsx", live), "DDE")


def test_U22_an_object_package_is_refused(take):
    assert quarantined(take("a.docx", docx(paragraph("x"), word__embeddings__oleObject1_dot_bin="x")), "OLE")


def test_U22_rich_text_is_refused(take):
    assert quarantined(take("a.rtf", rb"{\rtf1{\object\objupdate x}}"), "Rich Text")


def test_U11_deleted_text_is_kept_apart_and_insertions_are_read(take):
    body = (
        "<w:p><w:del><w:r><w:delText>Forty</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>Four</w:t></w:r></w:ins><w:r><w:t> families left.</w:t></w:r></w:p>"
    )
    record = take("a.docx", docx(body)).records[0]

    assert (record.body, record.hidden) == ("Four families left.", "Forty")
    assert record.has(FlagCode.TRACKED_CHANGES)


@pytest.mark.parametrize("hiding", ["<w:vanish/>", '<w:color w:val="FFFFFF"/>', '<w:sz w:val="1"/>'])
def test_U11_hidden_text_in_word_is_flagged_and_kept_out_of_the_text(take, hiding):
    record = take("a.docx", docx(paragraph("Seen.") + paragraph("Unseen.", properties=hiding))).records[0]

    assert (record.body, record.hidden) == ("Seen.", "Unseen.")
    assert record.suspicious


def test_U05_a_picture_that_unfolds_is_refused_before_it_is_decoded(take):
    assert quarantined(take("a.png", corpus.png(30_000, 30_000)), "30000 by 30000")


def test_U05_a_small_picture_is_kept(take):
    assert take("a.png", corpus.png()).items == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (corpus.locked_pdf(), "password"),
        (pdf("text")[:300], "cut short"),
        (pdf("x", catalog="/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>"), "scripts"),
        (pdf("x", catalog="/OpenAction 6 0 R", extra="<< /S /Launch /F (cmd.exe) >>"), "scripts"),
        (pdf("x", catalog="/AcroForm 6 0 R", extra="<< /XFA (x) >>"), "scripts"),
        (pdf("x").replace(b"/Kids [3 0 R] /Count 1", b"/Kids [] /Count 0"), "no page"),
    ],
)
def test_U06_a_pdf_that_is_locked_cut_or_alive_is_quarantined(take, content, words):
    assert quarantined(take("a.pdf", content), words)


def test_U06_a_pdf_whose_pages_bite_their_tail_is_quarantined(take):
    assert take("a.pdf", corpus.circular_pdf()).outcome is Outcome.QUARANTINED


def test_U12_a_pdf_with_a_file_inside_is_flagged(take):
    record = take("a.pdf", corpus.attached_pdf()).records[0]

    assert record.has(FlagCode.EMBEDDED_FILE)
    assert record.has(FlagCode.NO_TEXT)


def test_a_plain_pdf_is_read(take):
    record = take(
        "a.pdf", pdf("The market in Northern District reopened.", catalog="/OpenAction [3 0 R /Fit]")
    ).records[0]

    assert record.body == "The market in Northern District reopened."


def test_U13_a_hidden_sheet_is_flagged_and_not_counted(take):
    book = xlsx(
        ("Open", [["a", "b"], ["x", 1]]), ("Shut", [["a", "b"], ["y", 2], ["z", 3]]), hidden=("Shut",)
    )
    reading = take("a.xlsx", book)

    assert reading.rows == 1
    assert reading.records[0].has(FlagCode.HIDDEN_SHEET)


def test_U20_a_drawing_with_scripts_is_refused(take):
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'

    assert quarantined(take("a.svg", svg), "scripts")


def test_U20_a_page_that_calls_itself_a_picture_is_refused_naming_both(take):
    reading = take("photo.jpg", b"<html><body>Not a photo</body></html>")

    assert quarantined(reading, "a picture")
    assert "a web page" in str(reading.reason)
    assert (reading.quarantined[0].expected, reading.quarantined[0].found) == ("picture", "html")


def test_U20_a_web_archive_is_refused(take):
    content = (
        b"From: <Saved by Blink>\r\nSnapshot-Content-Location: https://x.example.org\r\nSubject: x\r\nDate: x\r\n"
        b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b--\r\n"
    )

    assert quarantined(take("page.mhtml", content), "web archive")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.gif", b"GIF89a/*" + corpus.GIF[8:] + b"*/=1;alert(1)"),
        ("a.gif", corpus.GIF + b"<script>alert(1)</script>"),
        ("a.pdf", pdf("x") + corpus.archive(("a.txt", b"x"))),
        ("a.pdf", b"%PDF-1.4\n<html><script>x</script>" + pdf("x")[9:]),
        ("a.pdf", pdf("x") + b"<html><body>also a page</body></html>"),
        ("a.jpg", b"\xff\xd8\xff\xe0" + bytes(60) + b"<?php __HALT_COMPILER(); ?>\xff\xd9"),
        ("a.html", b"<html><!--" + pdf("x") + b"--></html>"),
        ("a.png", corpus.png() + corpus.archive(("a.txt", b"x"))),
    ],
)
def test_U21_a_file_that_is_two_things_at_once_is_quarantined(take, name, content):
    reading = take(name, content)

    assert quarantined(reading, "at once")
    assert reading.quarantined[0].hostile


def test_U21_a_pdf_stored_in_an_archive_is_no_second_face(take):
    reading = take("a.zip", corpus.archive(("a.pdf", pdf("Honest.")), stored=True))

    assert (reading.outcome, reading.items) == (Outcome.ACCEPTED, 1)


@pytest.mark.parametrize("name", ["eicar.com", "note.txt", "unnamed"])
def test_U23_the_test_sign_of_virus_scanners_is_quarantined(take, name):
    assert take(name, corpus.EICAR).outcome is Outcome.QUARANTINED


@pytest.mark.parametrize("head", [b"MZ\x90\0", b"\x7fELF\x02", b"#!/bin/sh\n"])
def test_a_program_is_quarantined_under_an_honest_name_and_a_false_one(take, head):
    assert quarantined(take("setup.exe", head + bytes(99)), "program")
    assert quarantined(take("report.pdf", head + bytes(99)), "program")


def test_U24_a_page_that_calls_itself_a_table_is_refused(take):
    assert quarantined(take("rows.csv", b"<!doctype html><title>Sign in</title>"), "a web page")


def test_old_and_foreign_office_formats_say_what_to_ask_for(take):
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)

    assert quarantined(take("a.doc", ole), "DOCX")
    assert quarantined(take("a.msg", ole + "__substg1.0_".encode("utf-16-le")), "EML")
    assert quarantined(take("winmail.dat", b"\x78\x9f\x3e\x22" + bytes(99)), "EML")
    assert quarantined(take("a.docx", ole + "EncryptedPackage".encode("utf-16-le")), "locked")


def test_U04_entities_in_a_part_of_a_workbook_are_refused(take):
    bomb = corpus.repacked(SHEET, xl__sharedStrings_dot_xml=f"{corpus.LAUGHS}]><sst>&x7;</sst>".encode())

    assert quarantined(take("a.xlsx", bomb), "document type")


def test_U04_towers_in_a_part_of_a_workbook_are_refused(take):
    assert quarantined(
        take("a.xlsx", corpus.repacked(SHEET, xl__styles_dot_xml=b"<a>" * 5_000 + b"</a>" * 5_000)), "deeper"
    )


def test_the_cells_of_a_word_table_stay_in_their_rows(take):
    cell = "<w:tc>{}</w:tc>"
    rows = "".join(
        f"<w:tr>{''.join(cell.format(paragraph(text)) for text in row)}</w:tr>"
        for row in (("place", ""), ("", "3"))
    )

    assert take("a.docx", docx(f"<w:tbl>{rows}</w:tbl>")).records[0].body == "place\n\t3"


@pytest.mark.parametrize("name", ["a.js", "report.pdf.vbs", "run.PS1"])
def test_a_name_that_would_run_is_quarantined_whatever_it_holds(take, name):
    assert quarantined(take(name, b"The market reopened."), "program")


@pytest.mark.parametrize("name", ["a.docx", "a.xlsx"])
def test_U06_a_locked_document_is_refused_for_its_lock(take, name):
    locked = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le")

    assert quarantined(take(name, locked), "password")


def test_a_page_that_calls_itself_a_feed_is_refused_in_plain_words(take):
    reading = take("news.xml", b"<html><body><p>Please accept our cookies.</p></body></html>")

    assert quarantined(reading, "XML, such as a feed")
    assert "its true name" in str(reading.reason)
