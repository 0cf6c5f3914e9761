"""What is made of a row: which fact, under which key, and each of its fields by a rule. Held to the fact's own shape."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import MISSING as UNSET
from dataclasses import dataclass, field, fields
from typing import Any

from forestall.base.catalogue import refuse_unknown
from forestall.base.errors import Malformed
from forestall.base.words import Words, say
from forestall.facts import DatePrecision, Event, Finding, FindingForm, Measure, PlacePrecision, Quality, Side
from forestall.facts.vocabulary import event_types

from .converting import CONVERTERS, COUNTRIES, Rule
from .paths import Path, path

FACTS: Mapping[str, type[Event] | type[Measure] | type[Finding]] = {
    "event": Event,
    "measure": Measure,
    "finding": Finding,
}
_OURS = frozenset({"source_id", "external_id", "rank", "licence", "flags", "row", "own"})
_ENUMS: Mapping[str, Any] = {
    "DatePrecision": DatePrecision,
    "PlacePrecision": PlacePrecision,
    "Side": Side,
    "FindingForm": FindingForm,
}
_TEXT = frozenset({"text", "join", "link", "choice", "constant", *COUNTRIES})
_MAKES: Mapping[str, frozenset[str]] = {
    "str": _TEXT,
    "tuple[str, ...]": frozenset({"texts", *COUNTRIES}),
    "date | None": frozenset({"day", "epoch_day", "period"}),
    "datetime | None": frozenset({"instant"}),
    "int": frozenset({"whole", "constant"}),
    "int | None": frozenset({"whole", "constant"}),
    "float | None": frozenset({"number", "whole", "constant"}),
    "Mapping[str, str]": _TEXT,
}
"""The kind of a field to the converters that can fill it."""
_OPTIONS: Mapping[str, tuple[str, ...]] = {
    "join": ("by",),
    "link": ("of",),
    "choice": ("of", "otherwise"),
    "number": ("times",),
    "epoch_day": ("unit",),
    "period": ("end",),
}
_ALLOWED: Mapping[str, tuple[Any, ...]] = {"unit": ("seconds", "milliseconds"), "end": ("first", "last")}


@dataclass(frozen=True)
class Remark:
    """A remark on a fact: always, or where a value is one of some."""

    flag: Quality
    where: Path | None = None
    among: tuple[str, ...] = ()


@dataclass(frozen=True)
class Make:
    """What is made of each row, or of each row at `at` within it.

    `key` and `rank` are paths; a part of a key that begins with `=` stands for itself. All of `when` must be given, or nothing
    is made. `apart` are fields whose rows are facts of their own and are not repeated in this one.
    """

    fact: str
    key: tuple[str, ...]
    fields: Mapping[str, Any]
    at: str = ""
    when: tuple[str, ...] = ()
    rank: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()
    flags: tuple[Remark, ...] = field(default=())


def make(found: Mapping[str, Any], *, where: str) -> Make:
    """What a definition says is made. Raises `Malformed` for what does not fit the fact."""
    refuse_unknown(found, known=[one.name for one in fields(Make)], where=where)
    missing = [name for name in ("fact", "key", "fields") if not found.get(name)]
    if missing:
        raise Malformed(say("%(where)s lacks %(keys)s", where=where, keys=", ".join(missing)))
    if found["fact"] not in FACTS:
        raise _faulty(
            where,
            say("“%(name)s” is no fact; there are %(known)s.", name=found["fact"], known=", ".join(FACTS)),
        )
    for one in (*found["key"], *found.get("rank", ()), found.get("at", ""), *_listed(found.get("when", []))):
        one.startswith("=") or path(one)
    return Make(
        fact=found["fact"],
        key=tuple(found["key"]),
        fields=_fields(found["fields"], FACTS[found["fact"]], where),
        at=found.get("at", ""),
        when=tuple(_listed(found.get("when", []))),
        rank=tuple(found.get("rank", ())),
        apart=tuple(found.get("apart", ())),
        flags=tuple(_remark(one, where) for one in found.get("flags", ())),
    )


def _fields(found: Mapping[str, Any], fact: type[Any], where: str) -> Mapping[str, Any]:
    parts = {one.name: one for one in fields(fact) if one.name not in _OURS}
    refuse_unknown(found, known=parts, where=f"{where} fields")
    missing = [
        name
        for name, one in parts.items()
        if one.default is UNSET and one.default_factory is UNSET and name not in found
    ]
    if missing:
        raise Malformed(say("%(where)s lacks %(keys)s", where=f"{where} fields", keys=", ".join(missing)))
    return dict(_ruled(found, parts, where))


def _ruled(found: Mapping[str, Any], parts: Mapping[str, Any], where: str) -> Iterator[tuple[str, Any]]:
    for name, given in found.items():
        kind, place = str(parts[name].type), f"{where} {name}"
        if kind == "Mapping[str, str]":
            yield name, {part: _rule(one, kind, f"{place}.{part}") for part, one in given.items()}
        else:
            yield name, _rule(given, kind, place)
            if name == "event_type":
                _check_members(given, set(event_types()), place)


def _rule(found: Any, kind: str, where: str) -> Rule:
    """One rule: exactly one converter, its own options, and a field that it can fill."""
    named = [name for name in found if name in CONVERTERS] if isinstance(found, Mapping) else []
    if len(named) != 1:
        raise _faulty(where, say("One converter was expected, of %(known)s.", known=", ".join(CONVERTERS)))
    name = named[0]
    options = {key: value for key, value in found.items() if key != name}
    refuse_unknown(options, known=_OPTIONS.get(name, ()), where=where)
    for key, value in options.items():
        if value not in _ALLOWED.get(key, (value,)):
            raise _faulty(
                where, say("`%(key)s` is of the wrong kind: %(value)s.", key=key, value=str(value)[:60])
            )
    if name not in _MAKES.get(kind, ("constant", "choice")):
        raise _faulty(where, say("“%(name)s” does not make what this field holds.", name=name))
    if kind in _ENUMS:
        _check_members(found, {one.value for one in _ENUMS[kind]}, where)
        return _as_members(_made(name, found, options), _ENUMS[kind])
    return _made(name, found, options)


def _made(name: str, found: Mapping[str, Any], options: Mapping[str, Any]) -> Rule:
    if name == "constant":
        return Rule(name, constant=found[name])
    if name == "link":
        return Rule(name, (path(options.get("of", "")),), constant=found[name])
    return Rule(name, tuple(path(one) for one in _listed(found[name])), options=options)


def _check_members(found: Mapping[str, Any], members: set[str], where: str) -> None:
    """That what a rule can give is among `members`: a choice of them must say what else."""
    given = (
        [found["constant"]]
        if "constant" in found
        else [*found.get("of", {}).values(), found.get("otherwise")]
    )
    strange = [str(one) for one in given if one not in members]
    if strange:
        raise _faulty(
            where, say("“%(name)s” is none of %(known)s.", name=strange[0], known=", ".join(sorted(members)))
        )


def _as_members(rule: Rule, enum: Any) -> Rule:
    if rule.kind == "constant":
        return Rule("constant", constant=enum(rule.constant))
    of = {key: enum(value) for key, value in rule.options["of"].items()}
    return Rule("choice", rule.paths, options={"of": of, "otherwise": enum(rule.options["otherwise"])})


def _remark(found: Any, where: str) -> Remark:
    if isinstance(found, str):
        found = {"flag": found}
    refuse_unknown(found, known=("flag", "where", "is"), where=f"{where} flags")
    if found.get("flag") not in {one.value for one in Quality}:
        raise _faulty(where, say("“%(name)s” is no remark.", name=found.get("flag")))
    at = path(found["where"]) if "where" in found else None
    return Remark(Quality(found["flag"]), at, tuple(map(str, found.get("is", ()))))


def _listed(found: Any) -> list[str]:
    return [found] if isinstance(found, str) else list(found)


def _faulty(where: str, reason: Words) -> Malformed:
    return Malformed(say("%(where)s: %(error)s", where=where, error=reason))
