"""Facts of declared rows: each field by its rule, the row itself word for word beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from forestall.base.canonical import canonical_json
from forestall.base.words import say
from forestall.collecting.asking import BadRow
from forestall.collecting.cells import GIVEN, MISSING, BadCell, Cells, as_text, instant_of
from forestall.collecting.contract import Found, Source
from forestall.collecting.published import NamedRow
from forestall.facts import Fact, Quality

from .converting import COUNTRIES, Remarks, Rule, convert
from .definition import Answer
from .paths import Rows, path, without
from .rules import FACTS, Make, Remark

_BETWEEN = "|"
_SEVERAL = ("countries", "groups", "themes")  # fields that hold any number of values
_WIDTH = 12  # digits of a number within a rank


class Maker:
    """Makes what an answer declares of each of its rows. Rows within rows are numbered through the whole answer."""

    def __init__(self, *, source: Source, answer: Answer, whole: Any) -> None:
        self._source, self._answer, self._whole = source, answer, whole
        self._within = {id(one): 0 for one in answer.makes}

    def made(self, row: NamedRow) -> Iterator[Found]:
        """The facts of `row`, and what of it could not be read."""
        for make in self._answer.makes:
            for rows, number in self._rows(make, row):
                if not all(_given(one, rows) for one in make.when):
                    continue
                try:
                    yield self._fact(make, rows, number)
                except BadCell as bad:
                    place = row.place if not make.at else f"{row.place}, {make.at} {number}"
                    yield BadRow(
                        place,
                        say("%(place)s: %(reason)s", place=place, reason=bad.words),
                        canonical_json(rows[-1]),
                    )

    def _rows(self, make: Make, row: NamedRow) -> Iterator[tuple[Rows, int]]:
        outer = [self._whole, row.cells] if self._whole is not None else [row.cells]
        if not make.at:
            yield outer, row.line
            return
        for rows in _within(make.at, outer):
            self._within[id(make)] += 1
            yield rows, self._within[id(make)]

    def _fact(self, make: Make, rows: Rows, number: int) -> Fact:
        remarks = Remarks()
        filled = {name: _value(rule, rows, remarks, name) for name, rule in make.fields.items()}
        flags = [*remarks.flags, *(one.flag for one in make.flags if _applies(one, rows))]
        if make.fact == "event":
            flags += _placed(filled)
        return FACTS[make.fact](
            source_id=self._source.id,
            external_id=_key(make, rows),
            rank=" ".join(_ordered(value) for one in make.rank for value in path(one).values(rows)[:1]),
            licence=self._source.licence,
            flags=tuple(dict.fromkeys(flags)),
            row=number,
            own=without(rows[-1], make.apart)[0] if isinstance(rows[-1], dict) else {"value": rows[-1]},
            **filled,
        )


def _within(at: str, outer: list[Any]) -> Iterator[Rows]:
    """Rows at `a[].b[]` within a row, each with every row around it: `^` is the row of `a`, `^^` the one that holds it."""
    inner, _, rest = at.partition("[].")
    for one in path(inner if rest else at).values(outer) if not rest else path(f"{inner}[]").values(outer):
        rows = [*outer, one]
        if rest:
            yield from _within(rest, rows)
        else:
            yield rows


def _given(where: str, rows: Rows) -> bool:
    return any(as_text(value).lower() not in MISSING for value in path(where).values(rows))


def _value(rule: Any, rows: Rows, remarks: Remarks, name: str) -> Any:
    if isinstance(rule, Mapping):
        told = {part: _single(one, convert(one, rows, remarks)) for part, one in rule.items()}
        return {part: text for part, text in told.items() if text}
    found = convert(rule, rows, remarks)
    return found if name in _SEVERAL else _single(rule, found)


def _single(rule: Rule, found: Any) -> Any:
    """One country where a field holds one: of several none can be said to be it."""
    if rule.kind not in COUNTRIES:
        return found
    return found[0] if len(found) == 1 else ""


def _key(make: Make, rows: Rows) -> str:
    """The parts of the key, in order; a part that is missing leaves its place empty. Raises `BadCell` when all are."""
    parts = [one[1:] if one.startswith("=") else _part(one, rows) for one in make.key]
    if not any(part for part, one in zip(parts, make.key, strict=True) if not one.startswith("=")):
        name = next((one for one in make.key if not one.startswith("=")), make.key[0])
        raise BadCell(name, "", GIVEN)
    return _BETWEEN.join(parts)


def _part(where: str, rows: Rows) -> str:
    return ",".join(as_text(value) for value in path(where).values(rows))


def _ordered(value: Any) -> str:
    """A version as text that sorts as versions do: numbers to one width, times in UTC."""
    text = as_text(value)
    moment = None if text.isdigit() else instant_of(text)
    return moment.isoformat() if moment else text.zfill(_WIDTH) if text.isdigit() else text


def _applies(remark: Remark, rows: Rows) -> bool:
    return remark.where is None or any(as_text(one) in remark.among for one in remark.where.values(rows))


def _placed(filled: dict[str, Any]) -> tuple[Quality, ...]:
    """Coordinates that are impossible are left out, with a remark."""
    names = ("latitude", "longitude")
    cells = Cells(NamedRow(0, {name: filled.get(name) for name in names}))
    filled["latitude"], filled["longitude"], doubts = cells.point(*names)
    return doubts
