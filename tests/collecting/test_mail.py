"""Messages: their text, what is attached, and what they conceal."""

from __future__ import annotations

import pytest

from forestall.collecting.flags import FlagCode
from forestall.collecting.intake import Outcome
from forestall.collecting.record import RecordKind
from tests.collecting import corpus
from tests.collecting.corpus import eml


def test_a_mail_is_one_item_and_each_attachment_one(take):
    files = (("report.pdf", corpus.pdf("Report.")), ("rows.csv", b"place,killed\nNorth,3\n"))
    reading = take("a.eml", eml(files=files))

    assert (reading.outcome, reading.items, reading.rows) == (Outcome.ACCEPTED, 3, 1)
    message, paper, table = reading.records
    assert [record.kind for record in reading.records] == [
        RecordKind.MESSAGE,
        RecordKind.DOCUMENT,
        RecordKind.EVENT_TABLE,
    ]
    assert paper.parent == table.parent == message.external_id
    assert table.external_id == f"{message.external_id}/3"
    assert reading.level == 2


def test_headers_are_read_as_claims(take):
    record = take("a.eml", eml(Content_Language="en", Subject="Lage im Norden – Überblick")).records[0]

    assert record.title == "Lage im Norden – Überblick"
    assert record.reporter == "Field office <west@mission.example.org>"
    assert record.published.readings == ("2026-11-20T09:17:00+00:00",)
    assert record.language == "en"


def test_a_hostile_attachment_goes_to_quarantine_and_the_text_stays(take):
    macros = corpus.repacked(corpus.docx(corpus.paragraph("x")), word__vbaProject_dot_bin=b"m")
    reading = take("a.eml", eml(files=(("a.docm", macros),)))

    assert (reading.outcome, reading.items) == (Outcome.ACCEPTED, 1)
    assert reading.quarantined[0].content == macros
    assert reading.quarantined[0].hostile


def test_a_forwarded_message_is_an_item_of_its_own(take):
    from email import message_from_bytes, policy

    inner = message_from_bytes(eml("The original.", Message_ID="<0@example.org>"), policy=policy.default)
    fresh = message_from_bytes(eml("See below."), policy=policy.default)
    fresh.add_attachment(inner)

    reading = take("a.eml", fresh.as_bytes())

    assert [record.body.strip() for record in reading.records] == ["See below.", "The original."]


def wrapped(times: int) -> bytes:
    """A message within so many others."""
    from email import message_from_bytes, policy

    content = eml("Innermost.")
    for _ in range(times):
        outer = message_from_bytes(eml("Around."), policy=policy.default)
        outer.add_attachment(message_from_bytes(content, policy=policy.default))
        content = outer.as_bytes()
    return content


def test_a_tower_of_messages_is_refused_whole(take):
    reading = take("a.eml", wrapped(11))

    assert reading.outcome is Outcome.QUARANTINED
    assert reading.quarantined[0].hostile
    assert "more than 10 deep" in str(reading.reason)


def test_mails_within_mails_end_at_a_depth(take):
    reading = take("a.eml", wrapped(6))

    assert reading.outcome is Outcome.ACCEPTED
    assert "deeper" in str(reading.reason)


def test_the_hidden_part_of_a_page_is_kept_apart_and_flagged(take):
    page = '<p>Seen.</p><p style="display:none">Unseen.</p><img src="http://t.example.org/p.gif"><script>x()</script>'
    record = take("a.eml", eml("", html=page)).records[0]

    assert (record.body, record.hidden) == ("Seen.", "Unseen.")
    assert record.body_html == "<p>Seen.</p>"
    assert {FlagCode.HIDDEN_TEXT, FlagCode.REMOTE_PICTURES, FlagCode.ACTIVE_CONTENT_REMOVED} <= {
        flag.code for flag in record.flags
    }


@pytest.mark.parametrize(
    "style",
    [
        "display: none",
        "color:#ffffff",
        "color: white; background: #fff",
        "font-size:0px",
        "visibility:hidden",
        "opacity:0",
    ],
)
def test_every_way_of_hiding_is_seen(take, style):
    record = take("a.html", f'<html><p>Seen.</p><p style="{style}">Unseen.</p></html>'.encode()).records[0]

    assert (record.body, record.hidden) == ("Seen.", "Unseen.")


@pytest.mark.parametrize(
    "style", ["color:white; background:#003366", "font-size:0.9em", "opacity:0.8", "background-color:#fff"]
)
def test_what_a_reader_sees_is_not_taken_for_hidden(take, style):
    record = take("a.html", f'<html><p style="{style}">Seen.</p></html>'.encode()).records[0]

    assert (record.body, record.hidden) == ("Seen.", "")


def test_a_charset_declared_wrongly_is_flagged_and_not_repaired_in_silence(take):
    text = "Рынок в северном районе снова открыт, сообщили местные жители."
    content = eml("PLACEHOLDER").replace(b"PLACEHOLDER", text.encode("windows-1251"))
    record = take("a.eml", content).records[0]

    assert record.body == text
    assert record.has(FlagCode.ENCODING_CONTRADICTED)


def test_unencoded_letters_in_a_subject_are_read(take):
    content = eml(Subject="PLACEHOLDER").replace(b"PLACEHOLDER", "الوضع في الشمال".encode())

    assert take("a.eml", content).records[0].title == "الوضع في الشمال"


def test_a_message_cut_short_is_quarantined(take):
    whole = eml(files=(("a.pdf", corpus.pdf("x")),))

    reading = take("a.eml", whole[: len(whole) * 2 // 3])

    assert reading.outcome is Outcome.QUARANTINED
    assert "cut short" in str(reading.reason)


def test_an_attachment_that_is_damaged_goes_to_quarantine_alone(take):
    whole = eml(files=(("a.pdf", corpus.pdf("x")),))
    start = whole.index(b"JVBERi")
    reading = take("a.eml", whole[:start] + b"!" + whole[start:])

    assert (reading.outcome, reading.items) == (Outcome.ACCEPTED, 1)
    assert "damaged" in str(reading.reason)


def test_an_encrypted_message_says_what_to_ask_for(take):
    content = eml().replace(b"text/plain", b"application/pkcs7-mime")

    assert "in the clear" in str(take("a.eml", content).reason)


def test_a_date_after_receipt_or_none_is_flagged(take):
    late = take("a.eml", eml(Date="Fri, 01 Jan 2027 00:00:00 +0000")).records[0]
    none = take("b.eml", eml().replace(b"Date: Fri, 20 Nov 2026 09:17:00 +0000\n", b"")).records[0]

    assert late.has(FlagCode.DATE_AFTER_RECEIPT)
    assert none.published is None
    assert none.has(FlagCode.NO_DATE)


def test_the_same_message_has_the_same_identity_whatever_way_it_came(take):
    one = take("a.eml", eml()).records[0]
    other = take("b.eml", b"Received: by another.example.org\r\n" + eml().replace(b"\n", b"\r\n")).records[0]
    changed = take("c.eml", eml("The market burned.")).records[0]

    assert one.record_id == other.record_id
    assert one.sha256 == other.sha256
    assert changed.record_id != one.record_id


def test_a_letterhead_is_no_item_and_an_attached_picture_is(take):
    from email import message_from_bytes, policy

    message = message_from_bytes(eml("Text.", html='<p>Text.</p><img src="cid:logo">'), policy=policy.default)
    message.get_payload()[1].add_related(corpus.png(), maintype="image", subtype="png", cid="<logo>")
    message.add_attachment(corpus.png(), maintype="image", subtype="png", filename="photo.png")

    reading = take("a.eml", message.as_bytes())

    assert [record.kind for record in reading.records] == [RecordKind.MESSAGE, RecordKind.PICTURE]


def test_a_message_saved_from_a_mailbox_is_a_message(take):
    saved = b"From office@example.org Tue Oct 13 08:15:00 2026\n" + eml()
    reading = take("a.eml", saved)

    assert (reading.outcome, reading.kind, reading.items) == (Outcome.ACCEPTED, "mail", 1)
    assert reading.records[0].external_id == take("a.eml", eml()).records[0].external_id


def test_a_mailbox_of_several_messages_is_not_taken_for_one(take):
    mark = b"From office@example.org Tue Oct 13 08:15:00 2026\n"
    reading = take("a.eml", mark + eml() + b"\n\n" + mark + eml("Another."))

    assert reading.outcome is Outcome.QUARANTINED
    assert "of its own" in str(reading.reason)


def test_a_mark_of_encoding_before_the_headers_hides_none_of_them(take):
    record = take("a.eml", b"\xef\xbb\xbf" + eml()).records[0]

    assert record.external_id == take("a.eml", eml()).records[0].external_id
    assert record.reporter


def test_a_returned_message_is_its_notice_and_what_was_returned(take):
    head = b"From: mailer@example.org\nTo: a@example.org\nSubject: Returned\nDate: Tue, 13 Oct 2026 08:15:00 +0000\n"
    parts = (
        b"Content-Type: text/plain\n\nYour message came back.\n",
        b"Content-Type: message/delivery-status\n\nReporting-MTA: dns; x.example.org\n\nAction: failed\n",
        b"Content-Type: message/rfc822\n\n" + eml(),
    )
    body = b"".join(b"--q\n" + part + b"\n" for part in parts) + b"--q--\n"
    reading = take(
        "a.eml", head + b"MIME-Version: 1.0\nContent-Type: multipart/report; boundary=q\n\n" + body
    )

    assert (reading.outcome, reading.items, reading.quarantined) == (Outcome.ACCEPTED, 2, ())
