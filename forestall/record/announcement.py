"""What the record says while it writes, so that rooms above it can keep what they derive in the same transaction.

Whoever listens runs inside the act: when it fails, nothing was done.
"""

from __future__ import annotations

from django.dispatch import Signal

written = Signal()
"""Things of one kind were saved with their revisions and entries. `things`: as they now stand; `new`: none was there before."""

removed_elsewhere = Signal()
"""Evidence whose bytes were moved out of the store is being removed: whoever keeps them erases them. `thing`: the evidence."""

removed = Signal()
"""The content of a thing, or words of its past states, were removed by decision of two. `thing`: what is left of it."""

withdrawn = Signal()
"""A source took back what it had agreed to. `thing`: as it now stands; `by`: who recorded it; `reason`: how it was told."""
