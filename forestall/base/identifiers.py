"""Identifiers that tell nothing: no order, no time, no count."""

from __future__ import annotations

import uuid


def new_id() -> uuid.UUID:
    """A random public identifier (uuid4)."""
    return uuid.uuid4()
