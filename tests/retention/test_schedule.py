"""P15: every column has a purpose and a privacy class, and every table a time of keeping."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from django.apps import apps

from forestall.access import decisions
from forestall.access.session import bound_to
from forestall.base.errors import Malformed, Refused
from forestall.labels.label import Label, Level
from forestall.labels.models import Labelled
from forestall.record.models import Entry, Recorded
from forestall.retention import due, queries, schedule, times
from forestall.retention.schedule import Then

pytestmark = pytest.mark.django_db
TABLES = list(apps.get_models())


@pytest.mark.parametrize("model", TABLES, ids=lambda model: f"P15 {model._meta.label}")
def test_every_table_has_a_class_whatever_its_label_and_state(model: Any) -> None:
    table = model._meta.label_lower
    states = ("", "waiting", "refused", "received") if issubclass(model, Labelled) else ("",)

    for level, apart, state in product(Level, ("", "SURV", "desk:karvania"), states):
        label = Label(level=level).within(*([apart] if apart else []))
        assert table in schedule.class_of(table, label=label, state=state).tables


@pytest.mark.parametrize("model", [m for m in TABLES if m.__module__.startswith("forestall.")], ids=lambda m: f"P15 {m._meta.label}")
def test_every_column_has_a_purpose_and_a_class_of_privacy(model: Any) -> None:
    declared = {**getattr(model, "label_privacy", {}), **model.privacy}
    for field in model._meta.concrete_fields:
        assert field.name in declared and (field.help_text or field.name in ("password", "last_login"))


def test_P15_the_schedule_names_no_table_that_is_not_there_and_counts_from_columns_that_are() -> None:
    for one in schedule.classes():
        for table, column in one.tables.items():
            model = apps.get_model(table)
            if one.then in (Then.REVIEW, Then.REMOVE) and column != schedule.RECORDED:
                due._counts_days(model, column)


def test_only_what_is_no_record_goes_by_itself() -> None:
    """A record goes by decision of two, whatever the schedule says."""
    for one in schedule.classes():
        for table in one.tables:
            if one.then is Then.REMOVE and not one.bytes_alone:
                assert not issubclass(apps.get_model(table), Labelled), table
            if one.then is Then.REVIEW or one.bytes_alone:
                assert issubclass(apps.get_model(table), Recorded), table


def test_a_schedule_with_keys_that_nobody_reads_is_none() -> None:
    with pytest.raises(Malformed, match="nobody reads"):
        schedule._read({"key": "x", "colour": "red"})
    with pytest.raises(Malformed, match="do not fit"):
        schedule._read({"key": "x", "name": "x", "covers": "x", "source": "x", "then": "review", "tables": {}})


def test_P15_another_time_is_set_by_two_and_stands_in_the_log(session_of: Callable[..., Any]) -> None:
    rita, dan = session_of("rita"), session_of("dan")
    with bound_to(rita):
        proposed = times.propose_time("open", days=730, reason="the Office decided so", by=rita)
        assert times.days_of(schedule.keeping_class("open")) == 3650
        with pytest.raises(Refused, match="two people"):
            decisions.agree(proposed, by=rita)
    with bound_to(dan):
        decisions.agree(proposed, by=dan)
        assert times.days_of(schedule.keeping_class("open")) == 730
        assert [line.keeping.key for line in queries.schedule() if line.own] == ["open"]
    assert Entry.objects.filter(verb="time of keeping changed").count() == 1


@pytest.mark.parametrize(
    ("key", "days", "why"),
    [("open", 3650, "Nothing would change"), ("open", 1, "Between"), ("open", 99_999, "Between"), ("memory", 9, "fixed"),
     ("passing", 2, "fixed"), ("nothing", 9, "no class")],
)  # fmt: skip
def test_a_time_outside_its_bounds_is_refused(session_of: Callable[..., Any], key: str, days: int, why: str) -> None:
    rita = session_of("rita")
    with bound_to(rita), pytest.raises(Refused, match=why):
        times.propose_time(key, days=days, reason="because", by=rita)


def test_who_keeps_no_schedule_proposes_no_time(session_of: Callable[..., Any]) -> None:
    alice = session_of("alice")
    with bound_to(alice), pytest.raises(Refused, match="do not let you"):
        times.propose_time("open", days=730, reason="because", by=alice)
