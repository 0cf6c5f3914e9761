"""Lines from right to left are read as people read them, whatever program wrote the page."""

from __future__ import annotations

import pytest
import typst

from forestall.collecting.formats.pdftext import _Sign, in_order, page_texts

SENTENCE = "أصدرت الأمم المتحدة الإنذار الآن، وقال المسؤولون إن الاتفاق ينفذ في 12 نوفمبر 2026 في الشمال."


def placed(*glyphs: str, step: float = 10.0) -> list[_Sign]:
    """Glyphs from right to left; the letters of one glyph share its place."""
    return [_Sign(sign, 500.0 - step * at) for at, glyph in enumerate(glyphs) for sign in glyph]


def test_lam_and_alef_of_one_glyph_are_put_right():
    assert in_order(placed("ا", "أل", "م", "م")) == "الأمم"


def test_words_told_backwards_are_put_right():
    assert in_order(placed(*"أصدرت", " ", *"الآن")[::-1]) == "أصدرت الآن"


@pytest.mark.parametrize("inside", ["12", "2026-11-12", "5,000", "UN Mission", "A/HRC/43/2"])
def test_numbers_and_latin_words_inside_keep_their_own_direction(inside):
    assert in_order(placed(*"في", " ", *inside[::-1], " ", *"من", " ", *"الشمال")) == f"في {inside} من الشمال"


def test_a_line_written_mostly_from_the_left_is_left_alone():
    line = [_Sign(sign, 10.0 * at) for at, sign in enumerate("The word سلام means peace")]

    assert in_order(line) == "The word سلام means peace"


def test_an_arabic_page_is_read_in_order(tmp_path):
    (tmp_path / "a.typ").write_text(f'#set text(lang: "ar")\n{SENTENCE}', encoding="utf-8")
    pages = list(page_texts(typst.compile(tmp_path / "a.typ")))

    if not any("\u0600" <= sign <= "\u06ff" for sign in pages[0]):
        pytest.skip("no font with Arabic letters is installed here")
    assert pages[0].strip() == SENTENCE
