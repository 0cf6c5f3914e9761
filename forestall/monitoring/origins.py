"""Independent origins: how many separate roads a story took to us. Pure; copies of one story are one origin."""

from __future__ import annotations

from collections.abc import Iterable

UNITING = frozenset({"exact", "near", "correction"})
"""Edges that make two items one origin. An excerpt inside another story does not."""


def origins(items: Iterable[tuple[str, str]], edges: Iterable[tuple[str, str, str]]) -> dict[str, str]:
    """Item ids to the id of their origin.

    `items` are (item id, source id): two items of one source are one origin. `edges` are (item, item, kind), already
    without those that a person rejected; a proposed copy counts as one, because taking copies for corroboration is
    the worse mistake.
    """
    known = list(items)
    parent = {item: item for item, _ in known}

    def top(node: str) -> str:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    first_of: dict[str, str] = {}
    for item, source in known:
        if source:
            parent[top(item)] = top(first_of.setdefault(source, item))
    for one, other, kind in edges:
        if kind in UNITING and one in parent and other in parent:
            parent[top(one)] = top(other)
    return {item: top(item) for item, _ in known}
