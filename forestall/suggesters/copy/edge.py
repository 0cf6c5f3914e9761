"""A tie between two documents, and what the ties say about independent origins."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from forestall.base.words import Words
from forestall.reading.passage import Document

Kind = Literal["exact", "near", "excerpt", "correction"]


@dataclass(frozen=True)
class CopyEdge:
    """`from_id`, the later document, repeats `to_id`, an earlier one, in the way `kind` says; `score` is 0 to 1."""

    from_id: str
    to_id: str
    kind: Kind
    score: float
    reason: Words


def independent_origins(documents: Sequence[Document], *, edges: Iterable[CopyEdge]) -> list[list[str]]:
    """Groups of document ids that go back to one account each, in the order the documents came.

    Copies and corrections join the account they repeat. An excerpt joins no two stories: a report that quotes a
    wire story has an account of its own beside the one it quotes.
    """
    leader = {document.id: document.id for document in documents}
    order = {document.id: place for place, document in enumerate(documents)}
    for edge in edges:
        if edge.kind == "excerpt" or edge.from_id not in leader or edge.to_id not in leader:
            continue
        one, other = _first(edge.from_id, leader=leader), _first(edge.to_id, leader=leader)
        earlier, later = sorted((one, other), key=order.__getitem__)
        leader[later] = earlier
    groups: dict[str, list[str]] = {}
    for document in documents:
        groups.setdefault(_first(document.id, leader=leader), []).append(document.id)
    return list(groups.values())


def _first(member: str, *, leader: dict[str, str]) -> str:
    while leader[member] != member:
        leader[member] = leader[leader[member]]
        member = leader[member]
    return member
