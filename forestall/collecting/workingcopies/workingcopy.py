"""What a person takes away instead of an original: what can be seen of it, and nothing that it carried besides."""

from __future__ import annotations

from dataclasses import dataclass

from forestall.base.words import Words


@dataclass(frozen=True)
class WorkingCopy:
    """The copy's bytes, the ending its name must have, and what a reader must know before passing it on.

    `name` is what the file was called, which may tell who sent it: never given to anybody who did not ask for it.
    """

    content: bytes
    ending: str
    warnings: tuple[Words, ...] = ()
    name: str = ""
