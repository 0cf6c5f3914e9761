"""Search in two worlds that differ by hidden things: nothing that is shown, counted, ordered or sent tells of them."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from forestall.access.session import bound_to
from forestall.base import clock
from forestall.monitoring.models import Source
from forestall.search import matching, queries
from forestall.search.question import read

from .hidden import HIDING, NOW, WORD, seen

pytestmark = pytest.mark.django_db(databases=["default", "vault"])
Make = Callable[..., Any]
COMMON = "village"
ASKED = (
    f"q={COMMON}", f"q={COMMON}&sort=match", f"q={COMMON}&page=2", f"q={COMMON}&page=999999999", f"q={COMMON}&page=-1",
    f"q={COMMON}&format=csv", f"q={COMMON}&country=ZZK", f"q={COMMON}&country=ZZS", f"q={COMMON}&language=sw",
    f"q={COMMON}&level=3", f"q={COMMON}&month=2026-11", f"q={COMMON}&month=2025-01", f"q={COMMON}&kind=monitoring.observation",
    "q=vil*&sort=match", f"q=-{COMMON}", "q=-nothing", f"q={WORD}", f"q={WORD}*", f"q=%22{WORD}+{COMMON}%22", f"q=-{WORD}",
    f"q={COMMON}+-{WORD}", f"q={COMMON}&as_of=2026-11-20", f"q={WORD}&format=csv", f"q={COMMON}&source=SOURCE",
)  # fmt: skip


@pytest.fixture
def world(make_item: Make, observe: Make, keeper: Any) -> None:
    with clock.fixed(NOW):
        observe("7.5", sources=("Mission", "Wire"), summary=f"A {COMMON} burned")
        for number in range(60):
            at = datetime(2026, 1 + number % 10, 1 + number % 28, tzinfo=UTC)
            make_item(f"Item {number}", f"{COMMON} " * (number % 7) + "word", level=number % 3, desk=("karvania", None)[number % 2],
                      languages=("en", "fr")[: 1 + number % 2], published=at)  # fmt: skip


def hide_many(make_item: Make) -> None:
    """Hidden things that would change every count, order and choice: a new language, country, month and source."""
    for number in range(40):
        make_item(f"{COMMON} {WORD} {number}", f"{COMMON} {WORD} " * 9, level=3, desk="south", languages=("sw",),
                  countries=("ZZS",), source=f"{WORD} source", published=datetime(2025, 1, 1 + number % 28, tzinfo=UTC))  # fmt: skip
    source = Source.objects.get(name=f"{WORD} source")
    from forestall.labels.label import Label, Level
    from forestall.record.actions import write

    write(source.labelled(Label(Level.STRICTLY_CONFIDENTIAL, frozenset({"desk:south"}))), by="x", verb="label raised")


@pytest.mark.parametrize("name", ["alice", "ivo", "dora"])
def test_V04_V05_V06_V13_V14_hidden_things_change_no_answer(
    world: None, make_item: Make, signed_in: Callable[[str], Client], name: str
) -> None:
    client = signed_in(name)
    with clock.fixed(NOW):
        source = str(Source.objects.get(name="Mission").id)
        addresses = [f"/search/?{asked.replace('SOURCE', source)}" for asked in ASKED] + [f"/inbox/?q={COMMON}", f"/inbox/?q={WORD}"]
        before = {address: seen(client, address) for address in addresses}
        hide_many(make_item)
        after = {address: seen(client, address) for address in addresses}

    assert [address for address in addresses if before[address] != after[address]] == []


@pytest.mark.parametrize("what", HIDING, ids=lambda what: what)
def test_V07_a_hidden_thing_of_any_kind_answers_nothing(
    world: None, keeper: Any, signed_in: Callable[[str], Client], what: str
) -> None:
    client, addresses = signed_in("dora"), [f"/search/?q={WORD}", f"/search/?q={COMMON}", "/search/"]
    with clock.fixed(NOW):
        before = [seen(client, address) for address in addresses]
        HIDING[what](keeper)
        after = [seen(client, address) for address in addresses]

    assert before == after


def test_V06_a_word_of_hidden_things_alone_reads_as_nonsense(world: None, make_item: Make, signed_in: Callable[[str], Client]) -> None:
    hide_many(make_item)
    client = signed_in("ivo")
    with clock.fixed(NOW):
        hidden, never = (seen(client, f"/search/?q={word}") for word in (WORD, "zanziphora"))

    assert hidden[1].replace(WORD.encode(), b"") == never[1].replace(b"zanziphora", b"")


def test_V14_a_file_holds_what_is_seen_and_says_no_more(world: None, make_item: Make, signed_in: Callable[[str], Client]) -> None:
    hide_many(make_item)
    told = signed_in("alice").get(f"/search/?q={COMMON}&format=csv").content.decode()

    assert COMMON in told and WORD not in told and "withheld" not in told


def test_V05_what_can_be_narrowed_by_is_what_is_seen(world: None, make_item: Make, session_of: Callable[..., Any]) -> None:
    hide_many(make_item)
    with bound_to(session_of("alice")):
        found = queries.answers(read(COMMON))
    with bound_to(session_of("carol")):
        others = queries.answers(read(COMMON))

    assert set(found.facet("language")) == {"en", "fr"} and set(found.facet("country")) == {"ZZK"}
    assert "sw" in others.facet("language") and "2025-01" in others.facet("month")
    assert sum(found.facet("kind").values()) == len(found)


def _seconds(word: str) -> float:
    began = time.perf_counter()
    queries.answers(read(word))
    return time.perf_counter() - began


def ranked(one: list[float], other: list[float]) -> float:
    """How often a sample of `one` is longer than one of `other` (AUC; .5: they cannot be told apart)."""
    wins = sum((a > b) + 0.5 * (a == b) for a in one for b in other)
    return wins / (len(one) * len(other))


@pytest.mark.full
def test_V06_the_time_of_an_answer_tells_no_more_than_its_words(
    world: None, make_item: Make, session_of: Callable[..., Any]
) -> None:
    """Two times 200 interleaved samples: hidden matches against nonsense. The step is what keeps them alike."""
    hide_many(make_item)
    with bound_to(session_of("alice")):
        samples = [(_seconds(WORD), _seconds("zanziphora")) for _ in range(200)]
    steps = [(round(a / matching.STEP), round(b / matching.STEP)) for a, b in samples]

    assert 0.4 < ranked([float(a) for a, _ in steps], [float(b) for _, b in steps]) < 0.6


def test_V06_an_answer_waits_for_its_step() -> None:
    began = time.monotonic()
    with matching.paced(0.05):
        pass
    quick = time.monotonic() - began
    began = time.monotonic()
    with matching.paced(0.05):
        time.sleep(0.02)
    slow = time.monotonic() - began

    assert 0.05 <= quick < 0.1 and 0.05 <= slow < 0.1


def test_V05_a_hidden_source_is_not_named_by_what_it_said(
    world: None, make_item: Make, signed_in: Callable[[str], Client]
) -> None:
    hide_many(make_item)
    make_item("Seen", COMMON, level=1, desk=None, source=f"{WORD} source")

    for way in ("", "&format=csv"):
        assert WORD not in signed_in("alice").get(f"/search/?q={COMMON}&country=ZZK{way}").content.decode()
