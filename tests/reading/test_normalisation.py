"""A text is kept as it came, and compared in one form whatever hand wrote it."""

from hypothesis import given
from hypothesis import strategies as st

from forestall.reading.normalisation import clean, matching, search_form, word_form


def test_direction_controls_and_hidden_characters_are_taken_out_and_counted() -> None:
    found = clean("pay\u202eload\u202c\u200bx\x07")
    assert found.text == "payloadx"
    assert (found.direction_controls, found.hidden_characters, found.control_characters) == (2, 1, 1)
    assert found.is_suspicious


def test_a_plain_text_is_not_suspicious_and_keeps_its_paragraphs() -> None:
    found = clean("One.\r\n\r\n\r\n  Two   three.\r")
    assert found.text == "One.\n\nTwo three."
    assert not found.is_suspicious


def test_arabic_spellings_of_one_word_meet() -> None:
    assert word_form("أُمَّة") == word_form("امه")
    assert word_form("إلى") == word_form("الي")
    assert word_form("مـــالي") == word_form("مالى")


def test_french_and_spanish_accents_do_not_part_words_but_russian_short_i_stays() -> None:
    assert word_form("République") == word_form("REPUBLIQUE")
    assert word_form("район") != word_form("раион")
    assert word_form("ещё") == word_form("еще")


def test_vowel_signs_of_other_scripts_are_letters_and_stay() -> None:
    assert word_form("हिंदी") != word_form("हद")
    assert word_form("မြန်မာ") == "မြန်မာ"


def test_chinese_loses_the_spaces_a_page_layout_put_in() -> None:
    assert search_form("苏 丹 政府 2024 年") == "苏丹政府 2024 年"


def test_a_hidden_character_does_not_cut_a_name_in_two() -> None:
    text = "in Su\u200bdan today"
    form = matching(text)
    assert form.words == ("in", "sudan", "today")
    assert text[form.starts[1] : form.ends[1]] == "Su\u200bdan"


@given(st.text())
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    once = clean(text).text
    assert clean(once).text == once


@given(st.text())
def test_places_of_words_stay_inside_the_text_and_in_order(text: str) -> None:
    form = matching(text)
    places = [place for pair in zip(form.starts, form.ends, strict=True) for place in pair]
    assert places == sorted(places)
    assert all(0 <= place <= len(text) for place in places)
