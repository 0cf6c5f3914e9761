"""The machine's log tells where something broke, and nothing of what stood in it."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from forestall.config.quietlog import Formatter

pytestmark = pytest.mark.django_db
CANARY = "Amina of the third house"


@pytest.fixture
def log() -> Any:
    """What goes to the log while a test runs, through the very formatter of the settings."""
    told = io.StringIO()
    handler = logging.StreamHandler(told)
    handler.setFormatter(Formatter(settings.LOGGING["formatters"]["plain"]["format"]))
    logging.getLogger().addHandler(handler)
    yield told
    logging.getLogger().removeHandler(handler)


def test_the_settings_use_it() -> None:
    assert settings.LOGGING["formatters"]["plain"]["()"] == "forestall.config.quietlog.Formatter"
    assert {name: one["class"] for name, one in settings.LOGGING["handlers"].items()} == {"stderr": "logging.StreamHandler"}


@pytest.mark.parametrize(
    "place",
    ["forestall.monitoring.queries.inbox", "forestall.assessment.queries.situations", "forestall.access.queries.notices"],
)
def test_X10_an_error_tells_its_kind_and_place_and_no_content(
    log: io.StringIO, place: str, signed_in: Callable[[str], Client], make_item: Callable[..., Any], monkeypatch: Any
) -> None:
    make_item(CANARY, CANARY)

    def broken(*_: Any, **__: Any) -> None:
        try:
            raise KeyError(CANARY)
        except KeyError as error:
            raise ValueError(f"{CANARY} cannot be read") from error

    monkeypatch.setattr(place, broken)
    alice = signed_in("alice")
    alice.raise_request_exception = False
    answers = [alice.get(address) for address in ("/", "/inbox/", "/situations/", "/states/")]

    assert 500 in {answer.status_code for answer in answers}
    assert not any(CANARY in answer.content.decode() for answer in answers if answer.status_code == 500)
    assert CANARY not in log.getvalue()
    assert "ValueError after KeyError" in log.getvalue()
    assert "test_machine_log.py" in log.getvalue()


def test_X11_nobody_writes_a_line_of_their_own(log: io.StringIO) -> None:
    logging.getLogger("forestall").warning("not found: %s", "x\n2026-11-22 INFO root signed in: ada\r\n")

    assert len(log.getvalue().splitlines()) == 1


def test_a_line_of_the_log_tells_its_moment_in_utc(log: io.StringIO) -> None:
    logging.getLogger("forestall").warning("once")

    assert datetime.fromisoformat(log.getvalue().split(" ")[0]).tzinfo == UTC


def test_I21_signs_that_nobody_has_assigned_and_pictures_come_back_as_they_were(
    signed_in: Callable[[str], Client], make_item: Callable[..., Any]
) -> None:
    odd = "\U0001f9ff\U0001fae8 \U000e0100 \u0378 \U0002fa1f ﷽ 𞤀"
    item = make_item(f"Signs {odd}", odd)
    item.refresh_from_db()

    assert (item.title, item.text) == (f"Signs {odd}", odd)
    assert odd.split()[0] in signed_in("alice").get(f"/items/{item.id}/").content.decode()


def test_X10_a_job_that_broke_is_told_by_its_name_alone(log: io.StringIO) -> None:
    from forestall.cli.schedule import _guarded

    def broken() -> None:
        raise ValueError(CANARY)

    _guarded("seal_log", broken)()

    assert "seal_log" in log.getvalue()
    assert "ValueError" in log.getvalue()
    assert CANARY not in log.getvalue()
