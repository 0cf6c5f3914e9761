"""The record of who held which wording against the official text.

An acceptance belongs to the words it was given to: when our wording changes, it no longer applies. Records are only ever
added, in a JSON file that belongs to one office's home.
"""

from __future__ import annotations

import fcntl
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from forestall.base import durable
from forestall.base.canonical import canonical_json, sha256
from forestall.base.catalogue import refuse_unknown
from forestall.base.clock import today
from forestall.base.errors import Malformed, Refused
from forestall.base.words import say

from .framework import Framework, Indicator
from .wordingcheck import Comparison, Row


@dataclass(frozen=True)
class Acceptance:
    """A named person held our wording of one indicator against an official text and accepts it. `on` is a UTC day."""

    framework: str
    version: str
    number: str
    language: str
    wording_sha256: str
    official_sha256: str
    by: str
    on: date


ACCEPTANCES = "acceptances.json"
"""Name of the file that keeps them, in a home."""
_KEYS = tuple(Acceptance.__dataclass_fields__)


def accept(
    comparison: Comparison, *, numbers: Iterable[str], by: str, on: date | None = None
) -> tuple[Acceptance, ...]:
    """The acceptances of `numbers` by the person `by` (a full name), on `on` or today.

    Raises `Refused` when nobody is named, or when a number was not laid beside official words, or stood out of order
    there: then it is not sure that the two texts speak of the same thing.
    """
    if len([part for part in by.split() if any(letter.isalpha() for letter in part)]) < 2:
        raise Refused(say("Wording is accepted by a named person: give first and last name."))
    rows = {row.number: row for row in comparison.rows}
    return tuple(
        _acceptance(comparison, row=_row(comparison, rows=rows, number=number), by=" ".join(by.split()), on=on or today())
        for number in dict.fromkeys(numbers)
    )  # fmt: skip


def with_acceptances(framework: Framework, acceptances: Iterable[Acceptance]) -> Framework:
    """`framework` with `held` set where an acceptance fits number, language and the very words. The digest stays."""
    given = {
        (each.number, each.language, each.wording_sha256)
        for each in acceptances
        if each.framework == framework.id
    }
    return replace(
        framework,
        factors=tuple(
            replace(factor, indicators=tuple(_held(each, given=given) for each in factor.indicators))
            for factor in framework.factors
        ),
    )


def read_acceptances(path: Path) -> tuple[Acceptance, ...]:
    """All acceptances in the file at `path`; none when there is no file. Raises `Malformed` when it cannot be read."""
    if not path.is_file():
        return ()
    try:
        records = json.loads(path.read_text(encoding="utf-8"))["acceptances"]
        return tuple(_read(record) for record in records)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise Malformed(
            say("%(file)s is not a record of accepted wording; nothing was changed.", file=path.name)
        ) from error


def record_acceptances(path: Path, *, acceptances: Iterable[Acceptance]) -> tuple[Acceptance, ...]:
    """Add to the file at `path`, which is made when absent, and return all it now holds. One that stands there already
    is not added twice. Raises `Malformed`, and writes nothing, when the file there cannot be read."""
    with _locked(path):
        kept = dict.fromkeys((*read_acceptances(path), *acceptances))
        _write(path, canonical_json({"acceptances": [asdict(each) for each in kept]}))
    return tuple(kept)


def _row(comparison: Comparison, *, rows: dict[str, Row], number: str) -> Row:
    if number not in rows or not rows[number].official:
        raise Refused(
            say(
                "%(number)s was not laid beside official words in this file; it cannot be accepted.",
                number=number,
            )
        )
    if number in comparison.out_of_order:
        raise Refused(
            say("%(number)s stands out of order in this file; look at it there before its wording is accepted.",
                number=number)
        )  # fmt: skip
    return rows[number]


def _acceptance(comparison: Comparison, *, row: Row, by: str, on: date) -> Acceptance:
    return Acceptance(
        framework=comparison.framework,
        version=comparison.version,
        number=row.number,
        language=comparison.language,
        wording_sha256=sha256(row.ours),
        official_sha256=comparison.official_sha256,
        by=by,
        on=on,
    )


def _held(indicator: Indicator, *, given: set[tuple[str, str, str]]) -> Indicator:
    fitting = {
        language
        for language, words in indicator.text.items()
        if (indicator.number, language, sha256(words)) in given
    }
    return replace(indicator, held=indicator.held | fitting)


def _read(record: dict[str, Any]) -> Acceptance:
    refuse_unknown(record, known=_KEYS, where="acceptance")
    if not all(isinstance(record[key], str) for key in _KEYS):
        raise TypeError
    return Acceptance(**{**record, "on": date.fromisoformat(record["on"])})


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Two people may accept at once: the second waits, so that neither record is lost."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_name(f"{path.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _write(path: Path, text: str) -> None:
    durable.replace(path, f"{text}\n".encode())
