"""Known, said, answered between two days: computed from the record, the same whenever it is computed, by who may see it."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import docx
import pytest
from pypdf import PdfReader

from forestall.access.session import bound_to
from forestall.advising import actions, queries
from forestall.advising.chronicle import Scope, compute
from forestall.advising.models import AdvisoryNote
from forestall.base import clock
from forestall.base.errors import Refused
from forestall.documents import typst_pdf, word
from forestall.documents.chronicle import ChronicleContent, sheet
from forestall.documents.translations import in_language
from forestall.labels.label import Label, Level
from forestall.monitoring.actions import item as items
from forestall.record import resting
from forestall.record.actions import expunge
from forestall.record.models import Revision
from tests.advising.notemaking import Desk, cleared_by, sound

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 2, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def begins() -> Iterator[None]:
    """Everything of these tests begins on one Monday."""
    with clock.fixed(START):
        yield


@pytest.fixture
def sent(begins: None, desk: Desk, session_of: Callable[..., Any]) -> AdvisoryNote:
    """A note that left on Wednesday."""
    with clock.fixed(START + timedelta(days=2)):
        note = cleared_by(desk.submitted(), *(session_of(name) for name in ("bob", "dan", "sana")))
        lee = session_of("lee")
        with bound_to(lee):
            actions.transmit(note, rendered=sound(), by=lee)
    return note


Compute = Callable[..., ChronicleContent]


@pytest.fixture
def told(session_of: Callable[..., Any], desk: Desk) -> Compute:
    """`told("alice", days=(0, 6), after=6)`: the chronicle of the hills, of days counted from Monday, made on a later day."""

    def made(name: str = "alice", *, days: tuple[int, int] = (-30, 6), after: int | None = None, **scope: Any) -> ChronicleContent:
        about = Scope("The hills", situation_id=desk.reading.situation_id) if not scope else Scope("All", **scope)
        since, until = (START.date() + timedelta(days=day) for day in days)
        with clock.fixed(START + timedelta(days=days[1] if after is None else after)):
            session = session_of(name)
            with bound_to(session):
                return compute(about, since=since, until=until, by=session, language="en")

    return made


def lines(content: ChronicleContent) -> str:
    parts = (content.known, content.said, content.answered, content.asked)
    return "\n".join(f"{line.day} {line.text}" for part in parts for line in part)


def test_it_tells_what_was_known_said_answered_and_asked(sent: AdvisoryNote, told: Compute) -> None:
    content = told()

    assert "Item received: Report of Field office on 7.5" in lines(content)
    assert "Graded B2 on 2026-11-02." in lines(content)
    assert "2026-11-02 Observation of 2026-10-20: Seen of 7.5. It was corroborated; independent origins: 2." in lines(content)
    assert "Reading of Northern hills issued." in lines(content)
    assert [str(line.text).split(" ")[0] for line in content.said] == ["Warning", "Note"]
    assert "It asks: call the President" in lines(content)
    assert f"On note {sent.reference}, sent 2026-11-04: no answer that the reader may see. Days waited: 4." in lines(content)
    assert "Ask the Ministry quietly to recall the forms. Lead: Special Adviser" in lines(content)


def test_L18_made_on_a_later_day_it_is_the_same_to_the_byte_but_for_the_day_it_says(
    sent: AdvisoryNote, told: Compute, desk: Desk, session_of: Callable[..., Any], make_item: Callable[..., Any]
) -> None:
    before = told()
    with clock.fixed(START + timedelta(days=9)):
        alice, lee = session_of("alice"), session_of("lee")
        make_item("Came later", "later", published=START + timedelta(days=1))
        with bound_to(alice):
            known = items.grade(desk_item(), reliability="A", credibility="1", by=alice)
            assert known.number == 2
        with bound_to(lee):
            actions.record_response(sent, outcome="accepted", channel="call", text="He will call.", on=(START + timedelta(days=9)).date(), by=lee)
    after = told(after=40)

    assert (before.made_on, after.made_on) == (date(2026, 11, 8), date(2026, 12, 12))
    assert replace(after, made_on=before.made_on) == before
    for make in (typst_pdf.pdf, word.word):
        assert make(sheet(before)) == make(sheet(replace(after, made_on=before.made_on)))
        assert make(sheet(before)) != make(sheet(after))
    later = told(days=(-30, 9), after=40)
    assert "Graded A1 on 2026-11-11." in lines(later) and "Came later" in lines(later) and later.digest != before.digest


def desk_item() -> Any:
    from forestall.monitoring.models import Item

    return Item.objects.filter(title__startswith="Report of").order_by("title").first()


def test_an_answer_is_told_from_the_day_it_came_and_ends_the_silence(
    sent: AdvisoryNote, told: Compute, session_of: Callable[..., Any]
) -> None:
    lee = session_of("lee")
    with clock.fixed(START + timedelta(days=3)), bound_to(lee):
        actions.record_response(sent, outcome="received", channel="call", text="", on=START.date() + timedelta(days=3), by=lee)
    assert "received (call)" in lines(told("lee", days=(0, 4)))
    assert "Days waited: 2." in lines(told("lee", days=(0, 4)))
    with clock.fixed(START + timedelta(days=5)), bound_to(lee):
        actions.record_response(sent, outcome="accepted", channel="call", text="He will call.", on=START.date() + timedelta(days=5), by=lee)

    assert "Days waited" in lines(told("lee", days=(0, 4), after=20))
    assert "agreed (call). He will call." in lines(told("lee", days=(0, 5)))
    assert "Days waited" not in lines(told("lee", days=(0, 5)))


def test_V16_an_answer_for_a_closed_audience_is_told_to_it_alone(
    sent: AdvisoryNote, told: Compute, session_of: Callable[..., Any], people: SimpleNamespace
) -> None:
    without = told("rita", days=(0, 6))
    lee = session_of("lee")
    with clock.fixed(START + timedelta(days=5)), bound_to(lee):
        actions.record_response(sent, outcome="accepted", channel="call", text="He will call.", on=START.date() + timedelta(days=5), by=lee)
    with bound_to(session_of("rita")):
        assert queries.responses(sent) == [], "Rita is not of those who carry the note's business"

    assert lines(told("rita", days=(0, 6))) == lines(without), "the state of the note has changed, and nothing that is told of it"
    assert "for named people only" in str(told("lee", days=(0, 6)).handling)


def test_V04_what_one_may_not_see_changes_nothing(
    sent: AdvisoryNote, told: Compute, make_item: Callable[..., Any], keeper: Any
) -> None:
    before = [told("alice"), told("carol", iso3="ZZK"), told("alice", iso3=""), told("dora", iso3="")]
    hidden = make_item("Zanziphore", "zanziphore", published=START)
    resting.raise_label(hidden, label=Label(Level.STRICTLY_CONFIDENTIAL).within("SRC"), by="system:keeper")

    assert [told("alice"), told("carol", iso3="ZZK"), told("alice", iso3=""), told("dora", iso3="")] == before


def test_its_marking_is_the_join_of_all_it_tells(sent: AdvisoryNote, told: Compute, make_item: Callable[..., Any]) -> None:
    assert (told().level, str(told().handling)) == (2, "desk Karvania")
    make_item("Closer", "x", level=3, published=START)
    assert told().level == 3
    assert told("dora", iso3="").level == 1


def test_each_line_has_the_mark_of_the_state_it_was_made_from(sent: AdvisoryNote, told: Compute) -> None:
    content = told()
    parts = (content.known, content.said, content.answered, content.asked)
    marks = [line.mark for part in parts for line in part]
    known = {one.hex[:12] for one in Revision.objects.filter(recorded_at__lte=START + timedelta(days=7)).values_list("id", flat=True)}

    assert len(marks) > 8 and set(marks) <= known


def test_what_is_closed_or_removed_since_is_told_no_more(
    sent: AdvisoryNote, told: Compute, session_of: Callable[..., Any], make_item: Callable[..., Any]
) -> None:
    item = make_item("A name", "that must go", published=START)
    assert "A name" in lines(told())
    with bound_to(session_of("rita")):
        expunge(item, by="rita", second="rolf", reason="A life.")
    assert "A name" not in lines(told(after=9))


@pytest.mark.parametrize(
    ("days", "after"), [((3, 2), 6), ((0, 7), 6)], ids=["the wrong way round", "to come"]
)
def test_days_must_follow_each_other_and_be_over(told: Compute, days: tuple[int, int], after: int) -> None:
    with pytest.raises(Refused):
        told(days=days, after=after)


def test_a_situation_that_was_not_recorded_by_then_is_refused(told: Compute) -> None:
    with pytest.raises(Refused, match="not recorded by that day"):
        told(days=(-9, -1))


def test_a_quiet_time_is_not_called_calm(told: Compute) -> None:
    content = told("dora", days=(-40, -35), after=0, iso3="ZZK")
    assert content.known == content.said == content.answered == content.asked == ()
    assert str(sheet(content).blocks).count("That is not to say that there was nothing") == 4


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_paper_and_word_say_basis_days_exercise_and_marking(sent: AdvisoryNote, told: Compute, language: str) -> None:
    content, translate = replace(told(), language=language), in_language(language)
    pages = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(typst_pdf.pdf(sheet(content), translate=translate))).pages)
    document = docx.Document(io.BytesIO(word.word(sheet(content), translate=translate)))
    edge = " ".join(one.text for one in document.sections[0].header.paragraphs)

    assert "Alice" in pages and "2026-11-08" in pages and content.digest[:32] in pages
    assert translate("EXERCISE") in edge and translate("CONFIDENTIAL") in edge
    assert any("Seen of 7.5" in one.text for one in document.paragraphs)
