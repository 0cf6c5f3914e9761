"""What could not be read is read again with the readers of today, or refused with a reason; nothing is let through."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from forestall.access import queries as access
from forestall.access.labelling import hold_closer
from forestall.access.session import bound_to
from forestall.base.clock import today
from forestall.base.errors import Malformed, Refused
from forestall.collecting.childprocess import Child
from forestall.collecting.dispatch import Answer, Task
from forestall.collecting.intake import Outcome
from forestall.labels.label import Level
from forestall.monitoring import queries, setaside
from forestall.monitoring.actions import quarantine as deciding
from forestall.monitoring.actions.intake import take_in
from forestall.monitoring.actions.quarantine import Correction
from forestall.monitoring.models import CopyEdge, Item, Quarantine
from forestall.monitoring.states import QUARANTINE
from forestall.monitoring.suggesting import Readers
from forestall.record.actions import expunge
from forestall.record.models import Entry, Evidence, Payload
from forestall.record.queries import custody
from forestall.record.verification import verify
from tests.collecting import corpus

pytestmark = pytest.mark.django_db
REPORT = corpus.pdf("Guards closed the road to Tavelune and took the lists of every household.")
KOREAN = "시장은 다시 문을 열었고 사람들은 집으로 돌아왔다. 길은 아직 닫혀 있다.".encode("euc-kr")


@pytest.fixture(scope="module")
def child() -> Iterator[Child]:
    """One limited process for all these files."""
    with Child() as process:
        yield process


@pytest.fixture
def drop(keeper: Any, people: Any, tmp_path: Path, child: Child) -> Callable[..., Any]:
    """`drop("odd.doc", content)`: a file that came by the folder; what was set aside of it, the last one first."""

    def dropped(name: str, content: bytes, *, by: Any = None, level: Level = Level.PUBLIC) -> Any:
        folder = tmp_path / "drop"
        folder.mkdir(exist_ok=True)
        for old in folder.iterdir():
            old.unlink()
        (folder / name).write_bytes(content)
        with bound_to(by or keeper) as session:
            list(take_in(folder, by=session, readers=Readers(), child=child, level=level))
        with bound_to(keeper):
            return Quarantine.objects.filter(name=name).first() or Quarantine.objects.first()

    return dropped


@pytest.fixture
def again(session_of: Callable[..., Any], child: Child) -> Callable[..., Any]:
    """`again(file, name="report.pdf", by="bob")`: a reviewer has it read again."""

    def read(one: Any, *, by: str = "bob", reader: Any = None, **said: str) -> Any:
        with bound_to(session_of(by)) as session:
            stands = setaside.set_aside(one.id)
            assert stands is not None
            return deciding.read_again(
                stands, by=session, readers=Readers(), correction=Correction(**said), child=reader or child
            )

    return read


@pytest.fixture
def stands(keeper: Any) -> Callable[..., Any]:
    """`stands(file)`: the file as it stands now."""
    return lambda one: Quarantine.objects.get(pk=one.pk)


def acts(object_id: Any) -> list[str]:
    return [entry.verb for entry in custody(object_id)]


def test_G4_a_pdf_that_came_as_doc_is_read_under_its_right_name(
    drop: Callable[..., Any], again: Callable[..., Any], stands: Callable[..., Any], people: SimpleNamespace
) -> None:
    file = drop("report.doc", REPORT)
    taken = again(file, name="report.pdf")
    item = Item.objects.get()
    assert (taken.outcome, taken.items, item.state) == (Outcome.ACCEPTED, (item,), "received")
    assert "Guards closed the road" in item.text
    assert (stands(file).state, stands(file).read_as) == ("read_again", "report.pdf")
    assert Entry.objects.get(object_id=file.id, verb="read again").by == str(people.bob.id)


def test_what_is_read_again_rests_on_the_bytes_that_came_and_tells_both_names(
    drop: Callable[..., Any], again: Callable[..., Any], stands: Callable[..., Any]
) -> None:
    file = drop("report.doc", REPORT)
    again(file, name="report.pdf")
    item = Item.objects.get()
    assert item.evidence_id == file.evidence_id
    assert (item.evidence.name, item.evidence.media_type, item.evidence.quarantined) == (
        "report.doc",
        "pdf",
        False,
    )
    assert acts(file.evidence_id) == ["received", "let out of quarantine"]
    assert item.received_at == item.evidence.received_at
    assert item.flags[0]["parameters"] == {"name": "report.doc", "read_as": "report.pdf"}


def test_a_name_that_is_false_too_is_refused_and_the_sentence_names_both(
    drop: Callable[..., Any], again: Callable[..., Any], stands: Callable[..., Any]
) -> None:
    file = drop("report.doc", REPORT)
    taken = again(file, name="report.docx")
    assert taken.outcome == Outcome.QUARANTINED
    assert (
        str(taken.reason)
        == "report.docx says that it is a Word document, but its content is a PDF document. "
        "Give it its true name, or ask what it is."
    )
    now = stands(file)
    assert (now.state, now.read_as, now.read_at is not None) == ("waiting", "report.docx", True)
    assert now.parameters["name"] == "report.docx"
    assert acts(file.id) == ["set aside", "not readable again"]
    assert not Item.objects.exists()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("report", "End the name in what the file is"),
        ("report.thing", "End the name in what the file is"),
        ("../report.pdf", "no folders"),
        ("report\u202e.pdf", "no invisible characters"),
    ],
)
def test_a_name_that_claims_nothing_or_hides_something_is_not_taken(
    drop: Callable[..., Any], again: Callable[..., Any], name: str, said: str
) -> None:
    file = drop("report.doc", REPORT)
    with pytest.raises(Refused, match=said):
        again(file, name=name)
    assert acts(file.id) == ["set aside"]


HOSTILE = {
    "a program": ("note.exe", b"MZ" + b"\0" * 80),
    "macros": (
        "note.docx",
        corpus.repacked(corpus.docx(corpus.paragraph("x")), word__vbaProject_dot_bin=b"macro"),
    ),
    "a test virus": ("note.txt", corpus.EICAR),
    "two kinds at once": ("note.pdf", corpus.pdf("x") + corpus.archive(("a.txt", b"x"))),
    "a bomb": ("note.zip", corpus.zeros(64 << 20)),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_what_was_built_to_do_harm_is_refused_again_and_takes_no_other_name(
    drop: Callable[..., Any], again: Callable[..., Any], stands: Callable[..., Any], what: str
) -> None:
    file = drop(*HOSTILE[what])
    assert file.hostile
    assert again(file).outcome == Outcome.QUARANTINED
    with pytest.raises(Refused, match="built to do harm"):
        again(file, name="honest.pdf")
    assert stands(file).hostile
    assert not Item.objects.exists()


@pytest.mark.parametrize("name", ["honest.txt", "honest.pdf", "honest.docx", "honest.zip", "honest.csv"])
@pytest.mark.parametrize("what", HOSTILE)
def test_no_name_would_let_harm_through_even_if_it_could_be_given(
    drop: Callable[..., Any], again: Callable[..., Any], keeper: Any, what: str, name: str
) -> None:
    file = drop(*HOSTILE[what])
    file.hostile = False
    file.save()
    if name != file.name:
        assert again(file, name=name).outcome == Outcome.QUARANTINED
    assert not Item.objects.exists()


def test_what_lay_too_deep_in_a_mail_is_not_read_by_itself(
    drop: Callable[..., Any], again: Callable[..., Any], keeper: Any
) -> None:
    drop("mail.eml", corpus.eml(files=(("deep.zip", corpus.nested(4)),)))
    deep = Quarantine.objects.get()
    assert (deep.in_place, deep.hostile, deep.depth) == (True, True, 4)
    with pytest.raises(Refused, match="stopped by how it lay in another file"):
        again(deep)


def test_an_attachment_is_read_into_its_mail_under_the_label_of_the_mail(
    drop: Callable[..., Any], again: Callable[..., Any], keeper: Any
) -> None:
    drop("mail.eml", corpus.eml("Guards closed the road in Karvania.", files=(("annex.doc", REPORT),)))
    mail, file = Item.objects.get(), Quarantine.objects.get()
    again(file, name="annex.pdf")
    annex = Item.objects.exclude(pk=mail.pk).get()
    assert annex.parent_id == mail.id
    assert annex.external_id == f"{mail.external_id}/{file.locator}"
    assert annex.label.level >= mail.label.level
    assert annex.label.compartments >= mail.label.compartments


def test_a_label_raised_on_the_mail_holds_for_what_is_read_of_it_later(
    drop: Callable[..., Any], again: Callable[..., Any], keeper: Any
) -> None:
    drop("mail.eml", corpus.eml(files=(("annex.doc", REPORT),)))
    mail = Item.objects.get()
    hold_closer(mail, label=mail.label.raised_to(Level(3)).within("desk:karvania"), by=keeper)
    waiting = Quarantine.objects.get()
    assert waiting.label.level == waiting.evidence.label.level == Level.STRICTLY_CONFIDENTIAL
    again(Quarantine.objects.get(), name="annex.pdf")
    assert Item.objects.exclude(pk=mail.pk).get().label == mail.label


def test_a_label_raised_on_what_was_read_again_is_raised_on_what_was_noted_of_it(
    drop: Callable[..., Any], again: Callable[..., Any], stands: Callable[..., Any], keeper: Any
) -> None:
    file = drop("names of the witnesses.doc", REPORT)
    again(file, name="names.pdf")
    read = Item.objects.get()
    hold_closer(read, label=read.label.raised_to(Level(3)).within("desk:karvania"), by=keeper)
    assert (stands(file).level, stands(file).compartments) == (3, ",desk:karvania,")


def test_what_comes_of_it_is_under_no_lower_label_than_it_was(
    drop: Callable[..., Any], again: Callable[..., Any], session_of: Callable[..., Any]
) -> None:
    file = drop("report.doc", REPORT, level=Level(3))
    assert (file.level, again(file, name="report.docx").level) == (3, 3)
    again(file, name="report.pdf")
    item = Item.objects.get()
    assert (item.level, item.evidence.level) == (3, 3)
    with bound_to(session_of("ivo")):
        assert queries.item(item.id) is None
    with bound_to(session_of("alice")):
        assert queries.item(item.id) is not None


def test_reading_again_twice_changes_nothing(
    drop: Callable[..., Any], again: Callable[..., Any], keeper: Any
) -> None:
    file = drop("report.doc", REPORT)
    again(file, name="report.pdf")
    before = (Entry.objects.count(), Item.objects.count(), Evidence.objects.count())
    taken = again(file, name="report.pdf")
    assert (taken.outcome, [item.id for item in taken.items]) == (Outcome.DUPLICATE, [Item.objects.get().id])
    assert (Entry.objects.count(), Item.objects.count(), Evidence.objects.count()) == before


def test_two_reviewers_at_once_bring_it_once(
    drop: Callable[..., Any], again: Callable[..., Any], keeper: Any, child: Child
) -> None:
    """Rita reads it while Bob's reading is under way: his finds it read."""
    file = drop("report.doc", REPORT)

    class Meanwhile:
        def ask(self, task: Task) -> Answer:
            again(file, by="rita", name="report.pdf")
            return child.ask(task)

    assert again(file, name="report.pdf", reader=Meanwhile()).outcome == Outcome.DUPLICATE
    assert Item.objects.count() == 1


def test_refused_in_the_meantime_it_is_not_read(
    drop: Callable[..., Any],
    again: Callable[..., Any],
    keeper: Any,
    session_of: Callable[..., Any],
    child: Child,
) -> None:
    file = drop("report.doc", REPORT)

    class Meanwhile:
        def ask(self, task: Task) -> Answer:
            with bound_to(session_of("rita")) as rita:
                deciding.refuse(Quarantine.objects.get(pk=file.pk), reason="a forgery", by=rita)
            return child.ask(task)

    with pytest.raises(Refused, match="Next can be: waiting"):
        again(file, name="report.pdf", reader=Meanwhile())
    assert not Item.objects.exists()


@pytest.mark.parametrize("name", ["report.doc", "report.pdf"])
def test_the_same_file_dropped_again_after_it_was_read_brings_nothing(
    drop: Callable[..., Any], again: Callable[..., Any], keeper: Any, name: str
) -> None:
    again(drop("report.doc", REPORT), name="report.pdf")
    drop(name, REPORT)
    assert (Item.objects.count(), Quarantine.objects.count()) == (1, 1)


def test_bytes_that_were_accepted_under_an_honest_name_are_known_and_not_doubled(
    drop: Callable[..., Any], again: Callable[..., Any], stands: Callable[..., Any]
) -> None:
    drop("report.pdf", REPORT)
    file = drop("report.doc", REPORT)
    drop("report.pdf", REPORT)
    assert Item.objects.count() == 1
    assert again(file, name="report.pdf").outcome == Outcome.DUPLICATE
    assert (Item.objects.count(), stands(file).state) == (1, "read_again")
    assert setaside.items_read_from(file) == [Item.objects.get()]


def test_a_copy_of_what_is_known_is_recognised_as_when_it_is_collected(
    drop: Callable[..., Any], again: Callable[..., Any], keeper: Any
) -> None:
    words = (
        "Guards closed the road to the northern valley and asked every household for its list of names. " * 4
    )
    drop("wire.txt", words.encode())
    again(drop("paper.pdf", words.encode() + b"\n"), name="paper.txt")
    assert CopyEdge.objects.get().newer.evidence.name == "paper.pdf"


def test_refusing_needs_a_reason_keeps_the_bytes_and_can_be_taken_back(
    drop: Callable[..., Any], stands: Callable[..., Any], session_of: Callable[..., Any]
) -> None:
    file = drop("report.doc", REPORT)
    with bound_to(session_of("bob")) as bob:
        with pytest.raises(Refused, match="Say why"):
            deciding.refuse(file, reason=" ", by=bob)
        deciding.refuse(file, reason="a forged letterhead", by=bob)
        assert (stands(file).state, stands(file).why) == ("refused", "a forged letterhead")
        assert Path(stands(file).evidence.address).name
        with pytest.raises(Refused, match="Next can be: waiting"):
            deciding.read_again(stands(file), by=bob, readers=Readers())
        deciding.reopen(file, by=bob)
    assert (stands(file).state, stands(file).why) == ("waiting", "")
    assert acts(file.id) == ["set aside", "file refused", "file taken back"]
    assert verify().holds


class Unasked:
    """A reader that nobody may ask."""

    def ask(self, task: Task) -> Answer:
        raise AssertionError("The file was read for somebody who may not decide.")


@pytest.mark.parametrize("name", ["alice", "ivo", "carol", "dora", "ada"])
def test_only_who_reviews_decides(
    drop: Callable[..., Any], session_of: Callable[..., Any], name: str
) -> None:
    file = drop("report.doc", REPORT)
    session = session_of(name)
    with bound_to(session):
        assert setaside.set_aside(file.id) is None
        assert setaside.undecided() == []
    told = "do not let you open the quarantine and decide on it"
    with pytest.raises(Refused, match=told):
        deciding.read_again(file, by=session, readers=Readers(), child=Unasked())
    with pytest.raises(Refused, match=told):
        deciding.refuse(file, reason="no", by=session)
    file.state = "refused"
    file.save()
    with pytest.raises(Refused, match=told):
        deciding.reopen(file, by=session)


def test_nothing_is_decided_on_a_past_day(drop: Callable[..., Any], session_of: Callable[..., Any]) -> None:
    file = drop("report.doc", REPORT)
    past = replace(session_of("bob"), as_of=today())
    with pytest.raises(Refused, match="past day"):
        deciding.read_again(file, by=past, readers=Readers(), child=Unasked())
    with pytest.raises(Refused, match="past day"):
        deciding.refuse(file, reason="no", by=past)


def test_a_reviewer_of_another_desk_does_not_see_what_lay_in_a_mail_of_this_one(
    drop: Callable[..., Any], session_of: Callable[..., Any], keeper: Any
) -> None:
    from forestall.access import actions

    actions.give_role(access.person(session_of("carol").person_id), role="senior_reviewer", by=keeper)
    drop("mail.eml", corpus.eml("Guards closed the road in Iceland.", files=(("annex.doc", REPORT),)))
    mail = Item.objects.get()
    with bound_to(session_of("carol")):
        assert (queries.item(mail.id) is None) == (setaside.undecided() == [])
    actions.keep_desk(key="karvania", title="Karvania", places=frozenset({"ISL"}), by=keeper)
    drop(
        "other.eml",
        corpus.eml("They closed it again, in Iceland.", Message_ID="<2@x>", files=(("annex2.doc", REPORT),)),
    )
    with bound_to(session_of("carol")):
        assert [one.name for one in setaside.undecided()] == ["annex.doc"]
    with bound_to(session_of("bob")):
        assert {one.name for one in setaside.undecided()} == {"annex.doc", "annex2.doc"}


def test_a_text_is_read_in_the_encoding_a_reviewer_names(
    drop: Callable[..., Any], again: Callable[..., Any], keeper: Any
) -> None:
    file = drop("korean.txt", KOREAN)
    assert again(file).outcome == Outcome.QUARANTINED
    assert again(file, encoding="euc-kr").outcome == Outcome.ACCEPTED
    assert Item.objects.get().text.startswith("시장은 다시")


def test_a_table_is_read_with_the_mapping_a_reviewer_gives(
    drop: Callable[..., Any], again: Callable[..., Any], keeper: Any
) -> None:
    file = drop(
        "rows.csv", b"day~place\n03/04/2026~North, west, east\n04/04/2026~South, there\n05/04/2026~West\n"
    )
    assert again(file).outcome == Outcome.QUARANTINED
    again(file, mapping='delimiter = "~"\ndate_order = "day-month-year"\n')
    assert Item.objects.get().table["header"] == ["day", "place"]


def test_what_would_not_be_heeded_is_refused_and_nothing_is_noted(
    drop: Callable[..., Any], again: Callable[..., Any], keeper: Any
) -> None:
    file = drop("report.doc", REPORT)
    with pytest.raises(Refused, match=r"A mapping is for tables\. This is a PDF document"):
        again(file, name="report.pdf", mapping='delimiter = "|"')
    with pytest.raises(Refused, match=r"An encoding is for text\. This is a PDF document"):
        again(file, name="report.pdf", encoding="koi8-r")
    with pytest.raises(Refused, match="from those offered"):
        again(file, name="report.pdf", encoding="utf-7")
    with pytest.raises(Malformed, match="not TOML"):
        again(file, name="report.pdf", mapping="= nothing")
    assert (acts(file.id), Item.objects.count()) == (["set aside"], 0)


def test_a_file_too_large_to_keep_cannot_be_read_again_from_nothing(
    drop: Callable[..., Any], again: Callable[..., Any], tmp_path: Path, keeper: Any, child: Child
) -> None:
    folder = tmp_path / "large"
    folder.mkdir()
    with (folder / "huge.csv").open("wb") as out:
        out.truncate((32 << 20) + 1)
    for _ in range(2):
        list(take_in(folder, by=keeper, readers=Readers(), child=child))
    with pytest.raises(Refused, match="No bytes of it are kept"):
        again(Quarantine.objects.get())


def test_what_still_waits_after_an_archive_was_read_is_set_aside_in_its_turn(
    drop: Callable[..., Any], again: Callable[..., Any], keeper: Any
) -> None:
    packed = corpus.archive(("good.txt", b"The market reopened in Tavelune."), ("bad.rtf", b"{\\rtf1 x}"))
    again(drop("files.doc", packed), name="files.zip")
    assert Item.objects.get().text == "The market reopened in Tavelune."
    assert {one.name: one.state for one in queries.quarantined()} == {
        "files.doc": "read_again",
        "bad.rtf": "waiting",
    }


def test_whoever_handed_it_in_is_told_when_it_could_be_read_after_all(
    drop: Callable[..., Any],
    again: Callable[..., Any],
    session_of: Callable[..., Any],
    people: SimpleNamespace,
) -> None:
    file = drop("report.doc", REPORT, by=session_of("ivo"))
    again(file, name="report.pdf")
    told = access.notices(str(people.ivo.id))
    assert [(one.kind, one.object_id) for one in told] == [("monitoring.item", Item.objects.get().id)]
    assert access.notices(str(people.bob.id)) == []


def test_a_file_handed_in_twice_by_somebody_who_may_not_see_it_is_set_aside_once(
    drop: Callable[..., Any], session_of: Callable[..., Any], keeper: Any
) -> None:
    drop("odd.rtf", b"{\\rtf1 x}", by=session_of("ivo"))
    drop("odd.rtf", b"{\\rtf1 x}", by=session_of("ivo"))
    assert Quarantine.objects.count() == 1


def test_expunging_what_was_read_again_takes_what_was_noted_while_it_was_set_aside(
    drop: Callable[..., Any], again: Callable[..., Any], keeper: Any, django_capture_on_commit_callbacks: Any
) -> None:
    again(drop("names of Quietvoice.doc", REPORT), name="names of Quietvoice.pdf")
    with django_capture_on_commit_callbacks(execute=True):
        expunge(Item.objects.get(), by="rita", second="rolf", reason="the source asked")
    assert not Quarantine.objects.exists()
    assert not Payload.objects.filter(body__contains="Quietvoice").exists()
    assert verify().holds


def test_expunging_a_mail_takes_what_was_set_aside_of_it_with_its_bytes(
    drop: Callable[..., Any], keeper: Any, django_capture_on_commit_callbacks: Any
) -> None:
    from django.conf import settings

    drop("mail.eml", corpus.eml(files=(("annex.doc", REPORT),)))
    path = Path(settings.HOME.files) / Quarantine.objects.get().evidence.address
    with django_capture_on_commit_callbacks(execute=True):
        expunge(Item.objects.get(), by="rita", second="rolf", reason="the source asked")
    assert not path.exists()
    assert not Quarantine.objects.exists()


def test_every_move_is_made_by_who_reviews_and_none_tells_who_may_not_see() -> None:
    assert {move.verb for move in QUARANTINE.moves.values()} == {"item.review"}
    assert {there for (_, there), move in QUARANTINE.moves.items() if move.tells} == {"read_again"}
