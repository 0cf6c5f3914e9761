"""Which concepts, standing together in a sentence, speak for which indicator, and how."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from forestall.base.catalogue import read_definition, refuse_unknown
from forestall.base.errors import Malformed
from forestall.base.words import say

from .lexicon import HERE, Hit, concepts

RAISES, LOWERS = "raises", "lowers"
_KEYS = ("indicator", "all", "unless", "weight")
# A denial bears on what follows it within so many words, and on what stands just before it.
_REACH_ON = 11
_REACH_BACK = 4
_DENIED = 0.4


@dataclass(frozen=True)
class Rule:
    """Every group of `needed` must be spoken of (either concept of a group will do), none of `unless`."""

    indicator: str
    direction: str
    needed: tuple[tuple[str, ...], ...]
    unless: tuple[str, ...]
    weight: float


@dataclass(frozen=True)
class Match:
    """A rule that holds in a sentence, with the terms that made it hold."""

    rule: Rule
    hits: tuple[Hit, ...]
    denied: bool

    @property
    def score(self) -> float:
        """How plainly the sentence speaks for the indicator, before it is held against the indicator's own text."""
        return self.rule.weight * (_DENIED if self.denied else 1.0)


@cache
def rules() -> tuple[Rule, ...]:
    """Every rule, those that raise first. Raises `Malformed` for a concept the lexicon lacks."""
    found = read_definition(HERE / "rules.toml")
    refuse_unknown(found, known=(RAISES, LOWERS), where="rules.toml")
    return tuple(
        _rule(entry, direction=direction) for direction in (RAISES, LOWERS) for entry in found[direction]
    )


def _rule(entry: Mapping[str, Any], *, direction: str) -> Rule:
    refuse_unknown(entry, known=_KEYS, where="rules.toml")
    needed = tuple(tuple(group.split("|")) for group in entry["all"])
    unless = tuple(entry.get("unless", ()))
    strange = sorted({name for group in needed for name in group} | set(unless) - concepts().keys())
    strange = [name for name in strange if name not in concepts()]
    if strange:
        raise Malformed(
            say(
                "A rule for %(number)s names unknown concepts: %(names)s.",
                number=entry["indicator"],
                names=", ".join(strange),
            )
        )
    return Rule(entry["indicator"], direction, needed, unless, float(entry["weight"]))


def matches(spoken: Mapping[str, Sequence[Hit]]) -> list[Match]:
    """The rules that hold in a sentence which speaks of `spoken`, in the order of `rules`."""
    possible = sorted({place for name in spoken for place in _asked_by().get(name, ())})
    return [match for place in possible if (match := _matched(rules()[place], spoken=spoken))]


@cache
def _asked_by() -> dict[str, tuple[int, ...]]:
    """Concepts to the places in `rules` of those that need one of their first group: the others cannot hold."""
    found: dict[str, list[int]] = {}
    for place, rule in enumerate(rules()):
        for name in rule.needed[0]:
            found.setdefault(name, []).append(place)
    return {name: tuple(places) for name, places in found.items()}


def _matched(rule: Rule, *, spoken: Mapping[str, Sequence[Hit]]) -> Match | None:
    if any(name in spoken for name in rule.unless):
        return None
    chosen = _chosen(rule.needed, spoken=spoken, taken=())
    return Match(rule, chosen, denied=_is_denied(chosen, spoken=spoken)) if chosen else None


def _chosen(
    needed: tuple[tuple[str, ...], ...], *, spoken: Mapping[str, Sequence[Hit]], taken: tuple[Hit, ...]
) -> tuple[Hit, ...]:
    """A term for each group, all on words of their own: one word does not speak for two concepts. Empty when none."""
    if not needed:
        return taken
    for name in needed[0]:
        for hit in spoken.get(name, ()):
            if all(hit.last < other.first or hit.first > other.last for other in taken):
                found = _chosen(needed[1:], spoken=spoken, taken=(*taken, hit))
                if found:
                    return found
    return ()


def _is_denied(chosen: Sequence[Hit], *, spoken: Mapping[str, Sequence[Hit]]) -> bool:
    return any(_reaches(denial, hit=hit) for denial in spoken.get("negation", ()) for hit in chosen)


def _reaches(denial: Hit, *, hit: Hit) -> bool:
    return 0 < hit.first - denial.last <= _REACH_ON or 0 < denial.first - hit.last <= _REACH_BACK
