"""How a value of theirs becomes one of ours: a closed set of converters, each by its name in a definition.

Missing is None or empty, never nought. A country that no list knows stays as it is given, with a remark.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from forestall.base.words import say
from forestall.collecting.cells import MISSING, BadCell, Cells, as_text
from forestall.collecting.dates import Precision, read_date
from forestall.collecting.published import NamedRow
from forestall.facts import Quality
from forestall.places import countries, find

from .paths import Path, Rows

A_SINGLE_VALUE = say("a single value")
A_PERIOD = say("a day, a month, a year, or two of them")

_BETWEEN = re.compile(r"\s+(?:-|–|to)\s+|\s*–\s*")
_JOIN = " · "
_SEVERAL = "; "


@dataclass(frozen=True)
class Rule:
    """How one field is made: by which converter, of what, and with which options of that converter."""

    kind: str
    paths: tuple[Path, ...] = ()
    constant: Any = None
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class Remarks:
    """What converting one row gave rise to."""

    flags: list[Quality] = field(default_factory=list)


Converter = Callable[[Rule, Rows, Remarks], Any]


def convert(rule: Rule, rows: Rows, remarks: Remarks) -> Any:
    """The value of one field. Raises `BadCell` for a value that is not what its converter reads."""
    return CONVERTERS[rule.kind](rule, rows, remarks)


def _given(rule: Rule, rows: Rows) -> list[Any]:
    """What lies at the paths, each value once, without what stands for nothing."""
    found = [value for one in rule.paths for value in one.values(rows)]
    told = {as_text(value): value for value in reversed(found) if as_text(value).lower() not in MISSING}
    return [told[text] for text in dict.fromkeys(map(as_text, found)) if text in told]


def _cells(rule: Rule, rows: Rows) -> Cells:
    """The one value as a cell under the name of its path. Raises `BadCell` for several."""
    found, name = _given(rule, rows), rule.paths[0].text
    if len(found) > 1:
        raise BadCell(name, _SEVERAL.join(map(as_text, found)), A_SINGLE_VALUE)
    return Cells(NamedRow(0, {name: found[0]} if found else {}))


def _text(rule: Rule, rows: Rows, remarks: Remarks) -> str:
    return _SEVERAL.join(map(as_text, _given(rule, rows)))


def _join(rule: Rule, rows: Rows, remarks: Remarks) -> str:
    return str(rule.options.get("by", _JOIN)).join(map(as_text, _given(rule, rows)))


def _texts(rule: Rule, rows: Rows, remarks: Remarks) -> tuple[str, ...]:
    return tuple(map(as_text, _given(rule, rows)))


def _link(rule: Rule, rows: Rows, remarks: Remarks) -> str:
    found = _text(rule, rows, remarks)
    return str(rule.constant).replace("{}", found) if found else ""


def _choice(rule: Rule, rows: Rows, remarks: Remarks) -> Any:
    found = _text(rule, rows, remarks)
    return rule.options["of"].get(found, rule.options.get("otherwise", found))


def _whole(rule: Rule, rows: Rows, remarks: Remarks) -> int | None:
    return _cells(rule, rows).whole(rule.paths[0].text)


def _number(rule: Rule, rows: Rows, remarks: Remarks) -> float | None:
    found = _cells(rule, rows).number(rule.paths[0].text)
    return None if found is None else found * rule.options.get("times", 1)


def _instant(rule: Rule, rows: Rows, remarks: Remarks) -> Any:
    return _cells(rule, rows).instant(rule.paths[0].text)


def _day(rule: Rule, rows: Rows, remarks: Remarks) -> date | None:
    return _cells(rule, rows).day(rule.paths[0].text)


def _epoch_day(rule: Rule, rows: Rows, remarks: Remarks) -> date | None:
    """The UTC day of a count since 1970: of seconds, or of milliseconds."""
    cells, name = _cells(rule, rows), rule.paths[0].text
    found = cells.number(name)
    if found is None:
        return None
    per = 1000 if rule.options.get("unit", "seconds") == "seconds" else 1
    return Cells(NamedRow(0, {name: found * per})).day_of_milliseconds(name)


def _period(rule: Rule, rows: Rows, remarks: Remarks) -> date | None:
    """The first or the last day of a month, a year, or a span of them; of several spans the outermost."""
    ends = [_ends(as_text(value), rule.paths[0].text) for value in _given(rule, rows)]
    if not ends:
        return None
    return (
        max(last for _, last in ends)
        if rule.options.get("end") == "last"
        else min(first for first, _ in ends)
    )


def _ends(text: str, name: str) -> tuple[date, date]:
    parts = [part for part in _BETWEEN.split(text) if part]
    found = [_span(part, name) for part in parts[:1] + parts[-1:]]
    if not found or len(parts) > 2 or found[0][0] > found[-1][1]:
        raise BadCell(name, text, A_PERIOD)
    return found[0][0], found[-1][1]


def _span(text: str, name: str) -> tuple[date, date]:
    moment = read_date(text)
    if moment is None or moment.ambiguous or moment.precision is Precision.SECOND:
        raise BadCell(name, text, A_PERIOD)
    return moment.earliest.date(), moment.latest.date()


def _countries(known: Callable[[str], str], *, keeps: bool) -> Converter:
    """Codes to ISO3. `keeps`: one that no list knows stays as it is given."""

    def several(rule: Rule, rows: Rows, remarks: Remarks) -> tuple[str, ...]:
        given = [as_text(value) for value in _given(rule, rows)]
        found = [known(one) for one in given]
        if not all(found):
            remarks.flags.append(Quality.COUNTRY_UNKNOWN)
        told = [iso3 or (one.upper() if keeps else "") for iso3, one in zip(found, given, strict=True)]
        return tuple(dict.fromkeys(one for one in told if one))

    return several


def _of_iso3(code: str) -> str:
    found = find(code.upper()) if len(code) == 3 else []
    return found[0] if len(found) == 1 else ""


def _of_iso2(code: str) -> str:
    found = find(code.upper()) if len(code) == 2 else []
    return found[0] if len(found) == 1 else ""


def _of_m49(code: str) -> str:
    return _by_m49().get(code.partition(".")[0].zfill(3), "")


def _of_name(text: str) -> str:
    found = find(text)
    return found[0] if len(found) == 1 else ""


@cache
def _by_m49() -> Mapping[str, str]:
    return {one.m49: one.iso3 for one in countries() if one.m49}


CONVERTERS: Mapping[str, Converter] = {
    "constant": lambda rule, rows, remarks: rule.constant,
    "text": _text,
    "join": _join,
    "texts": _texts,
    "link": _link,
    "choice": _choice,
    "whole": _whole,
    "number": _number,
    "instant": _instant,
    "day": _day,
    "epoch_day": _epoch_day,
    "period": _period,
    "iso3": _countries(_of_iso3, keeps=True),
    "iso2": _countries(_of_iso2, keeps=False),
    "m49": _countries(_of_m49, keeps=False),
    "country": _countries(_of_name, keeps=False),
}
"""Converters by their names. Those of countries give a tuple; a field that holds one country takes it when there is one."""

COUNTRIES = frozenset({"iso3", "iso2", "m49", "country"})
