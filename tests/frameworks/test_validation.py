"""Validation tells the writer of a framework what to mend."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from forestall.frameworks.framework import Framework
from forestall.frameworks.validation import validate

Build = Callable[[dict[str, Any]], Framework]


@pytest.fixture
def sound(definition: dict[str, Any]) -> dict[str, Any]:
    definition["factors"][0]["indicators"][0] |= {"mark": "V", "source": "S1"}
    return definition


def findings(framework: Framework, **more: Any) -> list[str]:
    return [str(finding) for finding in validate(framework, **more)]


def test_a_sound_framework_has_nothing_to_mend(sound: dict[str, Any], build: Build) -> None:
    assert findings(build(sound)) == []


@pytest.mark.parametrize(
    ("place", "change", "sentence"),
    [
        ("2.1", {"mark": "V"}, "2.1 is marked as seen and names no source."),
        ("2.1", {"source": "S1"}, "2.1 names a source and is marked as from memory."),
        ("1.1", {"mark": "M", "source": None}, "The source S1 is listed and nothing was seen in it."),
        ("2.1", {"en": "w" * 330 + "."}, "2.1 (en) is longer than 320 characters."),
        ("2.1", {"en": "Nobody  tends."}, "2.1 (en) has spaces too many."),
        ("2.1", {"fr": "Personne ne veille"}, "2.1 (fr) does not end with a full stop."),
        ("2.1", {"ar": "Nobody tends the banks."}, "2.1 (ar) is not written in the script of its language."),
        ("2.1", {"en": "moles dig."}, "2.2 and 2.1 have the same words (en)."),
    ],
)
def test_each_thing_to_mend_is_one_sentence(
    sound: dict[str, Any], build: Build, place: str, change: dict[str, Any], sentence: str
) -> None:
    for factor in sound["factors"]:
        for each in factor["indicators"]:
            if each["number"] == place:
                each.update(change)
                if each.get("source", "") is None:
                    del each["source"]
    assert findings(build(sound)) == [sentence]


def test_official_numbers_need_a_document(sound: dict[str, Any], build: Build) -> None:
    assert findings(build(sound | {"symbols": []})) == [
        "miniature has official numbers and names no document."
    ]


def test_a_counterpart_that_does_not_exist_is_found(
    sound: dict[str, Any], build: Build, miniature: Framework
) -> None:
    sound["factors"][0]["counterparts"] = ["2", "5"]
    framework = build(sound)
    assert findings(framework) == []
    assert findings(framework, crosswalk_target=miniature) == [
        "1 has the counterpart 5, which miniature lacks."
    ]
