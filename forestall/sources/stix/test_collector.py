"""Threat information: one record for each object, as sensitive as the strictest light that holds for it, never less."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from forestall.base.errors import Malformed
from forestall.collecting.asking import BadRow, Envelope, Ignored, Page, Request
from forestall.collecting.childprocess import InProcess
from forestall.collecting.contract import Redistribution
from forestall.collecting.kinds import Kind
from forestall.collecting.received import Received
from forestall.collecting.record import Record
from forestall.collecting.terms import terms_of
from forestall.sources import all_sources
from forestall.sources.stix import collector
from tests.recorded import payloads

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SOURCE = all_sources()["stix"]
SAMPLE = json.loads((Path(__file__).parent / "sample" / "bundle.json").read_text(encoding="utf-8"))
RED = "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1"


def read(value: Any) -> list[object]:
    content = value if isinstance(value, bytes) else json.dumps(value).encode()
    return list(collector.parse(Received("x.json", content, NOW), kind=Kind.UNKNOWN, source=SOURCE))


def thing(key: str = "indicator--1", **more: Any) -> dict[str, Any]:
    return {"type": key.partition("--")[0], "id": key, "created": "2026-11-01T00:00:00Z", "modified": "2026-11-01T00:00:00Z", **more}


def records(*objects: dict[str, Any]) -> dict[str, Record]:
    return {one.external_id: one for one in read({"type": "bundle", "objects": list(objects)}) if isinstance(one, Record)}


def light(*objects: dict[str, Any]) -> tuple[int, str]:
    one = records(*objects)["indicator--1"]
    return one.level, one.redistribution


def test_what_it_brings_is_internal_at_the_least():
    assert SOURCE.default_level == 1
    found = InProcess().read(Received("x.json", json.dumps({"type": "bundle", "objects": [thing(labels=["tlp:clear"])]}).encode(), NOW), source=SOURCE)
    assert [one.level for one in found.records] == [1], "a light never lowers"


@pytest.mark.parametrize(
    ("label", "level", "rule"),
    [("tlp:white", 0, ""), ("TLP:CLEAR", 0, ""), ("tlp:green", 1, ""), ('misp:tlp="amber"', 2, "internal-only"),
     ("TLP:AMBER+STRICT", 2, "internal-only"), ("tlp:red", 3, "forbid"), ("PAP:AMBER", 2, "internal-only"), ("PAP:RED", 3, "forbid")],
)  # fmt: skip
def test_a_light_asks_for_a_level_and_for_a_rule_of_its_own(label: str, level: int, rule: str):
    assert light(thing(labels=[label])) == (level, rule)


def test_the_strictest_of_several_lights_holds_also_when_it_marks_a_part():
    part = [{"marking_ref": RED, "selectors": ["description"]}]

    assert light(thing(labels=["tlp:green", "PAP:AMBER"])) == (2, "internal-only")
    assert light(thing(labels=["tlp:clear"], granular_markings=part)) == (3, "forbid")


def test_what_a_report_bears_holds_for_all_that_it_names():
    report = thing("report--1", object_marking_refs=[RED], object_refs=["indicator--1"])

    assert light(thing(), report) == (3, "forbid")
    assert light(thing(), {**report, "object_refs": []}) == (0, "")


def test_a_light_that_a_bundle_defines_for_itself_is_read_and_one_that_nobody_knows_counts_as_confidential():
    own = {"type": "marking-definition", "id": "marking-definition--x", "definition_type": "tlp", "definition": {"tlp": "red"}}
    newer = {"type": "marking-definition", "id": "marking-definition--x", "extensions": {"extension-definition--1": {"tlp_2_0": "amber+strict"}}}
    statement = {"type": "marking-definition", "id": "marking-definition--x", "definition_type": "statement", "definition": {"statement": "©"}}
    marked = thing(object_marking_refs=["marking-definition--x"])

    assert light(marked, own) == (3, "forbid")
    assert light(marked, newer) == (2, "internal-only")
    assert light(marked, statement) == (0, "")
    assert light(marked) == (2, "internal-only")


def test_the_rule_of_a_red_object_keeps_it_from_leaving_whatever_its_source_says():
    one = records(thing(labels=["tlp:red"]))["indicator--1"]

    assert terms_of(SOURCE, rule=one.redistribution).rule is Redistribution.FORBID
    assert terms_of(SOURCE).rule is Redistribution.INTERNAL_ONLY


def test_every_field_is_kept_and_the_newest_version_alone_is_the_record():
    older = thing(modified="2026-10-01T00:00:00Z", name="before")
    found = read({"type": "bundle", "objects": [thing(name="now", x_own={"a": [1]}), older]})
    record = next(one for one in found if isinstance(one, Record))
    aside = next(one for one in found if isinstance(one, BadRow))

    assert (record.title, json.loads(record.native["x_own"]), record.rank) == ("indicator: now", {"a": [1]}, "2026-11-01T00:00:00Z")
    assert aside.by_rule and "newer version" in aside.reason.text()


def test_what_has_no_id_or_no_type_is_a_bad_row():
    found = [one for one in read({"type": "bundle", "objects": [{"type": "indicator"}, "x", thing()]}) if isinstance(one, BadRow)]

    assert [one.place for one in found] == ["object 1", "object 2"]


def collection(**state: Any) -> list[Request]:
    from dataclasses import replace

    given = replace(SOURCE, settings={"collections": [{"id": "c", "url": "https://x.example/objects/", "authorization": "{authorization}"}]})
    return list(collector.plan({"c": state} if state else {}, source=given, today=NOW.date()))


def test_a_collection_is_read_page_by_page_and_then_from_a_day_before_the_newest():
    first = collection()[0]
    assert first.headers == {"Accept": "application/taxii+json;version=2.1", "Authorization": "{authorization}"}
    half = collector.advance({}, page=Page(first, 200, envelope=Envelope(more="p2", high="2026-11-05T00:00:00.000000+00:00")))
    assert "next=p2" in collection(**half["c"])[0].url and "added_after" not in collection(**half["c"])[0].url
    done = collector.advance(half, page=Page(first, 200, envelope=Envelope(high="2026-11-03T00:00:00.000000+00:00")))
    assert "added_after=2026-11-04T00%3A00%3A00Z" in collection(**done["c"])[0].url and "next=" not in collection(**done["c"])[0].url


def test_an_answer_of_a_collection_says_where_its_next_page_begins():
    found = next(one for one in read({"more": True, "next": "p2", "objects": [thing()]}) if isinstance(one, Envelope))

    assert (found.more, found.total) == ("p2", 1)
    assert not [one for one in read({"more": False, "objects": []}) if isinstance(one, Record)]


@pytest.mark.parametrize("content", [b"<html>Sign in</html>", b"a,b\n1,2\n", b'{"title": "Unauthorized", "description": "No"}', b'{"objects": "x"}', b'{"type": "bundle", "objects": [{'])
def test_what_is_no_bundle_is_refused_with_a_sentence(content: bytes):
    with pytest.raises(Malformed):
        read(content)


def test_the_recorded_bundle_is_one_record_for_each_object_but_its_marking():
    path = payloads("stix_misp") / "stix2_indicators_test.json"
    objects = json.loads(path.read_bytes())["objects"]
    found = InProcess().read(Received(path.name, path.read_bytes(), NOW), source=SOURCE)

    assert found.refusal is None and not found.bad
    assert found.count == len(objects) - 1 == 54
    assert found.ignored == ("marking-definition",)


def test_that_markings_are_no_records_is_said():
    assert any(isinstance(one, Ignored) for one in read(SAMPLE))
