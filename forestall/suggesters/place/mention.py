"""Where a text names places: the longest names first, then which place each name means here."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from forestall.reading.normalisation import MatchingForm, matching

from .gazetteer import Index, Name, SharedName, unspaced_form

_KINDS = ("none", "country", "capital", "region", "city", "nationality")
_CERTAINTY = {"country": 0.95, "capital": 0.88, "region": 0.88, "city": 0.82, "nationality": 0.75}
_BEFORE_A_PLACE = frozenset(
    [
        "in",
        "from",
        "to",
        "the",
        "and",
        "for",
        "of",
        "at",
        "near",
        "across",
        "inside",
        "outside",
        "en",
        "de",
        "du",
        "des",
        "d",
        "la",
        "le",
        "les",
        "au",
        "aux",
        "dans",
        "vers",
        "sur",
        "el",
        "los",
        "y",
        "desde",
        "hacia",
        "a",
        "o",
        "with",
        "around",
        "between",
        "republic",
        "kingdom",
        "republique",
        "republica",
        "del",
        "government",
        "president",
        "embassy",
        "southern",
        "northern",
        "eastern",
        "western",
        "central",
        "north",
        "south",
        "east",
        "west",
        "former",
        "le",
        "l",
        "greater",
        "neighbouring",
        "since",
        "where",
        "but",
        "as",
        "if",
        "when",
        "while",
        "that",
        "than",
        "while",
        "although",
        "because",
        "after",
        "before",
        "against",
        "into",
        "through",
        "over",
        "since",
        "both",
    ]
)
_NAME_BEFORE = re.compile(r"([^\W\d_][\w'’]*)\s$")
_NAME_AFTER = re.compile(r"\s([^\W\d_][\w'’]*)")
# Settlers named their towns after those they came from; a text that names their states and provinces means theirs.
_SETTLED = frozenset({"USA", "CAN", "AUS"})
_PARTS = 1
_PARTS_FOR_A_SEAT = 2
_CAPITALS_IN_A_HEADLINE = 0.7


@dataclass(frozen=True)
class Mention:
    """One name in a text, from `start` to `end`, and the place it is taken to mean."""

    key: str
    surface: str
    start: int
    end: int
    code: str
    kind: str
    score: float
    how: str = "name"


@dataclass(frozen=True)
class _Found:
    key: str
    start: int
    end: int
    names: tuple[Name, ...]


def mentions(text: str, *, index: Index) -> list[Mention]:
    """Every place `text` names, in order, none overlapping another."""
    form = matching(text)
    found = _longest([*_in_words(text, form=form, index=index), *_in_unspaced(text, index=index)])
    kept = [hit for hit in found if not any(name.kind == "none" for name in hit.names)]
    return _Reading(text, form=form, found=kept, index=index).mentions()


def _in_words(text: str, *, form: MatchingForm, index: Index) -> Iterator[_Found]:
    joined, places = _joined([index.vocabulary.key(word) for word in form.words])
    shouted = _is_shouted(text)
    for last, key in index.spaced.iter(joined):
        first_word = bisect_left(places, last - len(key) - 1)
        last_word = bisect_left(places, last) - 1
        start, end = form.starts[first_word], form.ends[last_word]
        names = _fitting(index.names[key], surface=text[start:end], shouted=shouted)
        if names:
            yield _Found(key, start, end, names)


def _joined(words: Sequence[str]) -> tuple[str, list[int]]:
    """The words with a space before, between and after; and where the space before each stands."""
    places: list[int] = []
    at = 0
    for word in words:
        places.append(at)
        at += len(word) + 1
    return f" {' '.join(words)} ", places


def _in_unspaced(text: str, *, index: Index) -> Iterator[_Found]:
    if text.isascii():
        return
    for last, key in index.unspaced.iter(unspaced_form(text)):
        yield _Found(key, last - len(key) + 1, last + 1, index.names[key])


def _is_shouted(text: str) -> bool:
    sample = text[:2000]
    small, large = sum(map(str.islower, sample)), sum(map(str.isupper, sample))
    return large > 4 * small


def _fitting(names: tuple[Name, ...], *, surface: str, shouted: bool) -> tuple[Name, ...]:
    """The names whose way of being written fits `surface`: capitals where a name has them."""
    return tuple(name for name in names if _fits(name, surface=surface, shouted=shouted))


def _fits(name: Name, *, surface: str, shouted: bool) -> bool:
    if name.form == "acronym":
        return surface.replace(".", "").replace(" ", "").isupper() and not (shouted and len(name.text) < 3)
    if name.form in {"adjective", "stem", "relation"}:
        return True
    first = next((letter for letter in surface if letter.isalpha()), "")
    return not first.islower()


def _longest(found: list[_Found]) -> list[_Found]:
    taken: list[_Found] = []
    free_from = 0
    for hit in sorted(found, key=lambda hit: (hit.start, -hit.end)):
        if hit.start >= free_from:
            taken.append(hit)
            free_from = hit.end
    return taken


class _Reading:
    """One pass over the names found in one text, each weighed in the light of the others."""

    def __init__(self, text: str, *, form: MatchingForm, found: list[_Found], index: Index) -> None:
        self.text, self.form, self.found, self.rules = text, form, found, index.ambiguity
        self.words = frozenset(form.words)
        self.votes = self._votes()
        self.settled = Counter(
            name.code
            for hit in found
            for name in hit.names[:1]
            if name.kind == "region" and name.code in _SETTLED
        )

    def mentions(self) -> list[Mention]:
        read = [mention for hit in self.found if (mention := self._read(hit))]
        return self._within_larger_places(read)

    def _votes(self) -> Counter[str]:
        """How often each country is named by names that leave no doubt."""
        votes: Counter[str] = Counter()
        for hit in self.found:
            codes = {name.code for name in hit.names}
            doubtful = self.rules.weak | self.rules.personal | self.rules.shared.keys()
            if len(codes) == 1 and hit.key not in doubtful:
                votes.update(codes)
        return votes

    def _read(self, hit: _Found) -> Mention | None:
        if hit.key in self.rules.shared:
            return self._of_shared(hit, shared=self.rules.shared[hit.key])
        best = self._best(hit)
        supported = self.votes[best.code] > 0
        if elsewhere := self._namesake(hit, best=best):
            return self._mention(hit, code=elsewhere, kind="city", score=0.7, how="context")
        if hit.key in self.rules.weak and not supported:
            return None
        if hit.key in self.rules.personal and self._is_person(hit) and not supported:
            return None
        doubt = 0.85 if len({name.code for name in hit.names}) > 1 or hit.key in self.rules.weak else 1.0
        return self._mention(hit, code=best.code, kind=best.kind, score=doubt * _CERTAINTY[best.kind])

    def _namesake(self, hit: _Found, *, best: Name) -> str | None:
        """The country that settlers took an old-world city's name to, where only its parts are named: Athens, Georgia."""
        if best.kind not in {"capital", "city"} or not self.settled or best.code in _SETTLED:
            return None
        others = self.votes[best.code] - sum(other.key == hit.key for other in self.found)
        (country, parts), *_ = self.settled.most_common(1)
        enough = _PARTS_FOR_A_SEAT if hit.key in self.rules.seats else _PARTS
        return country if others <= 0 and parts >= enough else None

    def _best(self, hit: _Found) -> Name:
        return min(hit.names, key=lambda name: (-self.votes[name.code], _KINDS.index(name.kind)))

    def _of_shared(self, hit: _Found, *, shared: SharedName) -> Mention | None:
        counts = {code: len(cues & self.words) + self._spelled(cues) for code, cues in shared.cues.items()}
        for code in (*shared.cues, *shared.bearers):
            counts[code] = counts.get(code, 0) + self.votes[code]
        best = max(counts, key=lambda code: (counts[code], code == shared.bearers[0]))
        code, score = (best, 0.9) if counts[best] else (shared.bearers[0], 0.6)
        if code == "none" or (hit.key in self.rules.personal and not counts[best] and self._is_person(hit)):
            return None
        kind = min((name.kind for name in hit.names), key=_KINDS.index)
        score = min(score, _CERTAINTY[kind])
        return self._mention(
            hit, code=code, kind=kind, score=score, how="context" if counts[best] else "usual"
        )

    def _spelled(self, cues: frozenset[str]) -> int:
        """Cues of scripts without spaces are looked for anywhere in the text."""
        return sum(not cue.isascii() and len(cue) > 1 and cue in self.text for cue in cues)

    def _mention(self, hit: _Found, *, code: str, kind: str, score: float, how: str = "name") -> Mention:
        return Mention(
            hit.key, self.text[hit.start : hit.end], hit.start, hit.end, code, kind, round(score, 3), how
        )

    def _is_person(self, hit: _Found) -> bool:
        """Whether the name stands beside another capitalised word as a person's names do."""
        if self._is_headline(hit):
            return False
        before = _NAME_BEFORE.search(self.text[max(0, hit.start - 40) : hit.start])
        if before and before.group(1)[0].isupper() and before.group(1).casefold() not in _BEFORE_A_PLACE:
            return not self._is_place_word(hit.start - 1)
        after = _NAME_AFTER.match(self.text[hit.end : hit.end + 40])
        if not after or not after.group(1)[0].isupper():
            return False
        return not self._is_place_word(hit.end + 1)

    def _is_place_word(self, place: int) -> bool:
        return any(
            other.start <= place <= other.end for other in self.found if other.key not in self.rules.personal
        )

    def _is_headline(self, hit: _Found) -> bool:
        begin = self.text.rfind("\n", 0, hit.start) + 1
        end = self.text.find("\n", hit.end)
        words = [
            word
            for word in self.text[begin : end if end >= 0 else len(self.text)].split()
            if word[0].isalpha()
        ]
        if not words or words[-1][-1] in ".!?,;":
            return False
        long_words = [word for word in words if len(word) > 3]
        return 3 < len(words) < 20 and sum(word[0].isupper() for word in long_words) >= (
            _CAPITALS_IN_A_HEADLINE * max(1, len(long_words))
        )

    def _within_larger_places(self, read: list[Mention]) -> list[Mention]:
        """`Paris, Texas`: a smaller place before a comma lies in the larger one after it."""
        placed = list(read)
        for at in range(len(read) - 2, -1, -1):
            small, large = placed[at], placed[at + 1]
            apart = self.text[small.end : large.start]
            if (
                apart not in {", ", "، ", "，"}
                or large.kind not in {"country", "region"}
                or small.code == large.code
            ):
                continue
            if small.kind in {"capital", "city"} or (
                small.key in self.rules.personal and large.kind == "region"
            ):
                placed[at] = replace(small, code=large.code, kind="city", how="larger")
        return placed
