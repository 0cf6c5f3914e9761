"""What is kept in mind of earlier items over many turns finds the same copies as looking at all of them each time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from forestall.access.session import bound_to
from forestall.monitoring.actions import copies
from forestall.monitoring.models import Item

pytestmark = pytest.mark.django_db
TEXT = "The district office asked every household for the lists of its members and took the names of the teachers away."


def test_a_copy_is_found_whoever_brought_the_first(keeper: Any, people: Any, make_item: Callable[..., Item]) -> None:
    memory = copies.Memory()
    with bound_to(keeper):
        first = make_item("Lists are asked for", text=TEXT)
        assert memory.recognise([first], by=keeper) == []
        elsewhere = make_item("Elsewhere", text=TEXT.replace("teachers", "nurses of the clinic by the river"))
        second = make_item("Lists, again", text=TEXT)
        edges = memory.recognise([second], by=keeper)

    assert {(edge.newer_id, edge.edge) for edge in edges} == {(second.id, "exact")}
    assert elsewhere.id not in {edge.newer_id for edge in edges}


def test_every_item_is_read_once_however_many_turns_there_are(
    keeper: Any, people: Any, make_item: Callable[..., Item], monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[Any] = []
    seen = copies._document
    monkeypatch.setattr(copies, "_document", lambda item: read.append(item.id) or seen(item))
    memory = copies.Memory()
    with bound_to(keeper):
        made = []
        for number in range(4):
            made.append(make_item(f"Report {number}", text=f"{TEXT} {number}"))
            memory.recognise(made[-1:], by=keeper)

    assert sorted(read) == sorted(one.id for one in made)


def test_what_was_read_before_its_own_turn_is_still_held_against_the_others(
    keeper: Any, people: Any, make_item: Callable[..., Item]
) -> None:
    memory = copies.Memory()
    with bound_to(keeper):
        first, second = make_item("One", text=TEXT), make_item("Two", text=TEXT)
        memory.recognise([first], by=keeper)
        edges = memory.recognise([second], by=keeper)

    assert {frozenset((edge.newer_id, edge.older_id)) for edge in edges} == {frozenset((first.id, second.id))}
