"""The three things that may go wrong without being a bug. Everything else crashes loudly."""

from __future__ import annotations

from .words import Words, say


class Spoken(Exception):
    """An outcome told to a person in one sentence."""

    def __init__(self, words: Words | str) -> None:
        self.words = say(words) if isinstance(words, str) else words
        super().__init__(str(self.words))


class Refused(Spoken):
    """A rule said no. The sentence says which, and what the reader can do."""


class Overtaken(Refused):
    """Another did something since the reader looked, over which nothing is written. Looking again helps."""


class Unavailable(Spoken):
    """Something outside does not answer now. Trying later may help."""


class Malformed(Spoken):
    """What arrived cannot be read: the sentence says where, what was expected and what was found."""
