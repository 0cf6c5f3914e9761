"""The rules of saved searches. Plain values, no Django."""

from __future__ import annotations

from forestall.base.errors import Refused
from forestall.base.words import say

MOST_SAVED = 50
"""Saved searches of one person."""
LONGEST_NAME = 120


def check_saved(*, name: str, asks: bool, taken: bool, kept: int) -> None:
    """Raise `Refused` unless a search may be saved: it asks for something, under a name of its own."""
    if not asks:
        raise Refused(say("Type a word to search for before you save the search."))
    if not name:
        raise Refused(say("Give the search a name."))
    if len(name) > LONGEST_NAME:
        raise Refused(say("This name is too long. Use %(most)s letters at the most.", most=LONGEST_NAME))
    if taken:
        raise Refused(say("You have a saved search of this name. Choose another."))
    if kept >= MOST_SAVED:
        raise Refused(say("You have %(most)s saved searches. Remove one first.", most=MOST_SAVED))
