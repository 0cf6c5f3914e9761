"""Markings raise a level, in six languages; they never lower one, and a word in a sentence is none."""

from __future__ import annotations

import pytest

from forestall.collecting.markings import find_marking
from tests.collecting import corpus


@pytest.mark.parametrize(
    "text",
    ["STRICTLY CONFIDENTIAL", "Strictly confidential: cable", "[Strictly Confidential] Note", "STRICTEMENT CONFIDENTIEL",
     "Estrictamente confidencial", "СТРОГО КОНФИДЕНЦИАЛЬНО", "Совершенно секретно", "سري للغاية", "سرّي للغاية - برقية",
     "التصنيف: سري للغاية", "绝密", "严格保密", "【绝密】情况通报", "密级：绝密",
     "Classification: Strictly Confidential", "UN RESTRICTED / STRICTLY  CONFIDENTIAL"],
)  # fmt: skip
def test_strict_markings_are_level_three(text):
    assert find_marking("", f"{text}\nThe market reopened.").level == 3


@pytest.mark.parametrize(
    "text",
    ["OUTGOING CODE CABLE", "Code Cable KV-112",
     "CONFIDENTIAL", "Confidential", "CONFIDENTIAL - Sitrep 46", "CONFIDENTIEL", "Confidencial", "КОНФИДЕНЦИАЛЬНО", "سري",
     "التصنيف: سري", "机密", "(confidential)", "Sensitivity: confidential", "Company-Confidential", "TLP:AMBER"],
)  # fmt: skip
def test_markings_are_level_two(text):
    assert find_marking("", f"{text}\nThe market reopened.").level == 2


@pytest.mark.parametrize(
    "text",
    ["UNCLASSIFIED", "Your data stay confidential with us.", "He kept it strictly confidential.", "NOT CONFIDENTIAL",
     "NON CONFIDENTIEL", "Confidence is low", "The report is no longer confidential", "a secret ballot was held",
     "внесли секретно-техническую правку", "الوثيقة غير سري", "非机密", "这是一个秘密会议的消息", "Confidentiality matters",
     "declassified: CONFIDENTIAL"],
)  # fmt: skip
def test_what_is_no_marking_raises_nothing(text):
    assert find_marking("", text).level == 0


def test_only_the_first_page_counts():
    assert find_marking("x" * 3_100 + "\nCONFIDENTIAL").level == 0


def test_a_marking_raises_mail_and_never_lowers_it(take):
    assert take("a.eml", corpus.eml(Subject="STRICTLY CONFIDENTIAL - Sitrep 46")).level == 3
    assert take("a.eml", corpus.eml(Subject="UNCLASSIFIED - Sitrep 46")).level == 2
    assert take("a.eml", corpus.eml(Subject="Sitrep 46")).level == 2


def test_a_marking_raises_what_is_attached(take):
    reading = take("a.eml", corpus.eml(Subject="Strictly confidential", files=(("a.txt", b"Annex."),)))

    assert [record.level for record in reading.records] == [3, 3]


def test_a_feed_is_internal_and_in_a_mail_confidential(take):
    feed = corpus.rss(corpus.ENTRY)

    assert take("news.rss", feed).level == 1
    assert [record.level for record in take("a.eml", corpus.eml(files=(("news.rss", feed),))).records] == [
        2,
        2,
    ]


def test_a_marking_in_a_workbook_raises_it(take):
    book = corpus.xlsx(("S", [["STRICTLY CONFIDENTIAL"], ["place", "killed"], ["North", 3]]))
    reading = take("a.xlsx", book)

    assert (reading.level, reading.rows) == (3, 1)
