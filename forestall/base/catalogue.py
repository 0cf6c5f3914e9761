"""How a catalogue finds its entries: every folder that holds the catalogue's `.toml` is one, and nothing else is.

Folder name = id with underscores. Definitions are TOML, so `NO` stays Norway; unknown keys are refused by the entry's
own reader (`refuse_unknown`).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from .errors import Malformed
from .words import say


def entry_folders(catalogue: Path, definition: str) -> dict[str, Path]:
    """Ids (with hyphens) of the folders below `catalogue` that hold the file `definition`, in order, to their path."""
    return {
        found.parent.name.replace("_", "-"): found.parent for found in sorted(catalogue.glob(f"*/{definition}"))
    }


def read_definition(path: Path) -> dict[str, Any]:
    """The TOML at `path`. Raises `Malformed` with the place of the first error."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Malformed(say("%(file)s is not TOML: %(error)s", file=path.name, error=str(error))) from error


def refuse_unknown(found: Mapping[str, Any], *, known: Iterable[str], where: str) -> None:
    """Raise `Malformed` when `found` has a key that `known` lacks."""
    unknown = sorted(set(found) - set(known))
    if unknown:
        raise Malformed(
            say("%(where)s has keys nobody reads: %(keys)s", where=where, keys=", ".join(unknown))
        )
