"""Where a text names places: the longest names first, then which place each name means here."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from forestall.reading.normalisation import MatchingForm, matching

from . import person
from .gazetteer import Index, Name, SharedName, unspaced_form

_KINDS = ("none", "country", "capital", "region", "city", "nationality")
_CERTAINTY = {"country": 0.95, "capital": 0.88, "region": 0.88, "city": 0.82, "nationality": 0.75}
# Settlers named their towns after those they came from; a text that names their states and provinces means theirs.
_SETTLED = frozenset({"USA", "CAN", "AUS"})
_ARTICLES = frozenset({"la", "le", "les", "el", "los", "las", "the", "o", "a", "os", "as"})
_LISTED = re.compile(
    r"\s*,\s*|,?\s(?:and|or|et|ou|y|e|и|или|na|و)\s(?:(?:the|le|la|du|de|el|o|a)\s)?|\sو|、|和|与"
)
_PARTS = 1
_PARTS_FOR_A_SEAT = 2


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
    written = list(_in_words(text, form=form, index=index))
    found = _longest([*(hit for hit in written if hit.names), *_in_unspaced(text, index=index)])
    kept = [hit for hit in found if not any(name.kind == "none" for name in hit.names)]
    small = frozenset(
        hit.key for hit in written if not hit.names and not person.stands_as_place(text, start=hit.start)
    )
    return _Reading(text, form=form, found=kept, small=small, index=index).mentions()


def _in_words(text: str, *, form: MatchingForm, index: Index) -> Iterator[_Found]:
    """Every name in words, also one that is written as no name is: that has no `names`."""
    joined, places = _joined([index.vocabulary.key(word) for word in form.words])
    shouted = _is_shouted(text)
    for last, key in index.spaced.iter(joined):
        first_word = bisect_left(places, last - len(key) - 1)
        last_word = bisect_left(places, last) - 1
        start, end = form.starts[first_word], form.ends[last_word]
        yield _Found(key, start, end, _fitting(index.names[key], surface=text[start:end], shouted=shouted))


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
    first, _, rest = surface.partition(" ")
    if (
        rest and first.casefold() in _ARTICLES
    ):  # `La réunion`, `La paz` and `El salvador` at the start of a sentence
        return not rest[0].islower()
    return not next((letter for letter in surface if letter.isalpha()), "").islower()


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

    def __init__(
        self, text: str, *, form: MatchingForm, found: list[_Found], small: frozenset[str], index: Index
    ) -> None:
        self.text, self.form, self.found, self.small, self.rules = text, form, found, small, index.ambiguity
        self.words = frozenset(form.words)
        self.votes = self._votes()
        self.people = self._people()
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
        if self._is_common_word(hit, best=best):
            return None
        supported = self.votes[best.code] > 0
        if elsewhere := self._namesake(hit, best=best):
            return self._mention(hit, code=elsewhere, kind="city", score=0.7, how="context")
        if hit.key in self.rules.weak and not (supported or self._is_plainly_a_place(hit)):
            return None
        if hit.key in self.rules.personal and self._is_person(hit) and not supported:
            return None
        doubt = 0.85 if len({name.code for name in hit.names}) > 1 or hit.key in self.rules.weak else 1.0
        return self._mention(hit, code=best.code, kind=best.kind, score=doubt * _CERTAINTY[best.kind])

    def _namesake(self, hit: _Found, *, best: Name) -> str | None:
        """The country that settlers took an old-world city's name to, where only its parts are named: Athens, Georgia."""
        if best.kind not in {"capital", "city"} or not self.settled or best.code in _SETTLED:
            return None
        others = self._other_votes(hit, code=best.code)
        (country, parts), *_ = self.settled.most_common(1)
        enough = _PARTS_FOR_A_SEAT if hit.key in self.rules.seats else _PARTS
        return country if others <= 0 and parts >= enough else None

    def _other_votes(self, hit: _Found, *, code: str) -> int:
        return self.votes[code] - sum(other.key == hit.key for other in self.found)

    def _is_plainly_a_place(self, hit: _Found) -> bool:
        """Whether the name follows a word that only places follow, is listed with a country, or holds a city.

        *In Benin*; *Benin and Togo*; *London, Ontario*.
        """
        if person.stands_as_place(self.text, start=hit.start):
            return True
        return any(
            self._is_listed(hit, beside=other)
            or (hit.names[0].kind == "region" and self.text[other.end : hit.start] == ", ")
            for other in self.found
        )

    def _is_listed(self, hit: _Found, *, beside: _Found) -> bool:
        if beside.names[0].kind != "country" or beside.key in self.rules.weak | self.rules.personal:
            return False
        between = self.text[beside.end : hit.start] or self.text[hit.end : beside.start]
        return _LISTED.fullmatch(between) is not None

    def _is_common_word(self, hit: _Found, *, best: Name) -> bool:
        """Whether the text writes the word small as well, and large only where a sentence begins: *Turkey*, *turkey*."""
        if hit.key not in self.small or self._other_votes(hit, code=best.code) > 0:
            return False
        return all(self._begins_sentence(other) for other in self.found if other.key == hit.key)

    def _begins_sentence(self, hit: _Found) -> bool:
        before = self.text[: hit.start].rstrip(" \t\"'“‘«(*•-–—")
        return (not before or before[-1] in ".!?:\n") and self.text[hit.start + 1 : hit.end].islower()

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
        """Whether the name is a person's here, or a person's elsewhere in the text and nowhere plainly a place's."""
        if person.stands_as_place(self.text, start=hit.start):
            return False
        return self._beside_a_name(hit) or hit.key in self.people

    def _beside_a_name(self, hit: _Found) -> bool:
        """Whether the name stands beside another capitalised word as a person's names do, or somebody is called so."""
        if person.is_called(self.text, start=hit.start, end=hit.end):
            return True
        if person.in_headline(self.text, start=hit.start, end=hit.end):
            return False
        if person.name_before(self.text, start=hit.start):
            return not self._is_place_word(hit.start - 1)
        return person.name_after(self.text, end=hit.end) and not self._is_place_word(hit.end + 1)

    def _people(self) -> frozenset[str]:
        """The names that some person in the text bears, unless it speaks of the place of that name as well."""
        borne = [hit for hit in self.found if hit.key in self.rules.personal]
        places = {hit.key for hit in borne if person.stands_as_place(self.text, start=hit.start)}
        return frozenset(hit.key for hit in borne if hit.key not in places and self._beside_a_name(hit))

    def _is_place_word(self, place: int) -> bool:
        return any(
            other.start <= place <= other.end for other in self.found if other.key not in self.rules.personal
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
