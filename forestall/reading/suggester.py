"""The contract of a suggester: passages in, suggestions out, nothing kept, nobody obeyed.

A machine suggests and a person decides. A suggester that is not for a language says so (`Answer.abstained`) rather
than guess. Suggesters are pure: the same object runs in a web process, a worker, or a map over partitions.
Whatever a text says, it is text: instructions inside it change nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from forestall.base.catalogue import read_definition, refuse_unknown
from forestall.base.errors import Malformed
from forestall.base.words import Words, say

from .passage import Passage

KINDS = ("language", "place", "copy", "indicator", "event", "speech")


@dataclass(frozen=True)
class Suggestion:
    """One thing a machine proposes about a stretch of text, waiting for a person.

    `label` is what is proposed (a BCP-47 language, an ISO 3166-1 alpha-3 country, an indicator number, another
    document's id); `qualifier` refines it (a place's precision, `raises` or `lowers`, a copy's kind); `score` runs
    from 0 to 1; `start` and `end` are offsets into the passage; `share` is the part of the text it holds for;
    `digest` names the exact rules and lists that proposed it.
    """

    label: str
    score: float
    start: int
    end: int
    reason: Words
    suggester: str
    version: str
    digest: str
    qualifier: str = ""
    share: float = 1.0


@dataclass(frozen=True)
class Abstention:
    """Why a suggester proposes nothing where it might have: outside its languages, too short, in doubt."""

    reason: Words


class Answer(list[Suggestion]):
    """The suggestions for one passage, best first; `abstained` says why when the suggester would not judge."""

    def __init__(
        self, suggestions: Iterable[Suggestion] = (), *, abstained: Abstention | None = None
    ) -> None:
        super().__init__(suggestions)
        self.abstained = abstained


class Suggester(Protocol):
    """What every entry of the catalogue offers. `languages` is None when language does not matter."""

    name: str
    version: str
    kind: str
    digest: str
    languages: frozenset[str] | None

    def suggest(self, passages: Sequence[Passage]) -> list[Answer]:
        """One answer per passage, in order."""
        ...


@dataclass(frozen=True)
class Card:
    """What a suggester's definition says of it: its model card."""

    name: str
    version: str
    kind: str
    title: str
    purpose: str
    takes: str
    languages: tuple[str, ...]
    limits: tuple[str, ...]
    measured: tuple[dict[str, Any], ...]


_KEYS = ("name", "version", "kind", "title", "purpose", "takes", "languages", "limits", "measured")


def read_card(folder: Path) -> Card:
    """The card in `folder`/suggester.toml. Raises `Malformed` for a key nobody reads, one missing, a strange kind."""
    found = read_definition(folder / "suggester.toml")
    refuse_unknown(found, known=_KEYS, where=f"{folder.name}/suggester.toml")
    missing = [key for key in _KEYS if key not in found]
    if missing:
        raise Malformed(say("%(where)s lacks %(keys)s.", where=folder.name, keys=", ".join(missing)))
    if found["kind"] not in KINDS:
        raise Malformed(say("%(where)s has no known kind: %(kind)s.", where=folder.name, kind=found["kind"]))
    lists = {key: tuple(found[key]) for key in ("languages", "limits", "measured")}
    return Card(**{**found, **lists})


def folder_digest(folder: Path) -> str:
    """The SHA-256 of the rules, lists and code of an entry, by which a suggestion names what proposed it."""
    total = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.suffix in {".py", ".toml", ".csv"} and not path.name.startswith("test_"):
            total.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()


def speaks(language: str, *, languages: frozenset[str] | None) -> bool:
    """Whether `language` (BCP-47) is among those a suggester is for; `und` and regions of a language are let in."""
    return languages is None or language.split("-")[0] in languages


def outside(language: str) -> Abstention:
    """The abstention of a suggester asked about a language it is not for."""
    return Abstention(say("This suggester is not for the language %(language)s.", language=language))
