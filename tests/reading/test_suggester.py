"""The contract: what a card must say, and what abstaining means."""

from pathlib import Path

import pytest

from forestall.base.errors import Malformed
from forestall.reading.suggester import Answer, folder_digest, outside, read_card, speaks

_CARD = """
name = "tide"
version = "1.0"
kind = "event"
title = "Tide"
purpose = "Says where the tide is named."
takes = "passage"
languages = ["en"]
limits = []
measured = []
"""


def _folder(tmp_path: Path, text: str) -> Path:
    (tmp_path / "suggester.toml").write_text(text, encoding="utf-8")
    return tmp_path


def test_a_card_is_read_whole(tmp_path: Path) -> None:
    assert read_card(_folder(tmp_path, _CARD)).languages == ("en",)


@pytest.mark.parametrize(
    "text",
    [
        _CARD + 'mood = "good"\n',
        _CARD.replace('version = "1.0"\n', ""),
        _CARD.replace('"event"', '"weather"'),
    ],
)
def test_a_card_with_a_strange_missing_or_wrong_key_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(Malformed):
        read_card(_folder(tmp_path, text))


def test_the_digest_changes_with_the_rules_and_not_with_the_tests(tmp_path: Path) -> None:
    before = folder_digest(_folder(tmp_path, _CARD))
    (tmp_path / "test_tide.py").write_text("x = 1", encoding="utf-8")
    assert folder_digest(tmp_path) == before
    (tmp_path / "rules.toml").write_text("a = 1", encoding="utf-8")
    assert folder_digest(tmp_path) != before


def test_a_suggester_out_of_its_language_says_so_and_proposes_nothing() -> None:
    answer = Answer(abstained=outside("mni"))
    assert not answer
    assert answer.abstained is not None
    assert "mni" in str(answer.abstained.reason)
    assert not speaks("mni", languages=frozenset({"en"}))
    assert speaks("en-GB", languages=frozenset({"en"}))
    assert speaks("mni", languages=None)
