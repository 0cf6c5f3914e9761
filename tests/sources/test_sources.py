"""Every source keeps the contract: found by its folder, told in full, pure, and the same on every reading."""

from __future__ import annotations

import ast
import importlib
import re
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pyarrow as pa
import pytest

from forestall.base.errors import Malformed
from forestall.collecting.childprocess import InProcess
from forestall.collecting.contract import Redistribution, read_source
from forestall.collecting.intake import Outcome, read
from forestall.collecting.jsonapi.definition import definition
from forestall.collecting.kinds import REFUSED, Kind
from forestall.collecting.received import Received
from forestall.collecting.record import RecordKind
from forestall.facts.arrow import rows_of
from forestall.facts.vocabulary import event_types
from forestall.sources import CATALOGUE, all_sources

SOURCES = all_sources()
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SAMPLES = sorted(path for path in CATALOGUE.glob("*/sample/*") if path.is_file() and path.suffix != ".toml")
FILES = [path for path in SAMPLES if SOURCES[path.parts[-3].replace("_", "-")].reads]
ANSWERS = [path for path in SAMPLES if path not in FILES]
IMPURE = {
    "socket",
    "urllib.request",
    "requests",
    "httpx",
    "time",
    "os",
    "pathlib.Path.open",
    "subprocess",
    "django",
}


@pytest.mark.parametrize("source", SOURCES.values(), ids=list(SOURCES))
class TestEverySource:
    def test_its_folder_bears_its_id(self, source):
        assert source.module == f"forestall.sources.{source.id.replace('-', '_')}.collector"

    def test_it_has_the_three_functions(self, source):
        collector = importlib.import_module(source.module)

        assert all(callable(getattr(collector, name)) for name in ("plan", "parse", "advance"))

    def test_it_tells_what_a_duty_officer_must_know(self, source):
        assert all((source.title, source.publisher, source.licence))
        assert len(source.runbook.split()) >= 30
        assert 0 <= source.default_level <= 3

    def test_a_source_that_is_asked_names_its_hosts_its_rhythm_and_whom_to_thank(self, source):
        assert source.reads or source.asks
        if source.asks:
            assert source.asks.hosts and source.cadence_minutes and source.max_content_age_days
            assert source.attribution

    def test_its_collector_is_pure_and_imports_no_other_source(self, source):
        path = CATALOGUE / source.id.replace("-", "_") / "collector.py"
        names = set()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {name.name for name in node.names}
            elif isinstance(node, ast.ImportFrom):
                names.add(node.module or "")

        assert not names & IMPURE
        assert not any(name.startswith(("forestall.sources", "forestall.base.clock")) for name in names)

    def test_it_has_samples_and_its_own_test(self, source):
        folder = CATALOGUE / source.id.replace("-", "_")

        assert (folder / "test_collector.py").is_file()
        assert any((folder / "sample").iterdir())


def test_no_kind_has_two_readers_and_no_refused_kind_has_one():
    read_kinds = [kind for source in SOURCES.values() for kind in source.reads]

    assert len(read_kinds) == len(set(read_kinds))
    assert set(read_kinds) | set(REFUSED) | {Kind.EMPTY} == set(Kind)
    assert not set(read_kinds) & set(REFUSED)


def named(path: Path) -> str:
    return f"{path.parts[-3]}/{path.name}"


@pytest.mark.parametrize("path", ANSWERS, ids=named)
def test_every_answer_of_the_samples_is_read_the_same_twice_and_says_where_everything_stood(path):
    source = SOURCES[path.parts[-3].replace("_", "-")]
    received = Received(path.name, path.read_bytes(), NOW)
    first, second = (InProcess().read(received, source=source) for _ in range(2))

    assert first.refusal is None
    assert first.count > 0
    assert first == second
    rows = [
        row for batch in first.facts for row in rows_of(pa.ipc.open_stream(batch.stream).read_next_batch())
    ]
    assert all(row["source_id"] == source.id and row["external_id"] for row in rows)
    assert all(row["own"] and row["row"] > 0 for row in rows)
    assert all(row["event_type"] in event_types() for row in rows if "event_type" in row)


@pytest.mark.parametrize("path", FILES, ids=named)
def test_every_sample_is_read_by_its_source_and_the_same_twice(path):
    received = Received(path.name, path.read_bytes(), NOW)
    first, second = (read(received, sources=SOURCES, child=InProcess()) for _ in range(2))

    assert first.outcome is Outcome.ACCEPTED
    assert first.records[0].source_id == path.parts[-3].replace("_", "-")
    assert [record.record_id for record in first.records] == [record.record_id for record in second.records]
    assert len({record.record_id for record in first.records}) == len(first.records)
    assert first == second


@pytest.mark.parametrize(
    "change", ["default_level = 1\n", "publisher = ''\nsurprise = 1\n", "[bounds]\nleast = 1\nworst = 2\n"]
)
def test_a_definition_that_lacks_or_adds_something_is_refused(tmp_path: Path, change: str):
    path = tmp_path / "source.toml"
    path.write_text(change)

    with pytest.raises(Malformed):
        read_source(path, module="x")


@pytest.mark.parametrize("source", SOURCES.values(), ids=list(SOURCES))
class TestTheLevelOfASource:
    """Its own test names it; here are the bounds that no source may leave."""

    def test_its_own_test_names_it(self, source):
        test = CATALOGUE / source.id.replace("-", "_") / "test_collector.py"

        assert re.search(rf"\.default_level == {source.default_level}\b", test.read_text(encoding="utf-8"))

    def test_what_may_not_be_passed_on_is_not_public(self, source):
        assert source.default_level >= 1 or source.redistribution is not Redistribution.FORBID

    def test_mail_is_confidential(self, source):
        assert source.default_level >= 2 or Kind.MAIL not in source.reads


@pytest.mark.parametrize("path", ANSWERS, ids=named)
def test_what_people_report_is_confidential_and_facts_are_not(path):
    source = SOURCES[path.parts[-3].replace("_", "-")]
    response = InProcess().read(Received(path.name, path.read_bytes(), NOW), source=source)

    if any(record.kind is RecordKind.SUBMISSION for record in response.records):
        assert source.default_level >= 2
    if response.facts:
        assert source.default_level <= 1


@pytest.mark.parametrize(
    "source",
    [one for one in SOURCES.values() if isinstance(one.settings.get("api"), dict)],
    ids=lambda one: one.id,
)
def test_a_declared_source_can_be_followed_and_asks_its_own_hosts_alone(source):
    made = definition(source)

    assert made.answers
    assert not made.asks or urlsplit(made.base).hostname in source.asks.hosts


def test_every_sentence_of_quarantine_can_be_filled():
    for words in REFUSED.values():
        assert not re.search(r"%\(", str(words))
