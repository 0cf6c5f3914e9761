"""Terms: the words of the scales, of the levels and of a note's way, one in each language wherever they are read.

The screen, the printed sheet and Word take them from `terms.toml`; nothing else spells them.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from .catalogue import read_definition
from .errors import Malformed
from .words import say

LANGUAGES = ("en", "fr", "ar", "es", "ru", "zh")
DEFINITION = Path(__file__).with_name("terms.toml")
IN_CAPITALS = "level"
"""The terms that a band prints in capitals too."""

Term = Mapping[str, str]
"""One word by language (ISO 639-1); its English is the message id."""


@cache
def terms(path: Path = DEFINITION) -> dict[str, dict[str, Term]]:
    """Scale to step to term, in order. Raises `Malformed` for a term that a language lacks."""
    found = read_definition(path)
    for scale, steps in found.items():
        for step, words in steps.items():
            missing = set(LANGUAGES) ^ set(words)
            if missing:
                where = f"{scale}.{step}"
                raise Malformed(
                    say(
                        "%(where)s is not written in: %(missing)s.",
                        where=where,
                        missing=", ".join(sorted(missing)),
                    )
                )
    return found


@cache
def by_message() -> dict[str, Term]:
    """Message id to term; the levels also in capitals."""
    found = {term["en"]: term for steps in terms().values() for term in steps.values()}
    capitals = [{code: word.upper() for code, word in term.items()} for term in terms()[IN_CAPITALS].values()]
    return {**found, **{term["en"]: term for term in capitals}}
