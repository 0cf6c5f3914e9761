"""Many new things recorded in one go stand in the record as if each had been written by itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from forestall.base.clock import now
from forestall.labels.label import Label, Level
from forestall.labels.models import everything
from forestall.monitoring.models import Item
from forestall.record import evidence
from forestall.record.actions import write, write_new
from forestall.record.evidence import Arrived
from forestall.record.models import Entry, Evidence, Revision
from forestall.record.verification import verify
from forestall.search.index import compare

Make = Callable[..., Any]


def _new(like: Item, number: int, **changed: Any) -> Item:
    made = Item(
        source=like.source, evidence=like.evidence, collector="folder", external_id=f"many-{number}", content_hash=f"{number}",
        form="document", title=f"Report {number}", text=f"The wells of village {number}.", received_at=now(), **changed,
    )  # fmt: skip
    return made.labelled(like.label)


@pytest.mark.django_db
def test_each_has_its_revision_and_its_entry_in_the_order_given_and_the_log_verifies(make_item: Make, keeper: Any) -> None:
    like, before = make_item("Wells", "The wells are shared."), Entry.objects.count()
    made = [_new(like, number) for number in range(30)]
    write_new(made, by="system:keeper", verb="item received")

    entries = list(Entry.objects.filter(seq__gte=before).order_by("seq"))
    assert [one.object_id for one in entries] == [one.id for one in made]
    assert {(one.verb, one.by) for one in entries} == {("item received", "system:keeper")}
    revisions = {one.object_id: one for one in everything(Revision).filter(object_id__in=[one.id for one in made])}
    assert [(revisions[one.id].number, revisions[one.id].entry_seq) for one in made] == [(1, before + n) for n in range(30)]
    assert verify().faults == []
    assert compare().holds, "each is in the index"


@pytest.mark.django_db
def test_one_may_lie_in_another_that_comes_with_it_and_each_can_be_written_again(make_item: Make, keeper: Any) -> None:
    like = make_item("Wells", "The wells are shared.")
    around = _new(like, 1)
    inner = _new(like, 2, parent=around)
    write_new([around, inner], by="system:keeper", verb="item received")

    read = Item.objects.get(pk=inner.pk)
    assert read.parent_id == around.pk
    read.title = "Report again"
    assert write(read, by="system:keeper", verb="edited").times_written == 2
    assert [one.number for one in everything(Revision).filter(object_id=inner.pk).order_by("number")] == [1, 2]


@pytest.mark.django_db
def test_none_of_them_is_kept_when_one_cannot_be(make_item: Make, keeper: Any) -> None:
    like, before = make_item("Wells", "The wells are shared."), Entry.objects.count()
    broken = _new(like, 2)
    broken.received_at = None
    with pytest.raises(Exception, match="received_at"):
        write_new([_new(like, 1), broken], by="system:keeper", verb="item received")
    assert Entry.objects.count() == before
    assert not everything(Item).filter(external_id__startswith="many-").exists()


@pytest.mark.django_db
def test_bytes_that_are_kept_together_lie_each_under_its_own_label_and_open_again(keeper: Any) -> None:
    label = Label(level=Level.INTERNAL)
    closed = replace(label, level=Level.CONFIDENTIAL)
    arrived = [Arrived(b"%d " % n * 90, f"{n}.txt", "text/plain", closed if n % 2 else label, packed=n % 3 == 0) for n in range(12)]
    kept = evidence.keep_all(arrived, by="system:keeper")

    assert [one.name for one in kept] == [one.name for one in arrived]
    assert [evidence.content(Evidence.objects.get(pk=one.pk)) for one in kept] == [one.content for one in arrived]
    assert [one.address.startswith(evidence.SEALED) for one in kept] == [n % 2 == 1 for n in range(12)]
    assert verify().faults == []
