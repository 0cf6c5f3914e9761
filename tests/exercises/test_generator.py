"""The files an office receives: the same bytes each time, whole, and marked."""

from __future__ import annotations

import email
import email.policy
import io
import json
import zipfile
from collections import Counter

import docx
import feedparser
import openpyxl
import pypdf
import pytest
from defusedxml.ElementTree import fromstring

from forestall.base.errors import Malformed
from forestall.exercises.forms.paper import write_paper
from forestall.exercises.forms.sheet import Sheet
from forestall.exercises.generator import files, write


def one(received, identifier):
    [found] = [file for file in received if identifier in file.items]
    return found


def words(text: str) -> str:
    return "".join(text.split())


def test_the_same_exercise_gives_the_same_bytes(karvania, received):
    again = files(karvania)

    assert [file.name for file in again] == [file.name for file in received]
    assert [
        file.name for file, other in zip(received, again, strict=True) if file.content != other.content
    ] == []


def test_every_item_is_in_exactly_one_file(karvania, received):
    carried = Counter(identifier for file in received for identifier in file.items)

    assert set(carried) == {item.id for item in karvania.items}
    assert set(carried.values()) == {1}


def test_every_file_name_says_exercise_and_is_taken_once(received):
    names = [file.name for file in received]

    assert all(name.startswith("EXERCISE-") for name in names)
    assert len(set(names)) == len(names)


def test_files_are_written_with_the_time_of_receipt(karvania, received, tmp_path):
    paths = write(karvania, tmp_path / "inbox")

    assert [path.name for path in paths] == [file.name for file in received]
    assert paths[0].read_bytes() == received[0].content
    assert paths[-1].stat().st_mtime == received[-1].received_at.timestamp()


def test_a_mail_carries_its_attachments_and_says_what_it_is(karvania, received):
    message = email.message_from_bytes(one(received, "k-046").content, policy=email.policy.default)

    assert message["Subject"].strip().startswith("[EXERCISE] CONFIDENTIAL Galdevan")
    assert [part.get_filename() for part in message.iter_attachments()] == [
        "EXERCISE-k-047.csv",
        "EXERCISE-k-048.pdf",
    ]
    assert "EXERCISE. Fictional" in message.get_body().get_content()


def test_an_arabic_mail_keeps_every_letter(karvania, received):
    message = email.message_from_bytes(one(received, "k-119").content, policy=email.policy.default)

    assert words(karvania.item("k-119").text) in words(message.get_body(("plain",)).get_content())
    assert "سري للغاية" in message["Subject"]


def test_a_paper_is_tagged_marked_and_readable(karvania, received):
    reader = pypdf.PdfReader(io.BytesIO(one(received, "k-027").content))
    text = reader.pages[0].extract_text()

    assert reader.root_object["/MarkInfo"]["/Marked"]
    assert "EXERCICE" in text
    assert words(karvania.item("k-027").observations[1].quote) in words(text)


def test_a_paper_in_a_script_without_a_font_is_refused(karvania):
    item = karvania.item("k-002")
    sheet = Sheet.of(item, originator=karvania.originators[item.originator], words=karvania.words)

    with pytest.raises(Malformed, match="k-002"):
        write_paper(sheet)


def test_a_word_document_in_arabic_runs_from_right_to_left(karvania, received):
    document = docx.Document(io.BytesIO(one(received, "k-169").content))
    text = "\n\n".join(paragraph.text for paragraph in document.paragraphs)

    assert karvania.item("k-169").text in text
    assert document.paragraphs[-1].runs[0].font.rtl
    assert "تمرين" in document.sections[0].header.paragraphs[0].text


def test_a_spreadsheet_has_its_tags_below_its_head_and_numbers_as_numbers(received):
    book = openpyxl.load_workbook(io.BytesIO(one(received, "k-033").content))
    rows = list(book["EXERCISE"].iter_rows(values_only=True))

    assert rows[1][0] == "#date"
    assert rows[3][5:] == (0, 2, 2)


def test_feeds_bring_an_entry_for_each_item(karvania, received):
    for bundle in karvania.bundles.values():
        items = [item for item in karvania.items if item.bundle == bundle.id]
        if bundle.form in ("rss", "atom"):
            content = one(received, items[0].id).content
            parsed = feedparser.parse(content)
            assert fromstring(content) is not None
            assert [entry.title for entry in parsed.entries] == [item.title for item in items], bundle.id
            assert parsed.feed.title.startswith("EXERCISE"), bundle.id


def test_a_json_feed_keeps_each_text(karvania, received):
    feed = json.loads(one(received, "k-097").content)

    assert {entry["title"]: entry["content_text"] for entry in feed["items"]} == {
        item.title: item.text for item in karvania.items if item.bundle == "kna-2026-06"
    }


def test_an_archive_holds_its_members_dated_as_received(karvania, received):
    file = one(received, "k-121")
    with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
        assert archive.namelist() == ["EXERCISE-k-121.docx", "EXERCISE-k-122.pdf"]
        assert archive.infolist()[0].date_time[:3] == file.received_at.timetuple()[:3]


@pytest.mark.parametrize(("identifier", "charset"), [("k-133", "windows-1251"), ("k-165", "gb18030")])
def test_a_page_in_an_old_charset_declares_it(karvania, received, identifier, charset):
    content = one(received, identifier).content

    assert f'<meta charset="{charset}">'.encode() in content
    assert karvania.item(identifier).title in content.decode(charset)
