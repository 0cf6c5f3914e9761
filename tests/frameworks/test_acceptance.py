"""A named person accepts wording; the acceptance belongs to the very words and is never lost."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from forestall.base.clock import fixed
from forestall.base.errors import Malformed, Refused
from forestall.frameworks.acceptance import (
    Acceptance,
    accept,
    read_acceptances,
    record_acceptances,
    with_acceptances,
)
from forestall.frameworks.framework import Framework
from forestall.frameworks.holding import refuse_unheld
from forestall.frameworks.wordingcheck import Comparison, compare, read_official

Build = Callable[[dict[str, Any]], Framework]
ALICE = "Alice Adams"
DAY = date(2026, 11, 20)


@pytest.fixture
def comparison(
    miniature: Framework, pdf: Callable[[Sequence[Sequence[str]]], bytes], printed: list[list[str]]
) -> Comparison:
    return compare(miniature, read_official(pdf(printed)))


def test_accepted_wording_is_held_and_may_leave(miniature: Framework, comparison: Comparison) -> None:
    held = with_acceptances(miniature, accept(comparison, numbers=["1.2", "2.1"], by=ALICE, on=DAY))
    assert [each.number for each in held.indicators if each.wording_held] == ["1.2", "2.1"]
    assert held.digest == miniature.digest
    refuse_unheld(held, ["1.2", "2.1"], leaving="the public site")
    with pytest.raises(Refused, match=r"wording of 1\.1 from"):
        refuse_unheld(held, ["1.1", "1.2"], leaving="the public site")


def test_an_acceptance_says_who_when_and_against_which_file(comparison: Comparison) -> None:
    with fixed(datetime(2026, 11, 20, 23, 30, tzinfo=UTC)):
        (given,) = accept(comparison, numbers=["1.2", "1.2"], by="  Alice   Adams ")
    assert (given.by, given.on, given.official_sha256) == (ALICE, DAY, comparison.official_sha256)
    assert (given.framework, given.version, given.number, given.language) == ("miniature", "1", "1.2", "en")


@pytest.mark.parametrize("by", ["", "   ", "Alice", "officer 7", "1 2"])
def test_nobody_in_particular_cannot_accept(comparison: Comparison, by: str) -> None:
    with pytest.raises(Refused, match="a named person"):
        accept(comparison, numbers=["1.2"], by=by)


def test_a_number_that_was_not_laid_beside_official_words_cannot_be_accepted(comparison: Comparison) -> None:
    with pytest.raises(Refused, match=r"7\.14 was not laid beside"):
        accept(comparison, numbers=["1.2", "7.14"], by=ALICE)
    blank = replace(comparison, rows=(replace(comparison.rows[0], official=""),))
    with pytest.raises(Refused, match=r"1\.1 was not laid beside"):
        accept(blank, numbers=["1.1"], by=ALICE)


def test_a_number_out_of_order_cannot_be_accepted(comparison: Comparison) -> None:
    with pytest.raises(Refused, match="stands out of order"):
        accept(replace(comparison, out_of_order=("1.2",)), numbers=["1.2"], by=ALICE)


def test_an_acceptance_ends_when_our_words_change(
    comparison: Comparison, definition: dict[str, Any], build: Build
) -> None:
    given = accept(comparison, numbers=["1.1", "1.2"], by=ALICE, on=DAY)
    definition["version"] = "2"
    definition["factors"][0]["indicators"][0]["en"] = "The river is very high."
    held = with_acceptances(build(definition), given)
    assert [each.number for each in held.indicators if each.wording_held] == ["1.2"]


def test_an_acceptance_of_one_framework_says_nothing_about_another(
    miniature: Framework, comparison: Comparison
) -> None:
    given = accept(comparison, numbers=["1.1"], by=ALICE, on=DAY)
    other = with_acceptances(replace(miniature, id="other"), given)
    assert not any(each.wording_held for each in other.indicators)


def test_acceptances_are_kept_and_added_to(tmp_path: Path, comparison: Comparison) -> None:
    path = tmp_path / "frameworks" / "acceptances.json"
    assert read_acceptances(path) == ()
    first = accept(comparison, numbers=["1.1"], by=ALICE, on=DAY)
    second = accept(comparison, numbers=["1.2"], by="Bob Brown", on=DAY)
    record_acceptances(path, acceptances=first)
    assert record_acceptances(path, acceptances=(*second, *first)) == (*first, *second)
    assert read_acceptances(path) == (*first, *second)


def test_people_who_accept_at_once_all_stay_on_record(tmp_path: Path, comparison: Comparison) -> None:
    path = tmp_path / "acceptances.json"
    given = [accept(comparison, numbers=["1.1"], by=f"Person {letter}", on=DAY) for letter in "ABCDEFGH"]
    threads = [
        threading.Thread(target=record_acceptances, args=(path,), kwargs={"acceptances": each})
        for each in given
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {each.by for each in read_acceptances(path)} == {f"Person {letter}" for letter in "ABCDEFGH"}


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text[:-30],
        lambda text: "[]",
        lambda text: text.replace("2026-11-20", "someday"),
        lambda text: text.replace('"by":', '"author":'),
        lambda text: text.replace('"Alice Adams"', "7"),
        lambda text: json.dumps({"acceptances": ["1.1"]}),
    ],
)
def test_a_record_that_cannot_be_read_is_left_as_it_is(
    tmp_path: Path, comparison: Comparison, spoil: Callable[[str], str]
) -> None:
    path = tmp_path / "acceptances.json"
    given: tuple[Acceptance, ...] = accept(comparison, numbers=["1.1"], by=ALICE, on=DAY)
    record_acceptances(path, acceptances=given)
    spoiled = spoil(path.read_text(encoding="utf-8"))
    path.write_text(spoiled, encoding="utf-8")
    with pytest.raises(Malformed):
        record_acceptances(path, acceptances=given)
    assert path.read_text(encoding="utf-8") == spoiled
