"""Suggests of which earlier documents a document is a copy, an excerpt or a correction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from forestall.reading.passage import Document, Passage
from forestall.reading.suggester import Answer, Suggestion, folder_digest, read_card

from .edge import CopyEdge, independent_origins
from .index import CopyIndex, copy_edges

__all__ = ["CopyEdge", "CopyIndex", "CopySuggester", "copy_edges", "independent_origins", "make"]

_HERE = Path(__file__).parent


class CopySuggester:
    """Suggests the earlier document (`label`, its id) that a document repeats, and how (`qualifier`, the edge's kind).

    Each call stands alone: the documents of one call are compared with those before them in it. Where documents
    come over time, `CopyIndex` keeps what is needed and is handed on by its owner.
    """

    kind = "copy"
    languages: frozenset[str] | None = None

    def __init__(self) -> None:
        card = read_card(_HERE)
        self.name, self.version = card.name, card.version
        self.digest = folder_digest(_HERE)

    def suggest(self, passages: Sequence[Passage]) -> list[Answer]:
        """One answer per document, in order of receipt; the closest earlier document first."""
        edges: dict[str, list[CopyEdge]] = defaultdict(list)
        documents = [Document(passage.id, passage.text, language=passage.language) for passage in passages]
        for edge in copy_edges(documents):
            edges[edge.from_id].append(edge)
        return [
            Answer(self.suggestion(edge, passage=passage) for edge in edges[passage.id])
            for passage in passages
        ]

    def suggestion(self, edge: CopyEdge, *, passage: Passage) -> Suggestion:
        """An edge as a suggestion about the later document."""
        return Suggestion(
            label=edge.to_id,
            score=edge.score,
            start=0,
            end=len(passage.text),
            reason=edge.reason,
            suggester=self.name,
            version=self.version,
            digest=self.digest,
            qualifier=edge.kind,
        )


def make() -> CopySuggester:
    """The suggester as the catalogue offers it."""
    return CopySuggester()
