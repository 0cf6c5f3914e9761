"""Two worlds that differ by one hidden thing look the same, byte for byte, to whoever may not see it."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from django.urls.exceptions import NoReverseMatch

from forestall.access.session import bound_to, system_reader
from forestall.assessment.models import Assessment, Situation
from forestall.base import clock
from forestall.institutions.models import Counterpart, OfficeHolder
from forestall.labels.label import Label, Level
from forestall.monitoring.actions import item as items
from forestall.monitoring.actions import observation as observations
from forestall.monitoring.models import CopyEdge, Gap, Group, Item, Quarantine
from forestall.record import evidence
from forestall.record.actions import expunge, write

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
HIDDEN = Label(Level.STRICTLY_CONFIDENTIAL, frozenset({"SRC", "desk:karvania"}))
WORD = "zanziphore"  # stands in the hidden world alone
VARYING = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]+"')
QUERIES = ("", f"?q={WORD}", "?format=csv")
ALL_QUERIES = (*QUERIES, f"?text={WORD}", "?page=2", "?state=received", "?as_of=2026-11-19")


def routes() -> list[str]:
    """Every address without parameters that a page offers."""
    found = []
    for pattern in get_resolver().url_patterns:
        if isinstance(pattern, URLPattern) and pattern.name:
            try:
                found.append(reverse(pattern.name))
            except NoReverseMatch:
                continue
    asking_anew = {reverse("mfa_activate_totp"), reverse("mfa_add_webauthn")}  # a secret or a question of their own each time
    return sorted(set(found) - asking_anew - {reverse("account_logout")})


def detail_routes() -> list[str]:
    """Every address that takes one id."""
    return [
        pattern.name
        for pattern in get_resolver().url_patterns
        if isinstance(pattern, URLPattern) and pattern.name and re.fullmatch(r"[^<]*<uuid:\w+>[^<]*", str(pattern.pattern))
    ]


def seen(client: Client, address: str) -> tuple[int, bytes, tuple[tuple[str, str], ...]]:
    answer = client.get(address)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    headers = tuple(sorted((name, value) for name, value in answer.headers.items() if name not in ("Expires", "Last-Modified")))
    return answer.status_code, VARYING.sub(b"", body), headers


@pytest.fixture
def world(observe: Callable[..., Any], make_item: Callable[..., Any], keeper: Any) -> None:
    """Something to see, so that hiding has something to hide among."""
    with clock.fixed(NOW):
        observe("7.5", sources=("Mission", "Wire"))
        make_item("A notice on wells", "The wells are shared.", level=1, desk=None)


def hide_item(keeper: Any) -> Any:
    kept = evidence.keep(WORD.encode(), name=f"{WORD}.txt", media_type="text", label=HIDDEN, by="system:collector")
    source = Item.objects.first().source
    item = Item(source=source, evidence=kept, collector="mail", external_id=WORD, content_hash=WORD, title=f"On {WORD}",
                text=f"{WORD} speaks.", countries=["ZZK", "ZZS"], languages=["sw"], received_at=NOW)  # fmt: skip
    return write(item.labelled(HIDDEN), by="system:collector", verb="item received")


def hide_observation(keeper: Any) -> Any:
    item = hide_item(keeper)
    items.grade(item, reliability="A", credibility="1", by=keeper)
    return observations.confirm(item=item, summary=f"{WORD} happened", on=date(2026, 11, 19), iso3="ZZK",
                                indicators=[("unfaac-2014", "10.1", "raises")], by=keeper)  # fmt: skip


def hide_copy(keeper: Any) -> Any:
    item, first = hide_item(keeper), Item.objects.order_by("title").first()
    edge = CopyEdge(newer=item, older=first, edge="near", score=0.9).labelled(HIDDEN)
    return write(edge, by="system:collector", verb="copy proposed")


def hide_situation(keeper: Any) -> Any:
    made = Situation(title=f"The {WORD} situation", places=["ZZK"], desk="south", state="alert", opened_on=NOW.date(),
                     reason=WORD, review_due=date(2026, 1, 1), lead="nobody")  # fmt: skip
    write(made.labelled(HIDDEN), by="x", verb="situation opened")
    reading = Assessment(situation=made, framework="unfaac-2014", edition="x", on=NOW.date(), author="x", state="peer_review")
    return write(reading.labelled(HIDDEN), by="x", verb="assessment drafted")


def hide_counterpart(keeper: Any) -> Any:
    body = write(Counterpart(kind_of_body="ministry", name=WORD, channel="letter").labelled(HIDDEN), by="x", verb="added")
    holder = OfficeHolder(counterpart=body, title=WORD, name=WORD, since=date(2020, 1, 1)).labelled(HIDDEN)
    return write(holder, by="x", verb="added")


def hide_group(keeper: Any) -> Any:
    write(Gap(iso3="ZZK", question=WORD).labelled(HIDDEN), by="x", verb="gap opened")
    return write(Group(iso3="ZZK", name=WORD).labelled(HIDDEN), by="x", verb="group added")


def hide_quarantine(keeper: Any) -> Any:
    shut = Label(Level.CONFIDENTIAL, quarantined=True)
    kept = evidence.keep(WORD.encode(), name=WORD, media_type="unknown", label=shut, by="system:collector")
    return write(Quarantine(evidence=kept, name=WORD, collector="mail", message=WORD).labelled(shut), by="x", verb="set aside")


def hide_expunged(keeper: Any) -> Any:
    return expunge(hide_item(keeper), by="rita", second="rolf", reason="asked")


HIDING = {
    "V04 an item": hide_item,
    "V16 an observation": hide_observation,
    "V13 a copy of something seen": hide_copy,
    "V10 a situation of another desk": hide_situation,
    "V33 a counterpart": hide_counterpart,
    "V05 a group and a gap": hide_group,
    "V24 a file in quarantine": hide_quarantine,
    "V08 something expunged": hide_expunged,
}


OBSERVERS = ("ivo", "carol", "dora")
PAIRS = [(what, OBSERVERS[place % 3]) for place, what in enumerate(HIDING)]


@pytest.mark.parametrize(("what", "name"), PAIRS)
def test_a_hidden_thing_changes_nothing_that_another_is_shown(
    world: None, signed_in: Callable[[str], Client], what: str, name: str
) -> None:
    _compare(signed_in(name), what, queries=QUERIES)


@pytest.mark.full
@pytest.mark.parametrize("name", OBSERVERS)
@pytest.mark.parametrize("what", HIDING, ids=lambda what: what)
def test_a_hidden_thing_changes_nothing_under_any_question(
    world: None, signed_in: Callable[[str], Client], what: str, name: str
) -> None:
    _compare(signed_in(name), what, queries=ALL_QUERIES)


def _compare(client: Client, what: str, *, queries: tuple[str, ...]) -> None:
    addresses = [route + query for route in routes() for query in queries]
    with clock.fixed(NOW):
        before = {address: seen(client, address) for address in addresses}
        with bound_to(system_reader("keeper", reason="hide")) as hider:
            hidden = HIDING[what](hider)
        after = {address: seen(client, address) for address in addresses}
        differing = [address for address in addresses if before[address] != after[address]]
        told = [address for address in addresses if WORD.encode() in after[address][1].replace(address.encode(), b"")
                and f"={WORD}" not in address]  # fmt: skip
    assert not differing, _first_difference(before[differing[0]], after[differing[0]])
    assert not told
    _indistinguishable(client, hidden)


def _first_difference(one: tuple[Any, ...], other: tuple[Any, ...]) -> str:
    if (one[0], one[2]) != (other[0], other[2]):
        return f"{one[0]} {one[2]}\n{other[0]} {other[2]}"
    lines = zip(one[1].splitlines(), other[1].splitlines(), strict=False)
    return "\n".join(f"- {a!r}\n+ {b!r}" for a, b in lines if a != b)[:800]


def _indistinguishable(client: Client, hidden: Any) -> None:
    """V01: a hidden id and one that never was are answered alike, by every method."""
    never = uuid.uuid4()
    for route in detail_routes():
        for method in ("get", "head", "options", "post", "put", "delete"):
            answers = []
            for one in (hidden.id, never):
                answer = getattr(client, method)(reverse(route, args=[one]))
                body = VARYING.sub(b"", answer.content).replace(str(one).encode(), b"")
                answers.append((answer.status_code, body))
            assert answers[0] == answers[1], (route, method)
