"""`forestall sources coverage`: who reports on which country, in lines or as JSON, with a code that a script can act on."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from forestall.base import clock
from forestall.cli.commands import sources

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def this_day(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(sources, "open_chosen_home", lambda given: None)
    with clock.fixed(NOW):
        yield


def ask(capsys: pytest.CaptureFixture[str], *, country: str = "", as_json: bool = False) -> tuple[int, str]:
    given: Any = SimpleNamespace(act="coverage", country=country, json=as_json)
    code = sources.run(given)
    return code, capsys.readouterr().out


def bring(make_item: Callable[..., Any], *ago: int, country: str) -> None:
    for one in ago:
        make_item(f"{country} {one}", source="Ledger", countries=(country,), published=NOW - timedelta(days=one))


def test_it_tells_who_reports_and_who_has_stopped(make_item: Callable[..., Any], capsys: pytest.CaptureFixture[str]) -> None:
    bring(make_item, 0, 7, 14, 21, 28, 35, country="KEN")
    assert ask(capsys) == (
        0, "KEN  reporting\n     Ledger (en): reporting; last 2026-11-20, 0 days ago; expected every 7\n"
    )  # fmt: skip
    bring(make_item, 60, 67, 74, 81, 88, 95, country="MLI")
    code, told = ask(capsys)

    assert code == 1
    assert "MLI  silent\n     Ledger (en): silent; last 2026-09-21, 60 days ago; expected every 7\n" in told


def test_one_country_is_asked_for_and_nobody_is_an_answer(make_item: Callable[..., Any], capsys: pytest.CaptureFixture[str]) -> None:
    bring(make_item, 0, 7, 14, 21, 28, 35, country="KEN")

    assert ask(capsys, country="mli") == (1, "MLI  nobody reports\n")
    code, told = ask(capsys, country="KEN", as_json=True)
    (country,) = json.loads(told)["countries"]
    assert (code, country["country"], country["state"]) == (0, "KEN", "reporting")
    assert country["sources"] == [
        {"source": "Ledger", "collector": "mail", "language": "en", "state": "reporting", "last": "2026-11-20", "days": 0,
         "expected": 7, "silent_after": 14, "lag": 0}
    ]  # fmt: skip


def test_before_anything_came_it_says_so(keeper: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert ask(capsys) == (0, "Nobody has reported on any country.\n")
