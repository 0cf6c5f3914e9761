"""What a source may declare of its API, read out of `[settings.api]` and held to what is known here.

    [settings.api]
    base = "https://api.example.org/v1"        # before every path
    headers = { Authorization = "Token {key}" } # {key} is a credential that the fetcher fills in
    says = ["errors[]"]                        # where an answer says what is wrong

    [[settings.api.asks]]                      # what is asked for, in this order
    key = "flows"                              # names its place in the cursor
    path = "/flow"
    query = { year = "{year}", limit = 200 }   # {year}, {last_year}, {today}, {since}, and the name in `each`
    answer = "flows"

    [[settings.api.answers]]                   # what may come, known by its content alone
    id = "flows"
    rows = "data.flows"                        # where its list lies; nothing: the answer is the list
    has = ["id", "amount"]                     # what its first row must have
    pager = { kind = "next_link", at = "meta.next" }

    [[settings.api.answers.makes]]             # one fact of each row, or of each row within it (`at`)
    fact = "measure"
    key = ["id"]
    [settings.api.answers.makes.fields]
    value = { number = "amount" }

How values are made, `converting` says; how paths are written, `paths`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import MISSING as UNSET
from dataclasses import dataclass, field, fields
from typing import Any

from forestall.base.catalogue import refuse_unknown
from forestall.base.errors import Malformed
from forestall.base.words import Words, say
from forestall.collecting.contract import Source

from .paths import Path, path
from .rules import Make, make

PAGERS: Mapping[str, tuple[str, ...]] = {
    "none": (),
    "offset": ("name", "size", "first"),
    "page": ("name", "size", "first", "pages"),
    "next_link": ("at",),
    "cursor_window": ("since", "until", "days", "size", "written"),
}
"""Kinds of pagers to what may be declared of each.

`offset` and `page` go by a parameter `name`, from `first` on, while a page holds `size` rows or the total is not reached;
`page` also up to the number at `pages`. `next_link` follows the address at `at`. `cursor_window` asks for `days` at a
time, from the mark to today, by the parameters `since` and `until`, `written` as a day or as seconds (`epoch`); one that
holds `size` rows was cut and is refused.
"""

_NEEDED = {
    "offset": ("name", "size"),
    "page": ("name",),
    "next_link": ("at",),
    "cursor_window": ("since", "until", "days"),
}
_OURS = frozenset({"year", "last_year", "today", "since"})
_PLACE = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True)
class Pager:
    """How the pages of an answer follow one another; what each part means, `PAGERS` says."""

    kind: str = "none"
    name: str = ""
    size: int = 0
    first: int = 0
    pages: str = ""
    at: str = ""
    since: str = ""
    until: str = ""
    days: int = 0
    written: str = "day"


@dataclass(frozen=True)
class Answer:
    """A form of answer: where its rows lie, by what it is known, how its pages follow, and what its rows make.

    `single`: what lies at `rows` is one row. `total` is where it says how many there are. `volatile` fields change without
    anything having changed: they are not kept. `high` is the field whose greatest value is the mark for `{since}`.
    """

    id: str
    rows: str = ""
    single: bool = False
    has: tuple[str, ...] = ()
    total: str = ""
    volatile: tuple[str, ...] = ()
    high: str = ""
    pager: Pager = field(default_factory=Pager)
    makes: tuple[Make, ...] = ()


@dataclass(frozen=True)
class Ask:
    """What is asked for. `each` repeats it for every value of one name; `again_days` is how long an answer will do.

    `method` POST sends `query` as a JSON body. `history_days` is how far back the first `{since}` or window lies.
    """

    key: str
    path: str
    answer: str
    method: str = "GET"
    query: Mapping[str, Any] = field(default_factory=dict)
    each: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    again_days: int = 1
    history_days: int = 0
    name: str = ""


@dataclass(frozen=True)
class Definition:
    """An API as declared."""

    base: str
    headers: Mapping[str, str]
    says: tuple[Path, ...]
    asks: tuple[Ask, ...]
    answers: tuple[Answer, ...]

    def answer(self, name: str) -> Answer:
        """The answer of that id."""
        return next(one for one in self.answers if one.id == name)


def definition(source: Source) -> Definition:
    """What `source` declares. Raises `Malformed`, naming the place, for what is unknown, missing or of another kind."""
    where = source.id
    found = _table(source.settings.get("api"), f"{where} api")
    refuse_unknown(found, known=[one.name for one in fields(Definition)], where=f"{where} api")
    answers = tuple(_answer(one, where) for one in _tables(found.get("answers"), f"{where} answers"))
    asks = tuple(_ask(one, where) for one in _tables(found.get("asks", []), f"{where} asks"))
    made = Definition(
        base=str(found.get("base", "")).rstrip("/"),
        headers=_texts(found.get("headers", {}), f"{where} headers"),
        says=tuple(path(one) for one in found.get("says", [])),
        asks=asks,
        answers=answers,
    )
    _check(made, source)
    return made


def _answer(found: Mapping[str, Any], where: str) -> Answer:
    where = f"{where} {found.get('id', 'answers')}"
    plain = _filled(Answer, found, where)
    for name in ("has", "volatile"):
        plain[name] = tuple(plain.get(name, ()))
    for one in (plain.get("rows", ""), plain.get("total", ""), plain.get("high", "")):
        path(one)
    plain["pager"] = _pager(_table(plain.get("pager", {}), f"{where} pager"), f"{where} pager")
    plain["makes"] = tuple(make(one, where=where) for one in _tables(plain.get("makes"), f"{where} makes"))
    return Answer(**plain)


def _pager(found: Mapping[str, Any], where: str) -> Pager:
    kind = found.get("kind", "none")
    if kind not in PAGERS:
        raise _faulty(
            where, say("“%(kind)s” is no pager; there are %(known)s.", kind=kind, known=", ".join(PAGERS))
        )
    refuse_unknown(found, known=("kind", *PAGERS[kind]), where=where)
    _demand(found, _NEEDED.get(kind, ()), where)
    if kind == "page" and not (found.get("size") or found.get("pages")):
        raise _faulty(where, say("It does not say when the pages end: `size` or `pages`."))
    if found.get("written", "day") not in ("day", "epoch"):
        raise _faulty(where, say("`written` is day or epoch."))
    path(found.get("at", "")), path(found.get("pages", ""))
    return Pager(**{"first": 1 if kind == "page" else 0, **found})


def _ask(found: Mapping[str, Any], where: str) -> Ask:
    where = f"{where} {found.get('key', 'asks')}"
    plain = _filled(Ask, found, where)
    if plain.get("method", "GET") not in ("GET", "POST"):
        raise _faulty(where, say("`method` is GET or POST."))
    each = _table(plain.get("each", {}), f"{where} each")
    if len(each) > 1:
        raise _faulty(where, say("`each` goes over the values of one name."))
    plain["each"] = {name: tuple(map(str, values)) for name, values in each.items()}
    _table(plain.get("query", {}), f"{where} query")
    return Ask(**plain)


def _check(made: Definition, source: Source) -> None:
    """That what refers to something finds it, and that every place in braces is filled by somebody."""
    ids = [one.id for one in made.answers]
    for one in made.asks:
        where = f"{source.id} {one.key}"
        if one.answer not in ids:
            raise _faulty(where, say("No answer is called “%(name)s”.", name=one.answer))
        credentials = set(source.asks.credentials if source.asks else ()) | (
            {"access_token"} if source.asks and source.asks.token else set()
        )
        known = _OURS | set(one.each) | credentials
        for text in _within([made.base, one.path, one.name, one.query, made.headers]):
            for name in _PLACE.findall(text):
                if name not in known:
                    raise _faulty(where, say("Nobody fills in {%(name)s}.", name=name))
        if made.answer(one.answer).pager.kind == "cursor_window" and not one.history_days:
            raise _faulty(where, say("It does not say how far back its first window lies: `history_days`."))
    repeated = {one for one in ids if ids.count(one) > 1}
    if repeated:
        raise _faulty(source.id, say("Two answers are called “%(name)s”.", name=sorted(repeated)[0]))


def _within(given: Any) -> Iterator[str]:
    """Every text in lists and tables."""
    if isinstance(given, str):
        yield given
    for one in given.values() if isinstance(given, Mapping) else given if isinstance(given, list) else ():
        yield from _within(one)


def _filled(kind: type[Any], found: Mapping[str, Any], where: str) -> dict[str, Any]:
    """What is given for a dataclass: nothing unknown, nothing needed left out, and of the kind that it must be."""
    parts = {one.name: one for one in fields(kind)}
    refuse_unknown(found, known=parts, where=where)
    needed = [name for name, one in parts.items() if one.default is UNSET and one.default_factory is UNSET]
    _demand(found, needed, where)
    for name, value in found.items():
        wanted = _PLAIN.get(str(parts[name].type))
        if wanted and not isinstance(value, wanted):
            raise _faulty(
                where, say("`%(key)s` is of the wrong kind: %(value)s.", key=name, value=str(value)[:60])
            )
    return dict(found)


_PLAIN: Mapping[str, type[Any]] = {"str": str, "int": int, "bool": bool, "tuple[str, ...]": list}


def _demand(found: Mapping[str, Any], needed: Any, where: str) -> None:
    missing = [name for name in needed if name not in found]
    if missing:
        raise Malformed(say("%(where)s lacks %(keys)s", where=where, keys=", ".join(missing)))


def _table(found: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(found, Mapping):
        raise _faulty(where, say("A table was expected."))
    return found


def _tables(found: Any, where: str) -> list[Mapping[str, Any]]:
    if not isinstance(found, list) or not all(isinstance(one, Mapping) for one in found):
        raise _faulty(where, say("A list of tables was expected."))
    return found


def _texts(found: Any, where: str) -> Mapping[str, str]:
    return {name: str(value) for name, value in _table(found, where).items()}


def _faulty(where: str, reason: Words) -> Malformed:
    return Malformed(say("%(where)s: %(error)s", where=where, error=reason))
