"""The catalogue of suggesters: one folder per kind of suggestion, found by its `suggester.toml`.

Folders are found, not listed: an entry that is added joins the evaluation table. Loading is lazy, because the
language models and the gazetteer take time and memory only where they are asked for.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path
from typing import cast

from forestall.base.catalogue import entry_folders
from forestall.base.errors import Refused
from forestall.base.words import say
from forestall.reading.suggester import Card, Suggester, read_card

HERE = Path(__file__).parent


def entries() -> list[str]:
    """The ids of every suggester there is, in order."""
    return list(entry_folders(HERE, "suggester.toml"))


def card(name: str) -> Card:
    """What the definition of suggester `name` says: purpose, languages, limits, measured figures."""
    return read_card(_folder(name))


@cache
def load(name: str) -> Suggester:
    """The suggester `name` with its own defaults, made once. Raises `Refused` when there is none of that name."""
    module = import_module(f"{__name__}.{_folder(name).name}.suggester")
    return cast(Suggester, module.make())


def _folder(name: str) -> Path:
    found = entry_folders(HERE, "suggester.toml")
    if name not in found:
        raise Refused(
            say("There is no suggester %(name)s. There are: %(names)s.", name=name, names=", ".join(found))
        )
    return found[name]
