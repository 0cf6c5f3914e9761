"""What the generator writes, the Office's own intake reads: nothing refused, no evidence lost, markings kept."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest

from forestall.collecting.childprocess import InProcess
from forestall.collecting.intake import Outcome, read_all
from forestall.exercises.generator import write
from forestall.sources import all_sources

LEVELS = {"": 0, "CONFIDENTIAL": 2, "STRICTLY CONFIDENTIAL": 3}


@pytest.fixture(scope="module")
def readings(karvania, tmp_path_factory):
    folder = tmp_path_factory.mktemp("inbox")
    write(karvania, folder)
    now = datetime.combine(karvania.today, time(10), tzinfo=UTC)
    return {one.name: one for one in read_all(folder, sources=all_sources(), now=now, child=InProcess())}


def words(text: str) -> str:
    return "".join(text.split())


def test_every_file_is_accepted_with_as_many_items_as_it_carries(received, readings):
    expected = {file.name: (Outcome.ACCEPTED, len(file.items)) for file in received}

    assert {name: (reading.outcome, reading.items) for name, reading in readings.items()} == expected


def test_no_quote_of_the_key_is_lost_on_the_way(karvania, received, readings):
    lost = []
    for file in received:
        records = readings[file.name].records
        cells = [",".join(row.cells) for record in records for table in record.tables for row in table.rows]
        text = words(" ".join([*(record.body for record in records), *cells]))
        lost += [
            seen.id
            for identifier in file.items
            for seen in karvania.item(identifier).observations
            if words(seen.quote) not in text
        ]

    assert lost == []


def test_a_marking_is_never_lowered_on_the_way(karvania, received, readings):
    low = [
        file.name
        for file in received
        if readings[file.name].level < max(LEVELS[karvania.item(one).marking] for one in file.items)
    ]

    assert low == []
