"""The documents already known, kept so that the copies of a new one are found without reading them all again."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from forestall.base.words import say
from forestall.reading.passage import Document

from .edge import CopyEdge
from .fingerprint import PERMUTATIONS, Fingerprint, fingerprint

# Thresholds were set on mutants of newspaper articles; the card of this folder says how they fare.
_CANDIDATE_JACCARD = 0.3
_NEAR = 0.6
_NEAR_SHARED = 0.25
_TRUNCATED = 0.4
_TRUNCATED_COSINE = 0.45
_PLAIN_OVERLAP = 0.75
_PLAIN_CONTAINED = 0.5
_MOSTLY_THE_SAME = 0.65
_OPENING = 0.2
_EXCERPT = 0.3
_EXCERPT_SAMPLE = 4
_WHOLE_EXCERPT = 0.6
_FEW_WORDS = 6
_CORRECTED = 0.35
_CORRECTED_SHARED = 0.12
_SAME_TABLE = 0.9
_TITLE_WORDS = 4
_RECENT = 400
_NEAR_IN_SUBJECT = 0.42
# Below so few documents the words of one story look rare; weights are smoothed as if there were this many.
_SMOOTHING = 50


@dataclass(frozen=True)
class _Likeness:
    cosine: float
    contained: float
    shared: int
    overlap: float
    opens_alike: bool


class CopyIndex:
    """Finds the copies of documents among those added before them. Add in the order of receipt."""

    def __init__(self) -> None:
        self._prints: dict[str, Fingerprint] = {}
        self._by_hash: dict[int, str] = {}
        self._by_sample: dict[int, list[str]] = defaultdict(list)
        self._by_title: dict[str, list[str]] = defaultdict(list)
        self._frequency: Counter[str] = Counter()
        self._norms: dict[str, tuple[int, float]] = {}
        self._sketches: Any = None

    def __len__(self) -> int:
        return len(self._prints)

    def add(self, documents: Iterable[Document]) -> list[CopyEdge]:
        """Take in documents, in order, and return what ties each to earlier ones: at most one edge to each."""
        edges: list[CopyEdge] = []
        for document in documents:
            found = fingerprint(document)
            sketch = found.sketch()
            edges.extend(self._edges(found, sketch=sketch))
            self._keep(found, sketch=sketch)
        return edges

    def find(self, document: Document) -> list[CopyEdge]:
        """What ties `document` to those added, without taking it in."""
        found = fingerprint(document)
        return self._edges(found, sketch=found.sketch())

    def _lsh(self) -> Any:
        if self._sketches is None:
            from datasketch import MinHashLSH

            self._sketches = MinHashLSH(threshold=_CANDIDATE_JACCARD, num_perm=PERMUTATIONS)
        return self._sketches

    def _keep(self, found: Fingerprint, *, sketch: Any) -> None:
        self._prints[found.id] = found
        self._by_hash.setdefault(found.exact, found.id)
        self._frequency.update(found.words.keys())
        self._lsh().insert(found.id, sketch, check_duplication=False)
        for value in found.sample:
            self._by_sample[value].append(found.id)
        if found.title:
            self._by_title[found.title].append(found.id)

    def _edges(self, found: Fingerprint, *, sketch: Any) -> list[CopyEdge]:
        edges = {}
        for other in self._candidates(found, sketch=sketch):
            if other != found.id and (edge := self._compared(found, earlier=self._prints[other])):
                edges[other] = edge
        if found.corrects and not any(edge.kind == "correction" for edge in edges.values()):
            edges.update({edge.to_id: edge for edge in self._corrected(found)})
        return sorted(edges.values(), key=lambda edge: -edge.score)

    def _candidates(self, found: Fingerprint, *, sketch: Any) -> list[str]:
        """Ids of documents worth comparing: the same hash, a like sketch, shared samples, or the same title."""
        if (same := self._by_hash.get(found.exact)) and found.length >= _FEW_WORDS:
            return [same]
        shared: Counter[str] = Counter()
        for value in found.sample:
            shared.update(self._by_sample.get(value, ()))
        near = dict.fromkeys(self._lsh().query(sketch)) if self._prints else {}
        near.update(dict.fromkeys(name for name, count in shared.items() if count >= _EXCERPT_SAMPLE))
        if found.title:
            near.update(dict.fromkeys(self._by_title.get(found.title, ())))
        return list(near)

    def _compared(self, found: Fingerprint, *, earlier: Fingerprint) -> CopyEdge | None:
        if found.exact == earlier.exact:
            return self._exact(found, earlier=earlier) if found.length >= _FEW_WORDS else None
        likeness = self._likeness(found, earlier=earlier)
        if (
            found.corrects
            and not earlier.corrects
            and self._is_correction(found, earlier=earlier, like=likeness)
        ):
            return self._correction(found, earlier=earlier, like=likeness)
        if min(found.length, earlier.length) < _FEW_WORDS:
            return None
        if found.tabular and earlier.tabular and likeness.overlap < _SAME_TABLE:
            return None
        if self._is_near(likeness):
            return self._near(found, earlier=earlier, like=likeness)
        return self._excerpt(found, earlier=earlier, like=likeness)

    def _likeness(self, found: Fingerprint, *, earlier: Fingerprint) -> _Likeness:
        shared = len(found.shingles & earlier.shingles)
        contained = shared / (min(len(found.shingles), len(earlier.shingles)) or 1)
        overlap = (found.words & earlier.words).total() / (max(found.length, earlier.length) or 1)
        # Where plainly most words and phrases are the same, weighing words by their rarity adds nothing.
        plain = overlap >= _PLAIN_OVERLAP and contained >= _PLAIN_CONTAINED
        return _Likeness(
            cosine=overlap if plain else self._cosine(found, earlier),
            contained=contained,
            shared=shared,
            overlap=overlap,
            opens_alike=_opens_alike(found, earlier=earlier),
        )

    def _cosine(self, one: Fingerprint, other: Fingerprint) -> float:
        both = one.words.keys() & other.words.keys()
        product = sum(
            self._weight(word, one.words[word]) * self._weight(word, other.words[word]) for word in both
        )
        return min(1.0, product / (self._norm(one) * self._norm(other))) if product else 0.0

    def _norm(self, found: Fingerprint) -> float:
        """The length of a document's vector, computed again only when the index has grown by a quarter."""
        at, norm = self._norms.get(found.id, (-1, 0.0))
        if at < 0 or len(self._prints) > 1.25 * at + _SMOOTHING:
            norm = (
                math.sqrt(sum(self._weight(word, count) ** 2 for word, count in found.words.items())) or 1.0
            )
            self._norms[found.id] = (len(self._prints), norm)
        return norm

    def _weight(self, word: str, count: int) -> float:
        rarity = math.log((len(self._prints) + _SMOOTHING) / (self._frequency[word] + 1)) + 1
        return (1 + math.log(count)) * rarity

    def _is_near(self, like: _Likeness) -> bool:
        if like.overlap < _MOSTLY_THE_SAME and not like.opens_alike:
            # It holds a stretch of the other without opening as it does: another story stands around it.
            return False
        if like.cosine >= _NEAR and like.contained >= _NEAR_SHARED:
            return True
        return like.cosine >= _TRUNCATED_COSINE and like.contained >= _TRUNCATED

    def _is_correction(self, found: Fingerprint, *, earlier: Fingerprint, like: _Likeness) -> bool:
        if like.cosine >= _CORRECTED and like.contained >= _CORRECTED_SHARED:
            return True
        return _names_title(found, title=earlier.title)

    def _corrected(self, found: Fingerprint) -> list[CopyEdge]:
        """What a correction corrects when it repeats little of it: the recent document nearest in subject and title."""
        recent = list(self._prints.values())[-_RECENT:]
        likest = max(recent, key=lambda earlier: self._nearness(found, earlier=earlier), default=None)
        if likest is None or self._nearness(found, earlier=likest) < _NEAR_IN_SUBJECT:
            return []
        return [self._correction(found, earlier=likest, like=self._likeness(found, earlier=likest))]

    def _nearness(self, found: Fingerprint, *, earlier: Fingerprint) -> float:
        if earlier.corrects or earlier.id == found.id:
            return 0.0
        named = (
            1.0 if _names_title(found, title=earlier.title) else _named_in_part(found, title=earlier.title)
        )
        return self._cosine(found, earlier) + 0.5 * named

    def _exact(self, found: Fingerprint, *, earlier: Fingerprint) -> CopyEdge:
        reason = say("The words are the same as those of %(other)s.", other=earlier.id)
        return CopyEdge(found.id, earlier.id, "exact", 1.0, reason)

    def _near(self, found: Fingerprint, *, earlier: Fingerprint, like: _Likeness) -> CopyEdge:
        reason = say(
            "%(share)s %% of the shorter text's phrases stand in %(other)s.",
            share=round(100 * like.contained),
            other=earlier.id,
        )
        changed = sorted(found.figures ^ earlier.figures)
        if changed and like.contained >= _TRUNCATED and found.title == earlier.title:
            reason = say(
                "%(reason)s Figures differ: %(figures)s.", reason=reason, figures=", ".join(changed[:8])
            )
        return CopyEdge(found.id, earlier.id, "near", round(max(like.cosine, like.contained), 3), reason)

    def _excerpt(self, found: Fingerprint, *, earlier: Fingerprint, like: _Likeness) -> CopyEdge | None:
        long_enough = like.shared >= 3 * _EXCERPT_SAMPLE
        if not (long_enough and like.contained >= _EXCERPT) and not (
            like.shared >= _EXCERPT_SAMPLE and like.contained >= _WHOLE_EXCERPT
        ):
            return None
        reason = say(
            "A stretch of %(other)s stands in it: %(share)s %% of the shorter text's phrases, the rest differs.",
            share=round(100 * like.contained),
            other=earlier.id,
        )
        return CopyEdge(found.id, earlier.id, "excerpt", round(like.contained, 3), reason)

    def _correction(self, found: Fingerprint, *, earlier: Fingerprint, like: _Likeness) -> CopyEdge:
        changed = sorted(found.figures ^ earlier.figures)
        reason = say("It says that it corrects, and repeats %(other)s.", other=earlier.id)
        if changed:
            reason = say(
                "%(reason)s Figures differ: %(figures)s.", reason=reason, figures=", ".join(changed[:8])
            )
        return CopyEdge(found.id, earlier.id, "correction", round(max(0.6, like.cosine), 3), reason)


def _opens_alike(found: Fingerprint, *, earlier: Fingerprint) -> bool:
    enough = max(1.0, _OPENING * min(len(found.head), len(earlier.head)))
    return len(found.head & earlier.front) >= enough and len(found.front & earlier.head) >= enough


def _names_title(found: Fingerprint, *, title: str) -> bool:
    return len(title.split()) >= _TITLE_WORDS and (title in found.opening or title in found.title)


def _named_in_part(found: Fingerprint, *, title: str) -> float:
    """The share of a title's telling words, figures above all, that a correction's title and opening repeat."""
    telling = {word for word in title.split() if len(word) > 3 or any(sign.isdigit() for sign in word)}
    if not telling:
        return 0.0
    said = telling & {*found.title.split(), *found.opening.split()}
    numbered = any(sign.isdigit() for word in said for sign in word)
    return min(1.0, len(said) / len(telling) + (0.3 if numbered else 0.0))


def copy_edges(documents: Sequence[Document], *, index: CopyIndex | None = None) -> list[CopyEdge]:
    """The edges among `documents`, and from them to those that `index` holds already; order is order of receipt."""
    return (index if index is not None else CopyIndex()).add(documents)
