"""The fixed words of documents in the six languages, for where no face translates: the command line, tests, a worker.

A document has a language of its own, which need not be that of the officer who prints it. A face that has these
messages in its catalogue passes its own `translate` instead.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from forestall.base.catalogue import read_definition
from forestall.base.terms import by_message

from .sheet import Translate

_FILE = Path(__file__).parent / "translations.toml"


@cache
def messages() -> dict[str, dict[str, str]]:
    """Message id to its translation by language (`fr`, `es`, `ru`, `ar`, `zh`): the documents' own, and the terms."""
    told = [*read_definition(_FILE)["m"], *by_message().values()]
    return {one["en"]: {key: text for key, text in one.items() if key != "en"} for one in told}


def in_language(language: str) -> Translate:
    """A translator to `language`; what it does not have stays in English."""
    known = messages()

    def translate(message: str) -> str:
        return known.get(message, {}).get(language, message)

    return translate
