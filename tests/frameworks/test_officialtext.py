"""A person's own copy of the official text is read in spite of how it was printed, or refused with a sentence."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence

import pypdf
import pytest
import typst

from forestall.base.canonical import sha256
from forestall.base.errors import Malformed
from forestall.frameworks.officialtext import read_official

Pdf = Callable[[Sequence[Sequence[str]]], bytes]
Pages = list[list[str]]


def numbers(content: bytes) -> list[str]:
    return [found.number for found in read_official(content).indicators]


def texts(content: bytes) -> dict[str, str]:
    return {found.number: found.text for found in read_official(content).indicators}


def test_numbers_are_found_in_order_with_their_words_and_pages(pdf: Pdf, printed: Pages) -> None:
    content = pdf(printed)
    found = read_official(content)
    assert [(each.number, each.page, each.text) for each in found.indicators[:3]] == [
        ("1.1", 2, "Level of the river above its usual mark for the season."),
        ("1.2", 2, "Leaking dams, in particular old ones."),
        ("1.3", 3, "Rain upstream."),
    ]
    assert [each.number for each in found.indicators] == ["1.1", "1.2", "1.3", "2.1", "2.2"]
    assert (found.sha256, found.language, found.pages) == (sha256(content), "en", 4)


def test_a_number_alone_on_its_line_takes_the_words_of_the_next(pdf: Pdf, printed: Pages) -> None:
    assert texts(pdf(printed))["2.1"] == "Banks left untended."


def test_headings_of_the_contents_page_are_not_taken_for_the_factors(pdf: Pdf, printed: Pages) -> None:
    found = read_official(pdf(printed))
    assert [(each.number, each.page) for each in found.factors] == [("1", 2), ("2", 4)]
    assert found.factors[0].opening == "Rising water Water that comes nearer."
    assert found.factors[1].opening == "Weak banks"


def test_running_headers_and_page_numbers_are_not_part_of_the_words(pdf: Pdf, printed: Pages) -> None:
    printed[2].insert(1, "the season’s end.")
    printed[2].insert(2, "Comment: none.")
    printed[1] = [*printed[1][:-3], "2"]
    assert (
        texts(pdf(printed))["1.1"]
        == "Level of the river above its usual mark for the season. the season’s end."
    )


def test_a_number_cited_in_a_comment_is_told_from_the_indicator_and_reported(
    pdf: Pdf, printed: Pages
) -> None:
    found = read_official(pdf(printed))
    assert found.repeated == ("1.2",)
    assert texts(pdf(printed))["1.2"].startswith("Leaking dams")


def test_a_number_cited_before_its_indicator_gives_way_to_it(pdf: Pdf) -> None:
    page = ["Risk factor 1 Water", "1.1 High water, as in", "1.3 below.", "1.2 Leaks.", "1.3 Rain."]
    content = pdf([page])
    assert numbers(content) == ["1.1", "1.2", "1.3"]
    assert texts(content)["1.1"] == "High water, as in 1.3 below."


def test_prose_that_begins_like_a_heading_is_prose(pdf: Pdf, printed: Pages) -> None:
    assert texts(pdf(printed))["2.2"] == "Burrowing animals. Risk factor 2 is often overlooked."


def test_figures_at_the_head_of_a_line_are_not_indicators(pdf: Pdf) -> None:
    page = ["Risk factor 1 Water", "1.1 More than", "3.5 metres, or", "1.2.3 as defined.", "1.2 Leaks."]
    content = pdf([page])
    assert numbers(content) == ["1.1", "1.2"]
    assert texts(content)["1.1"] == "More than 3.5 metres, or 1.2.3 as defined."


def test_a_factor_whose_heading_is_a_picture_keeps_its_indicators(pdf: Pdf) -> None:
    content = pdf([["Risk factor 1 Water", "1.1 High water."], ["2.1 Banks.", "2.2 Moles."]])
    assert numbers(content) == ["1.1", "2.1", "2.2"]
    assert [each.number for each in read_official(content).factors] == ["1"]


def test_a_compound_that_ends_a_line_loses_only_its_break(pdf: Pdf) -> None:
    content = pdf(
        [["Risk factor 1 Water", "1.1 Over-", "flow in 2001-", "2002 and the Upper-", "River part."]]
    )
    assert texts(content)["1.1"] == "Overflow in 2001- 2002 and the Upper- River part."


def test_a_french_copy_is_known_by_its_headings(pdf: Pdf) -> None:
    found = read_official(
        pdf([["Facteur de risque 1 : Montée des eaux", "Indicateurs", "1.1 Rivière haute."]])
    )
    assert found.language == "fr"
    assert found.indicators[0].text == "Rivière haute."
    assert found.factors[0].opening == "Montée des eaux"


def test_a_typeset_copy_with_ligatures_and_hyphens_reads_the_same() -> None:
    source = """#set page(width: 60mm, height: 120mm, header: [Framework of the Miniature], numbering: "1")
#set text(size: 10pt, lang: "en", hyphenate: true)
#set par(justify: true)
= Risk factor 1
Official findings

1.1 Insufficient and inefficient fortifications, affirmatively classified by the responsible administration.

1.2 Trafﬁc on the river.
"""
    found = texts(typst.compile(source.encode()))
    assert found["1.1"] == (
        "Insufficient and inefficient fortifications, affirmatively classified by the responsible administration."
    )
    assert found["1.2"] == "Traffic on the river."


@pytest.mark.parametrize(
    ("language", "heading", "words"),
    [
        ("es", "Factor de riesgo 1", "El río está crecido."),
        ("ru", "Фактор риска 1", "Уровень реки высок."),
    ],
)
def test_a_copy_is_known_by_its_headings(language: str, heading: str, words: str) -> None:
    found = read_official(typst.compile(f"{heading}\n\n1.1 {words}\n".encode(), ignore_system_fonts=True))
    assert found.language == language
    assert [(each.number, each.text) for each in found.indicators] == [("1.1", words)]


def test_a_chinese_copy_is_known_by_its_headings() -> None:
    content = typst.compile(
        '#set text(font: "Noto Sans CJK SC", fallback: true)\n风险因素1\n\n1.1 河水上涨。\n'.encode()
    )
    if "河" not in pypdf.PdfReader(io.BytesIO(content)).pages[0].extract_text():
        pytest.skip("this machine has no font for Chinese, so no Chinese PDF can be made")
    found = read_official(content)
    assert found.language == "zh"
    assert [(each.number, each.text) for each in found.indicators] == [("1.1", "河水上涨。")]


def test_a_file_locked_against_changes_only_is_read(pdf: Pdf, printed: Pages) -> None:
    assert numbers(locked(pdf(printed), password="")) == ["1.1", "1.2", "1.3", "2.1", "2.2"]


def locked(content: bytes, *, password: str) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(content))
    writer.encrypt(user_password=password, owner_password="owner", algorithm="AES-256")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_a_file_locked_with_a_password_says_so(pdf: Pdf, printed: Pages) -> None:
    with pytest.raises(Malformed, match="locked with a password"):
        read_official(locked(pdf(printed), password="river"))


def test_a_file_of_pictures_says_so(pdf: Pdf) -> None:
    with pytest.raises(Malformed, match="holds no text"):
        read_official(pdf([[], []]))


def test_a_file_cut_off_says_so_at_every_length(pdf: Pdf, printed: Pages) -> None:
    content = pdf(printed)
    for length in range(20, len(content) - 10, 97):
        with pytest.raises(Malformed, match="breaks off before its end"):
            read_official(content[:length])


def test_a_file_damaged_inside_says_so(pdf: Pdf, printed: Pages) -> None:
    content = pdf(printed)
    with pytest.raises(Malformed, match="damaged or incomplete"):
        read_official(content[:60] + b"\n%%EOF")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"", "is empty"), (b"PK\x03\x04 a document", "is no PDF"), (b"\x00" * 4096, "is no PDF")],
)
def test_what_is_no_pdf_says_so(content: bytes, sentence: str) -> None:
    with pytest.raises(Malformed, match=sentence):
        read_official(content)


def test_another_document_says_that_it_has_no_indicators(pdf: Pdf) -> None:
    with pytest.raises(Malformed, match="no numbered indicators"):
        read_official(pdf([["Minutes of the meeting", "1.1 Opening."]]))


def test_a_file_too_large_or_too_long_says_so(
    pdf: Pdf, monkeypatch: pytest.MonkeyPatch, printed: Pages
) -> None:
    content = pdf(printed)
    monkeypatch.setattr("forestall.frameworks.officialtext.MOST_PAGES", 3)
    with pytest.raises(Malformed, match="has 4 pages; at most 3"):
        read_official(content)
    monkeypatch.setattr("forestall.frameworks.officialtext.MOST_BYTES", 1000)
    with pytest.raises(Malformed, match="larger than"):
        read_official(content)
