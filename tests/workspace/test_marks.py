"""Every mark says in words what it shows, in English and in Arabic, and lets nothing through unescaped."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from forestall.base.words import say
from forestall.workspace.templatetags import marks, vocabulary

Draw = Callable[..., str]
HOSTILE = "<img src=x onerror=alert(1)>"


def _cases() -> list[tuple[str, str, str]]:
    scales = {
        "presence": vocabulary.PRESENCE,
        "trend": vocabulary.TREND,
        "status": vocabulary.STATUS,
        "confidence": vocabulary.CONFIDENCE,
    }
    return [(tag, value, mark.symbol) for tag, scale in scales.items() for value, mark in scale.items()]


@pytest.mark.parametrize(("tag", "value", "symbol"), _cases())
def test_a_mark_has_its_shape_and_its_word(draw: Draw, tag: str, value: str, symbol: str) -> None:
    drawn = draw(f"{{% {tag} value %}}", value=value)
    words = str(
        {**vocabulary.PRESENCE, **vocabulary.TREND, **vocabulary.STATUS, **vocabulary.CONFIDENCE}[value].words
    )
    assert f'href="#g-{symbol}"' in drawn
    assert 'aria-hidden="true"' in drawn
    assert words in drawn


@pytest.mark.parametrize(("tag", "value", "symbol"), _cases())
def test_in_arabic_no_english_word_is_left_beside_a_mark(
    draw: Draw, arabic: None, tag: str, value: str, symbol: str
) -> None:
    drawn = draw(f"{{% {tag} value %}}", value=value)
    visible = drawn.split("</svg>")[1]
    assert any("\u0600" <= letter <= "\u06ff" for letter in visible)
    assert value.replace("_", " ") not in visible or not value


def test_every_symbol_a_mark_names_is_in_the_sprite() -> None:
    scales = (
        vocabulary.PRESENCE,
        vocabulary.TREND,
        vocabulary.STATUS,
        vocabulary.CONFIDENCE,
        vocabulary.STEP,
    )
    for mark in (mark for scale in scales for mark in scale.values()):
        assert f'id="g-{mark.symbol}"' in marks.sprite()


def test_an_unknown_value_is_our_mistake_and_crashes() -> None:
    with pytest.raises(KeyError):
        marks.presence("rather_present")


def test_no_information_and_not_assessed_are_drawn_apart_from_not_present() -> None:
    drawn = {marks.presence(value) for value in ("no_information", "not_assessed", "not_present")}
    assert len(drawn) == 3


@pytest.mark.parametrize("letter", "ABCDEF")
@pytest.mark.parametrize("figure", "123456")
def test_a_grade_says_what_both_halves_mean(draw: Draw, letter: str, figure: str) -> None:
    drawn = draw("{% grade value %}", value=f"{letter}{figure}")
    assert str(vocabulary.RELIABILITY[letter]) in drawn
    assert str(vocabulary.CREDIBILITY[figure]) in drawn


def test_an_item_nobody_graded_is_dashed_and_says_so(draw: Draw) -> None:
    drawn = draw("{% grade None %}")
    assert "grade none" in drawn
    assert "not graded" in drawn


@pytest.mark.parametrize(
    ("independent", "total", "filled", "hollow"), [(1, 1, 1, 0), (3, 7, 3, 4), (4, 9, 4, 5)]
)
def test_filled_discs_are_origins_and_hollow_ones_copies(
    independent: int, total: int, filled: int, hollow: int
) -> None:
    drawn = marks.origins(independent, total)
    assert drawn.count('fill="currentColor"') == filled
    assert drawn.count('fill="none"') == hollow
    assert f"{independent} independent of {total}" in drawn


def test_many_copies_are_told_in_figures_and_never_look_like_many_origins() -> None:
    drawn = marks.origins(1, 62)
    assert drawn.count("<circle") == marks.MOST_DISCS
    assert drawn.count('fill="currentColor"') == 1
    assert "1 independent of 62" in drawn


@pytest.mark.parametrize("level", range(4))
def test_a_band_has_as_many_bars_as_its_level(level: int) -> None:
    drawn = marks.level_band(level, "Desk west")
    assert drawn.count("<i></i>") == level
    assert f"<b>{vocabulary.LEVELS_IN_CAPITALS[level]}</b>" in drawn
    assert "EXERCISE" not in drawn


@pytest.mark.parametrize("level", [None, "", 4, -1, True, "2"])
def test_a_page_that_forgot_its_level_does_not_call_itself_public(level: object) -> None:
    with pytest.raises(ValueError, match="highest label"):
        marks.level_band(level)  # type: ignore[arg-type]


def test_an_exercise_says_so_in_the_band(draw: Draw, arabic: None) -> None:
    assert "تمرين" in draw("{% level_band 2 exercise=True %}")


def test_a_claim_opens_its_evidence_and_counts_it(draw: Draw) -> None:
    drawn = draw("{% claim sentence url 4 %}", sentence=HOSTILE, url="/evidence?a=1&b=2")
    assert 'href="/evidence?a=1&amp;b=2"' in drawn
    assert "4 items of evidence" in drawn
    assert HOSTILE not in drawn


def test_words_reach_the_reader_in_the_reader_s_language(draw: Draw, arabic: None) -> None:
    sentence = say("no forecast: %(reason)s", reason=say("no information"))
    assert draw("{{ words|say }}", words=sentence) == "لا توقع: لا معلومات"


def test_words_with_markup_in_a_parameter_are_escaped(draw: Draw) -> None:
    assert HOSTILE not in draw("{{ words|say }}", words=say("From %(name)s", name=HOSTILE))


@pytest.mark.parametrize(
    ("value", "low", "high", "said"),
    [(0.41, 0.28, 0.56, "41 % (28–56)"), (0.004, 0.0002, 0.02, "0.4 % (&lt;0.1–2)"), (0.9999, 0.98, 1.0, "&gt;99.9 % (98–&gt;99.9)")],
)  # fmt: skip
def test_a_forecast_stands_with_its_interval(
    draw: Draw, value: float, low: float, high: float, said: str
) -> None:
    assert said in draw("{% probability value low=low high=high %}", value=value, low=low, high=high)


def test_a_forecast_without_an_interval_says_that_it_has_none(draw: Draw) -> None:
    assert "no interval" in draw("{% probability 0.4 %}")


def test_where_there_is_no_forecast_the_reason_stands(draw: Draw) -> None:
    assert "no forecast: 9 months of data" in draw("{% probability None reason='9 months of data' %}")


def test_a_judgement_in_words_has_a_range_and_no_point(draw: Draw) -> None:
    drawn = draw("{% likelihood 'likely' low=0.55 high=0.8 %}")
    assert "55–80 %" in drawn
    assert '<rect class="v3 range" x="66.0" y="2" width="30.0"' in drawn
    assert "<circle" not in drawn


def test_a_change_points_the_way_the_reader_reads(draw: Draw) -> None:
    drawn = draw("{% shift 'emerging' 'severe' %}")
    assert drawn.index("emerging") < drawn.index("→") < drawn.index("severe")


def test_in_arabic_a_change_points_to_the_left(draw: Draw, arabic: None) -> None:
    assert "←" in draw("{% shift 'emerging' 'severe' %}")


def test_what_is_typed_stands_as_code_and_nothing_in_it_is_a_tag() -> None:
    told = vocabulary.with_code("Then `forestall sources credential kobo token`; <b>never</b> `<i>`.")
    assert told == (
        'Then <bdi class="mono">forestall sources credential kobo token</bdi>; &lt;b&gt;never&lt;/b&gt; '
        '<bdi class="mono">&lt;i&gt;</bdi>.'
    )
