"""Releasing: two people let words agreed for more readers go out as a new record. The old one stays as it was."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from forestall.access import recognising
from forestall.access.matters import Matter, register
from forestall.access.models import Decision
from forestall.access.session import Session
from forestall.base.canonical import sha256
from forestall.base.clock import now
from forestall.base.words import Words, say
from forestall.labels.label import LEVEL_WORDS, Label, Level
from forestall.monitoring import policies, queries, thirdparty
from forestall.monitoring.models import Item, Source
from forestall.record import evidence
from forestall.record.actions import write
from forestall.record.departure import Departure
from forestall.record.models import Recorded
from forestall.vault import checking

RELEASE = "release as a new record"
COLLECTOR = "release"
SOURCE = Label(level=Level.PUBLIC)


def terms_of(
    *, title: str, text: str, level: int, compartments: frozenset[str], countries: list[str], looked: Iterable[str] = ()
) -> dict[str, Any]:
    """What a release says, as the terms of a decision. `looked`: the questions of `access.recognising` that were answered."""
    return {
        "title": title.strip(), "text": text.strip(), "level": level, "compartments": sorted(compartments),
        "countries": sorted(countries), **recognising.answered(looked),
    }  # fmt: skip


def _check(thing: Recorded, terms: Mapping[str, Any], proposer: str) -> None:
    policies.check_release(
        title=str(terms["title"]), text=str(terms["text"]),
        label=_label(terms), of=thing.label,
        granted=thirdparty.granted(thing.id),
    )  # fmt: skip
    recognising.check(terms, label=thing.label)
    checking.check_release(
        thing, title=str(terms["title"]), text=str(terms["text"]), level=int(terms["level"]), by=proposer
    )


def _label(terms: Mapping[str, Any]) -> Label:
    return Label(level=Level(int(terms["level"])), compartments=frozenset(terms["compartments"]))


def _release(decision: Decision, thing: Recorded, by: Session) -> None:
    """The new item names nothing of the old one: which it came from stands in the decision alone."""
    terms, label = decision.terms, _label(decision.terms)
    text = str(terms["text"])
    kept = evidence.keep(text.encode(), name="release.txt", media_type="text/plain", label=label, by=decision.proposer)
    item = Item(
        source=_office(by=decision.proposer), evidence=kept, collector=COLLECTOR, external_id=str(kept.id),
        content_hash=sha256(text), form="document", title=str(terms["title"]), text=text,
        countries=list(terms["countries"]), languages=["und"], published_at=now(), received_at=now(),
    ).labelled(label)  # fmt: skip
    write(item, by=decision.proposer, verb="released")


def _office(*, by: str) -> Source:
    known = queries.source_of(COLLECTOR, key=COLLECTOR)
    if known is not None:
        return known
    made = Source(
        name="Released by this Office", key=COLLECTOR, collector=COLLECTOR, nature="un", state="active"
    ).labelled(SOURCE)
    return write(made, by=by, verb="source added")


def _words(terms: Mapping[str, Any]) -> list[Words]:
    told = [LEVEL_WORDS[Level(int(terms["level"]))], say("%(text)s", text=terms["title"]), say("%(text)s", text=terms["text"])]
    if terms["compartments"]:
        told.append(say("Only for: %(who)s", who=", ".join(terms["compartments"])))
    return [*told, *recognising.words(terms)]


def _departed(decision: Decision) -> Departure:
    """Everybody whom the new record lets in may have read the words."""
    return Departure(say("released as a new record"), LEVEL_WORDS[Level(int(decision.terms["level"]))].text(), decision.decided_at)


register(Matter(
    key=RELEASE,
    title=say("Release these words as a new record"),
    consequence=say("A new item with these words, and nothing else, can be seen by everybody its label lets in. "
                    "The thing they were drawn from stays as it is, and nothing in the new item points to it."),
    verb="label.lower", check=_check, carry_out=_release, terms_words=_words, departed=_departed,
))  # fmt: skip
