"""Bringing over what producers publish: each entry once, changed when its row changed, and never over a person's word."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice

from django.db import transaction

from forestall.access.session import Session
from forestall.labels.label import Label, Level
from forestall.record.actions import write

from ..bringable import Bringable
from ..models import Counterpart, Mandate, Presence, Resolution, ReviewCycle, Sourced, TreatyStatus, Veto
from ..states import PROPER_CHANNEL

TABLES: dict[str, type[Sourced]] = {
    "presence": Presence, "mandate": Mandate, "resolution": Resolution, "veto": Veto, "review": ReviewCycle, "treaty": TreatyStatus,
}  # fmt: skip
AT_ONCE = 100
"""Entries of one transaction: nobody else waits long."""


@dataclass
class _Bench:
    """What is there already, so that a thousand entries ask the database a handful of times."""

    by: Session
    known: dict[tuple[str, str, str], Sourced] = field(default_factory=dict)
    bodies: dict[str, Counterpart] = field(default_factory=dict)
    told: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        for kind, model in TABLES.items():
            for one in model.objects.exclude(producer=""):
                self.known[kind, one.producer, one.producer_key] = one
        for body in Counterpart.objects.filter(kind_of_body__in=("peace_operation", "un_entity")):
            for name in filter(None, (body.acronym, body.name)):
                self.bodies.setdefault(name.casefold(), body)


def bring_over(found: Iterable[Bringable], *, by: Session) -> Counter[str]:
    """Write what is new or changed; tells how many were `new`, `changed`, `same`, and `kept` because a person wrote them.

    Doing it again changes nothing. What a producer no longer lists stays: that a list grew shorter is no decision of
    anybody's that a mandate is over.
    """
    by.check_may("mandate.keep")
    bench = _Bench(by)
    waiting = iter(found)
    while entries := list(islice(waiting, AT_ONCE)):
        with transaction.atomic():
            for entry in entries:
                bench.told[_bring(entry, bench)] += 1
    return bench.told


def _bring(entry: Bringable, bench: _Bench) -> str:
    key = (entry.kind, entry.producer, entry.key)
    one = bench.known.get(key)
    if one is not None and one.by_hand:
        return "kept"
    if one is not None and one.producer_hash == entry.hash:
        return "same"
    fate = "changed" if one else "new"
    if one is None:
        one = TABLES[entry.kind](producer=entry.producer, producer_key=entry.key, by_hand=False)
        one.labelled(Label(level=Level(entry.level)))
        if any(entry.body):
            body = _body(entry, bench)
            one.counterpart_id = body.id  # type: ignore[attr-defined]
            one.labelled(body.label.raised_to(Level(entry.level)))
    for name, value in entry.values.items():
        setattr(one, name, value)
    one.source, one.url, one.as_of, one.producer_hash = entry.source, entry.url, entry.as_of, entry.hash
    bench.known[key] = write(one, by=bench.by.person_id, verb=f"brought over: {entry.kind}")
    return fate


def _body(entry: Bringable, bench: _Bench) -> Counterpart:
    """The operation that an entry is of, by its short name or its name; noted when nobody knew it."""
    name, acronym = entry.body
    known = bench.bodies.get(acronym.casefold()) or bench.bodies.get(name.casefold())
    if known is None:
        made = Counterpart(
            kind_of_body="peace_operation", name=name or acronym, acronym=acronym, channel=PROPER_CHANNEL["peace_operation"]
        ).labelled(Label(level=Level.INTERNAL))
        known = write(made, by=bench.by.person_id, verb="counterpart brought over")
        for word in filter(None, (acronym, name)):
            bench.bodies[word.casefold()] = known
    return known
