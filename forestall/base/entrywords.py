"""The words of catalogue entries in other languages, from the entries' own folders: `words.toml` beside the definition.

A table for each language, keyed as the definition keys the text: `[fr]` with `title`, `publisher`, `runbook`. So an entry
brings its words with it, and no list elsewhere needs to know of it. An entry without the file is translated like any
other text of ours.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from .catalogue import read_definition, refuse_unknown
from .errors import Malformed
from .words import say

PACKAGE = Path(__file__).resolve().parents[1]
FILE = "words.toml"
CATALOGUES = {"sources": "source.toml"}
"""Catalogues whose entries bring their words, to the name of their definitions."""
LANGUAGES = ("fr", "ar")

Told = Mapping[str, str]
"""English texts to what stands for them."""


def entry_words(folder: Path) -> Mapping[str, Told]:
    """By language, the texts of the entry in `folder` and what stands for each.

    Raises `Malformed` when a language or a text is missing, or a key is none of the definition's texts.
    """
    found = read_definition(folder / FILE)
    refuse_unknown(found, known=LANGUAGES, where=f"{folder.name} {FILE}")
    texts = _texts(folder)
    return {
        language: _told(found.get(language, {}), texts, f"{folder.name} {language}", found)
        for language in LANGUAGES
    }


def _told(words: Mapping[str, str], texts: Told, where: str, found: Mapping[str, Told]) -> Told:
    refuse_unknown(words, known=texts, where=where)
    missing = sorted(
        {key for told in found.values() for key in told} - {key for key in words if words[key].strip()}
    )
    if missing or not words:
        raise Malformed(say("%(where)s lacks %(keys)s", where=where, keys=", ".join(missing)))
    return {texts[key]: word.strip() for key, word in words.items()}


def _texts(folder: Path) -> Told:
    definition = read_definition(folder / CATALOGUES[folder.parent.name])
    return {key: text.strip() for key, text in definition.items() if isinstance(text, str)}


def folders(package: Path = PACKAGE) -> Iterator[Path]:
    """The folders of all entries that bring their words."""
    for name in CATALOGUES:
        yield from (path.parent for path in sorted(package.glob(f"{name}/*/{FILE}")))


def brings(folder: Path) -> bool:
    """Whether the entry in `folder` brings its words."""
    return folder.parent.name in CATALOGUES and (folder / FILE).is_file()


@cache
def _all(language: str) -> Told:
    return {
        text: word for folder in folders() for text, word in entry_words(folder).get(language, {}).items()
    }


def translated(text: str, *, language: str) -> str:
    """What stands for a text of an entry in `language`; empty when no entry brings words for it."""
    return _all(language).get(text, "") if language in LANGUAGES else ""
