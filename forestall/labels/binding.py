"""The session under which records are read. Nothing labelled can be read while none is bound."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Protocol

from django.db.models import Q


class Unbound(RuntimeError):
    """A labelled record was asked for while no session was bound: a bug, never an outcome."""


class Reader(Protocol):
    """Whoever reads: knows which records it may see, and in which database (now, or as of a past day)."""

    @property
    def database(self) -> str: ...

    @property
    def interned(self) -> set[str]:
        """Spellings of compartments that this reader has seen to be known."""
        ...

    @property
    def querysets(self) -> dict[type[Any], Any]:
        """What this reader sees of each table, built once; emptied by `forget_scope`."""
        ...

    def scope(self) -> Q: ...

    def forget_scope(self) -> None: ...

    def told(self) -> dict[str, Any]:
        """What the database is told of this reader, for its own row security."""
        ...


_reader: ContextVar[Reader | None] = ContextVar("reader", default=None)


def reading() -> Reader | None:
    """The reader now bound, if any."""
    return _reader.get()


def bound() -> Reader:
    """The reader now bound. Raises `Unbound` when there is none."""
    reader = _reader.get()
    if reader is None:
        raise Unbound("No session is bound: labelled records are read inside access.session.bound_to(…).")
    return reader


@contextmanager
def bind(reader: Reader) -> Iterator[None]:
    """Read as `reader` inside the block."""
    token = _reader.set(reader)
    try:
        yield
    finally:
        _reader.reset(token)
