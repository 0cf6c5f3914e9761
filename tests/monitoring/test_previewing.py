"""Before anything is taken in again, a reviewer sees what would come of it beside what is held; and nothing is stored."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from forestall.access.session import bound_to, system_reader
from forestall.base.clock import fixed
from forestall.base.errors import Refused
from forestall.base.words import say
from forestall.cli.previews import as_json, in_words
from forestall.collecting.asking import BadRow
from forestall.collecting.childprocess import InProcess
from forestall.collecting.contract import Source
from forestall.collecting.intake import Outcome
from forestall.collecting.received import Received
from forestall.collecting.responses import Batch, Response
from forestall.monitoring import holdings, previewing, setaside
from forestall.monitoring.actions import collecting, quarantine, rereading
from forestall.monitoring.actions.intake import take_in
from forestall.monitoring.models import Item, Quarantine, Run
from forestall.monitoring.models import Response as Kept
from forestall.monitoring.suggesting import Readers
from forestall.panel import factstore
from forestall.panel.factdiff import differences, trial
from forestall.panel.factstore import merge
from forestall.record.models import Entry, Evidence
from tests.collecting import corpus
from tests.monitoring.test_collecting import AT, UCDP, Told, dump, rows
from tests.panel.test_factstore import event, load

pytestmark = pytest.mark.django_db
LATER = datetime(2026, 11, 21, 12, tzinfo=UTC)
REPORT = corpus.pdf("Guards closed the road to Tavelune.")


@pytest.fixture
def by() -> Any:
    with bound_to(system_reader("collector", reason="the tests")) as session:
        yield session


@pytest.fixture
def collect(by: Any) -> Callable[..., collecting.Outcome]:
    def run(asker: Told, source: Source = UCDP, *, at: datetime = AT) -> collecting.Outcome:
        asker.at = at
        with fixed(at):
            return collecting.collect(source, by=by, asker=asker, reader=InProcess(), readers=Readers(), on=at.date())

    return run


class Learned(InProcess):
    """A reader that has learnt to call a column otherwise, in the very same rows of the producer."""

    def read(self, received: Received, *, source: Source) -> Response:
        found = super().read(received, source=source)
        return replace(found, facts=tuple(map(_titled, found.facts)))


def _titled(batch: Batch) -> Batch:
    with pa.ipc.open_stream(batch.stream) as stream:
        table = stream.read_all()
    at = table.schema.get_field_index("title")
    learned = table.set_column(at, table.schema.field(at), pa.array([f"Learned {one}" for one in table["external_id"].to_pylist()]))
    out = pa.BufferOutputStream()
    with pa.ipc.new_stream(out, learned.schema) as writer:
        writer.write_table(learned)
    return Batch(batch.dataset, batch.rows, out.getvalue().to_pybytes())


class Strict(InProcess):
    """A reader of before: of each answer it could not read the row of one key."""

    def read(self, received: Received, *, source: Source) -> Response:
        found = super().read(received, source=source)
        return replace(found, bad=(*found.bad, BadRow("row 2", say("Its day is no day."), "x")))


def everything() -> tuple[int, ...]:
    """How much of anything there is; files of facts too."""
    files = sum(1 for path in Path(holdings.root()).rglob("*") if path.is_file())
    return (*(model.objects.count() for model in (Item, Quarantine, Run, Kept, Entry, Evidence)), files)


class TestFacts:
    def test_two_states_are_told_apart_row_by_row_and_field_by_field(self, tmp_path: Path) -> None:
        first, _ = merge(tmp_path, None, load(event("1", deaths=3), event("2"), event("3")))
        second, _ = merge(tmp_path, first, load(event("1", deaths=5), event("4"), at=LATER))
        told = differences(tmp_path, first, second)

        assert (told.new, told.changed, told.gone) == (1, 1, 0)
        assert [(one.name, one.before, one.after) for one in told.changing[0].columns] == [("deaths_best", "3", "5"), ("own: deaths", "3", "5")]
        assert differences(tmp_path, first, first).changed == 0

    def test_what_a_snapshot_no_longer_shows_is_told_as_going(self, tmp_path: Path) -> None:
        first, _ = merge(tmp_path, None, load(*(event(str(n)) for n in range(30))))
        second, _ = merge(tmp_path, first, load(*(event(str(n)) for n in range(29)), at=LATER, snapshot=True))
        told = differences(tmp_path, first, second)

        assert told.gone == 1 and [one.key for one in told.going] == ["29"]

    def test_many_differences_are_counted_and_the_first_fifty_told(self, tmp_path: Path) -> None:
        first, _ = merge(tmp_path, None, load(*(event(str(n)) for n in range(80))))
        second, _ = merge(tmp_path, first, load(*(event(str(n), deaths=9) for n in range(80)), at=LATER))
        told = differences(tmp_path, first, second)

        assert told.changed == 80 and len(told.changing) == 50

    def test_a_trial_leaves_no_file_in_the_store(self, tmp_path: Path) -> None:
        first, _ = merge(tmp_path, None, load(event("1")))
        before = sorted(path for path in tmp_path.rglob("*") if path.is_file())
        with trial(tmp_path, first) as apart:
            second, _ = merge(apart, first, load(event("1", deaths=5), at=LATER))
            assert differences(apart, first, second).changed == 1

        assert sorted(path for path in tmp_path.rglob("*") if path.is_file()) == before

    def test_what_is_read_otherwise_of_the_very_same_bytes_takes_its_place_once(self, tmp_path: Path) -> None:
        given = load(event("1"), event("2"))
        first, _ = merge(tmp_path, None, given)
        learned = replace(load(event("1", title="A road"), event("2")), reread=True)
        second, told = merge(tmp_path, first, learned)
        third, again = merge(tmp_path, second, learned)

        assert (told.changed, told.unchanged, again.changed) == (1, 1, 0)
        assert sorted(factstore.read(tmp_path, second, "events")["title"].to_pylist()) == ["", "A road"]
        assert third.sha256 == second.sha256

    def test_older_bytes_read_again_never_take_the_place_of_newer_ones(self, tmp_path: Path) -> None:
        first, _ = merge(tmp_path, None, load(event("1", deaths=3)))
        newer, _ = merge(tmp_path, first, load(event("1", deaths=5), at=LATER))
        _, told = merge(tmp_path, newer, replace(load(event("1", deaths=3, title="A road")), reread=True))

        assert told.changed == 0


class TestKeptAnswers:
    def test_a_reader_that_learnt_nothing_would_change_nothing(self, collect: Any, by: Any) -> None:
        collect(Told({"26.0.9": rows(("1", 5), ("2", 1)), "26.1": rows(("1", 7))}))
        before = everything()
        told = previewing.of_kept(UCDP, by=by, reader=InProcess())

        assert (told.new, told.changed, told.gone, told.unchanged, told.bad, told.answers) == (0, 0, 0, 2, 0, 2)
        assert everything() == before and not told.takes

    def test_what_a_new_reader_reads_otherwise_is_told_first_and_lands_then(self, collect: Any, by: Any) -> None:
        collect(Told({"26.1": rows(("1", 7), ("2", 1))}))
        before, held = everything(), dump()
        told = previewing.of_kept(UCDP, by=by, reader=Learned())

        assert (told.new, told.changed, told.unchanged) == (0, 2, 0)
        assert [part.name for part in told.changing[0].parts] == ["title"]
        assert told.changing[0].parts[0].read.startswith("Learned ")
        assert (everything(), dump()) == (before, held)
        assert "title: " in in_words(told) and as_json(told)["changed"] == 2

        rereading.read_again(UCDP, by=by, reader=Learned(), readers=Readers())
        assert dump().count("Learned ") == 2
        assert previewing.of_kept(UCDP, by=by, reader=Learned()).changed == 0


class TestSetAside:
    @pytest.fixture
    def aside(self, people: Any, keeper: Any, tmp_path: Path) -> Callable[..., Quarantine]:
        def one(name: str = "report.doc", content: bytes = REPORT) -> Quarantine:
            (tmp_path / name).write_bytes(content)
            list(take_in(tmp_path, by=keeper, readers=Readers()))
            return Quarantine.objects.get(name=name)

        return one

    def test_a_file_under_its_right_name_is_told_as_what_it_would_be_and_stays_where_it_is(
        self, aside: Callable[..., Quarantine], session_of: Callable[..., Any]
    ) -> None:
        one, before = aside(), everything()
        with bound_to(session_of("bob")) as bob:
            told = previewing.of_set_aside(one, by=bob, readers=Readers(), correction=quarantine.Correction(name="report.pdf"))
            again = previewing.of_set_aside(one, by=bob, readers=Readers())

        assert told.takes and told.new == 1 and [change.kind for change in told.arriving] == ["item"]
        assert again.refusal is not None and not again.takes
        assert everything()[:2] == before[:2] and everything()[3:] == before[3:]

    def test_who_does_not_review_sees_no_preview(self, aside: Callable[..., Quarantine], session_of: Callable[..., Any]) -> None:
        one = aside()
        with bound_to(session_of("alice")) as alice, pytest.raises(Refused):
            previewing.of_set_aside(one, by=alice, readers=Readers())

    def test_what_would_be_above_the_reviewer_is_not_told(
        self, aside: Callable[..., Quarantine], session_of: Callable[..., Any]
    ) -> None:
        one = aside("names.doc", corpus.pdf("STRICTLY CONFIDENTIAL. The names of the witnesses."))
        bob = session_of("bob")
        low = replace(bob, sight=replace(bob.sight, level=2))
        with bound_to(low):
            told = previewing.of_set_aside(one, by=low, readers=Readers(), correction=quarantine.Correction(name="names.pdf"))

        assert told.hidden and not told.arriving and told.level <= 2
        assert "witnesses" not in in_words(told)


class TestAnswerSetAside:
    """An answer of a producer in quarantine goes through the reader of its own source, and not through that of files."""

    @pytest.fixture
    def refused(self, collect: Any, monkeypatch: pytest.MonkeyPatch) -> Quarantine:
        class Before(InProcess):
            def read(self, received: Received, *, source: Source) -> Response:
                return Response(refusal=say("The answer has a column that nobody knows."))

        asker = Told({"26.1": rows(("1", 7), ("2", 1))})
        asker.at = AT
        with fixed(AT):
            collecting.collect(UCDP, by=system_by(), asker=asker, reader=Before(), readers=Readers(), on=AT.date())
        return Quarantine.objects.get(collector=UCDP.id)

    def test_it_is_told_row_by_row_and_then_taken_in(self, refused: Quarantine, by: Any, people: Any, session_of: Callable[..., Any]) -> None:
        before = everything()
        with bound_to(session_of("bob")) as bob:
            told = previewing.of_set_aside(refused, by=bob, readers=Readers(), reader=InProcess())
        assert (told.new, told.changed, told.bad) == (2, 0, 0) and everything() == before

        with bound_to(session_of("bob")) as bob, fixed(AT + timedelta(hours=1)):
            taken = quarantine.read_again(refused, by=bob, readers=Readers(), reader=InProcess())
        assert (taken.outcome, taken.rows) == (Outcome.ACCEPTED, 2)
        with bound_to(session_of("bob")):
            now = setaside.set_aside(refused.id)
            assert now is not None and now.state == "read_again"
        assert '"external_id":"1"' in dump().replace(" ", "")

    def test_what_it_still_cannot_read_waits_with_the_reason(self, refused: Quarantine, session_of: Callable[..., Any], people: Any) -> None:
        class Page(InProcess):
            def read(self, received: Received, *, source: Source) -> Response:
                return Response(refusal=say("Still a page."))

        with bound_to(session_of("bob")) as bob:
            told = previewing.of_set_aside(refused, by=bob, readers=Readers(), reader=Page())
            taken = quarantine.read_again(refused, by=bob, readers=Readers(), reader=Page())
            now = setaside.set_aside(refused.id)
        assert told.refusal is not None and taken.outcome is Outcome.QUARANTINED
        assert now is not None and (now.state, now.message) == ("waiting", "Still a page.")

    def test_rows_set_aside_are_tried_within_the_answer_that_was_kept(
        self, by: Any, people: Any, session_of: Callable[..., Any]
    ) -> None:
        asker = Told({"26.1": rows(("1", 7), ("2", 1))})
        asker.at = AT
        with fixed(AT):
            collecting.collect(UCDP, by=by, asker=asker, reader=Strict(), readers=Readers(), on=AT.date())
        one = Quarantine.objects.get(collector=UCDP.id)
        with bound_to(session_of("bob")) as bob:
            still = previewing.of_set_aside(one, by=bob, readers=Readers(), reader=Strict())
            fine = previewing.of_set_aside(one, by=bob, readers=Readers(), reader=InProcess())
        assert (still.bad, [bad.place for bad in still.first_bad]) == (1, ["row 2"])
        assert (fine.bad, fine.unchanged) == (0, 2)

        with bound_to(session_of("bob")) as bob:
            assert quarantine.read_again(one, by=bob, readers=Readers(), reader=Strict()).outcome is Outcome.QUARANTINED
            assert quarantine.read_again(one, by=bob, readers=Readers(), reader=InProcess()).outcome is Outcome.ACCEPTED


def system_by() -> Any:
    return system_reader("collector", reason="the tests")
