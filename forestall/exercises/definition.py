"""How a table of an exercise's TOML becomes a frozen value: by field name, refusing what nobody reads."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from forestall.base.catalogue import refuse_unknown
from forestall.base.errors import Malformed
from forestall.base.words import say

Value = TypeVar("Value")


def build(kind: type[Value], *, entry: Mapping[str, Any], where: str) -> Value:
    """A `kind` (a dataclass) from `entry`; lists become tuples. Raises `Malformed` for unknown or missing keys."""
    fields = {field.name: field for field in dataclasses.fields(kind)}  # type: ignore[arg-type]
    refuse_unknown(entry, known=fields, where=where)
    missing = [name for name, field in fields.items() if _required(field) and name not in entry]
    if missing:
        raise Malformed(say("%(where)s lacks %(keys)s", where=where, keys=", ".join(missing)))
    return kind(**{name: _frozen(value) for name, value in entry.items()})


def build_all(kind: type[Value], *, entries: Iterable[Mapping[str, Any]], where: str) -> tuple[Value, ...]:
    """`build` for each entry, in order; `where` names the table, the entry's id or place in it follows."""
    return tuple(
        build(kind, entry=entry, where=f"{where} {entry.get('id', number)}")
        for number, entry in enumerate(entries, start=1)
    )


def known(name: str, *, among: Iterable[str], where: str) -> str:
    """`name`, when it is one of `among`; else `Malformed` saying where the stray reference stands."""
    if name not in among:
        raise Malformed(say("%(where)s refers to %(name)s, which does not exist", where=where, name=name))
    return name


def _required(field: dataclasses.Field[Any]) -> bool:
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING


def _frozen(value: Any) -> Any:
    return tuple(_frozen(item) for item in value) if isinstance(value, list) else value
