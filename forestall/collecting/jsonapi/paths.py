"""Where in a row a value lies: `a.b`, `a[0].c`, `a[].c` (of each), `a[type=Location].name` (of those), `^.a` (of the row around)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from forestall.base.errors import Malformed
from forestall.base.words import say
from forestall.collecting.cells import as_text

_STEP = re.compile(r"(?P<name>[^.\[\]=^]+)|\[(?P<place>\d*)\]|\[(?P<field>[^\[\]=]+)=(?P<value>[^\[\]]*)\]")

Step = Callable[[Any], Iterable[Any]]
Rows = Sequence[Any]
"""A row and those around it, the outermost first."""


@dataclass(frozen=True)
class Path:
    """A path as declared. `up` is how many rows further out it begins."""

    text: str
    up: int = 0
    steps: tuple[Step, ...] = field(default=(), compare=False)

    def values(self, rows: Rows) -> list[Any]:
        """What lies there, in order; nothing where the way ends early or at null."""
        if self.up >= len(rows):
            return []
        found: list[Any] = [rows[-1 - self.up]]
        for step in self.steps:
            found = [one for value in found for one in step(value) if one is not None]
        return found


@lru_cache(maxsize=1024)
def path(text: str) -> Path:
    """The path that `text` declares; empty is the row itself. Raises `Malformed` for what is none."""
    inner, up = text, 0
    while inner.startswith("^"):
        inner, up = inner[1:].removeprefix("."), up + 1
    steps: list[Step] = []
    at = 0
    while at < len(inner):
        at += inner[at] == "." and at > 0
        found = _STEP.match(inner, at)
        if found is None:
            raise Malformed(
                say("“%(path)s” is no path to a value, from “%(rest)s” on.", path=text, rest=inner[at:])
            )
        steps.append(_step(found))
        at = found.end()
    return Path(text, up, tuple(steps))


def _step(found: re.Match[str]) -> Step:
    name, place, field_, value = found.group("name", "place", "field", "value")
    if name is not None:
        return lambda given: [given.get(name)] if isinstance(given, dict) else []
    if place:
        return lambda given: given[int(place) : int(place) + 1] if isinstance(given, list) else []
    if place is not None:
        return lambda given: given if isinstance(given, list) else []
    return lambda given: [
        one
        for one in (given if isinstance(given, list) else [])
        if isinstance(one, dict) and as_text(one.get(field_)) == value
    ]


def without(row: dict[str, Any], names: Iterable[str]) -> tuple[dict[str, Any], list[str]]:
    """A row without what lies at `names` (`a`, `a.b`), and which of them were there."""
    left: list[str] = []
    for name in names:
        outer, _, inner = name.partition(".")
        if outer not in row:
            continue
        if inner and isinstance(row[outer], dict):
            rest, gone = without(row[outer], [inner])
            row = {**row, outer: rest}
            left += [name] if gone else []
        elif not inner:
            row = {key: value for key, value in row.items() if key != outer}
            left.append(name)
    return row, left
