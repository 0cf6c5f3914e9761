"""Working a few at a time: nothing is lost, repeated or out of order, and the next few are made meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forestall.base.groups import ahead, few


@given(st.lists(st.integers(0, 9)), st.integers(1, 5), st.integers(0, 20))
def test_groups_hold_everything_in_its_order_and_no_more_than_they_may(sizes: list[int], most: int, most_size: int) -> None:
    groups = list(few(sizes, most=most, size=lambda one: one, most_size=most_size))
    assert [one for group in groups for one in group] == sizes
    assert list(ahead(iter(groups))) == groups
    assert all(0 < len(group) <= most for group in groups)
    if most_size:
        assert all(sum(group[:-1]) < most_size for group in groups), "the one that fills it is its last"


def test_the_next_group_is_made_while_one_is_worked_on() -> None:
    made = threading.Event()

    def slowly() -> Iterator[list[int]]:
        yield [1]
        made.set()
        yield [2]

    with closing(ahead(slowly())) as groups:
        assert next(groups) == [1]
        assert made.wait(5), "it is made before anybody asks for it"


def test_what_breaks_while_a_group_is_made_reaches_who_asks_for_it() -> None:
    def breaking() -> Iterator[list[int]]:
        yield [1]
        raise OSError("the disk")

    groups = ahead(breaking())
    assert next(groups) == [1]
    with pytest.raises(OSError, match="the disk"):
        next(groups)
