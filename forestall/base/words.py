"""Marked sentences: message ids with parameters, so that rooms without Django speak to readers in six languages.

`say("An author cannot clear their own draft.")` marks a sentence for translation and returns `Words`. The faces
translate the message id from one catalogue and fill the parameters in; nothing below them knows a language.
A message with two meanings is told apart by its context: `say("open", context="account")`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

CONTEXT_ENDS = "\x04"
"""Between context and message in a catalogue's key, as gettext writes it."""


@dataclass(frozen=True)
class Words:
    """A sentence as an English message id with named `%(parameter)s` places. Equal ids and parameters are equal.

    `context` says which of several meanings the message has; empty when it has one.
    """

    message: str
    parameters: Mapping[str, object] = field(default_factory=dict)
    context: str = ""

    @property
    def key(self) -> str:
        """What the catalogue knows the sentence by: its message id, after its context where it has one."""
        return f"{self.context}{CONTEXT_ENDS}{self.message}" if self.context else self.message

    def text(self, translate: Callable[[str], str] | None = None) -> str:
        """The sentence, through `translate` (catalogue key to the reader's language) or in English when it is None."""
        sentence = translate(self.key) if translate else self.message
        if sentence == self.key:  # nobody has translated it: the context is no part of the sentence
            sentence = self.message
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
        return hash((self.key, tuple(sorted((k, str(v)) for k, v in self.parameters.items()))))


def kept(words: Words) -> dict[str, Any]:
    """Words as plain values for a column; `told` is the way back. Parameters that are words stay words."""
    plain = {name: kept(value) if isinstance(value, Words) else str(value) for name, value in words.parameters.items()}
    found = {"message": words.message, "parameters": plain}
    return {**found, "context": words.context} if words.context else found


def told(message: str, parameters: Mapping[str, Any], context: str = "") -> Words:
    """Words as `kept` wrote them."""
    return Words(
        message,
        {name: told(**value) if isinstance(value, dict) else value for name, value in parameters.items()},
        context,
    )


def say(message: str, *, context: str = "", **parameters: object) -> Words:
    """Mark `message` for translation. Parameters fill `%(name)s`; a `Words` parameter is translated with it.

    `context` tells a message with two meanings apart. It stands here as a literal, or extraction does not see it.
    """
    return Words(message, parameters, context)


def series(parts: Sequence[Words]) -> Words:
    """Several words as one list. Raises `IndexError` when there are none."""
    whole = parts[0]
    for part in parts[1:]:
        whole = say("%(before)s, %(after)s", before=whole, after=part)
    return whole
