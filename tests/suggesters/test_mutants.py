"""Copies made on purpose from the project's own passages go back to their origin, and strangers are kept apart."""

import tomllib
from collections import defaultdict
from pathlib import Path

import pytest

from tests.suggesters.mutants import b_cubed, corpus

_FILE = Path(__file__).with_name("indicator_examples.toml")
_SENTENCES = 6


def _articles() -> list[str]:
    """The passages of one language, six at a time, as if they were reports."""
    by_language: dict[str, list[str]] = defaultdict(list)
    for example in tomllib.loads(_FILE.read_text(encoding="utf-8"))["examples"]:
        by_language[example["language"]].append(example["text"])
    return [
        " ".join(texts[first : first + _SENTENCES])
        for texts in by_language.values()
        for first in range(0, len(texts), _SENTENCES)
    ]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_mutants_of_our_own_reports_in_six_languages_are_grouped(seed: int) -> None:
    documents, origin = corpus(_articles(), seed=seed)
    precision, recall = b_cubed(documents, origin=origin)
    assert precision >= 0.95
    assert 2 * precision * recall / (precision + recall) >= 0.95
