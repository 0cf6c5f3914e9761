"""A term is one word in each language, wherever it is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from forestall.advising.states import SIGN_OFF_WORDS
from forestall.assessment.states import CONFIDENCE_WORDS, PRESENCE_WORDS, TREND_WORDS
from forestall.base.errors import Malformed
from forestall.base.terms import by_message, terms
from forestall.documents.sheet import MARKINGS
from forestall.documents.translations import in_language
from forestall.frameworks.scales import scale
from forestall.labels.label import LEVEL_WORDS


@pytest.mark.parametrize("name", ["presence", "trend", "confidence", "likelihood"])
def test_the_scales_of_the_screen_are_those_of_the_sheet(name: str) -> None:
    for step in scale(name).steps:
        for language in ("fr", "ar", "es", "ru", "zh"):
            assert step.label[language] == in_language(language)(step.label["en"])


def test_what_a_judgement_a_level_and_a_step_say_are_terms() -> None:
    said = [*PRESENCE_WORDS.values(), *TREND_WORDS.values(), *CONFIDENCE_WORDS.values()]
    said += [*LEVEL_WORDS.values(), *MARKINGS.values(), *SIGN_OFF_WORDS.values()]
    assert {one.message for one in said} <= set(by_message())


def test_a_band_prints_a_level_in_capitals() -> None:
    assert in_language("fr")("STRICTLY CONFIDENTIAL") == "STRICTEMENT CONFIDENTIEL"
    assert in_language("ar")("CONFIDENTIAL") == terms()["level"]["confidential"]["ar"]


def test_a_term_that_a_language_lacks_is_malformed_with_its_place(tmp_path: Path) -> None:
    short = tmp_path / "terms.toml"
    short.write_text(
        '[trend.stable]\nen = "stable"\nfr = "stable"\nar = "مستقر"\nes = "estable"\nru = "стабильно"\n',
        "utf-8",
    )
    with pytest.raises(Malformed, match=r"trend\.stable is not written in: zh"):
        terms(short)
