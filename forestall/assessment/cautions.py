"""What a reader of a judgement must be warned of: marks on the evidence, never on the person who judged. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from forestall.base.words import Words, say

from .proposals import Support

STALE = {"structural": timedelta(days=365), "dynamic": timedelta(days=90), "trigger": timedelta(days=90)}
"""How old the newest evidence may be, by the nature of the indicator: what moves fast goes stale fast. Our own rule."""


@dataclass(frozen=True)
class Caution:
    """One mark: `kind` is single_origin, stale, silence, contradiction or interested_party."""

    kind: str
    words: Words


def cautions(support: Iterable[Support], *, on: date, nature: str) -> list[Caution]:
    """The marks on the evidence under one indicator on a day (UTC); none when there is no evidence."""
    known = [one for one in support if one.on <= on]
    counting = [one for one in known if one.counts]
    return [
        *_single(counting),
        *_stale(known, on=on, limit=STALE.get(nature, STALE["dynamic"])),
        *_silence(counting),
        *_contradiction(counting),
        *_interested(known),
    ]


def _single(counting: list[Support]) -> list[Caution]:
    if len({one.origin for one in counting}) != 1:
        return []
    return [Caution("single_origin", say("one independent origin only"))]


def _stale(known: list[Support], *, on: date, limit: timedelta) -> list[Caution]:
    newest = max((one.on for one in known), default=on)
    if on - newest <= limit:
        return []
    return [Caution("stale", say("stale: nothing newer than %(days)s days", days=(on - newest).days))]


def _silence(counting: list[Support]) -> list[Caution]:
    if not any(one.silent for one in counting):
        return []
    if all(one.silent for one in counting):
        return [Caution("silence", say("every source of it has gone silent there since"))]
    return [Caution("silence", say("in part from sources gone silent there since"))]


def _contradiction(counting: list[Support]) -> list[Caution]:
    if {one.direction for one in counting} != {"raises", "lowers"}:
        return []
    return [Caution("contradiction", say("contradicted: some of it raises and some lowers"))]


def _interested(known: list[Support]) -> list[Caution]:
    if not any(one.interested_party for one in known):
        return []
    return [Caution("interested_party", say("in part an interested party's own word"))]
