"""What a form calls its questions and choices: the labels by which its answers are read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import TypeVar

from forestall.base.canonical import canonical_json

from .flattening import last, unnumbered

T = TypeVar("T")


@dataclass(frozen=True)
class Definition:
    """A form. Questions are named by path (`incident/type`); `choices` has the labels of a question's choices by name."""

    title: str = ""
    version: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    choices: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    types: Mapping[str, str] = field(default_factory=dict)

    def label(self, path: str) -> str:
        """What a question is called; its name when nothing is known."""
        return self._of(self.labels, path) or last(path).replace("_", " ")

    def answer(self, path: str, text: str) -> str:
        """An answer as a reader meets it: the labels of what was chosen, or the text itself."""
        known = self._of(self.choices, path) or {}
        if text in known or not known:
            return known.get(text) or text
        return "; ".join(known.get(one) or one for one in text.split())

    def _of(self, known: Mapping[str, T], path: str) -> T | None:
        plain = unnumbered(path)
        if plain in known:
            return known[plain]
        ends = [value for name, value in known.items() if last(name) == last(plain)]
        return ends[0] if len(ends) == 1 else None

    def carried(self) -> str:
        """As the text that a request carries; `read_carried` is the way back."""
        return canonical_json(asdict(self))


def read_carried(text: str) -> Definition:
    """A definition as `carried` wrote it, or an empty one."""
    return Definition(**json.loads(text)) if text else Definition()
