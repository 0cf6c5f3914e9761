"""The note as a sheet: the Office's scale, the note's own language, sources that name nobody, marks on what is withdrawn."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.utils import translation
from pypdf import PdfReader

from forestall.access.session import bound_to
from forestall.advising import actions, queries, sheet
from forestall.advising.content import gather
from forestall.advising.footnote import footnotes, number_of
from forestall.advising.models import AdvisoryNote
from forestall.advising.scale import likelihood_scale, likelihood_term
from forestall.assessment import queries as assessment
from forestall.base.errors import Refused
from forestall.documents.sheet import Mark
from forestall.frameworks import load
from forestall.frameworks.framework import in_language
from forestall.frameworks.scales import scale
from forestall.monitoring import queries as monitoring
from forestall.monitoring.actions import item as items
from tests.advising.notemaking import Desk, cleared_by, issued

pytestmark = pytest.mark.django_db
FRAMEWORK = load("unfaac-2014")


def content(note: AdvisoryNote) -> Any:
    return gather(note, framework=FRAMEWORK, translate=sheet.translator(note.language))


def words(pdf: bytes) -> str:
    return " ".join("\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def href(number: int) -> str:
    return f"#evidence-{number}"


def test_the_likelihood_words_are_those_of_the_one_scale() -> None:
    used = scale("likelihood")
    listed = likelihood_scale()
    assert [(str(term.word), term.low, term.high) for term in listed.terms] == [
        (step.label["en"], step.low, step.high) for step in used.steps
    ]
    assert listed.name == "Intelligence Community Directive 203"
    assert likelihood_term("likely").low == 55


def test_a_likelihood_that_the_scale_does_not_know_is_refused() -> None:
    with pytest.raises(Refused, match="no step"):
        likelihood_term("probable")


def test_a_sound_note_has_nothing_in_its_way_and_prints_on_two_pages_at_most(desk: Desk) -> None:
    with bound_to(desk.alice):
        note = desk.note()
        rendered = sheet.render(note, framework=FRAMEWORK)
        assert rendered.findings == ()
        assert rendered.pages <= 2
        printed = words(rendered.pdf)
    assert "We ask that you call the President and ask him to recall the forms." in printed
    assert "likely (55–80 %)" in printed
    assert "Our confidence in this judgement is moderate:" in printed
    assert "EXERCISE" in printed
    assert "To The Secretary-General Through Executive Office of the Secretary-General" in printed


def test_a_finished_note_can_be_submitted_with_its_own_sheets(desk: Desk) -> None:
    with bound_to(desk.alice):
        note = desk.note()
        assert actions.submit(note, rendered=sheet.render(note, framework=FRAMEWORK), by=desk.alice).state == "submitted"


@pytest.mark.parametrize(
    ("change", "remark"),
    [
        ({"event": ""}, "What may happen is not written."),
        ({"confidence_why": ""}, "Why the confidence is what it is is not written."),
        ({"ask": ""}, "The action asked is not written."),
        ({"subject": "The forms amount to genocide"}, "This states a legal finding in our own voice. The Office speaks of risk."),
    ],
)
def test_what_is_missing_or_a_verdict_stands_in_the_way(desk: Desk, change: dict[str, str], remark: str) -> None:
    with bound_to(desk.alice):
        note = actions.write_note(desk.note(), by=desk.alice, **change)  # type: ignore[arg-type]
        rendered = sheet.render(note, framework=FRAMEWORK)
        assert remark in [str(one.words) for one in rendered.findings]
        with pytest.raises(Refused):
            actions.submit(note, rendered=rendered, by=desk.alice)


def test_a_sheet_is_in_the_language_of_the_note_whoever_reads(desk: Desk) -> None:
    with bound_to(desk.alice), translation.override("ar"):
        french = sheet.render(desk.note(language="fr"), framework=FRAMEWORK)
    printed = words(french.pdf)
    assert "Note consultative" in printed
    assert "probable (55–80" in printed
    assert "Advisory note" not in printed


def test_sources_are_numbered_in_the_order_of_the_sheet_and_name_nobody(desk: Desk) -> None:
    with bound_to(desk.alice):
        told = content(desk.note())
    assert [sentence.citations for sentence in (*told.situation, *told.changed, *told.populations)] == [(1,), (2,), (3,)]
    assert [source.number for source in told.sources] == [1, 2, 3]
    first = told.sources[0]
    assert (str(first.origin), first.grade) == ("2 independent of 2", "B2")
    said = " ".join(f"{source.description} {source.origin}" for source in told.sources)
    assert not [name for name in ("Field office", "Radio", "Clinic", "Report of") if name in said]


def test_the_judgement_rests_on_the_sources_of_situation_and_change(desk: Desk) -> None:
    with bound_to(desk.alice):
        assert content(desk.note()).likelihood.citations == (1, 2)


def test_sentences_on_the_same_items_share_a_number(desk: Desk) -> None:
    with bound_to(desk.alice):
        note = desk.note()
        same = note.sections["situation"][0]["observations"]
        told = {**note.sections, "changed": [{"text": "It goes on.", "observations": same, "fact": True}]}
        note = actions.write_note(note, sections=told, by=desk.alice)
        claims = queries.claims(note)
        listed = footnotes(claims)
        assert [number_of(claim, among=listed) for claim in claims] == [1, 1, 2, None, None]


def test_the_factors_shown_are_those_present_the_gravest_first_in_the_frameworks_order(desk: Desk) -> None:
    with bound_to(desk.alice):
        shown = content(desk.note()).factors
    assert [(one.number, one.presence_mark) for one in shown] == [
        ("5", Mark.EMERGING), ("7", Mark.SEVERE), ("8", Mark.PRESENT),
    ]  # fmt: skip


def test_a_judgement_that_rests_on_stricter_material_stays_off_the_sheet(keeper: Any, desk: Desk) -> None:
    desk.reading = issued(keeper, level_of_judgements=3)
    with bound_to(desk.alice):
        assert content(desk.note()).factors == ()


def test_every_sentence_on_the_screen_opens_its_evidence(desk: Desk) -> None:
    with bound_to(desk.alice):
        shown = sheet.shown(desk.note(), framework=FRAMEWORK, href=href)
    assert 'href="#evidence-1"' in shown.html
    assert "data-stale" not in shown.html
    assert shown.words > 60
    assert shown.room > 100


def test_a_sentence_whose_evidence_was_withdrawn_is_marked_and_refused(desk: Desk) -> None:
    with bound_to(desk.alice):
        note = desk.note()
        seen = desk.observations[1]
        for item in monitoring.standing([seen])[str(seen.id)].items:
            items.reject(item, reason="A forgery.", by=desk.alice)
        shown = sheet.shown(note, framework=FRAMEWORK, href=href)
        assert shown.html.count("data-stale") == 1
        refused = [one.excerpt for one in shown.remarks if one.refuses and "changed since" in str(one.words)]
    assert refused == ["Since October, two stations have fallen silent."]


def test_our_wording_of_an_indicator_does_not_leave_before_somebody_held_it_against_the_official_text(desk: Desk) -> None:
    ours = in_language(FRAMEWORK.indicator("7.5").text, language="en")
    with bound_to(desk.alice):
        note = desk.note()
        recommended = actions.recommend(note, text=f"Look at this: {ours}.", lead="Desk", by=desk.alice)
        refused = [one for one in sheet.render(note, framework=FRAMEWORK).findings if "7.5" in str(one.words)]
        assert [one.excerpt for one in refused] == [recommended.text]
        held = tuple(
            replace(one, held=frozenset({"en"})) if one.number == "7.5" else one
            for one in FRAMEWORK.factor("7").indicators
        )
        factors = tuple(replace(one, indicators=held) if one.number == "7" else one for one in FRAMEWORK.factors)
        findings = sheet.render(note, framework=replace(FRAMEWORK, factors=factors)).findings
    assert not [one for one in findings if "7.5" in str(one.words)]


def test_the_sheet_says_who_cleared_it_and_for_whom(
    desk: Desk, people: Any, keeper: Any, session_of: Callable[..., Any]
) -> None:
    note = cleared_by(desk.submitted(), session_of("bob"), session_of("dan"))
    with bound_to(desk.alice):
        signed = content(note).sign_offs
    assert [(str(one.step), one.name, one.day is not None) for one in signed] == [
        ("Drafted", "Alice", True),
        ("First clearance", "Bob", True),
        ("Second clearance", "Dan", True),
        ("Signed", "", False),
    ]


def test_what_fits_as_a_draft_leaves_room_for_every_signature(desk: Desk) -> None:
    with bound_to(desk.alice):
        note = desk.note()
        told = content(note)
        unsigned = sheet._as_signed(told)
    assert all(one.name and one.day for one in unsigned.sign_offs)
    assert replace(unsigned, sign_offs=told.sign_offs) == told


def test_a_note_that_is_too_long_says_by_how_much(desk: Desk) -> None:
    with bound_to(desk.alice):
        note = desk.note()
        long = {**note.sections, "situation": note.sections["situation"] * 160}
        note = actions.write_note(note, sections=long, by=desk.alice)
        shown = sheet.shown(note, framework=FRAMEWORK, href=href)
        assert shown.room < 0
        with pytest.raises(Refused, match="longer than two pages"):
            sheet.render(note, framework=FRAMEWORK)


def test_the_framework_is_the_edition_that_was_judged_against(desk: Desk) -> None:
    with bound_to(desk.alice):
        assert assessment.framework_of(desk.reading).digest == FRAMEWORK.digest
