"""Silences: who stopped reporting on a country, who is told, what ends it, and what nobody learns from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from forestall.access.models import Notice
from forestall.access.session import bound_to, system_reader
from forestall.base import clock
from forestall.base.errors import Refused
from forestall.cli.schedule import JOBS, watch_silences
from forestall.labels.label import Label, Level
from forestall.monitoring import coverage, silences
from forestall.monitoring.actions import collection, silence
from forestall.monitoring.models import FactRhythm, Item, Run, Silence, Source
from forestall.monitoring.states import CoverageState
from forestall.record.actions import set_beside, write
from forestall.record.models import Entry
from forestall.sources import all_sources

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)
WEEKLY = (70, 63, 56, 49, 42, 35, 28)
"""Days ago of a paper that came every week and has not come for four."""


@pytest.fixture(autouse=True)
def this_day() -> Iterator[None]:
    with clock.fixed(at(0)):
        yield


def at(ago: int) -> datetime:
    return datetime.combine(TODAY - timedelta(days=ago), time(12), tzinfo=UTC)


@pytest.fixture
def bring(make_item: Callable[..., Any]) -> Callable[..., None]:
    """`bring("Ledger", 14, 7, 0)`: items of a source, received so many days ago."""

    def brought(source: str, *ago: int, level: int = 1, desk: str | None = None, **more: Any) -> None:
        for one in ago:
            make_item(
                f"{source} {one} {level} {desk} {more}", level=level, desk=desk, source=source, published=at(one), **more
            )

    return brought


def watched(on: date = TODAY) -> silence.Noticed:
    with clock.fixed(datetime.combine(on, time(12), tzinfo=UTC)), bound_to(system_reader("worker", reason="a test")) as worker:
        return silence.watch(by=worker)


def seen_by(session: Any, **how: Any) -> list[Silence]:
    with bound_to(session):
        return silences.standing(**how)


def cells_of(session: Any) -> dict[tuple[str, str], coverage.Cell]:
    with bound_to(session):
        return {(one.source.name if one.source else one.collector, one.iso3): one for one in coverage.coverage(today=TODAY)}


def told_of(name: str, everybody: Any) -> int:
    return Notice.objects.filter(person=getattr(everybody, name), kind="monitoring.silence").count()


def test_who_stops_reporting_is_noticed_once_and_the_officers_and_the_desk_are_told(
    people: Any, bring: Callable[..., None]
) -> None:
    bring("Ledger", *WEEKLY)
    first, again = watched(), watched(TODAY + timedelta(days=1))

    (one,) = first.began
    assert (str(one.source), one.iso3, one.language, one.last, one.expected) == ("Ledger", "ZZK", "en", TODAY - timedelta(days=28), 7)
    assert one.began == TODAY - timedelta(days=13)
    assert again.began == []
    assert [told_of(name, people) for name in ("ivo", "alice", "bob", "carol", "dora", "rita")] == [1, 1, 1, 0, 0, 0]
    assert Entry.objects.filter(object_id=one.id).values_list("verb", flat=True).get() == "silence noticed"


def test_it_ends_by_itself_when_the_source_speaks_and_may_be_noticed_again_only_then(
    people: Any, bring: Callable[..., None], keeper: Any
) -> None:
    bring("Ledger", *WEEKLY)
    (one,) = watched().began
    bring("Ledger", 0)
    told = watched()

    assert [(each.id, each.state, each.spoke_on) for each in told.ended] == [(one.id, "ended", TODAY)]
    assert told_of("ivo", people) == 0, "what is over is not waited for"
    assert Entry.objects.filter(object_id=one.id, verb="silence ended").count() == 1
    (later,) = watched(TODAY + timedelta(days=60)).began
    assert later.id != one.id and later.last == TODAY


def test_an_explained_silence_is_quiet_and_still_stands(people: Any, session_of: Any, bring: Callable[..., None]) -> None:
    bring("Ledger", *WEEKLY)
    (one,) = watched().began
    alice = session_of("alice")
    with bound_to(alice):
        with pytest.raises(Refused, match="Say why it is silent"):
            silence.explain(silences.standing()[0], reason="  ", by=alice)
        silence.explain(silences.standing()[0], reason="The paper was closed.", by=alice)

    assert [told_of(name, people) for name in ("ivo", "alice")] == [0, 0]
    assert watched().began == []
    (still,) = seen_by(session_of("ivo"))
    assert (still.id, still.state, still.reason, still.explained_by) == (one.id, "explained", "The paper was closed.", alice.person_id)
    assert cells_of(alice)["Ledger", "ZZK"].state == "silent"


def test_who_may_not_confirm_explains_nothing_and_what_is_over_is_not_explained(
    session_of: Any, bring: Callable[..., None]
) -> None:
    bring("Ledger", *WEEKLY)
    watched()
    rita, alice = session_of("rita"), session_of("alice")
    with bound_to(rita), pytest.raises(Refused, match="Your roles do not let you"):
        silence.explain(silences.standing()[0], reason="x", by=rita)
    with bound_to(alice):
        one = silences.standing()[0]
        bring("Ledger", 0)
        watched()
        with pytest.raises(Refused, match="stays so"):
            silence.explain(silences.silence(one.id), reason="x", by=alice)  # type: ignore[arg-type]


def test_a_hidden_item_moves_no_silence_that_others_see(people: Any, session_of: Any, bring: Callable[..., None]) -> None:
    bring("Ledger", *WEEKLY)
    without = [(one.last, one.began, one.label) for one in watched().began]
    Notice.objects.all().delete()
    before = {key: (one.state, one.rhythm, one.weeks, one.level) for key, one in cells_of(session_of("carol")).items()}
    bring("Ledger", 1, level=3, desk="karvania")

    assert watched().ended == []
    assert [(one.last, one.began, one.label) for one in seen_by(session_of("carol"))] == without
    after = {key: (one.state, one.rhythm, one.weeks, one.level) for key, one in cells_of(session_of("carol")).items()}
    assert after == before
    assert seen_by(session_of("alice")) == [], "she heard it yesterday"
    assert cells_of(session_of("alice"))["Ledger", "ZZK"].state == "reporting"


def test_a_hidden_item_keeps_no_silence_from_beginning_and_who_heard_it_is_not_told(
    people: Any, session_of: Any, bring: Callable[..., None]
) -> None:
    bring("Ledger", *WEEKLY)
    bring("Ledger", 1, level=3, desk="karvania")
    (one,) = watched().began

    assert one.label == Label(level=Level.INTERNAL)
    assert told_of("ivo", people) == 1, "he does not see level 3"
    assert told_of("alice", people) == 0
    assert len(seen_by(session_of("carol"))) == 1


def test_a_silence_carries_the_label_of_what_it_rests_on(people: Any, session_of: Any, bring: Callable[..., None]) -> None:
    bring("Cable", *WEEKLY, level=3, desk="karvania")
    (one,) = watched().began

    assert one.label == Label(level=Level.STRICTLY_CONFIDENTIAL).within("desk:karvania")
    assert [len(seen_by(session_of(name))) for name in ("alice", "carol", "ivo", "dora")] == [1, 0, 0, 0]
    assert [told_of(name, people) for name in ("alice", "carol", "ivo")] == [1, 0, 0]


def test_silence_of_one_language_is_noticed_while_another_goes_on(bring: Callable[..., None]) -> None:
    bring("Radio", *WEEKLY, languages=("ar",))
    bring("Radio", *WEEKLY, 21, 14, 7, 0, languages=("fr",))

    assert [(one.language, one.iso3) for one in watched().began] == [("ar", "ZZK")]


def test_a_wire_that_speaks_of_many_countries_is_watched_where_nobody_else_reports(bring: Callable[..., None]) -> None:
    for country in ("KEN", "MLI", "NER", "TCD"):
        bring("Wire", *WEEKLY, countries=(country,))
    bring("Paper", *WEEKLY, 21, 14, 7, 0, countries=("KEN",))

    assert sorted((str(one.source), one.iso3) for one in watched().began) == [("Wire", "MLI"), ("Wire", "NER"), ("Wire", "TCD")]


def test_of_what_ended_long_ago_nobody_is_told_and_after_a_year_it_is_not_even_noticed(
    people: Any, bring: Callable[..., None]
) -> None:
    bring("Old", *(one + 150 for one in WEEKLY))
    bring("Older", *(one + 400 for one in WEEKLY))

    assert [str(one.source) for one in watched().began] == ["Old"]
    assert told_of("ivo", people) == 0


def test_a_retired_source_is_expected_to_say_nothing(bring: Callable[..., None], session_of: Any, keeper: Any) -> None:
    bring("Ledger", *WEEKLY)
    paper = Source.objects.get(name="Ledger")
    paper.state = "retired"
    write(paper, by="x", verb="retired")

    assert watched().began == []
    assert cells_of(session_of("alice")) == {}


def test_of_a_source_that_is_retired_nothing_more_is_expected(bring: Callable[..., None], session_of: Any, people: Any) -> None:
    bring("Ledger", *WEEKLY)
    watched()
    paper = Source.objects.get(name="Ledger")
    paper.state = "retired"
    write(paper, by="x", verb="retired")
    (one,) = watched().ended

    assert (one.state, one.spoke_on, one.stood_on(TODAY)) == ("ended", None, False)
    assert seen_by(session_of("alice")) == [] and told_of("ivo", people) == 0


@pytest.mark.parametrize("how", ["rejected", "quarantined"])
def test_what_was_rejected_or_set_aside_is_no_word(how: str, bring: Callable[..., None], session_of: Any) -> None:
    bring("Ledger", *WEEKLY, 0)
    newest = Item.objects.order_by("-received_at")[0]
    if how == "rejected":
        newest.state = "rejected"
    else:
        newest.quarantined = True
    write(newest, by="x", verb=how)

    assert [one.last for one in watched().began] == [TODAY - timedelta(days=28)]
    assert cells_of(session_of("bob"))["Ledger", "ZZK"].state == "silent", "also for who reviews what was set aside"
    assert len(seen_by(session_of("bob"))) == 1


def test_where_its_last_word_is_held_closer_the_silence_tells_no_more_of_it(
    bring: Callable[..., None], session_of: Any, people: Any
) -> None:
    bring("Ledger", *WEEKLY)
    watched()
    newest = Item.objects.order_by("-received_at")[0]
    newest.label = Label(level=Level.STRICTLY_CONFIDENTIAL).within("desk:karvania")
    write(newest, by="x", verb="label raised")
    watched()

    assert [one.last for one in seen_by(session_of("carol"))] == [TODAY - timedelta(days=35)]
    assert [one.last for one in seen_by(session_of("alice"))] == [TODAY - timedelta(days=28)]


def test_an_outage_is_told_even_where_several_sources_came_that_way(session_of: Any, bring: Callable[..., None], monkeypatch: Any) -> None:
    monkeypatch.setattr(coverage, "outages", lambda: {"mail": CoverageState.UNREACHABLE})
    for name in ("Ledger", "Courier", "Radio"):
        bring(name, *range(60, 28, -1))

    assert {one.state for one in cells_of(session_of("alice")).values()} == {"unreachable"}


def test_where_a_whole_way_in_is_still_no_source_is_called_silent(session_of: Any, bring: Callable[..., None]) -> None:
    for name in ("Ledger", "Courier", "Radio"):
        bring(name, *range(60, 28, -1))

    assert {one.state for one in cells_of(session_of("alice")).values()} == {"way_still"}
    assert watched().began == []
    bring("Radio", 0)
    assert cells_of(session_of("alice"))["Ledger", "ZZK"].state == "silent"
    assert len(watched().began) == 2


@pytest.fixture
def real_office(monkeypatch: pytest.MonkeyPatch, keeper: Any) -> None:
    from types import SimpleNamespace

    from django.conf import settings

    monkeypatch.setattr(coverage, "settings", SimpleNamespace(HOME=SimpleNamespace(is_exercise=False)))
    assert settings.HOME is not None


def counted(collector: str, last: date, *, level: int = 0, lag: int = 0) -> FactRhythm:
    told = {"last": last.isoformat(), "gaps": 40, "usual": 3, "days": 41, "weeks": [1] * 52}
    made = FactRhythm(collector=collector, manifest="0", counted_on=TODAY, lag=lag, countries={"ZZK": told})
    return set_beside(made.labelled(Label(level=Level(level))))


def test_facts_are_told_apart_by_whether_their_source_is_asked_answers_or_is_silent(
    real_office: None, session_of: Any, keeper: Any
) -> None:
    ged = all_sources()["ucdp-ged"]
    counted(ged.id, TODAY - timedelta(days=80), lag=40)
    key, alice = (ged.id, "ZZK"), session_of("alice")
    assert cells_of(alice)[key].state == "not_asked"
    collected = collection.ask_for(ged, asked=True, by=keeper)
    assert collected.asked and cells_of(alice)[key].state == "silent"
    write(Run(collector=ged.id, started_at=at(0), state="unreachable").labelled(Label(level=Level.INTERNAL)), by="x", verb="run")
    assert cells_of(alice)[key].state == "unreachable"
    assert cells_of(alice)[key].rhythm.silent_after == 50, "its lag, the three days it usually waits, and a week"


def test_facts_of_a_higher_level_are_not_there_for_who_sees_less(session_of: Any, keeper: Any) -> None:
    counted("ucdp-ged", TODAY, level=2)

    assert cells_of(session_of("ivo"))["ucdp-ged", "ZZK"].state == "reporting"
    assert cells_of(session_of("ada")) == {}


def test_a_source_for_a_country_that_never_spoke_of_it_stands_there(session_of: Any, keeper: Any) -> None:
    write(
        Source(name="Post", key="post", collector="mail", state="active", iso3="ZZS").labelled(Label(level=Level.INTERNAL)),
        by="x", verb="source added",
    )  # fmt: skip
    (cell,) = cells_of(session_of("alice")).values()

    assert (cell.state, cell.heard, cell.rhythm.last) == (CoverageState.NEVER, 0, None)
    assert coverage.state_of([cell]) == "nobody"


def test_a_past_day_is_told_as_it_was(session_of: Any, bring: Callable[..., None]) -> None:
    from dataclasses import replace

    bring("Ledger", *WEEKLY)
    alice = replace(session_of("alice"), as_of=TODAY)
    counted("ucdp-ged", TODAY)
    with bound_to(alice):
        found = coverage.coverage(today=TODAY - timedelta(days=21))

    assert [one.collector for one in found] == ["mail"], "what is kept of facts is of today alone"


def test_the_worker_looks_every_day(bring: Callable[..., None]) -> None:
    assert [(name, every) for name, every, work in JOBS if work is watch_silences] == [("watch_silences", 86_400)]
    bring("Ledger", *WEEKLY)
    watch_silences()
    with bound_to(system_reader("worker", reason="a test")):
        assert Silence.objects.count() == 1
