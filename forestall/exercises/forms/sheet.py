"""What is printed on any item, whatever its form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from ..item import Item, Originator

RIGHT_TO_LEFT = frozenset({"ar"})


@dataclass(frozen=True)
class Sheet:
    """An item ready to be written: its words and who sends it. `marking` and `line` are in the item's language.

    `line` says that this is an exercise. `sent` and `received_at` are UTC.
    """

    id: str
    title: str
    text: str
    language: str
    marking: str
    line: str
    by: str
    address: str
    kind: str
    sent: datetime
    received_at: datetime
    charset: str

    @classmethod
    def of(cls, item: Item, *, originator: Originator, words: Mapping[str, Mapping[str, str]]) -> Self:
        """The sheet of `item`; `words` holds the line and the markings by language."""
        return cls(
            id=item.id,
            title=item.title,
            text=item.text,
            language=item.language,
            marking=words[item.marking][item.language] if item.marking else "",
            line=words["line"][item.language],
            by=originator.name,
            address=originator.address or "drop-box@exercise.example",
            kind=originator.kind,
            sent=item.sent,
            received_at=item.received_at,
            charset=item.charset,
        )

    @property
    def paragraphs(self) -> list[str]:
        """The text, paragraph by paragraph."""
        return [part for part in self.text.split("\n\n") if part]

    @property
    def direction(self) -> str:
        """`rtl` or `ltr`."""
        return "rtl" if self.language in RIGHT_TO_LEFT else "ltr"

    @property
    def date(self) -> str:
        """The day it was sent, ISO 8601."""
        return self.sent.date().isoformat()
