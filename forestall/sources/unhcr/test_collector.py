"""UNHCR: people by where they are and where they come from, a year at a time, by ISO codes and never by UNHCR's own."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from forestall.base.errors import Malformed
from forestall.collecting.asking import Envelope, Page, Request
from forestall.collecting.kinds import Kind
from forestall.collecting.received import Received
from forestall.facts import Measure
from forestall.sources import all_sources
from forestall.sources.unhcr import collector
from tests.recorded import turn

NOW = datetime(2026, 10, 20, 12, tzinfo=UTC)
POPULATION = Path(__file__).parent / "sample" / "population-2025.json"
SOURCE = all_sources()["unhcr"]


def read(content: bytes = POPULATION.read_bytes(), carried: str = "") -> list[object]:
    received = Received("population-2025.json", content, NOW, carried=carried)
    return list(collector.parse(received, kind=Kind.UNKNOWN, source=SOURCE))


def measures() -> dict[str, Measure]:
    return {one.external_id: one for one in read() if isinstance(one, Measure)}


def test_refugees_are_counted_where_they_are_by_where_they_come_from():
    found = measures()["refugees|2025|SDN|AUT"]

    assert (found.value, found.iso3, found.country, found.breakdown) == (
        1200,
        "AUT",
        "Austria",
        {"origin": "SDN"},
    )
    assert (found.period_start, found.period_end) == (date(2025, 1, 1), date(2025, 12, 31))
    assert found.own["coa"] == "AUS"


def test_nought_as_text_is_nought_and_what_does_not_apply_is_not_told():
    found = measures()

    assert found["idps|2025|SDN|AUT"].value == 0
    assert found["asylum_seekers|2025|SDN|AUT"].value == 35
    assert "returned_idps|2025|SDN|AUT" not in found
    assert len(found) == 5 + 8 - 1


def test_years_are_asked_for_alone_with_iso_codes_and_to_the_last_page():
    def answer(request: Request) -> Page:
        found = read(carried=request.carried)
        return Page(request, 200, at=NOW, envelope=next(one for one in found if isinstance(one, Envelope)))

    _, asked = turn(collector, {}, source=SOURCE, today=NOW.date(), answer=answer)
    queries = [parse_qs(urlsplit(one.url).query) for one in asked]

    assert [(one["yearFrom"], one["yearTo"], one["page"]) for one in queries] == [
        (["2025"], ["2025"], ["1"]),
        (["2025"], ["2025"], ["2"]),
        (["2026"], ["2026"], ["1"]),
        (["2026"], ["2026"], ["2"]),
    ]
    assert all(one["cf_type"] == ["ISO"] for one in queries)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b'{"errors": [{"message": "Unknown endpoint"}]}', "Unknown endpoint"),
        (b'{"page": 1, "items": [{"year": 2025, "refugees": 3}]}', "year, refugees"),
        (POPULATION.read_bytes()[:300], "JSON"),
    ],
)
def test_what_is_no_answer_or_world_totals_alone_is_refused(content, sentence):
    with pytest.raises(Malformed, match=sentence):
        read(content)


def test_what_it_brings_is_public():
    assert SOURCE.default_level == 0
