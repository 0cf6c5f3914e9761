"""Marked sentences: message ids with parameters, so that rooms without Django speak to readers in six languages.

`say("An author cannot clear their own draft.")` marks a sentence for translation and returns `Words`. The faces
translate the message id from one catalogue and fill the parameters in; nothing below them knows a language.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Words:
    """A sentence as an English message id with named `%(parameter)s` places. Equal ids and parameters are equal."""

    message: str
    parameters: Mapping[str, object] = field(default_factory=dict)

    def text(self, translate: Callable[[str], str] | None = None) -> str:
        """The sentence, through `translate` (message id to the reader's language) or in English when it is None."""
        sentence = translate(self.message) if translate else self.message
        if not self.parameters:
            return sentence
        filled = {
            name: value.text(translate) if isinstance(value, Words) else value
            for name, value in self.parameters.items()
        }
        return sentence % filled

    def __str__(self) -> str:
        return self.text()

    def __hash__(self) -> int:
        return hash((self.message, tuple(sorted((k, str(v)) for k, v in self.parameters.items()))))


def kept(words: Words) -> dict[str, Any]:
    """Words as plain values for a column; `told` is the way back. Parameters that are words stay words."""
    plain = {name: kept(value) if isinstance(value, Words) else str(value) for name, value in words.parameters.items()}
    return {"message": words.message, "parameters": plain}


def told(message: str, parameters: Mapping[str, Any]) -> Words:
    """Words as `kept` wrote them."""
    return Words(
        message,
        {name: told(**value) if isinstance(value, dict) else value for name, value in parameters.items()},
    )


def say(message: str, **parameters: object) -> Words:
    """Mark `message` for translation. Parameters fill `%(name)s`; a `Words` parameter is translated with it."""
    return Words(message, parameters)
