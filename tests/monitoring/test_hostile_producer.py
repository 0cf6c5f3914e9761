"""A whole turn against a producer that does not behave, over a real connection: what is held stays, and the state tells why."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import stamina

from forestall.access.session import bound_to, system_reader
from forestall.base.clock import fixed, now
from forestall.collecting.childprocess import AnsweringChild
from forestall.collecting.enquiry import Enquirer
from forestall.monitoring import holdings
from forestall.monitoring.actions import collecting
from forestall.monitoring.models import Quarantine
from forestall.monitoring.states import RunState
from forestall.monitoring.suggesting import Readers
from forestall.panel import factstore
from forestall.sources import all_sources
from tests.producer import HOST, Answer, Producer, hang, producer, raw, reply

pytestmark = pytest.mark.django_db
KNOWN = all_sources()["idmc-idu"]
SOURCE = replace(
    KNOWN,
    asks=replace(KNOWN.asks, hosts=(HOST,), credentials=(), seconds_between=0.0, seconds=1.0, most_megabytes=1),
    settings={name: value.replace("helix-tools-api.idmcdb.org", HOST) if isinstance(value, str) else value for name, value in KNOWN.settings.items()},
)


def rows(count: int, *, first: int = 0, figure: int = 10) -> str:
    given = [
        {"id": number, "iso3": "SDN", "displacement_type": "Conflict", "figure": figure, "displacement_date": f"{now():%Y-%m-%d}T11:00:00.000Z"}
        for number in range(first, first + count)
    ]
    return json.dumps(given)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Producer]:
    with producer(tmp_path_factory.mktemp("producer")) as here:
        yield here


@pytest.fixture(scope="module")
def child() -> Iterator[AnsweringChild]:
    with AnsweringChild() as process:
        yield process


@pytest.fixture
def ask(running: Producer, child: AnsweringChild) -> Iterator[Callable[..., collecting.Outcome]]:
    running.asked.clear()
    days = iter(range(100))
    begun = now()

    def turn(*answers: Answer, network: Any = None) -> collecting.Outcome:
        running.answers(*answers)
        asker = Enquirer(SOURCE, credentials={}, network=network or running.network, sleep=lambda _: None)
        with fixed(begun + timedelta(days=next(days))), bound_to(system_reader("collector", reason="the tests")) as by:
            return collecting.collect(SOURCE, by=by, asker=asker, reader=child, readers=Readers())

    with stamina.set_testing(True, attempts=2):
        yield turn


def held() -> dict[str, int]:
    with bound_to(system_reader("collector", reason="the tests")):
        found = holdings.holding(SOURCE.id)
        assert found is not None
        table = factstore.read(holdings.root(), holdings.manifest_of(found), "events")
    return dict(zip(table.column("external_id").to_pylist(), table.column("people").to_pylist(), strict=True))


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        pytest.param(reply('{"message": "No such client"}', status=403), RunState.REFUSED, id="refuses"),
        pytest.param(hang(5), RunState.UNREACHABLE, id="hangs"),
        pytest.param(raw(b"HTTP/1.1 200 OK\r\n\r\n", *[b"["] * 300, pause=0.02), RunState.UNREACHABLE, id="drips"),
        pytest.param(reply(status=302, location=f"https://{HOST}/again"), RunState.MALFORMED, id="points in a circle"),
        pytest.param(reply(status=302, location="https://127.0.0.1/x"), RunState.REFUSED, id="points inside"),
        pytest.param(reply("<html><body>Please log in</body></html>", content_type="text/html"), RunState.MALFORMED, id="a page on 200"),
        pytest.param(reply(rows(30)[:400]), RunState.MALFORMED, id="half a file"),
        pytest.param(raw(b"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n" + rows(3).encode()), RunState.UNREACHABLE, id="half of what it promised"),
        pytest.param(reply(rows(30).encode("utf-16")), RunState.MALFORMED, id="another charset"),
        pytest.param(reply(rows(30).replace('"figure"', '"figures_total"').replace('"displacement_type"', '"kind"').replace('"id"', '"key"')), RunState.MALFORMED, id="another schema"),
        pytest.param(reply("[" * 100_000), RunState.MALFORMED, id="a tower"),
        pytest.param(reply(b"x" * (2 << 20)), RunState.MALFORMED, id="too much"),
        pytest.param(reply("[]"), None, id="nothing"),
        pytest.param(reply(rows(4)), RunState.SUSPICIOUSLY_EMPTY, id="mass deletion"),
    ],
)  # fmt: skip
def test_C08_whatever_it_does_what_is_held_stays_and_the_turn_is_not_calm(
    ask: Callable[..., collecting.Outcome], answer: Answer, state: RunState | None
) -> None:
    for _ in range(3):
        ask(reply(rows(60)))
    before = held()
    outcome = ask(answer)

    assert outcome.state is (state or outcome.state)
    assert outcome.state not in (RunState.HEALTHY, RunState.EMPTY, RunState.PARTLY)
    assert outcome.why is not None and outcome.why.text()
    assert held() == before


def test_what_could_not_be_believed_is_kept_with_its_bytes(ask: Callable[..., collecting.Outcome]) -> None:
    ask(reply("<html><body>Please log in</body></html>"))

    with bound_to(system_reader("collector", reason="the tests")):
        aside = Quarantine.objects.get()
        assert aside.evidence.size == 39


def test_C09_identical_identifiers_with_new_content_are_new_versions(ask: Callable[..., collecting.Outcome]) -> None:
    ask(reply(rows(10)))
    outcome = ask(reply(rows(10, figure=12)))

    assert outcome.run.changed == 10
    assert set(held().values()) == {12}


def test_it_is_well_again_when_the_producer_is(ask: Callable[..., collecting.Outcome]) -> None:
    ask(reply(status=500))
    outcome = ask(reply(rows(10)))

    assert outcome.state is RunState.HEALTHY
    with bound_to(system_reader("collector", reason="the tests")):
        assert holdings.collection(SOURCE.id).failures == 0  # type: ignore[union-attr]
