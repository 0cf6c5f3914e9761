"""A sender's address is no part of what they write about."""

from __future__ import annotations

import pytest

from forestall.reading.signature import own_words

TOLD = "The clinic has received the vaccines."
ADDRESS = "Marta Wieser\nRegional Office\nVienna, Austria"


@pytest.mark.parametrize("mark", ["\n-- \n", "\n--\n"])
def test_a_message_ends_where_its_signature_begins(mark: str) -> None:
    assert own_words(TOLD + mark + ADDRESS) == TOLD


@pytest.mark.parametrize(
    "words", ["Logistics mailing list", "Pour vous désabonner", "لإلغاء الاشتراك", "Отписаться"]
)
def test_the_foot_of_a_mailing_list_is_left_out(words: str) -> None:
    assert own_words(f"{TOLD}\n__________\n{words}: https://lists.example.org\nGeneva") == TOLD


def test_a_line_drawn_through_a_report_ends_nothing() -> None:
    report = f"{TOLD}\n----------\nSecond part: the roads are open."
    assert own_words(report) == report


def test_what_is_too_long_for_a_signature_is_text() -> None:
    report = f"{TOLD}\n--\n" + "\n".join(f"Point {number}." for number in range(40))
    assert own_words(report) == report


def test_a_message_that_is_nothing_but_a_signature_is_kept() -> None:
    assert own_words("\n-- \n" + ADDRESS) == "\n-- \n" + ADDRESS
