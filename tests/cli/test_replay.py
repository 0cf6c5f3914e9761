"""Facts on the command line leave as far as their publisher lets them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from forestall.collecting.terms import Use
from forestall.monitoring.terms import fact_telling

ROW = {
    "dataset": "events", "source_id": "x", "external_id": "k1", "title": "A road", "url": "https://x.example", "day": None,
    "licence": "", "own": {"notes": "what they wrote"}, "text": "what they wrote",
}  # fmt: skip


def told(collector: str, use: Use = Use.PASSING_ON, **changed: Any) -> Mapping[str, Any]:
    telling: Callable[[Mapping[str, Any]], Mapping[str, Any]] = fact_telling(collector, use=use)
    return telling({**ROW, **changed})


def test_a_fact_that_may_be_passed_on_is_told_whole() -> None:
    assert told("ucdp-ged") == ROW


@pytest.mark.parametrize("use", list(Use))
def test_of_a_forbidden_fact_a_hash_alone_is_told_by_which_two_stores_are_compared(use: Use) -> None:
    assert set(told("acled", use)) == {"dataset", "sha256"}
    assert told("acled", use) == told("acled", use) != told("acled", use, text="another")
    assert set(told("a-source-that-was", use)) == {"dataset", "sha256"}


def test_of_a_fact_for_the_office_alone_is_told_what_leads_to_it() -> None:
    said = told("hdx-hapi", licence="CC BY-IGO, OCHA")
    assert said["url"] == "https://x.example" and "what they wrote" not in json.dumps(said)
    assert told("hdx-hapi", Use.INSIDE, licence="CC BY-IGO, OCHA")["text"] == "what they wrote"


def test_a_row_with_a_stricter_licence_than_its_source_follows_the_licence() -> None:
    assert set(told("hdx-hapi", Use.INSIDE, licence="ACLED terms of use")) == {"dataset", "sha256"}
