"""What changed from one edition to the next, and how two frameworks answer to each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from forestall.base.errors import Refused
from forestall.base.words import say

from .framework import Framework, Indicator, RiskFactor


@dataclass(frozen=True)
class Change:
    """One property of one factor or indicator, before and after. `aspect` is a property, or `text` and a language."""

    number: str
    aspect: str
    before: str
    after: str


@dataclass(frozen=True)
class Difference:
    """From `old` to `new`, each as id and version. Renumbered pairs are old number, new number."""

    old: str
    new: str
    added: tuple[str, ...]
    removed: tuple[str, ...]
    renumbered: tuple[tuple[str, str], ...]
    changed: tuple[Change, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing changed that a judgement could rest on."""
        return not (self.added or self.removed or self.renumbered or self.changed)


@dataclass(frozen=True)
class Crosswalk:
    """Which factors of `new` answer to which of `old`, and what on either side has no counterpart."""

    old: str
    new: str
    pairs: tuple[tuple[str, tuple[str, ...]], ...]
    old_alone: tuple[str, ...]
    new_alone: tuple[str, ...]


Item = RiskFactor | Indicator


def compare(old: Framework, new: Framework) -> Difference:
    """What changed between two editions of one framework. An item that kept its English words but not its number is
    renumbered. Raises `Refused` for two different frameworks: those have a crosswalk."""
    if old.id != new.id:
        raise Refused(
            say(
                "%(old)s and %(new)s are two frameworks, not two editions of one. Ask for their crosswalk.",
                old=old.id,
                new=new.id,
            )
        )
    before, after = _items(old), _items(new)
    moved = _moved(before, after=after)
    arrived = set(moved.values())
    return Difference(
        old=f"{old.id} {old.version}",
        new=f"{new.id} {new.version}",
        added=tuple(n for n in after if n not in arrived and (n not in before or n in moved)),
        removed=tuple(n for n in before if n not in moved and (n not in after or n in arrived)),
        renumbered=tuple(moved.items()),
        changed=_changes(before, after=after, moved=moved),
    )


def crosswalk(old: Framework, new: Framework) -> Crosswalk:
    """How the factors of `old` answer to those of `new`. Raises `Refused` when `old` keeps no counterparts in `new`."""
    if old.crosswalk_to != new.id:
        raise Refused(say("%(old)s keeps no crosswalk to %(new)s.", old=old.id, new=new.id))
    pairs = tuple((factor.number, factor.counterparts) for factor in old.factors)
    answered = {number for _, counterparts in pairs for number in counterparts}
    return Crosswalk(
        old=f"{old.id} {old.version}",
        new=f"{new.id} {new.version}",
        pairs=tuple(pair for pair in pairs if pair[1]),
        old_alone=tuple(number for number, counterparts in pairs if not counterparts),
        new_alone=tuple(factor.number for factor in new.factors if factor.number not in answered),
    )


def _items(framework: Framework) -> dict[str, Item]:
    items: dict[str, Item] = {}
    for factor in framework.factors:
        items[factor.number] = factor
        items.update({indicator.number: indicator for indicator in factor.indicators})
    return items


def _identity(item: Item) -> tuple[str, str]:
    # Factors go by their title, which is official; indicators by their words.
    return ("factor", item.title["en"]) if isinstance(item, RiskFactor) else ("indicator", item.text["en"])


def _moved(before: Mapping[str, Item], *, after: Mapping[str, Item]) -> dict[str, str]:
    """Old number to new number of what kept its words and lost its number."""
    now_at = {_identity(item): number for number, item in after.items()}
    return {
        number: now_at[_identity(item)]
        for number, item in before.items()
        if now_at.get(_identity(item), number) != number
        and (number not in after or _identity(after[number]) != _identity(item))
    }


def _changes(
    before: Mapping[str, Item], *, after: Mapping[str, Item], moved: Mapping[str, str]
) -> tuple[Change, ...]:
    arrived = set(moved.values())
    stayed = {n: n for n in before if n in after and n not in moved and n not in arrived}
    return tuple(
        change
        for old, new in sorted((stayed | dict(moved)).items(), key=lambda pair: list(before).index(pair[0]))
        for change in _change(before[old], new=after[new])
    )


def _change(old: Item, *, new: Item) -> list[Change]:
    first, second = _aspects(old), _aspects(new)
    return [
        Change(number=new.number, aspect=aspect, before=first.get(aspect, ""), after=second.get(aspect, ""))
        for aspect in sorted(first.keys() | second.keys())
        if first.get(aspect) != second.get(aspect)
    ]


def _aspects(item: Item) -> dict[str, str]:
    aspects = {f"text {language}": words for language, words in item.text.items()}
    aspects |= {
        "nature": item.nature.value,
        "scope": item.scope.value,
        "verification": item.verification.value,
    }
    if isinstance(item, RiskFactor):
        aspects |= {f"title {language}": words for language, words in item.title.items()}
        aspects["counterparts"] = ", ".join(item.counterparts)
    return aspects
