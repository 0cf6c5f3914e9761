"""The index is kept in the transaction of every write, and can be held against the things at any time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection, transaction

from forestall.access.session import bound_to
from forestall.base import clock
from forestall.cli.commands.search import COMMAND
from forestall.labels.label import Label, Level
from forestall.labels.models import everything
from forestall.monitoring.models import Item
from forestall.record.actions import expunge, write
from forestall.record.findable import findable_models
from forestall.record.models import Recorded
from forestall.record.resting import raise_label
from forestall.record.verification import recorded_models
from forestall.search import index, queries
from forestall.search.models import Document
from forestall.search.question import read

pytestmark = pytest.mark.django_db
Make = Callable[..., Any]
Seat = Callable[..., Any]

NOT_SEARCHED = {
    "forecasting.forecast", "forecasting.forecastrun", "monitoring.copyedge", "monitoring.cursor", "monitoring.grading",
    "monitoring.indicatorlink", "monitoring.passage", "monitoring.run", "record.evidence", "advising.transmittal",
    "access.decision", "access.opening", "access.takingout", "monitoring.leavetoquote",
    "vault.pseudonym", "vault.handover", "monitoring.packagerequest", "monitoring.packagepiece",
    "monitoring.collection", "monitoring.contribution", "monitoring.response", "monitoring.holding", "monitoring.silence",
    "institutions.presence", "institutions.reviewcycle", "institutions.treatystatus",
    "retention.concern", "retention.keepingtime", "retention.prolongation", "retention.recall", "retention.recalled", "retention.request",
}  # fmt: skip
"""Kinds without words of their own for people, or with the words of something that is searched."""


def found(session: Any, asked: str, **how: Any) -> list[str]:
    with bound_to(session):
        answers = queries.answers(read(asked), **how)
        told = [one.told.title for one in queries.found(answers)]
    assert len(told) == len(answers), "what is counted is what is shown"
    return told


def test_every_kind_is_searched_or_known_not_to_be() -> None:
    kinds = {model.kind() for model in recorded_models()}

    assert {model.kind() for model in findable_models()} == kinds - NOT_SEARCHED


def test_what_is_written_is_found_at_once_and_what_was_written_before_no_more(make_item: Make, session_of: Seat) -> None:
    alice, made = session_of("alice"), make_item("Wells", "The wells are poisoned.")
    assert found(alice, "poisoned") == ["Wells"]
    made.text = "The wells are clean."
    write(made, by="x", verb="corrected")

    assert found(alice, "poisoned") == []
    assert found(alice, "clean") == ["Wells"]


def test_an_act_that_fails_leaves_no_word_behind(make_item: Make) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        make_item("Wells", "poisoned")
        raise RuntimeError

    assert everything(Document).count() == 0


def test_an_act_whose_words_cannot_be_indexed_is_not_done(make_item: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("no index")

    make_item("Source first", "")
    monkeypatch.setattr(index, "_row", fail)
    with pytest.raises(RuntimeError, match="no index"), transaction.atomic():
        make_item("Wells", "poisoned")

    assert [one.title for one in Item.objects.all()] == ["Source first"]


def test_V30_a_raised_label_hides_at_once(make_item: Make, session_of: Seat, keeper: Any) -> None:
    ivo, made = session_of("ivo"), make_item("Wells", "poisoned", level=2)
    assert found(ivo, "poisoned") == ["Wells"]
    raise_label(made, label=Label(Level.STRICTLY_CONFIDENTIAL, frozenset()), by="x")

    assert found(ivo, "poisoned") == []
    assert found(session_of("alice"), "poisoned") == ["Wells"]


def test_what_an_index_that_was_not_told_counts_is_not_shown_and_is_told_apart(make_item: Make, session_of: Seat) -> None:
    """Nobody writes a label but the record, which tells the index; what is shown is read from the thing itself."""
    made = make_item("Wells", "poisoned", level=2)
    everything(Item).filter(pk=made.pk).update(level=3)

    with bound_to(session_of("ivo")):
        assert queries.found(queries.answers(read("poisoned"))) == []
    assert index.compare().different == 1


@pytest.mark.parametrize("label", [
    Label(Level.STRICTLY_CONFIDENTIAL), Label(Level.PUBLIC, compartments=frozenset({"desk:northsea"})),
    Label(Level.PUBLIC, audience=frozenset({"somebody"})), Label(Level.PUBLIC, embargo_until=datetime(2100, 1, 1, tzinfo=UTC)),
    Label(Level.PUBLIC, quarantined=True), Label(Level.PUBLIC, consent=frozenset({"publish"})),
], ids=["level", "compartments", "audience", "embargo", "quarantine", "consent"])  # fmt: skip
def test_V06_every_part_of_a_label_hides_in_the_index_too(make_item: Make, session_of: Seat, label: Label) -> None:
    """Counted by the index alone: nothing of it is joined with the thing."""
    made, ivo = make_item("Wells", "poisoned", level=0, desk=None), session_of("ivo")
    assert found(ivo, "poisoned") == ["Wells"]
    write(made.labelled(label), by="x", verb="label raised")

    with bound_to(ivo):
        answers = queries.answers(read("poisoned"))
        assert (len(answers), answers.facet("level"), queries.ids(read("poisoned"), kind="monitoring.item")) == (0, {}, set())


def test_what_is_in_quarantine_is_found_by_reviewers_alone(make_item: Make, session_of: Seat) -> None:
    made = make_item("Wells", "poisoned")
    write(made.labelled(replace(made.label, quarantined=True)), by="x", verb="set aside")

    assert found(session_of("lee"), "poisoned") == []
    assert found(session_of("bob"), "poisoned") == ["Wells"]


def test_what_is_expunged_is_in_the_index_no_more(make_item: Make, session_of: Seat) -> None:
    made = make_item("Wells", "poisoned")
    expunge(made, by="rita", second="rolf", reason="asked")

    assert not everything(Document).filter(object_id=made.id).exists()
    assert index.compare().holds


def test_index_and_things_are_compared_both_ways_and_made_anew(make_item: Make, capsys: pytest.CaptureFixture[str]) -> None:
    one, other, third = make_item("One", "first"), make_item("Two", "second"), make_item("Three", "third")
    assert index.compare().holds
    everything(Document).filter(object_id=one.id).delete()
    everything(Document).filter(object_id=other.id).update(words=" something else ")
    everything(Document).filter(object_id=third.id).update(object_id=one.id)

    told = index.compare()
    assert (told.missing, told.different, told.left_over, told.holds) == (1, 2, 0, False)
    everything(Document).filter(object_id=one.id).update(object_id=index.Document(object_id="0" * 32).object_id)
    assert index.compare().left_over == 1
    assert index.rebuild() == index.compare().things
    assert index.compare().holds


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="the column is generated there")
def test_the_databases_own_index_is_held_against_the_words(make_item: Make) -> None:
    make_item("One", "first")
    assert index.compare().holds
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO search_words(rowid, words) VALUES(999, ' stray ')")

    assert index.compare().broken


def test_a_home_older_than_its_index_gets_one_when_it_is_migrated(make_item: Make) -> None:
    make_item("One", "first")
    everything(Document).all().delete()
    index.on_migrated(None, using="default")

    assert index.compare().holds


def test_the_command_says_how_many_and_never_which(make_item: Make, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    made = make_item("Zanziphore", "canary")
    monkeypatch.setattr("forestall.cli.commands.search.open_chosen_home", lambda given: None)
    everything(Document).filter(object_id=made.id).delete()

    assert COMMAND.run(SimpleNamespace(act="check", json=False)) == 1
    assert COMMAND.run(SimpleNamespace(act="rebuild")) == 0
    assert COMMAND.run(SimpleNamespace(act="check", json=True)) == 0
    told = capsys.readouterr().out
    assert '"holds": true' in told and "DOES NOT HOLD" in told and "anary" not in told and "anziphore" not in told


def test_a_past_day_answers_with_the_words_it_had(make_item: Make, session_of: Seat, keeper: Any) -> None:
    with clock.fixed(datetime(2026, 4, 1, tzinfo=UTC)):
        made = make_item("Wells", "The wells are poisoned.")
    with clock.fixed(datetime(2026, 5, 1, tzinfo=UTC)):
        made.text = "The wells are clean."
        write(made, by="x", verb="corrected")
        make_item("Later", "poisoned too")
    then = replace(session_of("alice"), as_of=date(2026, 4, 15))

    assert found(then, "POISONED") == ["Wells"]
    assert found(then, "poisoned", narrowed={"country": "ZZK"}, order="match") == ["Wells"]
    assert found(then, "poisoned", narrowed={"country": "ZZS"}) == []
    assert found(then, "clean") == []


def test_a_past_day_and_the_present_answer_alike_when_nothing_changed(make_item: Make, session_of: Seat) -> None:
    for number, (title, text) in enumerate([("Wells", "wells wells"), ("A", "the wells"), ("B", "no"), ("平民", "保护平民")]):
        make_item(title, text, published=datetime(2026, 10, number + 1, tzinfo=UTC), languages=("en", "fr")[: number % 2 + 1])
    alice = session_of("alice")
    then = replace(alice, as_of=clock.today())

    for asked in ("wells", "-wells", "平民", "w*", '"the wells"'):
        for how in ({}, {"order": "match"}, {"narrowed": {"language": "fr"}}, {"narrowed": {"month": "2026-10", "level": "2"}}):
            assert found(then, asked, **how) == found(alice, asked, **how), (asked, how)


def test_a_kind_that_is_not_searched_says_nothing() -> None:
    assert Recorded.findable is not Item.findable
