"""The answers of a declared source: known by their content, whatever the form they come in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from typing import Any

from forestall.base.errors import Malformed
from forestall.base.words import say
from forestall.collecting.asking import BadRow, Envelope, Ignored
from forestall.collecting.cells import as_text, instant_of
from forestall.collecting.contract import Found, Source
from forestall.collecting.kinds import Kind
from forestall.collecting.published import (
    Form,
    NamedRow,
    json_of,
    json_rows,
    refused_in_words,
    rows_of,
    unpack,
)
from forestall.collecting.received import Received

from .definition import Answer, Definition, definition
from .making import Maker
from .paths import path, without

Rows = Iterator[NamedRow | BadRow]
_SAID = 200


def parse(received: Received, *, kind: Kind, source: Source) -> Iterator[Found]:
    """The facts of one answer. Raises `Malformed` for one that no declaration knows, in the producer's own words."""
    made = definition(source)
    found = unpack(received)
    if found.form is Form.JSON:
        value = json_of(found)
        _refuse_in_words(made, value)
        answer, rows = _known(made, value, received, source)
    else:
        value = None
        first, rows = _first(rows_of(received))
        answer = _by_columns(made, first, source)
    gathered = _Gathered(answer)
    yield from gathered.facts(rows, Maker(source=source, answer=answer, whole=value))
    yield gathered.envelope(value, received)
    if gathered.ignored:
        yield Ignored(tuple(gathered.ignored))


def _refuse_in_words(made: Definition, value: Any) -> None:
    """Some producers say with a status of 200 that they did not answer."""
    said = " ".join(as_text(one) for where in made.says for one in where.values([value]) if as_text(one))[
        :_SAID
    ]
    if said:
        raise Malformed(say("The producer refuses. It says: “%(said)s”.", said=said))


def _known(made: Definition, value: Any, received: Received, source: Source) -> tuple[Answer, Rows]:
    """The answer that `value` is, and its rows. An empty list is that of the answer that was asked for, else of the first."""
    asked = json.loads(received.carried or "{}").get("answer", "")
    empty: list[Answer] = []
    for answer in sorted(made.answers, key=lambda one: one.id != asked):
        given = _rows(answer, value)
        if given is None:
            continue
        if not given:
            empty.append(answer)
        elif _has(given[0], answer.has):
            return answer, json_rows(given)
    if empty:
        return empty[0], iter(())
    raise _unknown(made, value, source)


def _has(row: Any, names: tuple[str, ...]) -> bool:
    return isinstance(row, dict) and all(name in row or path(name).values([row]) for name in names)


def _rows(answer: Answer, value: Any) -> list[Any] | None:
    found = path(answer.rows).values([value])
    if answer.single:
        return found if found and isinstance(found[0], dict) else None
    return found[0] if found and isinstance(found[0], list) else None


def _unknown(made: Definition, value: Any, source: Source) -> Malformed:
    first = next(
        (rows[0] for one in made.answers if (rows := _rows(one, value)) and isinstance(rows[0], dict)), None
    )
    if first is None and isinstance(value, list) and value and isinstance(value[0], dict):
        first = value[0]  # a list where none was declared: its titles are no word of what went wrong
    if first is not None:
        return _strange(first, source)
    refused = refused_in_words(value, wanted=made.answers[0].rows)
    if isinstance(value, dict) and not made.answers[0].rows and "said" not in refused.words.parameters:
        return _strange(value, source)
    return refused


def _strange(row: dict[str, Any], source: Source) -> Malformed:
    names = ", ".join(list(row)[:12])[:300]
    return Malformed(
        say("These are no rows of %(source)s. Their fields are: %(names)s.", source=source.title, names=names)
    )


def _first(rows: Rows) -> tuple[NamedRow | None, Rows]:
    passed: list[NamedRow | BadRow] = []
    for row in rows:
        passed.append(row)
        if isinstance(row, NamedRow):
            return row, chain(passed, rows)
    return None, iter(passed)


def _by_columns(made: Definition, first: NamedRow | None, source: Source) -> Answer:
    if first is None:
        raise Malformed(say("The answer holds no rows."))
    for answer in made.answers:
        if not answer.single and answer.has and _has(first.cells, answer.has):
            return answer
    raise _strange(first.cells, source)


class _Gathered:
    """What was seen of an answer while its rows went by."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self._count = 0
        self._high = ""
        self.ignored: dict[str, None] = {}

    def facts(self, rows: Rows, maker: Maker) -> Iterator[Found]:
        for row in rows:
            self._count += 1
            if isinstance(row, BadRow):
                yield row
                continue
            if self._answer.high:
                self._high = max(self._high, *map(_sortable, path(self._answer.high).values([row.cells])), "")
            kept, left = without(row.cells, self._answer.volatile)
            self.ignored.update(dict.fromkeys(left))
            yield from maker.made(replace(row, cells=kept))

    def envelope(self, value: Any, received: Received) -> Envelope:
        """How many there are, and where the next page is. Raises `Malformed` for a window that was cut."""
        at = json.loads(received.carried or "{}").get("at", self._answer.pager.first)
        total = _number(self._answer.total, value)
        return Envelope(total=total, more=self._more(value, int(at), total), high=self._high)

    def _more(self, value: Any, at: int, total: int | None) -> str:
        pager, count = self._answer.pager, self._count
        if pager.kind == "next_link":
            return "".join(as_text(one) for one in path(pager.at).values([value])[:1])
        if pager.kind == "cursor_window" and pager.size and count >= pager.size:
            raise Malformed(
                say(
                    "It holds %(count)s rows, as many as one answer may: ask for fewer days at a time.",
                    count=count,
                )
            )
        if pager.kind not in ("offset", "page") or not count:
            return ""
        step = count if pager.kind == "offset" else 1
        pages = _number(pager.pages, value)
        if pages is not None:
            return str(at + 1) if at - pager.first + 1 < pages else ""
        read = at - pager.first + count if pager.kind == "offset" else (at - pager.first) * pager.size + count
        unfinished = read < total if total is not None else count >= pager.size
        return str(at + step) if unfinished else ""


def _sortable(value: Any) -> str:
    text = as_text(value)
    moment = instant_of(text)
    return moment.isoformat() if moment else text


def _number(where: str, value: Any) -> int | None:
    found = path(where).values([value]) if where else []
    text = as_text(found[0]) if found else ""
    return int(text) if text.isdigit() else None
