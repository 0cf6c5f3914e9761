"""Items as they are kept: a Markdown file per month, each item a TOML head between `+++` lines and then its text.

A copy may be written as what differs from its original: `lead` before it, `tail` after it, `replace` pairs within it,
`sentences` to keep only the first few. Dates of what happened read `2026-01-24` (that day), `c. 2026-01-24` (about),
`2026-01` (that month), `2026-01-24/2026-01-26` (a range). Indicators read `+7.5` (raises) and `-7.5` (lowers).
"""

from __future__ import annotations

import calendar
import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from forestall.base.catalogue import refuse_unknown
from forestall.base.errors import Malformed
from forestall.base.words import say

from .country import Country
from .definition import known
from .item import (
    Bundle,
    Day,
    Estimate,
    Form,
    Indication,
    Item,
    Observation,
    Originator,
    Place,
    Relation,
    Tie,
)

FENCE = "+++"
HARMS = ("deaths", "injured", "displaced", "returned", "detained", "released", "missing", "houses")
_OBSERVED = ("kind", "on", "at", "actors", "groups", "signs", "quote", *HARMS)
_REWRITTEN = ("lead", "tail", "replace", "sentences")
_PLAIN = ("carried_by", "bundle", "charset", "protect", "noise")
_HEAD = (
    *("id", "form", "from", "language", "title", "sent", "received", "marking", "grade", "observations"),
    *(tie.value for tie in Tie),
    *_REWRITTEN,
    *_PLAIN,
)
_USUAL_DELAY = timedelta(minutes=14)
_SENTENCE = re.compile(r"(?<=[.!?。！？؟])\s*")


class ItemFiles:
    """Reads a folder of item files against the country, originators and bundles they speak of."""

    def __init__(
        self, country: Country, *, originators: Mapping[str, Originator], bundles: Mapping[str, Bundle]
    ) -> None:
        self._country = country
        self._originators = originators
        self._bundles = bundles
        self._items: dict[str, Item] = {}

    def read(self, folder: Path) -> tuple[Item, ...]:
        """Every item of the folder's `*.md`, in the order of receipt. Raises `Malformed` naming the item."""
        heads = [
            (f"{path.name}, {head.get('id')}", head, text)
            for path in sorted(folder.glob("*.md"))
            for head, text in split(path)
        ]
        for where, head, text in sorted(heads, key=lambda entry: str(entry[1].get("id"))):
            item = self._item(head, text=text, where=where)
            if item.id in self._items:
                raise Malformed(say("%(where)s: this id is taken", where=where))
            self._items[item.id] = item
        return tuple(sorted(self._items.values(), key=lambda item: (item.received_at, item.id)))

    def _item(self, head: Mapping[str, Any], *, text: str, where: str) -> Item:
        refuse_unknown(head, known=_HEAD, where=where)
        originator = self._originators[known(head["from"], among=self._originators, where=where)]
        bundle = (
            self._bundles[known(head["bundle"], among=self._bundles, where=where)]
            if "bundle" in head
            else None
        )
        sent = _moment(head["sent"])
        relations = tuple(_relations(head))
        for relation in relations:
            if relation.to is not None:
                known(relation.to, among=self._items, where=where)
        whole = self._rewritten(head, text=text, relations=relations)
        return Item(
            id=head["id"],
            form=Form(head["form"]),
            originator=originator.id,
            language=head.get("language", originator.language),
            title=head["title"],
            sent=sent,
            received_at=self._received(head, sent=sent, bundle=bundle),
            marking=head.get("marking", originator.marking),
            text=whole,
            grade=head["grade"],
            relations=relations,
            observations=tuple(self._observations(head, text=whole, where=where)),
            **{name: head[name] for name in _PLAIN if name in head},
        )

    def _received(self, head: Mapping[str, Any], *, sent: datetime, bundle: Bundle | None) -> datetime:
        if bundle is not None:
            return bundle.received_at
        if "carried_by" in head:
            return self._items[known(head["carried_by"], among=self._items, where=head["id"])].received_at
        return _moment(head["received"]) if "received" in head else sent + _USUAL_DELAY

    def _rewritten(self, head: Mapping[str, Any], *, text: str, relations: tuple[Relation, ...]) -> str:
        if not any(name in head for name in _REWRITTEN) or text:
            return text
        whole = self._items[next(relation.to for relation in relations if relation.to)].text
        if "sentences" in head:
            whole = " ".join(_SENTENCE.split(whole)[: head["sentences"]])
        for old, new in head.get("replace", ()):
            if old not in whole:
                raise Malformed(
                    say("%(id)s replaces words its original lacks: %(old)s", id=head["id"], old=old)
                )
            whole = whole.replace(old, new)
        return "\n\n".join(part for part in (head.get("lead", ""), whole, head.get("tail", "")) if part)

    def _observations(self, head: Mapping[str, Any], *, text: str, where: str) -> Iterator[Observation]:
        for number, entry in enumerate(head.get("observations", ()), start=1):
            refuse_unknown(entry, known=_OBSERVED, where=where)
            if entry["quote"] not in text:
                raise Malformed(
                    say("%(where)s quotes what it does not say: %(quote)s", where=where, quote=entry["quote"])
                )
            yield Observation(
                id=f"{head['id']}.{number}",
                kind=entry["kind"],
                on=_day(entry["on"]),
                place=self._place(entry["at"], where=where),
                actors=tuple(self._known(entry, name="actors", where=where)),
                groups=tuple(self._known(entry, name="groups", where=where)),
                harm={name: Estimate(*entry[name]) for name in HARMS if name in entry},
                indicators=tuple(_sign(sign, where=where) for sign in entry.get("signs", ())),
                quote=entry["quote"],
            )

    def _known(self, entry: Mapping[str, Any], *, name: str, where: str) -> Iterator[str]:
        among = {one.id for one in (self._country.institutions if name == "actors" else self._country.groups)}
        for identifier in entry.get(name, ()):
            yield known(identifier, among=among, where=where)

    def _place(self, name: str, *, where: str) -> Place:
        if name == self._country.code:
            return Place(precision="country")
        if name in {unit.id for unit in self._country.units}:
            return Place(precision="unit", unit=name)
        known(name, among=self._country.by_town, where=where)
        return Place(precision="town", unit=self._country.by_town[name].id, town=name)


def split(path: Path) -> Iterator[tuple[dict[str, Any], str]]:
    """The heads and texts of one file. Raises `Malformed` with the place when a head is no TOML."""
    parts = re.split(rf"(?m)^{re.escape(FENCE)}\n", path.read_text(encoding="utf-8"))
    for head, text in zip(parts[1::2], parts[2::2], strict=True):
        try:
            yield tomllib.loads(head), text.strip()
        except tomllib.TOMLDecodeError as error:
            raise Malformed(
                say("%(file)s: %(head)s: %(error)s", file=path.name, head=head[:60], error=str(error))
            ) from error


def _moment(value: datetime) -> datetime:
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _relations(head: Mapping[str, Any]) -> Iterator[Relation]:
    for tie in Tie:
        if tie is Tie.FORGED and head.get(tie.value):
            yield Relation(tie=tie)
        elif tie.value in head and tie is not Tie.FORGED:
            yield Relation(tie=tie, to=head[tie.value])


def _day(written: str) -> Day:
    if written.startswith("c. "):
        day = date.fromisoformat(written[3:])
        return Day(first=day, last=day, precision="about")
    if "/" in written:
        first, last = (date.fromisoformat(end) for end in written.split("/"))
        return Day(first=first, last=last, precision="range")
    if len(written) == len("2026-01"):
        first = date.fromisoformat(f"{written}-01")
        return Day(
            first=first,
            last=first.replace(day=calendar.monthrange(first.year, first.month)[1]),
            precision="month",
        )
    day = date.fromisoformat(written)
    return Day(first=day, last=day, precision="day")


def _sign(written: str, *, where: str) -> Indication:
    direction = {"+": "raises", "-": "lowers"}.get(written[:1])
    if direction is None:
        raise Malformed(say("%(where)s: %(sign)s must begin with + or -", where=where, sign=written))
    return Indication(number=written[1:], direction=direction)
