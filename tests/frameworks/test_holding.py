"""Our wording stays inside until somebody has held it against the official text."""

from __future__ import annotations

from dataclasses import replace

import pytest

from forestall.base.errors import Refused
from forestall.base.words import say
from forestall.frameworks import Framework, carried, notice, refuse_unheld
from forestall.frameworks.framework import in_language
from forestall.frameworks.holding import unheld


def held(framework: Framework, number: str, *languages: str) -> Framework:
    factors = [
        replace(
            factor,
            indicators=tuple(
                replace(each, held=frozenset(languages)) if each.number == number else each
                for each in factor.indicators
            ),
        )
        for factor in framework.factors
    ]
    return replace(framework, factors=tuple(factors))


def test_unheld_wording_says_so_and_held_wording_does_not(miniature: Framework) -> None:
    framework = held(miniature, "1.2", "en")
    assert "nobody has yet held it against the official text" in str(notice(framework.indicator("1.1")))
    assert notice(framework.indicator("1.2")) is None
    assert framework.indicator("1.2").wording_held
    assert not framework.indicator("1.1").wording_held


def test_a_translation_is_held_on_its_own(miniature: Framework) -> None:
    framework = held(miniature, "1.2", "en")
    assert notice(framework.indicator("1.2"), language="fr") is not None
    with pytest.raises(Refused):
        refuse_unheld(framework, ["1.2"], leaving="the public site", language="fr")


def test_wording_that_would_leave_is_refused_with_the_numbers_in_order(miniature: Framework) -> None:
    framework = held(miniature, "1.2", "en")
    with pytest.raises(Refused) as error:
        refuse_unheld(framework, ["2.1", "1.2", "1.1"], leaving=say("the public site"))
    assert "the public site would carry the wording of 1.1, 2.1 from miniature" in str(error.value)


def test_held_wording_may_leave_and_so_may_nothing_at_all(miniature: Framework) -> None:
    refuse_unheld(held(miniature, "1.2", "en"), ["1.2"], leaving="a training pack")
    refuse_unheld(miniature, [], leaving="a note that quotes no wording")


def test_an_unknown_number_is_refused_rather_than_let_through(miniature: Framework) -> None:
    with pytest.raises(Refused, match=r"no indicator 9\.9"):
        unheld(miniature, ["9.9"])


def test_our_wording_is_found_word_for_word_whatever_stands_around_it(miniature: Framework) -> None:
    ours = in_language(miniature.indicator("1.2").text, language="en")
    assert carried(miniature, f"Seen again (“{ours.upper()}”), twice.") == ("1.2",)
    assert carried(miniature, ours.rsplit(" ", 1)[0]) == ()
