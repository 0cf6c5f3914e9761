"""The advisory note: two pages, an ask somebody must answer, and nothing a clearing officer would have to strike."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

import pytest
from pypdf import PdfReader

from forestall.base.errors import Refused
from forestall.documents import advisory_note as note
from forestall.documents import document_type
from forestall.documents.advisory_note.content import Confidence
from forestall.documents.advisory_note.note import confidence_sentence, likelihood_sentence
from forestall.documents.advisory_note.remarks import words_in
from forestall.documents.advisory_note.sample import arabic, english
from forestall.documents.sheet import Heading, Sentence, told
from forestall.documents.translations import in_language


def refusals(content: note.AdvisoryNoteContent, **how: object) -> set[str]:
    return {str(one.words) for one in note.remarks(content, **how) if one.refuses}  # type: ignore[arg-type]


def text_of(pdf: bytes) -> str:
    return " ".join("\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def test_a_sound_note_has_no_remark() -> None:
    assert note.remarks(english()) == ()
    assert note.remarks(arabic(), translate=in_language("ar")) == ()


def test_the_note_is_two_pages_at_most() -> None:
    assert len(PdfReader(io.BytesIO(note.pdf(english()))).pages) == 2
    assert note.fits(english()).lines_over == 0


def test_a_note_that_is_too_long_is_refused_and_says_by_how_much() -> None:
    long = replace(english(), situation=english().situation * 14)
    over = note.fits(long).lines_over
    assert over > 5
    with pytest.raises(Refused, match=f"longer than two pages by about {over} printed lines"):
        note.pdf(long)
    assert any("longer than two pages" in words for words in refusals(long))


def test_lines_over_and_lines_left_follow_the_text() -> None:
    before = note.fits(english())
    shorter = note.fits(replace(english(), dissent=()))
    assert shorter.lines_left > before.lines_left
    longer = [
        note.fits(replace(english(), situation=english().situation * n)).lines_over for n in (14, 16, 18)
    ]
    assert longer == sorted(set(longer))


def test_likelihood_and_confidence_are_two_sentences_with_the_range_in_words_and_figures() -> None:
    likelihood, confidence = (
        str(likelihood_sentence(english()).text),
        str(confidence_sentence(english()).text),
    )
    assert "likely (55–80\u00a0%)" in likelihood
    assert "onfiden" not in likelihood
    assert "moderate" in confidence
    assert "likel" not in confidence


def test_a_confidence_that_speaks_of_likelihood_is_refused() -> None:
    mixed = replace(english(), confidence=Confidence("moderate", "attacks are likely whatever sources say"))
    assert "Likelihood and confidence stand in one sentence." in refusals(mixed)


def test_the_ask_comes_first_and_says_by_when_and_why() -> None:
    printed = text_of(note.pdf(english()))
    assert printed.index("We ask that you request the Interior Ministry") < printed.index("Judgement")
    assert "Decision needed by 27 November 2026: census results are published" in printed


def test_each_recommendation_has_a_lead_and_a_day() -> None:
    printed = text_of(note.pdf(english()))
    assert "Presence in the camps. Lead: Resident Coordinator, by 10 December 2026." in printed


def test_dissent_and_what_speaks_against_the_judgement_are_carried() -> None:
    headings = [told(one.text, None) for one in note.sheet(english()).blocks if isinstance(one, Heading)]
    assert {"Dissent", "What speaks against this judgement", "What we do not know"} <= set(headings)


def test_the_sections_stand_in_the_order_of_the_definition() -> None:
    titles = [str(section.title) for section in document_type("advisory-note").sections]
    headings = [told(one.text, None) for one in note.sheet(english()).blocks if isinstance(one, Heading)]
    assert headings == [title for title in titles if title in headings]
    assert len(headings) == len(titles) - 1  # the ask is a box without a heading


def test_a_verdict_is_refused_wherever_it_hides() -> None:
    verdict = "The Home Guard is committing genocide."
    for field in ("situation", "changed", "populations", "unknown", "mitigating", "dissent"):
        content = replace(english(), **{field: (Sentence(verdict, citations=(1,)),)})
        (remark,) = [one for one in note.remarks(content) if one.refuses]
        assert (remark.section, remark.excerpt) == (field, "is committing genocide")
    asked = replace(english(), ask=replace(english().ask, why="war crimes were committed in Sarn"))
    assert any("legal finding" in words for words in refusals(asked))
    titled = replace(english(), subject="Karvania: genocide is taking place")
    assert any("legal finding" in words for words in refusals(titled))


def test_a_claim_without_evidence_is_refused() -> None:
    bare = replace(english(), situation=(Sentence("Units were armed."),))
    assert refusals(bare) == {"This sentence leads to no evidence."}


def test_a_citation_of_a_source_that_is_not_listed_is_refused() -> None:
    lost = replace(english(), changed=(Sentence("Units were armed.", citations=(9,)),))
    assert refusals(lost) == {"Source 9 is cited and not listed."}


def test_a_sentence_whose_evidence_changed_is_refused() -> None:
    stale = replace(english(), changed=(Sentence("Units were armed.", citations=(1,), stale=True),))
    assert refusals(stale) == {"The evidence behind this sentence has changed since it was written."}


def test_an_empty_section_is_refused_but_no_dissent_is_no_fault() -> None:
    assert refusals(replace(english(), populations=())) == {"Populations at risk is empty."}
    assert refusals(replace(english(), dissent=())) == set()


def test_a_note_is_at_least_confidential() -> None:
    assert refusals(replace(english(), level=1)) == {"An advisory note is at least confidential."}


def test_days_must_make_sense() -> None:
    early = replace(english(), ask=replace(english().ask, decision_by=date(2026, 11, 1)))
    assert "The day of the decision is before the day of the note." in refusals(early)
    backwards = replace(english(), likelihood=replace(english().likelihood, end=date(2026, 11, 1)))
    assert "The period of the judgement ends before it begins." in refusals(backwards)


def test_a_forecast_takes_one_sentence() -> None:
    two = Sentence("One model gives 41 %. Another gives 33 %.", citations=(1,))
    assert refusals(replace(english(), forecast=two)) == {"A forecast takes one sentence at most."}


@pytest.mark.parametrize("why", ["our last ask had no response", "the answer is overdue"])
def test_the_sheet_does_not_count_the_addressees_silence(why: str) -> None:
    counted = replace(english(), ask=replace(english().ask, why=why))
    assert "The sheet does not count the addressee's silence. The record keeps it." in refusals(counted)


def test_a_long_section_is_a_remark_that_does_not_refuse() -> None:
    wordy = replace(english(), unknown=(Sentence("Whether the lists reach the Home Guard at all. " * 11),))
    (remark,) = note.remarks(wordy)
    assert (remark.section, remark.refuses) == ("unknown", False)
    assert str(remark.words) == "What we do not know has 99 words; 80 are meant."


def test_two_chinese_characters_count_as_one_word() -> None:
    assert (words_in("国民警卫队"), words_in("nine of fourteen districts"), words_in("l’armée, 41,000")) == (
        3,
        4,
        2,
    )


def test_an_acting_officer_signs_for_another() -> None:
    printed = text_of(note.pdf(english()))
    assert "First clearance: P. Lindqvist for R. Okoth, 21 November 2026" in printed
    assert "Second clearance: open" in printed
