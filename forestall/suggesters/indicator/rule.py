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
# A denial bears on what is said within so many words of it.
_REACH = 7
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
    """The rules that hold in a sentence which speaks of `spoken`."""
    return [match for rule in rules() if (match := _matched(rule, spoken=spoken))]


def _matched(rule: Rule, *, spoken: Mapping[str, Sequence[Hit]]) -> Match | None:
    if any(name in spoken for name in rule.unless):
        return None
    chosen: list[Hit] = []
    for group in rule.needed:
        hit = _apart(group, spoken=spoken, taken=chosen)
        if hit is None:
            return None
        chosen.append(hit)
    return Match(rule, tuple(chosen), denied=_is_denied(chosen, spoken=spoken))


def _apart(
    group: tuple[str, ...], *, spoken: Mapping[str, Sequence[Hit]], taken: Sequence[Hit]
) -> Hit | None:
    """A term of the group on other words than those already taken: one word does not speak for two concepts."""
    for name in group:
        for hit in spoken.get(name, ()):
            if all(hit.last < other.first or hit.first > other.last for other in taken):
                return hit
    return None


def _is_denied(chosen: Sequence[Hit], *, spoken: Mapping[str, Sequence[Hit]]) -> bool:
    return any(_reaches(denial, hit=hit) for denial in spoken.get("negation", ()) for hit in chosen)


def _reaches(denial: Hit, *, hit: Hit) -> bool:
    apart = denial.last < hit.first or denial.first > hit.last
    return apart and -_REACH <= hit.first - denial.last <= _REACH
