"""What a person writes beside a table (`NAME.mapping.toml`): its keys, its order of dates, its level."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass

from forestall.base.catalogue import refuse_unknown
from forestall.base.errors import Malformed
from forestall.base.words import say

from .dates import Order

_KEYS = (
    "title",
    "licence",
    "level",
    "delimiter",
    "encoding",
    "key",
    "date_order",
    "dates",
    "columns",
    "language",
)


@dataclass(frozen=True)
class Mapping:
    """A declaration about one table. `columns` maps our names to the headers of the table; others are kept as well.

    `key` names columns that together are unique; `dates` those that must hold dates, in the order `date_order`.
    """

    title: str = ""
    licence: str = ""
    level: int = 0
    delimiter: str = ""
    encoding: str = ""
    language: str = ""
    key: tuple[str, ...] = ()
    date_order: Order | None = None
    dates: tuple[str, ...] = ()
    columns: tuple[tuple[str, str], ...] = ()


def read_mapping(content: bytes | None) -> Mapping:
    """The mapping in `content` (TOML in UTF-8), or an empty one. Raises `Malformed`."""
    if content is None:
        return Mapping()
    try:
        found = tomllib.loads(content.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Malformed(say("The mapping is not TOML: %(error)s", error=str(error)[:120])) from error
    refuse_unknown(found, known=_KEYS, where="The mapping")
    level = found.get("level", 0)
    if not isinstance(level, int) or not 0 <= level <= 3:
        raise Malformed(say("The mapping gives a level that is none: %(level)s.", level=str(level)))
    try:
        order = Order(found["date_order"]) if "date_order" in found else None
    except ValueError as error:
        raise Malformed(say("The mapping gives an order of dates that is none.")) from error
    return Mapping(
        **{
            name: str(found.get(name, ""))
            for name in ("title", "licence", "delimiter", "encoding", "language")
        },
        level=level,
        key=tuple(map(str, found.get("key", ()))),
        date_order=order,
        dates=tuple(map(str, found.get("dates", ()))),
        columns=tuple((str(ours), str(theirs)) for ours, theirs in dict(found.get("columns", {})).items()),
    )
