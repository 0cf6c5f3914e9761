"""Identifiers that tell nothing: no order, no time, no count."""

from __future__ import annotations

import uuid


def new_id() -> uuid.UUID:
    """A random public identifier (uuid4)."""
    return uuid.uuid4()


def is_id(text: str) -> bool:
    """Whether a text is an identifier, written as the record writes them."""
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False
