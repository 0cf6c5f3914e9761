"""Working through many things a few at a time, with the next few being made while the last are worked on."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Thing = TypeVar("Thing")


def few(
    things: Iterable[Thing], *, most: int, size: Callable[[Thing], int] = lambda _: 0, most_size: int = 0
) -> Iterator[list[Thing]]:
    """The things in their order, in groups of `most`; fewer where their sizes together reach `most_size` (0: any size)."""
    group: list[Thing] = []
    together = 0
    for one in things:
        group.append(one)
        together += size(one)
        if len(group) == most or 0 < most_size <= together:
            yield group
            group, together = [], 0
    if group:
        yield group


def ahead(groups: Iterator[list[Thing]]) -> Generator[list[Thing], None, None]:
    """The same groups, each made in a thread of its own while the one before it is worked on.

    What makes them must not care in which thread it runs. Nothing is made any more once this is closed.
    """
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="ahead") as maker:
        coming = maker.submit(next, groups, None)
        while (group := coming.result()) is not None:
            coming = maker.submit(next, groups, None)
            yield group
