"""The secrets that producers gave this office: one small file for each source, for its owner alone, never in the database.

They are named and never shown; nothing but the fetcher reads them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from forestall.base import durable
from forestall.base.errors import Malformed, Refused
from forestall.base.words import say

from .contract import Source


def credentials_of(folder: Path, source: Source) -> Mapping[str, str]:
    """What this office has for a source, by name. Raises `Malformed` when the file is none of ours."""
    path = folder / f"{source.id}.json"
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise Malformed(say("The credentials of %(source)s cannot be read: give them again.", source=source.title)) from error
    return {str(name): str(value) for name, value in found.items()}


def keep_credential(folder: Path, source: Source, *, name: str, value: str) -> None:
    """Keep one, or forget it when `value` is empty. Raises `Refused` for a name that the source does not ask for."""
    if name not in source.credentials:
        names = ", ".join(source.credentials) or "–"
        raise Refused(say("%(source)s asks for no credential %(name)s. It asks for: %(names)s.", source=source.title, name=name, names=names))
    found = {**credentials_of(folder, source), name: value.strip()}
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    content = json.dumps({name: value for name, value in found.items() if value})
    durable.replace(folder / f"{source.id}.json", content.encode())
