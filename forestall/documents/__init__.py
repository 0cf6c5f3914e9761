"""One folder per document type: one definition for PDF, Word and preview.

A type is a folder with `document.toml` (title, audience, channel, lowest marking, sections in order with word limits
and required evidence, sign-offs) whose package offers `sheet(content)` and `remarks(content, office_holders=…)`. Nothing else has to change for a new type to be drafted, cleared and exported.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, cast

from forestall.base.catalogue import entry_folders, read_definition, refuse_unknown
from forestall.base.errors import Malformed, Refused
from forestall.base.words import Words, say

from .sheet import Sheet

_HERE = Path(__file__).parent
_DEFINITION = "document.toml"
_KEYS = ("id", "title", "audience", "channel", "marking", "pages", "section", "sign_off")


@dataclass(frozen=True)
class Section:
    """One part of a document. `words` is its limit; `evidence` asks a citation of each sentence."""

    id: str
    title: Words
    words: int
    evidence: bool = False
    optional: bool = False


@dataclass(frozen=True)
class SignOffStep:
    """One step of clearance and the role that takes it."""

    step: Words
    role: str


@dataclass(frozen=True)
class DocumentType:
    """What `document.toml` says. `marking` is the lowest level (0 to 3); `pages` the most a print may take."""

    id: str
    title: Words
    audience: Words
    channel: Words
    marking: int
    pages: int
    sections: tuple[Section, ...]
    sign_offs: tuple[SignOffStep, ...]


@dataclass(frozen=True)
class Remark:
    """Something a check says of a draft. `refuses`: it cannot be cleared so. `excerpt` is the text meant, if any."""

    section: str
    words: Words
    refuses: bool
    excerpt: str = ""
    suggestion: Words | None = None


class Builder(Protocol):
    """What the package of a document type offers. `content` is the type's own frozen dataclass."""

    def sheet(self, content: Any) -> Sheet:
        """The one definition that every rendering shares."""

    def remarks(self, content: Any, *, office_holders: Iterable[str]) -> tuple[Remark, ...]:
        """What stands in the way of clearance, and what the writer should look at."""


def document_types() -> dict[str, DocumentType]:
    """Every document type by id. Raises `Malformed` when a definition cannot be read."""
    return {key: read_type(folder / _DEFINITION) for key, folder in entry_folders(_HERE, _DEFINITION).items()}


def document_type(key: str) -> DocumentType:
    """The document type with this id. Raises `Refused` when there is none."""
    folder = entry_folders(_HERE, _DEFINITION).get(key)
    if folder is None:
        raise Refused(say("There is no document type %(key)s.", key=key))
    return read_type(folder / _DEFINITION)


def builder(key: str) -> Builder:
    """The package that lays out documents of this type. Raises `Refused` when there is no such type."""
    package = document_type(key).id.replace("-", "_")
    return cast(Builder, importlib.import_module(f"{__name__}.{package}"))


def read_type(path: Path) -> DocumentType:
    """The definition at `path`. Raises `Malformed`, naming the key that is missing or not understood."""
    found = read_definition(path)
    refuse_unknown(found, known=_KEYS, where=path.parent.name)
    try:
        return DocumentType(
            id=found["id"],
            title=say(found["title"]),
            audience=say(found["audience"]),
            channel=say(found["channel"]),
            marking=found["marking"],
            pages=found["pages"],
            sections=tuple(_section(one, where=path.parent.name) for one in found["section"]),
            sign_offs=tuple(SignOffStep(say(one["step"]), role=one["role"]) for one in found["sign_off"]),
        )
    except KeyError as error:
        raise Malformed(
            say("%(where)s/document.toml lacks %(key)s.", where=path.parent.name, key=str(error.args[0]))
        ) from error


def _section(found: dict[str, Any], *, where: str) -> Section:
    refuse_unknown(found, known=("id", "title", "words", "evidence", "optional"), where=f"{where} section")
    return Section(
        id=found["id"],
        title=say(found["title"]),
        words=found["words"],
        evidence=found.get("evidence", False),
        optional=found.get("optional", False),
    )
