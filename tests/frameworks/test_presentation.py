"""What the command line shows: in the reader's language, with the notice, and nothing summed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from forestall.base.errors import Refused
from forestall.base.words import Words, say
from forestall.frameworks import Framework, entries, load
from forestall.frameworks.acceptance import accept, with_acceptances
from forestall.frameworks.difference import compare as compare_editions
from forestall.frameworks.difference import crosswalk
from forestall.frameworks.presentation import (
    Shown,
    Table,
    show_check,
    show_crosswalk,
    show_difference,
    show_framework,
    show_list,
    show_validation,
)
from forestall.frameworks.wordingcheck import compare, read_official

Pdf = Callable[[Sequence[Sequence[str]]], bytes]


def lines(shown: Shown) -> list[str]:
    return [str(each) for each in shown if isinstance(each, Words)]


def rows(shown: Shown) -> list[tuple[str, ...]]:
    return [tuple(map(str, row)) for each in shown if isinstance(each, Table) for row in each.rows]


def test_the_list_has_one_row_for_each_framework_in_the_readers_language() -> None:
    found = rows(show_list([load(each) for each in entries()], language="fr"))
    assert found[1] == (
        "unfaac-2014", "1", "Cadre d’analyse des atrocités criminelles\u00a0: outil de prévention", "14", "143", "0",
    )  # fmt: skip


def test_a_framework_shows_each_indicator_with_its_notice() -> None:
    shown = show_framework(load("unfaac-2014"), factors=["7"])
    assert any("wording of 143 of 143 indicators" in line for line in lines(shown))
    assert len(rows(shown)) == 14
    number, text, nature, mark, wording = rows(shown)[13]
    assert (number, nature, mark) == ("7.14", "dynamic", "from memory")
    assert text == load("unfaac-2014").indicator("7.14").text["en"]
    assert "nobody has yet held it" in wording


def test_accepted_wording_is_shown_as_held(miniature: Framework, pdf: Pdf, printed: list[list[str]]) -> None:
    found = compare(miniature, read_official(pdf(printed)))
    held = with_acceptances(miniature, accept(found, numbers=miniature.numbers, by="Alice Adams"))
    shown = show_framework(held)
    assert {row[4] for row in rows(shown)} == {"Held against the official text."}
    assert not any("Nobody has yet held" in line for line in lines(shown))


def test_a_factor_there_is_not_is_refused(miniature: Framework) -> None:
    with pytest.raises(Refused):
        show_framework(miniature, factors=["7"])


def test_every_table_row_is_as_long_as_its_headings(
    miniature: Framework, pdf: Pdf, printed: list[list[str]]
) -> None:
    older = load("osapg-2009")
    newer = load("unfaac-2014")
    for shown in (
        show_list([miniature]),
        show_framework(miniature),
        show_crosswalk(crosswalk(older, newer), old=older, new=newer, language="ar"),
        show_check(compare(miniature, read_official(pdf(printed)))),
    ):
        for each in shown:
            if isinstance(each, Table):
                assert all(len(row) == len(each.columns) for row in each.rows)


def test_a_difference_says_what_changed_in_words(
    definition: dict[str, Any], miniature: Framework, build: Callable[[dict[str, Any]], Framework]
) -> None:
    definition["version"] = "2"
    definition["factors"][1]["indicators"][1] |= {"nature": "trigger", "fr": "Des taupes."}
    definition["factors"][0]["indicators"].pop()
    shown = show_difference(compare_editions(miniature, build(definition)))
    assert lines(shown) == ["From miniature 1 to miniature 2:", "Removed: 1.3."]
    assert rows(shown) == [
        ("2.2", "nature", "dynamic", "trigger"),
        ("2.2", "wording (fr)", "En français : Moles dig.", "Des taupes."),
    ]


def test_two_equal_editions_are_said_to_be_equal(miniature: Framework) -> None:
    shown = show_difference(compare_editions(miniature, replace(miniature, version="2")))
    assert lines(shown) == ["miniature 1 and miniature 2 have the same factors and indicators."]


def test_the_crosswalk_names_what_has_no_counterpart() -> None:
    older, newer = load("osapg-2009"), load("unfaac-2014")
    shown = show_crosswalk(crosswalk(older, newer), old=older, new=newer)
    assert rows(shown)[7] == ("A8 Triggering factors", "8 Triggering factors")
    assert lines(shown)[-1].startswith("Without counterpart in unfaac-2014: 1 Situations of armed conflict")


def test_validation_says_sound_or_what_to_mend(miniature: Framework) -> None:
    assert "is sound: 2 factors, 5 indicators" in lines(show_validation(miniature, findings=[]))[0]
    assert lines(show_validation(miniature, findings=[say("Mend this.")]))[1:] == ["Mend this."]


def test_a_check_that_agrees_says_so_and_lays_out_the_wording(
    miniature: Framework, pdf: Pdf, printed: list[list[str]]
) -> None:
    shown = show_check(compare(miniature, read_official(pdf(printed))))
    assert "Factors and indicators have the same numbers in the same order." in lines(shown)
    assert "Found more than once, look where: 1.2." in lines(shown)
    assert rows(shown)[2] == ("1.3", "It rains in the hills.", "Rain upstream.", "3", "not yet")


def test_a_check_that_disagrees_names_every_number(miniature: Framework, pdf: Pdf) -> None:
    pages = [["Risk factor 1 Falling water", "1.3 Rain.", "1.1 River.", "1.4 Ice."]]
    assert lines(show_check(compare(miniature, read_official(pdf(pages)))))[1:-1] == [
        "Factors the file lacks: 2.",
        "Indicators the file lacks: 1.2, 2.1, 2.2.",
        "Indicators only the file has: 1.4.",
        "Out of order in the file: 1.3.",
        "The title of factor 1 is not found in the file: Rising water",
    ]
