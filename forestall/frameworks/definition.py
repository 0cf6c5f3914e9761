"""Reading a definition strictly: each value is asked for by name and kind, and what nobody asked for is refused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from forestall.base.catalogue import read_definition, refuse_unknown
from forestall.base.errors import Malformed
from forestall.base.words import Words, say

from .framework import LANGUAGES, REQUIRED_LANGUAGES, Text, Verification

Choice = TypeVar("Choice", bound=StrEnum)
Value = TypeVar("Value")
_MARKS = {
    "V": Verification.VERIFIED,
    "P": Verification.PARTLY,
    "M": Verification.MEMORY,
    "m": Verification.UNCERTAIN,
}


@dataclass(frozen=True)
class Section:
    """One table of a definition and the place a reader would look for it. Every method raises `Malformed`."""

    content: Mapping[str, Any]
    where: str

    def only(self, *known: str, languages: bool = False) -> None:
        """Refuse keys outside `known` (and, with `languages`, outside the six language codes)."""
        refuse_unknown(self.content, known=(*known, *(LANGUAGES if languages else ())), where=self.where)

    def word(self, key: str) -> str:
        """A text that is not blank."""
        value = self._value(key, kind=str, expected=say("a text"))
        if not value.strip():
            raise Malformed(say("%(where)s: `%(key)s` is blank.", where=self.where, key=key))
        return value

    def maybe_word(self, key: str) -> str | None:
        """A text, or None where the key is absent."""
        return self.word(key) if key in self.content else None

    def whole(self, key: str) -> int:
        """A whole number."""
        return self._value(key, kind=int, expected=say("a whole number"))

    def maybe_whole(self, key: str) -> int | None:
        """A whole number, or None where the key is absent."""
        return self.whole(key) if key in self.content else None

    def truth(self, key: str) -> bool:
        """true or false; false where the key is absent."""
        return self._value(key, kind=bool, expected=say("true or false")) if key in self.content else False

    def words(self, key: str) -> tuple[str, ...]:
        """A list of texts; empty where the key is absent."""
        values = self._value(key, kind=list, expected=say("a list")) if key in self.content else []
        if not all(isinstance(value, str) and value.strip() for value in values):
            raise Malformed(say("%(where)s: `%(key)s` must list texts.", where=self.where, key=key))
        return tuple(values)

    def choice(self, key: str, *, among: type[Choice]) -> Choice:
        """One of the values of an enumeration."""
        found = self.word(key)
        try:
            return among(found)
        except ValueError as error:
            expected = ", ".join(value.value for value in among)
            raise Malformed(
                say(
                    "%(where)s: `%(key)s` must be one of %(expected)s; found %(found)s.",
                    where=self.where,
                    key=key,
                    expected=expected,
                    found=found,
                )
            ) from error

    def text(self, key: str) -> Text:
        """A table of one text in several languages, with every language we promise."""
        section = self.section(key)
        section.only(languages=True)
        return section.languages()

    def languages(self) -> Text:
        """The texts that stand in this table under language codes, with every language we promise."""
        missing = [code for code in REQUIRED_LANGUAGES if code not in self.content]
        if missing:
            raise Malformed(
                say("%(where)s is not written in: %(missing)s.", where=self.where, missing=", ".join(missing))
            )
        found = {code: self.word(code) for code in LANGUAGES if code in self.content}
        return MappingProxyType(found)

    def section(self, key: str) -> Section:
        """The table under `key`."""
        return Section(self._value(key, kind=dict, expected=say("a table")), f"{self.where}, {key}")

    def sections(self, key: str, *, named: str) -> tuple[Section, ...]:
        """The list of tables under `key`; each is called after its value for `named`."""
        values = self._value(key, kind=list, expected=say("a list of tables"))
        if not values or not all(isinstance(value, dict) for value in values):
            raise Malformed(say("%(where)s: `%(key)s` must list tables.", where=self.where, key=key))
        return tuple(Section(value, f"{self.where}, {key} {value.get(named, '?')}") for value in values)

    def _value(self, key: str, *, kind: type[Value], expected: Words) -> Value:
        found = self.content.get(key)
        # A boolean is an int to Python, and never to the person who wrote the file.
        if not isinstance(found, kind) or (kind is int and isinstance(found, bool)):
            raise Malformed(
                say(
                    "%(where)s: `%(key)s` must be %(expected)s; found %(found)s.",
                    where=self.where,
                    key=key,
                    expected=expected,
                    found=say("nothing") if found is None else repr(found),
                )
            )
        return found


def read_section(path: Path) -> Section:
    """The definition at `path`. Raises `Malformed` when it is no TOML."""
    return Section(read_definition(path), path.name)


def refuse_repeats(values: Iterable[str], *, where: str) -> None:
    """Raise `Malformed` when a name or number stands twice."""
    seen: set[str] = set()
    for value in values:
        if value in seen:
            raise Malformed(say("%(where)s: %(value)s stands twice.", where=where, value=value))
        seen.add(value)


def read_mark(section: Section, *, key: str = "mark") -> Verification:
    """How well something is known: V seen, P seen in part, M from memory, m from memory and unsure."""
    found = section.word(key)
    if found not in _MARKS:
        raise Malformed(
            say(
                "%(where)s: `%(key)s` must be V, P, M or m; found %(found)s.",
                where=section.where,
                key=key,
                found=found,
            )
        )
    return _MARKS[found]
