"""Numbers and order are compared by machine; wording is laid side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from forestall.base.errors import Refused
from forestall.frameworks.framework import Framework, Numbering
from forestall.frameworks.wordingcheck import Row, compare, read_official

Pdf = Callable[[Sequence[Sequence[str]]], bytes]
Pages = list[list[str]]


def test_a_copy_with_the_same_list_agrees_in_numbers_and_titles(
    miniature: Framework, pdf: Pdf, printed: Pages
) -> None:
    found = compare(miniature, read_official(pdf(printed)))
    assert found.numbers_agree
    assert [(row.number, row.agrees) for row in found.titles] == [("1", True), ("2", True)]
    assert found.digest == miniature.digest


def test_our_words_stand_beside_the_official_ones(miniature: Framework, pdf: Pdf, printed: Pages) -> None:
    found = compare(miniature, read_official(pdf(printed)))
    assert found.rows[2] == Row("1.3", "It rains in the hills.", "Rain upstream.", 3, held=False)
    assert len(found.rows) == 5


def test_an_indicator_the_copy_lacks_is_missing_and_one_it_adds_is_extra(
    miniature: Framework, pdf: Pdf, printed: Pages
) -> None:
    printed[2] = printed[2][:1]
    printed[3].insert(-2, "2.3 Floating ice.")
    found = compare(miniature, read_official(pdf(printed)))
    assert not found.numbers_agree
    assert (found.missing, found.extra, found.out_of_order) == (("1.3",), ("2.3",), ())
    assert "2.3" not in [row.number for row in found.rows]


def test_an_indicator_out_of_its_place_is_named_and_its_neighbours_are_not(
    miniature: Framework, pdf: Pdf
) -> None:
    pages = [["Risk factor 1 Rising water", "1.3 Rain.", "1.1 River.", "1.2 Dam."],
             ["Risk factor 2 Weak banks", "2.1 Banks.", "2.2 Moles."]]  # fmt: skip
    found = compare(miniature, read_official(pdf(pages)))
    assert found.out_of_order == ("1.3",)
    assert not found.numbers_agree


def test_factors_missing_or_added_are_named(miniature: Framework, pdf: Pdf) -> None:
    pages = [
        ["Risk factor 1 Rising water", "1.1 River.", "1.2 Dam.", "1.3 Rain."],
        ["Risk factor 3 Ice", "3.1 Ice."],
    ]
    found = compare(miniature, read_official(pdf(pages)))
    assert (found.factors_missing, found.factors_extra) == (("2",), ("3",))
    assert (found.missing, found.extra) == (("2.1", "2.2"), ("3.1",))


def test_another_title_does_not_agree(miniature: Framework, pdf: Pdf, printed: Pages) -> None:
    printed[3][1] = "Risk factor 2: Weak dams"
    titles = compare(miniature, read_official(pdf(printed))).titles
    assert [(row.number, row.agrees) for row in titles] == [("1", True), ("2", False)]


def test_a_french_copy_is_laid_beside_our_french_and_titles_are_left_to_the_reader(
    miniature: Framework, pdf: Pdf
) -> None:
    pages = [["Facteur de risque 1 : Montée des eaux", "1.1 Rivière haute."]]
    found = compare(miniature, read_official(pdf(pages)))
    assert found.language == "fr"
    assert found.rows[0].ours == "En français : The river is high."
    assert found.titles[0].agrees is None


def test_our_arabic_can_be_held_against_a_copy_in_another_language(
    miniature: Framework, pdf: Pdf, printed: Pages
) -> None:
    found = compare(miniature, read_official(pdf(printed)), language="ar")
    assert (found.language, found.rows[0].ours) == ("ar", "بالعربية: The river is high.")
    assert compare(miniature, read_official(pdf(printed)), language="zh").language == "en"


def test_numbers_of_our_own_have_no_official_list(miniature: Framework, pdf: Pdf, printed: Pages) -> None:
    official = read_official(pdf(printed))
    with pytest.raises(Refused, match="numbers of miniature are our own"):
        compare(replace(miniature, numbering=Numbering.OURS), official)
