"""One form of every text: what readers take for the same word is the same, and every mark stands on its own letters."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from forestall.search import highlight, question
from forestall.search.normaliser import LONGEST, placed, words

SAME = {
    "I20 dotless i": ("ISPARTA ığdır İzmir", "isparta igdir izmir"),
    "I20 sharp s": ("Straße STRASSE", "strasse strasse"),
    "I20 Arabic presentation forms": ("ﻻﺟﺌﻮﻥ", "لاجئون"),
    "I20 vowel signs and stretches": ("الْقَـــرْيَةُ", "القريه"),
    "I20 alefs and final ya": ("أحمد إلى آخر مستشفى", "احمد الي اخر مستشفي"),
    "I20 Persian and Urdu letters": ("یک کابل ہے", "يك كابل هي"),
    "I20 digits of all scripts": ("١٢٣ ۱۲۳ १२३ １２３ ၁၂၃ ๑๒๓", "123 123 123 123 123 123"),
    "I20 full width and ligatures": ("ＡＢＣ ﬁre", "abc fire"),
    "I20 what is written in two ways": ("e\u0301le\u0300ve ｶﾞ \u1112\u1161\u11ab", "élève ガ 한"),
    "I17 direction and nothing in a word": ("vil\u200blage \u202eegalliv\u202c", "village egalliv"),
    "I18 invisible tag characters": ("re\U000e0041port", "report"),
    "Amharic letters that sound alike": ("ሠላም ፀሐይ", "ሰላም ጸሀይ"),
    "Russian yo": ("Ёлка", "елка"),
}


@pytest.mark.parametrize(("one", "other"), SAME.values(), ids=SAME)
def test_what_reads_alike_is_one_word(one: str, other: str) -> None:
    assert words(one) == words(other)


def test_russian_short_i_stays_a_letter_of_its_own() -> None:
    assert words("й") == words("и\u0306") != words("и")


@pytest.mark.parametrize("run", ["保护平民", "ကလေးများ", "แม่น้ำโขง", "ភ្នំពេញ", "ひらがなカナ"])
def test_every_part_of_a_run_without_spaces_is_found(run: str) -> None:
    told = words(f"x {run} y")
    parts = [run[low:high] for low in range(len(run)) for high in range(low + 1, len(run) + 1)]

    assert [part for part in parts if words(part) and not question.read(part).answered_by(told)] == []
    assert not question.read("没有").answered_by(told)


def test_I19_a_flood_of_marks_is_one_letter_and_an_excerpt_stays_short() -> None:
    flood = "z" + "\u0301" * 10_000 + "algo"

    assert words(flood) == ["zalgo"]
    assert sum(len(piece.text) for piece in highlight.excerpt(flood, question.read("zalgo"))) <= highlight.LENGTH + 2


def test_a_word_without_end_is_found_by_its_beginning() -> None:
    assert words("a" * 500) == ["a" * LONGEST]
    assert question.read("a" * 500).answered_by(words("a" * 500))


@settings(max_examples=400, deadline=None)
@given(st.text(max_size=30))
@example("\u1112\u1161\u11abｶﾞ ﷺ ﹰا e\u200b\u0301 İı")
def test_every_word_knows_where_it_stands(text: str) -> None:
    found = placed(text)

    assert [one.word for one in found] == words(text)
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert [one.start for one in found] == sorted(one.start for one in found)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200), st.text(min_size=1, max_size=5))
def test_an_excerpt_shows_the_original_letters_and_no_others(text: str, asked: str) -> None:
    pieces = highlight.excerpt(text, question.read(asked))
    shown = "".join(piece.text for piece in pieces if piece.text not in ("… ", " …"))

    assert shown in text


def test_marks_keep_the_letters_as_they_were_written() -> None:
    text = "في الْقَرْيَة بئر"
    pieces = highlight.whole(text, question.read("القرية"))

    assert [piece.text for piece in pieces if piece.marked] == ["الْقَرْيَة"]
    assert "".join(piece.text for piece in pieces) == text


def test_a_mark_far_down_a_long_text_is_found() -> None:
    pieces = highlight.excerpt("filler words " * 5_000 + "the canary sings " + "more " * 500, question.read("canary"))

    assert [piece.text for piece in pieces if piece.marked] == ["canary"]


def test_I16_a_question_is_bounded() -> None:
    from forestall.base.errors import Malformed

    for asked in ("x" * 10_001, " ".join(f"w{number}" for number in range(65)), "民" * 3_000):
        with pytest.raises(Malformed):
            question.read(asked)
    assert not question.read("!!! ... ***")
    assert len(question.read("again " * 1_000).wanted) == 1, "asked twice is asked once"
