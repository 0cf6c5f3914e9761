"""Asking a source: what came is kept once and whole; what may not be believed never takes the place of what is there."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from forestall.access.session import bound_to, system_reader
from forestall.base.clock import fixed
from forestall.base.errors import Malformed, Refused, Unavailable
from forestall.base.words import say, told
from forestall.collecting.asking import Request
from forestall.collecting.childprocess import InProcess
from forestall.collecting.contract import Source
from forestall.collecting.enquiry import CredentialMissing, Later, Reply
from forestall.collecting.received import Received
from forestall.monitoring import holdings
from forestall.monitoring.actions import collecting, collection, leasing, rereading
from forestall.monitoring.actions.answers import cursor_of
from forestall.monitoring.models import Collection, Item, Lease, Quarantine, Response
from forestall.monitoring.states import RunState
from forestall.monitoring.suggesting import Readers
from forestall.panel import factdump, factstore
from forestall.record import evidence
from forestall.record.models import Entry, Evidence
from forestall.sources import CATALOGUE, all_sources

pytestmark = pytest.mark.django_db
AT = datetime(2026, 10, 20, 12, tzinfo=UTC)
UCDP = all_sources()["ucdp-ged"]
IDU = all_sources()["idmc-idu"]
CSV = (CATALOGUE / "ucdp_ged" / "sample" / "GEDEvent_v26_0_9.csv").read_bytes()
HEADER = "id,type_of_violence,country_id,date_start,date_end,low,best,high,side_a,side_b,code_status"


def rows(*given: tuple[str, int]) -> bytes:
    lines = [f"{key},3,625,2026-09-14,2026-09-14,0,{best},99,Column,Civilians,Clear" for key, best in given]
    return "\n".join([HEADER, *lines, ""]).encode()


@dataclass
class Told:
    """A producer whose answers are laid out by the key of the request; 404 for what is not."""

    answers: dict[str, Any] = field(default_factory=dict)
    at: datetime = AT
    requests: int = 0
    asked: list[Request] = field(default_factory=list)
    stop_after: int | None = None

    def stopped(self) -> bool:
        return self.stop_after is not None and self.requests >= self.stop_after

    def ask(self, request: Request) -> Reply:
        self.requests += 1
        self.asked.append(request)
        found = self.answers.get(request.key, 404)
        if isinstance(found, list):
            found = found.pop(0) if found else 404
        if isinstance(found, Exception):
            raise found
        status, body, headers = found if isinstance(found, tuple) else (found, b"", {}) if isinstance(found, int) else (200, found, {})
        return Reply(status, headers, body, self.at)


@pytest.fixture
def by() -> Any:
    with bound_to(system_reader("collector", reason="the tests")) as session:
        yield session


@pytest.fixture
def collect(by: Any) -> Callable[..., collecting.Outcome]:
    def run(asker: Told, source: Source = UCDP, *, at: datetime = AT, **more: Any) -> collecting.Outcome:
        asker.at = at
        with fixed(at):
            return collecting.collect(source, by=by, asker=asker, reader=InProcess(), readers=Readers(), on=at.date(), **more)

    return run


def events(source: Source = UCDP) -> dict[str, int]:
    held = holdings.holding(source.id)
    assert held is not None
    table = factstore.read(holdings.root(), holdings.manifest_of(held), "events")
    return dict(zip(table.column("external_id").to_pylist(), table.column("deaths_best").to_pylist(), strict=True))


def dump(source: Source = UCDP) -> str:
    held = holdings.holding(source.id)
    assert held is not None
    return "\n".join(factdump.dump(holdings.root(), holdings.manifest_of(held)))


class TestATurn:
    def test_it_keeps_bytes_rows_and_cursor_and_says_what_it_did(self, collect):
        outcome = collect(Told({"26.0.9": CSV}))

        assert (outcome.state, outcome.run.rows, outcome.run.changed) == (RunState.PARTLY, 2, 2)
        assert sorted(events()) == ["900001", "900002"]
        kept = Response.objects.get(key="26.0.9")
        assert kept.evidence is not None
        assert (kept.status, kept.rows, kept.bad, kept.evidence.sha256) == (200, 2, 1, hashlib.sha256(CSV).hexdigest())
        assert cursor_of(UCDP) == {"26.0.9": {"settled": True}}

    def test_bytes_lie_compressed_and_come_back_as_they_were(self, collect):
        many = rows(*[(str(number), number) for number in range(500)])
        collect(Told({"26.0.9": many}))
        kept = Response.objects.get(key="26.0.9").evidence
        assert kept is not None

        assert kept.address.endswith(evidence.PACKED)
        assert evidence.path_of(kept.address).stat().st_size < len(many) / 2
        assert evidence.content(kept) == many
        evidence.path_of(kept.address).write_bytes(b"broken")
        with pytest.raises(Malformed, match="no longer match"):
            evidence.content(kept)
        evidence.path_of(kept.address).unlink()

    def test_a_row_that_could_not_be_read_waits_in_quarantine_with_its_own_words(self, collect):
        collect(Told({"26.0.9": CSV}))

        aside = Quarantine.objects.get()
        assert "many" in told(aside.message, aside.parameters).text()
        assert "row 5" in told(aside.message, aside.parameters).text()

    def test_asking_twice_changes_nothing(self, collect):
        collect(Told({"26.0.9": CSV}))
        before = (events(), Evidence.objects.count(), Quarantine.objects.count(), holdings.holding(UCDP.id).manifest)
        again = Told({"26.0.9": CSV})
        collect(again, at=AT + timedelta(days=1))

        assert "26.0.9" not in [one.key for one in again.asked]
        assert (events(), Evidence.objects.count(), Quarantine.objects.count(), holdings.holding(UCDP.id).manifest) == before

    def test_a_later_release_takes_the_place_of_an_earlier_one_which_is_kept(self, collect):
        collect(Told({"26.0.9": rows(("1", 5), ("2", 6))}))
        collect(Told({"26.1": rows(("1", 7))}), at=AT + timedelta(days=1))

        assert events() == {"1": 7, "2": 6}
        manifest = holdings.manifest_of(holdings.holding(UCDP.id))
        ended = factstore.read(holdings.root(), manifest, "events", state="ended")
        assert ended.column("deaths_best").to_pylist() == [5]

    def test_it_is_recorded_who_asked_and_what_came(self, collect):
        collect(Told({"26.0.9": CSV}))

        verbs = set(Entry.objects.values_list("verb", flat=True))
        assert {"run started", "response received", "facts kept", "cursor moved", "run ended"} <= verbs


class TestWhatIsNotBelieved:
    @pytest.mark.parametrize(
        ("answer", "state", "says"),
        [
            ((200, b"<html><h1>Log in, please</h1></html>", {}), RunState.MALFORMED, "Log in, please"),
            ((200, b"", {}), RunState.MALFORMED, "empty"),
            ((200, b'{"Result": [', {}), RunState.MALFORMED, "JSON"),
            ((200, b"a,b\n1,2\n", {}), RunState.MALFORMED, "best"),
            ((202, b"", {}), RunState.REFUSED, "wall against robots"),
            ((204, b"", {}), RunState.REFUSED, "nothing at all"),
            ((401, b'{"message": "Token expired"}', {}), RunState.REFUSED, "Token expired"),
            ((403, b"<html><p>Ask the maintainer.</p></html>", {}), RunState.REFUSED, "Ask the maintainer."),
            ((410, b'{"error": {"message": "Gone. Use version 2."}}', {}), RunState.REFUSED, "Use version 2."),
            (Unavailable(say("ucdp did not answer")), RunState.UNREACHABLE, "did not answer"),
        ],
    )  # fmt: skip
    def test_C07_an_outage_never_looks_like_calm_and_takes_nothing_away(self, collect, answer, state, says):
        collect(Told({"26.0.9": rows(("1", 5))}))
        outcome = collect(Told({"26.0.10": answer}), at=AT + timedelta(days=1))

        assert outcome.state is state
        assert says in outcome.why.text()
        assert told(outcome.run.message, outcome.run.parameters).text() == outcome.why.text()
        assert events() == {"1": 5}
        assert "26.0.10" not in cursor_of(UCDP)

    def test_what_is_malformed_is_kept_in_quarantine_with_its_bytes(self, collect):
        collect(Told({"26.0.9": b"a,b\n1,2\n"}))

        aside = Quarantine.objects.get()
        assert aside.evidence.size == 8

    def test_C07_much_less_than_usual_is_set_aside_and_what_was_there_stays(self, collect):
        many = json.dumps([{"id": n, "iso3": "SDN", "displacement_type": "Conflict", "figure": 10, "displacement_date": "2026-10-18T11:00:00.000Z"} for n in range(40)]).encode()
        for day in range(3):
            collect(Told({"all": many}), IDU, at=AT + timedelta(days=day))
        before = dump(IDU)
        outcome = collect(Told({"all": b"[]"}), IDU, at=AT + timedelta(days=4))

        assert outcome.state in (RunState.SUSPICIOUSLY_EMPTY, RunState.MALFORMED)
        few = json.dumps(json.loads(many)[:3]).encode()
        outcome = collect(Told({"all": few}), IDU, at=AT + timedelta(days=6))
        assert outcome.state is RunState.SUSPICIOUSLY_EMPTY
        assert dump(IDU) == before

    def test_facts_that_vanish_all_at_once_stay_and_the_turn_says_so(self, collect):
        def answer(count: int) -> bytes:
            return json.dumps([{"id": n, "iso3": "SDN", "displacement_type": "Conflict", "figure": 10, "displacement_date": "2026-10-18T11:00:00.000Z"} for n in range(count)]).encode()

        collect(Told({"all": answer(100)}), IDU)
        outcome = collect(Told({"all": answer(50)}), IDU, at=AT + timedelta(days=1))

        assert (outcome.state, outcome.run.withheld) == (RunState.SUSPICIOUSLY_EMPTY, 50)
        assert len(events(IDU)) == 100

    def test_content_that_is_old_is_stale_however_green_the_status(self, collect):
        outcome = collect(Told({"26.0.10": rows(("1", 5))}), at=AT + timedelta(days=200))
        outcome = collect(Told({}), at=AT + timedelta(days=201)) if outcome.state is RunState.EMPTY else outcome

        assert outcome.state is not RunState.HEALTHY


class TestRestraint:
    def test_a_missing_credential_is_said_and_nothing_is_asked(self, collect):
        outcome = collect(Told({key: CredentialMissing(UCDP, "token") for key in ("26.0.10", "26.0.9", "26.0.8", "26.0.7", "26.0.6", "26.1")}))

        assert outcome.state is RunState.CREDENTIAL_MISSING
        assert "forestall sources credential ucdp-ged token" in outcome.why.text()

    def test_a_source_that_does_not_answer_is_left_alone_longer_each_time(self, collect):
        waits = []
        for turn in range(4):
            at = AT + timedelta(days=turn)
            collect(Told({"26.0.10": Unavailable(say("no"))}), at=at)
            waits.append(Collection.objects.get().not_before - at)

        assert waits == [timedelta(minutes=15 * 2**n) for n in range(4)]

    def test_a_wait_that_the_producer_asks_for_is_remembered(self, collect, by):
        until = AT + timedelta(hours=7)
        collect(Told({"26.0.10": Later("ucdp", until)}))
        collection.ask_for(UCDP, asked=True, by=by)
        row = Collection.objects.get()
        row.not_before = until
        from forestall.record.actions import write

        write(row, by="system:tests", verb="noted")
        assert not collection.due(UCDP, at=until - timedelta(seconds=1))

    def test_the_requests_of_a_day_are_bounded_and_the_rest_goes_on_tomorrow(self, collect):
        poor = replace(UCDP, asks=replace(UCDP.asks, budget_per_day=3))
        first = Told({})
        outcome = collect(first, poor)
        second = Told({})
        collect(second, poor, at=AT + timedelta(hours=1))
        third = Told({})
        collect(third, poor, at=AT + timedelta(days=1))

        assert (len(first.asked), len(second.asked), len(third.asked)) == (3, 0, 3)
        assert outcome.state is RunState.OVER_BUDGET

    def test_a_source_is_asked_at_fixed_times_and_only_when_somebody_turned_it_on(self, collect, by):
        assert not collection.due(UCDP, at=AT)
        collection.ask_for(UCDP, asked=True, by=by)
        assert collection.due(UCDP, at=AT)
        collect(Told({}))
        assert not collection.due(UCDP, at=AT + timedelta(hours=23))
        assert collection.due(UCDP, at=AT + timedelta(hours=24))

    def test_two_do_not_ask_at_once_and_one_that_slept_writes_nothing(self, collect, by):
        fence = leasing.take(UCDP.id)
        with pytest.raises(Refused, match="just now"):
            collect(Told({}))
        Lease.objects.update(until=AT)
        leasing.take(UCDP.id)
        with pytest.raises(Refused, match="Another process"):
            leasing.hold(UCDP.id, fence=fence)

    def test_what_did_not_change_is_asked_for_with_the_marks_of_what_is_kept(self, collect):
        body = json.dumps([{"id": 1, "iso3": "SDN", "displacement_type": "Conflict", "figure": 10, "displacement_date": "2026-10-18T11:00:00.000Z"}]).encode()
        collect(Told({"all": (200, body, {"etag": '"7"'})}), IDU)
        again = Told({"all": (304, b"", {})})
        outcome = collect(again, IDU, at=AT + timedelta(days=1))

        assert again.asked[0].headers["If-None-Match"] == '"7"'
        assert outcome.state in (RunState.EMPTY, RunState.HEALTHY)


    def test_an_error_of_the_program_is_no_calm_turn(self, collect):
        with pytest.raises(ZeroDivisionError):
            collect(Told({"26.0.10": ZeroDivisionError()}))

        assert holdings.last_run(UCDP.id).state == RunState.FAILED


class TestManyFeeds:
    SOURCE = all_sources()["feeds"]

    def feed(self, *titles: str) -> bytes:
        items = "".join(f"<item><title>{one}</title><guid>{one}</guid><link>https://news.example.org/{n}</link><pubDate>Mon, 19 Oct 2026 10:00:00 +0000</pubDate></item>" for n, one in enumerate(titles))
        return f"<rss version='2.0'><channel><title>Valley Herald</title><language>en</language>{items}</channel></rss>".encode()

    def test_a_feed_that_moved_holds_up_no_other_and_is_told(self, collect):
        asker = Told({"un-news-en": b"<html>We moved</html>", "un-press": self.feed("One", "Two"), "hrw": Unavailable(say("hrw is away"))})
        outcome = collect(asker, self.SOURCE)

        assert sorted(Item.objects.values_list("title", flat=True)) == ["One", "Two"]
        assert outcome.state is RunState.MALFORMED
        assert "un-news-en" in outcome.why.text()
        assert "We moved" in outcome.why.text()
        assert not Collection.objects.filter(not_before__isnull=False).exists()

    def test_a_host_that_does_not_answer_is_left_alone_for_the_turn(self, collect):
        asker = Told({"un-news-en": Unavailable(say("away"))})
        collect(asker, self.SOURCE)

        assert [one.key for one in asker.asked if "news.un.org" in one.url] == ["un-news-en"]

    def test_a_feed_that_is_gone_is_told_and_one_that_never_was_is_only_not_there(self, collect):
        collect(Told({"un-press": self.feed("One")}), self.SOURCE)
        outcome = collect(Told({}), self.SOURCE, at=AT + timedelta(hours=1))

        assert outcome.state is RunState.REFUSED
        assert "un-press" in outcome.why.text()

    def test_a_source_of_which_nothing_is_there_is_not_calm(self, collect):
        assert collect(Told({}), self.SOURCE).state is RunState.UNREACHABLE

    def test_a_feed_is_asked_once_in_a_turn_and_with_its_marks_in_the_next(self, collect):
        first = Told({"un-press": (200, self.feed("One"), {"etag": '"1"'})})
        collect(first, self.SOURCE)
        second = Told({"un-press": (304, b"", {})})
        collect(second, self.SOURCE, at=AT + timedelta(hours=1))

        assert [one.key for one in first.asked].count("un-press") == 1
        assert next(one for one in second.asked if one.key == "un-press").headers["If-None-Match"] == '"1"'
        assert Item.objects.count() == 1


class TestReplaying:
    def test_a_turn_broken_off_anywhere_goes_on_and_ends_in_the_same_rows(self, collect):
        pages = {"26.0.10": rows(("1", 1), ("2", 2)), "26.0.9": rows(("3", 3)), "26.1": rows(("1", 9), ("4", 4))}
        collect(Told(dict(pages)))
        whole = dump()
        for stop in range(1, 4):
            asker = Told(dict(pages), stop_after=stop)
            collect(asker, stop=asker.stopped, at=AT + timedelta(days=stop))

        assert dump() == whole

    def test_a_feed_replayed_in_any_order_gives_the_same_dump_to_the_byte(self, collect, by, tmp_path):
        releases = {f"26.0.{n}": rows(*[(str(key), key + n) for key in range(n, n + 5)]) for n in range(6, 11)}
        dumps = set()
        for seed in range(3):
            store = tmp_path / str(seed)
            order = list(releases)
            random.Random(seed).shuffle(order)
            manifest = None
            for key in [*order, *order[:2]]:
                manifest = self._merged(store, manifest, key, releases[key])
            assert manifest is not None
            dumps.add("\n".join(factdump.dump(store, manifest)))

        assert len(dumps) == 1

    def _merged(self, store: Path, manifest: Any, key: str, content: bytes) -> Any:
        from forestall.collecting.received import Received
        from forestall.monitoring.actions.answers import tables_of

        read = InProcess().read(Received(f"GEDEvent_v{key}.csv", content, AT), source=UCDP)
        load = factstore.Load(UCDP.id, 0, tables_of(read), "x", AT)
        return factstore.merge(store, manifest, load)[0]

    def test_everything_kept_is_read_again_without_asking_and_changes_nothing(self, collect, by):
        collect(Told({"26.0.9": rows(("1", 5)), "26.1": rows(("1", 7))}))
        before = dump()
        with fixed(AT + timedelta(days=1)):
            outcome = rereading.read_again(UCDP, by=by, reader=InProcess(), readers=Readers())

        assert outcome.state is RunState.HEALTHY
        assert (outcome.run.files, outcome.run.changed) == (2, 0)
        assert dump() == before


class TestByHand:
    """A file that somebody has is kept like an answer, and is never taken for everything that there is."""

    def rows(self, *ids: int) -> bytes:
        return json.dumps([{"id": n, "iso3": "SDN", "displacement_type": "Conflict", "figure": 10, "displacement_date": "2026-10-18T11:00:00.000Z"} for n in ids]).encode()

    def take(self, name: str, source: Source, content: bytes, by: Any) -> collecting.Outcome:
        with fixed(AT + timedelta(days=1)):
            received = Received(name, content, AT + timedelta(days=1))
            return rereading.take_file(source, received, by=by, reader=InProcess(), readers=Readers())

    def test_what_it_lacks_is_not_withdrawn_now_nor_when_it_is_read_again(self, collect, by):
        collect(Told({"all": self.rows(*range(30))}), IDU)
        outcome = self.take("one.json", IDU, self.rows(*range(29)), by)
        with fixed(AT + timedelta(days=2)):
            rereading.read_again(IDU, by=by, reader=InProcess(), readers=Readers())

        assert outcome.run.withdrawn == 0
        assert len(events(IDU)) == 30

    def test_a_known_table_is_kept_as_facts_and_an_unknown_one_is_to_be_handed_in(self, by):
        table = all_sources()["table"]
        sample = CATALOGUE / "table" / "sample" / "incidents-health.json"

        assert self.take(sample.name, table, sample.read_bytes(), by).run.rows == len(events(table))
        with pytest.raises(Refused, match="Hand the file in"):
            self.take("x.csv", table, b"a,b\n1,2\n", by)


class TestDocuments:
    SOURCE = all_sources()["reliefweb"]

    def page(self, title: str, *, changed: str = "2026-10-19T10:00:00+00:00") -> bytes:
        fields = {
            "title": title, "body": "People fled the Northern District.", "url": "https://relief.example.org/1",
            "date": {"original": "2026-10-18T00:00:00+00:00", "changed": changed, "created": "2026-10-18T00:00:00+00:00"},
            "source": [{"name": "Valley Relief"}], "language": [{"code": "en"}], "status": "published",
        }  # fmt: skip
        return json.dumps({"time": 1, "href": "x", "took": 1, "totalCount": 1, "count": 1, "data": [{"id": "1", "score": 1, "href": "x", "fields": fields}]}).encode()

    def test_a_document_is_an_item_of_its_source_and_comes_once(self, collect):
        collect(Told({"reports": self.page("Sitrep 4")}), self.SOURCE)
        collect(Told({"reports": self.page("Sitrep 4")}), self.SOURCE, at=AT + timedelta(days=1))

        item = Item.objects.get(collector="reliefweb")
        assert (item.title, item.text, item.state) == ("Sitrep 4", "People fled the Northern District.", "received")

    def test_C09_what_its_source_changes_is_changed_here_and_what_it_said_before_stays_in_the_record(self, collect):
        collect(Told({"reports": self.page("Sitrep 4")}), self.SOURCE)
        collect(Told({"reports": self.page("Sitrep 4, corrected", changed="2026-10-20T18:00:00+00:00")}), self.SOURCE, at=AT + timedelta(days=1))

        item = Item.objects.get(collector="reliefweb")
        assert item.title == "Sitrep 4, corrected"
        assert any("changed it after" in flag["message"] for flag in item.flags)
        verbs = list(Entry.objects.filter(object_id=item.id).order_by("seq").values_list("verb", flat=True))
        assert verbs[:2] == ["item received", "item changed at its source"]
