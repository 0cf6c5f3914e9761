"""Nobody waits to write while texts are read: the suggesters are asked before the transaction that keeps what they say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from forestall.access.session import bound_to, system_reader
from forestall.collecting.childprocess import InProcess
from forestall.collecting.enquiry import Reply
from forestall.monitoring.actions import collecting, copies
from forestall.monitoring.actions.intake import take_in
from forestall.monitoring.models import CopyEdge, Item, Suggestion
from forestall.monitoring.suggesting import Readers
from forestall.sources import all_sources
from forestall.suggesters.copy.index import CopyIndex

pytestmark = pytest.mark.django_db
TEXT = "The district office asked every household for the lists of its members and took the names of the teachers away."
FEED = f"<rss version='2.0'><channel><title>Herald</title><item><title>Lists</title><guid>1</guid><description>{TEXT}</description></item></channel></rss>"


class Noting:
    """A suggester of languages that notes in how many transactions it was asked."""

    def __init__(self) -> None:
        self.inner, self.depths = Readers().language, list[int]()

    def suggest(self, passages: Sequence[Any]) -> Any:
        self.depths.append(len(connection.savepoint_ids))
        return self.inner.suggest(passages)


class Once:
    """A producer that answers the first request, and no other."""

    requests = 0

    def ask(self, request: Any) -> Reply:
        self.requests += 1
        return Reply(200 if self.requests == 1 else 404, {}, FEED.encode() if self.requests == 1 else b"", datetime(2026, 11, 20, tzinfo=UTC))


@pytest.fixture
def by() -> Iterator[Any]:
    with bound_to(system_reader("collector", reason="a test")) as session:
        yield session


def test_of_a_folder_each_text_is_read_once_outside(by: Any, tmp_path: Path) -> None:
    noting = Noting()
    for number in range(3):
        (tmp_path / f"{number}.txt").write_text(f"{TEXT} {number}")
    list(take_in(tmp_path, by=by, readers=replace(Readers(), language=noting)))

    assert noting.depths == [len(connection.savepoint_ids)] * 3 and Item.objects.count() == 3
    assert Suggestion.objects.filter(suggester="language").exists()


def test_of_an_answer_each_text_is_read_once_outside(by: Any) -> None:
    noting = Noting()
    collecting.collect(all_sources()["feeds"], by=by, asker=Once(), reader=InProcess(), readers=replace(Readers(), language=noting))

    assert noting.depths == [len(connection.savepoint_ids)] and Item.objects.count() == 1


def test_copies_are_compared_outside_and_kept_together(by: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    depths: list[int] = []
    add = CopyIndex.add
    monkeypatch.setattr(CopyIndex, "add", lambda self, given: depths.append(len(connection.savepoint_ids)) or add(self, given))
    for number in range(2):
        (tmp_path / f"{number}.txt").write_text(f"{TEXT}{' ' * number}\n")
    items = [item for one in take_in(tmp_path, by=by, readers=Readers()) for item in one.items]
    copies.Memory().recognise(items, by=by)

    assert set(depths) == {len(connection.savepoint_ids)} and CopyEdge.objects.count() == 1
